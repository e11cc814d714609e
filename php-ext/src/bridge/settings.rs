//! Options as a script gives them, on their way to the engine.

use crate::classes::warn_of;
use crate::zend::{Callback, Thrown, warning};
use ext_php_rs::types::array::ArrayKey;
use ext_php_rs::types::{ZendHashTable, Zval};
use swoole_core::config::{Value, Warning};
use swoole_core::error::Result as EngineResult;

/// Options whose value is called by the engine.
const FUNCTIONS: &[&str] = &["dispatch_func", "package_length_func"];

/// Hands every option of `settings` to `set`, and the callables among them to `keep` first. Warnings
/// and errors become E_WARNING. False if one of the options was not taken.
pub fn apply(
    settings: &ZendHashTable,
    set: impl Fn(&str, &Value) -> EngineResult<Vec<Warning>>,
    keep: impl Fn(&str, Callback),
) -> Result<bool, Thrown> {
    let mut all_taken = true;
    for (key, value) in pairs(settings) {
        let name = name(&key);
        let value = value.dereference();
        let converted = if FUNCTIONS.contains(&name.as_str())
            && let Ok(callback) = Callback::new(value)
        {
            keep(&name, callback);
            Value::Callable
        } else {
            to_value(value)
        };
        match set(&name, &converted) {
            Ok(warnings) => {
                for found in warnings {
                    warning(&found.message)?;
                }
            }
            Err(error) => {
                all_taken = false;
                let error = error.remember();
                warn_of(&error)?;
            }
        }
    }
    Ok(all_taken)
}

/// The key of an array as the name of an option.
pub fn name(key: &Zval) -> String {
    key.zend_str().map_or_else(
        || key.long().unwrap_or_default().to_string(),
        |name| String::from_utf8_lossy(name.as_bytes()).into_owned(),
    )
}

/// `old` with the pairs of `new` added or replaced, as the property `setting` shows it.
pub fn merged(old: &Zval, new: &ZendHashTable) -> Zval {
    let mut table = match old.array() {
        Some(old) => old.to_owned(),
        None => ZendHashTable::with_capacity(new.len() as u32),
    };
    for (key, value) in pairs(new) {
        let key = key.zend_str().map_or_else(|| ArrayKey::Long(key.long().unwrap_or_default()), ArrayKey::ZendString);
        // Inserting a zval cannot fail: there is nothing to convert.
        let _ = table.insert(key, value.dereference().shallow_clone());
    }
    let mut merged = Zval::new();
    merged.set_hashtable(table);
    merged
}

/// Keys and values of an array. The iterators of ext-php-rs panic where a key is not UTF-8.
pub fn pairs(table: &ZendHashTable) -> impl Iterator<Item = (Zval, &Zval)> {
    let mut items = table.iter();
    std::iter::from_fn(move || items.next_zval())
}

/// A value as the engine takes it.
pub fn to_value(value: &Zval) -> Value {
    match value.array() {
        // Only `ssl_sni_certs` is an array of arrays: names, and what there is for each.
        Some(list)
            if !list.is_empty() && pairs(list).all(|(key, item)| key.is_string() && item.dereference().is_array()) =>
        {
            let of = |(key, item): (Zval, &Zval)| (bytes_of(&key), item.dereference().array().map_or(Value::Null, map));
            Value::Map(pairs(list).map(of).collect())
        }
        Some(list) => Value::List(pairs(list).map(|(_, item)| scalar(item.dereference())).collect()),
        None => scalar(value),
    }
}

fn bytes_of(key: &Zval) -> Vec<u8> {
    key.zend_str()
        .map_or_else(|| key.long().unwrap_or_default().to_string().into_bytes(), |key| key.as_bytes().to_vec())
}

/// An array with its keys.
fn map(table: &ZendHashTable) -> Value {
    Value::Map(pairs(table).map(|(key, item)| (bytes_of(&key), scalar(item.dereference()))).collect())
}

/// Anything but an array: no option takes arrays of arrays of arrays, and one that contains itself has no end.
fn scalar(value: &Zval) -> Value {
    if let Some(b) = value.bool() {
        Value::Bool(b)
    } else if let Some(n) = value.long() {
        Value::Int(n)
    } else if let Some(f) = value.double() {
        Value::Float(f)
    } else if let Some(s) = value.zend_str() {
        Value::Str(s.as_bytes().to_vec())
    } else if value.is_null() {
        Value::Null
    } else if value.is_array() {
        Value::Other("an array of arrays")
    } else if value.is_object() {
        Value::Other("an object")
    } else {
        Value::Other("a resource")
    }
}
