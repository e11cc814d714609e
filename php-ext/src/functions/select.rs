//! `swoole_select`: waiting once for several clients, streams, sockets and descriptors.

use crate::bridge::descriptor::descriptor;
use crate::bridge::settings::pairs;
use crate::classes::{client, refuse, warn_of};
use crate::zend::{
    self, ARRAY, ArgInfo, Args, Call, FALSE, FLOAT, LONG, Method, NULL, Object, Thrown, arg_by_reference, array,
    function, int, no, opt, returns,
};
use ext_php_rs::types::array::ArrayKey;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::os::fd::RawFd;
use std::time::Duration;
use swoole_core::error::{Error, ErrorKind};
use swoole_core::event::select::{Interrupt, Selected, select};

/// Not terminated: see [`joined`](crate::zend::joined).
pub const TABLE: &[Method] =
    &[function(c"swoole_select", wait, SELECT), function(c"swoole_client_select", wait, SELECT)];

const SELECT: &[ArgInfo] = &[
    returns(3, LONG | FALSE),
    arg_by_reference(c"read", ARRAY | NULL),
    arg_by_reference(c"write", ARRAY | NULL),
    arg_by_reference(c"except", ARRAY | NULL),
    opt(c"timeout", FLOAT | NULL, c"0.5"),
];

/// What the lists are asked for, in their order.
const READ: usize = 0;
const WRITE: usize = 1;
const NAMES: [&str; 3] = ["$read", "$write", "$except"];

/// An element of a list.
struct Entry {
    list: usize,
    key: Zval,
    value: Zval,
    fd: RawFd,
    /// what has been read from it already waits to be taken
    pending: bool,
}

/// Waits until something in the lists is ready, and leaves that in them, under its keys; how much that is. False: an error, or a signal came.
fn wait(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(3, 4)?;
    // References of our own: PHP code that runs meanwhile may change the variables.
    let (mut given, mut entries) = ([false; 3], Vec::new());
    for (list, given) in given.iter_mut().enumerate() {
        *given = collect(&mut args, list, &mut entries)?;
    }
    let timeout = match args.nullable_float_or(0.5)? {
        None => None,
        Some(seconds) if seconds.is_nan() => {
            return refuse(ErrorKind::InvalidParams, "the timeout is not a number; give seconds, or null for no limit")
                .map(|_| no());
        }
        Some(seconds) if seconds < 0.0 => None,
        Some(seconds) => Some(Duration::try_from_secs_f64(seconds.min(1e9)).unwrap_or_default()),
    };
    if entries.is_empty() {
        return refuse(ErrorKind::InvalidParams, "nothing to wait for: all three arrays are empty").map(|_| no());
    }
    for entry in &mut entries {
        if !resolve(entry)? {
            return Ok(no());
        }
    }
    let mut asked: Vec<Selected> = entries
        .iter()
        .map(|e| Selected { fd: e.fd, read: e.list == READ, write: e.list == WRITE, except: e.list > WRITE })
        .collect();
    let timeout = if entries.iter().any(|entry| entry.pending) { Some(Duration::ZERO) } else { timeout };
    if let Err(error) = select(&mut asked, timeout, Interrupt::Any) {
        let error = error.remember();
        if error.code() == libc::EINTR {
            // A handler of the script is not put off until it waits for the next time.
            zend::dispatch_signals()?;
        } else {
            warn_of(&error)?;
        }
        return Ok(no());
    }
    let ready: Vec<&Entry> = entries
        .iter()
        .zip(&asked)
        .filter(|(entry, found)| entry.pending || found.read || found.write || found.except)
        .map(|(entry, _)| entry)
        .collect();
    for (list, _) in given.iter().enumerate().filter(|(_, given)| **given) {
        args.assign(list as u32, left_over(ready.iter().filter(|entry| entry.list == list)));
    }
    zend::thrown_or_ok()?;
    Ok(int(ready.len() as i64))
}

/// Takes the elements of the next argument; false if it is null.
fn collect(args: &mut Args<'_>, list: usize, entries: &mut Vec<Entry>) -> Result<bool, Thrown> {
    let Some(table) = args.maybe_array()? else { return Ok(false) };
    entries.extend(pairs(table).map(|(key, value)| Entry {
        list,
        key,
        value: value.dereference().shallow_clone(),
        fd: -1,
        pending: false,
    }));
    Ok(true)
}

/// Finds the descriptor. False, with a warning: there is none.
fn resolve(entry: &mut Entry) -> Result<bool, Thrown> {
    match descriptor(&entry.value) {
        Ok(fd) => entry.fd = fd,
        Err(error) => {
            let key = entry.key.zend_str().map_or_else(
                || entry.key.long().unwrap_or_default().to_string(),
                |key| format!("\"{}\"", String::from_utf8_lossy(key.as_bytes())),
            );
            let message = format!("{}[{key}]: {error}", NAMES[entry.list]);
            warn_of(&Error::new(error.kind(), message).remember())?;
            return Ok(false);
        }
    }
    if entry.list == READ {
        entry.pending = if entry.value.is_resource() {
            zend::unread_bytes(&entry.value)? > 0
        } else {
            Object::of(&entry.value).is_some_and(client::has_pending)
        };
        // package_length_func may have been asked, and have thrown.
        zend::thrown_or_ok()?;
    }
    Ok(true)
}

/// An array of those elements under their keys.
fn left_over<'e>(entries: impl Iterator<Item = &'e &'e Entry>) -> Zval {
    let mut table = ZendHashTable::new();
    for entry in entries {
        let key = match entry.key.zend_str() {
            Some(key) => ArrayKey::ZendString(key),
            None => ArrayKey::Long(entry.key.long().unwrap_or_default()),
        };
        // Inserting a zval cannot fail: there is nothing to convert.
        let _ = table.insert(key, entry.value.shallow_clone());
    }
    array(table)
}
