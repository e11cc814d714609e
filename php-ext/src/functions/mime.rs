//! Media types by the suffix of a file's name.

use crate::classes::refuse;
use crate::zend::{ARRAY, ArgInfo, BOOL, Call, Method, STRING, Thrown, VOID, arg, array, function, returns, text};
use ext_php_rs::types::{ZendHashTable, Zval};
use swoole_core::error::ErrorKind;
use swoole_core::server::http::mime;

const GET: &[ArgInfo] = &[returns(1, STRING), arg(c"filename", STRING)];
const ADD: &[ArgInfo] = &[returns(2, BOOL), arg(c"suffix", STRING), arg(c"mime_type", STRING)];

/// The functions.
pub const TABLE: &[Method] = &[
    function(c"swoole_get_mime_type", get, GET),
    function(c"swoole_mime_type_get", get, GET),
    function(c"swoole_mime_type_add", add, ADD),
    function(c"swoole_mime_type_set", set, &[returns(2, VOID), arg(c"suffix", STRING), arg(c"mime_type", STRING)]),
    function(c"swoole_mime_type_delete", delete, &[returns(1, BOOL), arg(c"suffix", STRING)]),
    function(c"swoole_mime_type_exists", exists, &[returns(1, BOOL), arg(c"filename", STRING)]),
    function(c"swoole_mime_type_list", list, &[returns(0, ARRAY)]),
];

fn get(call: Call<'_>) -> Result<Zval, Thrown> {
    let name = call.args(1, 1)?.bytes()?;
    Ok(text(&mime::of(name)))
}

/// Suffix and type. None: a header could not carry that type; it was warned of.
fn pair(call: Call<'_>) -> Result<Option<(String, String)>, Thrown> {
    let mut args = call.args(2, 2)?;
    let (suffix, kind) = (args.text()?, args.text()?);
    if kind.is_empty() || !kind.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        let message = format!("{kind:?} is no media type, which looks like text/plain");
        return refuse(ErrorKind::InvalidParams, message).map(|_| None);
    }
    Ok(Some((suffix, kind)))
}

fn add(call: Call<'_>) -> Result<bool, Thrown> {
    Ok(pair(call)?.is_some_and(|(suffix, kind)| mime::add(&suffix, &kind)))
}

fn set(call: Call<'_>) -> Result<(), Thrown> {
    if let Some((suffix, kind)) = pair(call)? {
        mime::set(&suffix, &kind);
    }
    Ok(())
}

fn delete(call: Call<'_>) -> Result<bool, Thrown> {
    Ok(mime::delete(&call.args(1, 1)?.text()?))
}

fn exists(call: Call<'_>) -> Result<bool, Thrown> {
    Ok(mime::find(call.args(1, 1)?.bytes()?).is_some())
}

/// All suffixes with their types.
fn list(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let mut table = ZendHashTable::new();
    for (suffix, kind) in mime::list() {
        // Inserting a zval cannot fail: there is nothing to convert.
        let _ = table.insert(suffix.as_str(), text(&kind));
    }
    Ok(array(table))
}
