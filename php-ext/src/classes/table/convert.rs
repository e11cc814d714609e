//! Making a script's values fit the columns, as PHP's weak mode does where nothing is lost.

use super::{Live, invalid};
use crate::zend::{Key, Number, Object, Own, Plain, Thrown, each, named, to_string};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use smallvec::SmallVec;
use std::ops::ControlFlow;
use swoole_core::error::{Error, Result as EngineResult};
use swoole_core::shm::table::{ColumnKind, Value};

/// Columns to set, of a row that is not too wide without memory of their own.
pub type Values<'v> = SmallVec<[(usize, Value<'v>); 16]>;

/// Adds the values of an array to `values`, which are none yet. False: one has another type than its column, or there is something else about them;
/// [`converted`] is the way then.
#[inline]
pub fn simple<'v>(live: &Live, given: &'v ZendHashTable, values: &mut Values<'v>) -> bool {
    let Some(elements) = named(given) else { return false };
    for (name, value) in elements {
        let Some(name) = name else { return false };
        let Some(column) = live.shape.position(name, values.len()) else { return false };
        let value = match live.kinds[column] {
            ColumnKind::Int { .. } => match Plain::of(value) {
                Some(Plain::Int(n)) => Value::Int(n),
                _ => return false,
            },
            ColumnKind::Float => match Plain::of(value) {
                Some(Plain::Float(f)) => Value::Float(f),
                Some(Plain::Int(n)) => Value::Float(n as f64),
                _ => return false,
            },
            ColumnKind::Bytes { .. } => match Plain::of(value) {
                Some(Plain::Bytes(bytes)) => Value::Bytes(bytes),
                _ => return false,
            },
        };
        values.push((column, value));
    }
    true
}

fn position(live: &Live, key: Key<'_>, guess: usize) -> Option<usize> {
    match key {
        Key::Name(name) => live.shape.position(name, guess),
        Key::Index(index) => live.table.column(index.to_string().as_bytes()),
    }
}

#[cold]
fn unknown(live: &Live, key: Key<'_>) -> Error {
    match key {
        Key::Name(name) => unknown_column(live, name.as_bytes()),
        Key::Index(index) => unknown_column(live, index.to_string().as_bytes()),
    }
}

/// There is no such column.
#[cold]
pub fn unknown_column(live: &Live, name: &[u8]) -> Error {
    invalid(format!("unknown column \"{}\"; the table's columns are: {}", String::from_utf8_lossy(name), live.names()))
}

/// A value that fits its column.
pub enum Converted {
    Int(i64),
    Float(f64),
    Text(ZBox<ZendStr>),
}

impl Converted {
    /// As the table takes it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Converted::Int(n) => Value::Int(*n),
            Converted::Float(f) => Value::Float(*f),
            Converted::Text(text) => Value::Bytes(text.as_bytes()),
        }
    }
}

/// The values of an array, converted. A `__toString()` may run. Err: it has thrown, or died.
pub fn converted(live: &Live, given: &ZendHashTable) -> Result<EngineResult<Vec<(usize, Converted)>>, Thrown> {
    // What runs while one of them is converted may change the array.
    let mut owned = Vec::new();
    let stopped = each(given, |key, value| match position(live, key, owned.len()) {
        Some(column) => {
            owned.push((column, Own::of(value)));
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(unknown(live, key)),
    });
    if let ControlFlow::Break(error) = stopped {
        return Ok(Err(error));
    }
    let mut all = Vec::with_capacity(owned.len());
    for (column, value) in &owned {
        match convert(live, *column, value)? {
            Ok(value) => all.push((*column, value)),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(all))
}

/// One value for one column.
pub fn convert(live: &Live, column: usize, value: &Zval) -> Result<EngineResult<Converted>, Thrown> {
    let described = &live.table.columns()[column];
    let misfit = |allowed: &str| {
        Ok(Err(invalid(format!("column \"{}\" was given {}; {allowed}", described.name, described_value(value)))))
    };
    Ok(Ok(match described.kind {
        ColumnKind::Int { .. } => match number(value).and_then(Number::whole) {
            Some(n) => Converted::Int(n),
            None => return misfit("it holds ints"),
        },
        ColumnKind::Float => match number(value) {
            Some(number) => Converted::Float(number.float()),
            None => return misfit("it holds floats"),
        },
        ColumnKind::Bytes { .. } => {
            let is_no_text = Object::of(value).is_some_and(|object| !object.is_stringable());
            if is_no_text || value.is_array() || value.is_resource() {
                return misfit("it holds strings");
            }
            Converted::Text(to_string(value)?)
        }
    }))
}

/// A scalar as a number: null is 0.
pub fn number(value: &Zval) -> Option<Number> {
    if value.is_null() {
        return Some(Number::Int(0));
    }
    Number::of(value).or_else(|| value.bool().map(|b| Number::Int(i64::from(b))))
}

/// What was given, for a warning.
pub fn described_value(value: &Zval) -> String {
    /// Bytes of a string that are shown.
    const SHOWN: usize = 32;
    if let Some(text) = value.zend_str() {
        let bytes = text.as_bytes();
        let dots = if bytes.len() > SHOWN { "..." } else { "" };
        return format!("the string \"{}{dots}\"", String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]));
    }
    if let Some(n) = value.long() {
        return format!("the int {n}");
    }
    if let Some(f) = value.double() {
        return format!("the float {f:?}");
    }
    match (value.bool(), Object::of(value)) {
        (Some(b), _) => format!("{b}"),
        (_, Some(object)) => format!("an object of {}", object.class_name()),
        _ if value.is_array() => "an array".into(),
        _ if value.is_null() => "null".into(),
        _ => "a resource".into(),
    }
}
