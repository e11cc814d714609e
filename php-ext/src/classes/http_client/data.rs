//! Names and values as a script gives them.

use crate::bridge::settings;
use crate::zend::{Own, Thrown, to_string};
use ext_php_rs::types::{ZendHashTable, Zval};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use swoole_core::client::http::Pairs;

/// How deep arrays in forms may lie in one another.
const DEEPEST: usize = 32;
/// What PHP's rawurlencode() leaves as it is.
const COOKIE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Headers: a list as value gives a line for each of its members.
pub fn headers(given: &ZendHashTable) -> Result<Pairs, Thrown> {
    let mut pairs = Pairs::new();
    for (key, value) in settings::pairs(given) {
        let name = name(&key);
        // Our own: what runs while its members are read may change it, if it is a reference in the array.
        let value = Own::of(value.dereference());
        match value.array() {
            Some(list) => {
                for (_, one) in settings::pairs(list) {
                    pairs.push((name.clone(), bytes(one.dereference())?));
                }
            }
            None => pairs.push((name, bytes(&value)?)),
        }
    }
    Ok(pairs)
}

/// Cookies: their values are encoded, as setcookie() does.
pub fn cookies(given: &ZendHashTable) -> Result<Pairs, Thrown> {
    let pairs = settings::pairs(given).map(|(key, value)| {
        let value = bytes(value.dereference())?;
        Ok((name(&key), percent_encode(&value, COOKIE).to_string().into_bytes()))
    });
    pairs.collect()
}

/// Fields of a form, with PHP's brackets for arrays in arrays.
pub fn fields(given: &ZendHashTable) -> Result<Pairs, Thrown> {
    let mut pairs = Pairs::new();
    add(&mut pairs, None, given, 0)?;
    Ok(pairs)
}

fn add(pairs: &mut Pairs, outer: Option<&[u8]>, given: &ZendHashTable, depth: usize) -> Result<(), Thrown> {
    for (key, value) in settings::pairs(given) {
        let key = name(&key);
        let name = match outer {
            Some(outer) => [outer, b"[", &key, b"]"].concat(),
            None => key,
        };
        let value = Own::of(value.dereference());
        match value.array() {
            Some(inner) if depth < DEEPEST => add(pairs, Some(&name), inner, depth + 1)?,
            Some(_) => {}
            None if value.is_null() => {}
            // As http_build_query() has it.
            None if value.is_false() => pairs.push((name, b"0".to_vec())),
            None => pairs.push((name, bytes(&value)?)),
        }
    }
    Ok(())
}

fn name(key: &Zval) -> Vec<u8> {
    match key.zend_str() {
        Some(name) => name.as_bytes().to_vec(),
        None => key.long().unwrap_or_default().to_string().into_bytes(),
    }
}

fn bytes(value: &Zval) -> Result<Vec<u8>, Thrown> {
    Ok(to_string(value)?.as_bytes().to_vec())
}
