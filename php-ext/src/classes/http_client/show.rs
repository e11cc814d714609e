//! What the properties of a client tell.

use super::HttpClientObject;
use super::slot;
use crate::classes::{is_everyday, warn_of};
use crate::zend::{Object, Thrown, array, bytes, int, text};
use ext_php_rs::types::array::ArrayKey;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use std::borrow::Cow;
use swoole_core::client::HttpClient;
use swoole_core::client::http::{Answer, Outcome};
use swoole_core::error::{Error, ErrorKind};
use swoole_core::protocol::http1::pairs;

/// The outcome of a request.
pub fn outcome(object: Object<'_>, client: &HttpClient, outcome: &Outcome) {
    let nothing = Answer::default();
    let (answer, status) = match outcome {
        Ok(answer) => {
            success(object);
            (answer, i64::from(answer.status))
        }
        Err(failed) => {
            error(object, &failed.error.clone().remember());
            (&nothing, failed.failure as i64)
        }
    };
    object.set_property(slot::STATUS_CODE, int(status));
    object.set_property(slot::HEADERS, headers(answer));
    object.set_property(slot::SET_COOKIE_HEADERS, set_cookies(answer));
    object.set_property(slot::BODY, bytes(&answer.body));
    cookies(object, client);
    descriptor(object);
}

/// Names in lower case; values of one name in one line, but for cookies, which have a property of their own.
fn headers(answer: &Answer) -> Zval {
    if answer.headers.is_empty() {
        return Zval::new();
    }
    let mut joined: Vec<(&[u8], Cow<'_, [u8]>)> = Vec::with_capacity(answer.headers.len());
    for (name, value) in answer.headers.iter().chain(&answer.trailers) {
        match joined.iter_mut().find(|(known, _)| known == name) {
            Some((b"set-cookie", known)) => *known = Cow::Borrowed(value),
            Some((_, known)) => *known = Cow::Owned([known, &b", "[..], value].concat()),
            None => joined.push((name, Cow::Borrowed(value))),
        }
    }
    table(joined.iter().map(|(name, value)| (*name, &value[..])))
}

fn set_cookies(answer: &Answer) -> Zval {
    let mut lines = answer.all(b"set-cookie").peekable();
    if lines.peek().is_none() {
        return Zval::new();
    }
    let mut list = ZendHashTable::new();
    for line in lines {
        // Pushing a zval cannot fail: there is nothing to convert.
        let _ = list.push(bytes(line));
    }
    array(list)
}

/// The cookies that it has, decoded.
pub fn cookies(object: Object<'_>, client: &HttpClient) {
    let known = client.cookies();
    let decoded: Vec<_> = known.iter().map(|(name, value)| (&name[..], pairs::decode(value, false))).collect();
    let shown =
        if decoded.is_empty() { Zval::new() } else { table(decoded.iter().map(|(name, value)| (*name, &value[..]))) };
    object.set_property(slot::COOKIES, shown);
}

/// An array of strings.
fn table<'a>(pairs: impl ExactSizeIterator<Item = (&'a [u8], &'a [u8])>) -> Zval {
    let mut table = ZendHashTable::with_capacity(pairs.len() as u32);
    for (name, value) in pairs {
        let name = ZendStr::new(name, false);
        // Inserting a zval cannot fail: there is nothing to convert.
        let _ = table.insert(ArrayKey::ZendString(&name), bytes(value));
    }
    array(table)
}

/// The property `sock` is the descriptor.
pub fn descriptor(object: Object<'_>) {
    if let Some(state) = object.payload::<HttpClientObject>().and_then(|payload| payload.0.get()) {
        object.set_property(slot::SOCK, int(state.client.descriptor().unwrap_or(-1)));
    }
}

/// The properties tell of no error.
pub fn success(object: Object<'_>) {
    object.set_property(slot::ERR_CODE, int(0));
    object.set_property(slot::ERR_MSG, text(""));
}

/// The properties tell of an error.
pub fn error(object: Object<'_>, error: &Error) {
    object.set_property(slot::ERR_CODE, int(error.code()));
    object.set_property(slot::ERR_MSG, text(&error.to_string()));
}

/// True, or false with the error told of; with a warning, unless it is a peer's that is slow or gone, or there is nothing to close.
pub fn answer<T>(object: Object<'_>, result: Result<T, Error>) -> Result<bool, Thrown> {
    match result {
        Ok(_) => Ok(true),
        Err(found) => {
            let found = found.remember();
            error(object, &found);
            if !is_everyday(&found) && found.kind() != ErrorKind::ClientNoConnection {
                warn_of(&found)?;
            }
            Ok(false)
        }
    }
}
