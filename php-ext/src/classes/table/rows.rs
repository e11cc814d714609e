//! Reading and writing rows.

use super::convert::{Converted, Values, convert, converted, described_value, number, simple, unknown_column};
use super::{Live, State, invalid, plain, state};
use crate::classes::warn_of;
use crate::zend::{Call, Given, Number, Plain, Thrown, no};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use swoole_core::error::{Error, ErrorKind};
use swoole_core::shm::table::{ColumnKind, KEY_MOST};

/// What has come of it. The error is elsewhere: so small a result goes up through functions in registers.
pub type Tried<T> = Result<T, Box<Error>>;

/// False with a warning.
#[cold]
#[allow(clippy::boxed_local)] // it comes from a Tried
pub fn refused(error: Box<Error>) -> Result<bool, Thrown> {
    warn_of(&error.remember())?;
    Ok(false)
}

/// False where nothing was given: with a warning if there is a reason.
#[inline]
fn finish(call: Call<'_>, given: Given, found: Tried<bool>) -> Result<Given, Thrown> {
    match found {
        Ok(true) => Ok(given),
        Ok(false) => Ok(call.give(|out| *out = no())),
        Err(error) => refused(error).map(|_| call.give(|out| *out = no())),
    }
}

#[inline]
fn checked(key: &[u8]) -> Tried<&[u8]> {
    if key.len() > KEY_MOST { Err(Box::new(too_long(key))) } else { Ok(key) }
}

#[cold]
fn too_long(key: &[u8]) -> Error {
    Error::new(
        ErrorKind::DataLengthTooLarge,
        format!(
            "the key \"{}...\" has {} bytes; a key has {KEY_MOST} at most",
            String::from_utf8_lossy(&key[..32]),
            key.len()
        ),
    )
}

impl State {
    /// Does something with the table, in which no PHP code may run.
    #[inline]
    pub(super) fn attempt<T>(&self, act: impl FnOnce(&Live) -> Tried<T>) -> Tried<T> {
        self.with(act).unwrap_or_else(|| Err(Box::new(self.unusable())))
    }

    /// Sets columns of a row.
    #[inline]
    pub fn write(&self, key: &[u8], given: &ZendHashTable) -> Result<Tried<()>, Thrown> {
        let mut values = Values::new();
        let written = self.with(|live| {
            let fit = simple(live, given, &mut values);
            fit.then(|| checked(key).and_then(|key| Ok(live.table.set(key, &values)?)))
        });
        match written {
            Some(Some(done)) => Ok(done),
            Some(None) => self.write_converted(key, given),
            None => Ok(Err(Box::new(self.unusable()))),
        }
    }

    #[cold]
    fn write_converted(&self, key: &[u8], given: &ZendHashTable) -> Result<Tried<()>, Thrown> {
        let Some(live) = self.live() else { return Ok(Err(Box::new(self.unusable()))) };
        let values = match converted(&live, given)? {
            Ok(values) => values,
            Err(error) => return Ok(Err(Box::new(error))),
        };
        let values: Values<'_> = values.iter().map(|(column, value)| (*column, value.value())).collect();
        // It may have been destroyed meanwhile.
        Ok(self.attempt(|live| Ok(live.table.set(checked(key)?, &values)?)))
    }

    /// The row of `key` as an array, written to `out`, which owns nothing. False: there is none.
    #[inline]
    pub fn read(&self, key: &[u8], out: &mut Zval) -> Tried<bool> {
        self.attempt(|live| {
            let key = checked(key)?;
            let mut row = live.scratch()?;
            let found = live.table.get(key, &mut row);
            if found {
                live.write(&row, out);
            }
            Ok(found)
        })
    }

    /// As [`State::read`], of one column.
    #[inline]
    fn read_field(&self, key: &[u8], field: &ZendStr, out: &mut Zval) -> Tried<bool> {
        self.attempt(|live| {
            let key = checked(key)?;
            let Some(column) = live.shape.position(field, 0) else {
                return Err(Box::new(unknown_column(live, field.as_bytes())));
            };
            if let ColumnKind::Bytes { .. } = live.kinds[column] {
                let mut row = live.scratch()?;
                let found = live.table.get_column(key, column, &mut row);
                if found {
                    plain(row.value(column)).write(out);
                }
                return Ok(found);
            }
            let number = live.table.get_number(key, column);
            if let Some(number) = number {
                plain(number).write(out);
            }
            Ok(number.is_some())
        })
    }

    /// Whether there is such a row.
    #[inline]
    pub(super) fn has(&self, key: &[u8]) -> Tried<bool> {
        self.attempt(|live| Ok(live.table.exists(checked(key)?)))
    }

    /// Deletes a row. False: there is none.
    pub(super) fn remove(&self, key: &[u8]) -> Tried<bool> {
        self.attempt(|live| Ok(live.table.delete(checked(key)?)))
    }
}

#[inline]
fn key(given: Option<&ZendStr>) -> &[u8] {
    given.map(ZendStr::as_bytes).unwrap_or_default()
}

pub fn set(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (key, given) = (args.bytes()?, args.array()?);
    match state(call)?.write(key, given)? {
        Ok(()) => Ok(true),
        Err(error) => refused(error),
    }
}

/// Sets one column of a row; the value is converted.
pub fn set_column(state: &State, key: &[u8], name: &[u8], value: &Zval) -> Result<Tried<()>, Thrown> {
    let Some(live) = state.live() else { return Ok(Err(Box::new(state.unusable()))) };
    let Some(column) = live.table.column(name) else {
        return Ok(Err(Box::new(unknown_column(&live, name))));
    };
    let value: Converted = match convert(&live, column, value)? {
        Ok(value) => value,
        Err(error) => return Ok(Err(Box::new(error))),
    };
    Ok(state.attempt(|live| Ok(live.table.set(checked(key)?, &[(column, value.value())])?)))
}

pub fn get(call: Call<'_>) -> Result<Given, Thrown> {
    let mut args = call.args(1, 2)?;
    let (row, field) = (key(args.maybe_string()?), args.nullable_string()?);
    let state = state(call)?;
    let mut found = Ok(false);
    let given = call.give(|out| {
        found = match field {
            None => state.read(row, out),
            Some(field) => state.read_field(row, field, out),
        };
    });
    finish(call, given, found)
}

pub fn exists(call: Call<'_>) -> Result<bool, Thrown> {
    let key = call.args(1, 1)?.bytes()?;
    state(call)?.has(key).or_else(refused)
}

pub fn del(call: Call<'_>) -> Result<bool, Thrown> {
    let key = call.args(1, 1)?.bytes()?;
    state(call)?.remove(key).or_else(refused)
}

pub fn incr(call: Call<'_>) -> Result<Given, Thrown> {
    add(call, false)
}

pub fn decr(call: Call<'_>) -> Result<Given, Thrown> {
    add(call, true)
}

/// Adds to a number, or subtracts from it; the new one.
#[inline]
fn add(call: Call<'_>, negative: bool) -> Result<Given, Thrown> {
    let mut args = call.args(2, 3)?;
    let (key, Some(name)) = (args.bytes()?, args.maybe_string()?) else {
        return Err(Thrown);
    };
    let by = args.maybe_any();
    let sum = state(call)?.attempt(|live| {
        let key = checked(key)?;
        let Some(column) = live.shape.position(name, 0) else {
            return Err(Box::new(unknown_column(live, name.as_bytes())));
        };
        let whole = match by.map(Plain::of) {
            None => Some(1),
            Some(Some(Plain::Int(by))) => Some(by),
            _ => None,
        };
        match (live.kinds[column], whole.and_then(|by| if negative { by.checked_neg() } else { Some(by) })) {
            (ColumnKind::Int { .. }, Some(by)) => Ok(Plain::Int(live.table.add_int(key, column, by)?)),
            _ => add_number(live, key, column, by, negative),
        }
    });
    match sum {
        Ok(sum) => Ok(call.give(|out| sum.write(out))),
        Err(error) => refused(error).map(|_| call.give(|out| *out = no())),
    }
}

/// Adds any number to any column, or subtracts it.
fn add_number(live: &Live, key: &[u8], column: usize, by: Option<&Zval>, negative: bool) -> Tried<Plain<'static>> {
    let number = match by {
        None => Some(Number::Int(1)),
        Some(by) => number(by),
    };
    match (live.kinds[column], number) {
        (ColumnKind::Int { .. }, Some(number)) => {
            match number.whole().and_then(|by| if negative { by.checked_neg() } else { Some(by) }) {
                Some(by) => Ok(Plain::Int(live.table.add_int(key, column, by)?)),
                None => Err(Box::new(no_addend(live, column, by))),
            }
        }
        (ColumnKind::Float, Some(number)) => {
            let by = number.float();
            Ok(Plain::Float(live.table.add_float(key, column, if negative { -by } else { by })?))
        }
        (ColumnKind::Bytes { .. }, _) => Err(Box::new(invalid(format!(
            "column \"{}\" holds strings, to which nothing can be added; use a column of TYPE_INT or TYPE_FLOAT",
            live.table.columns()[column].name
        )))),
        (_, None) => Err(Box::new(no_addend(live, column, by))),
    }
}

/// What was to be added is no number that the column can take.
#[cold]
fn no_addend(live: &Live, column: usize, given: Option<&Zval>) -> Error {
    let column = &live.table.columns()[column];
    let kind = if column.kind == ColumnKind::Float { "floats" } else { "ints" };
    let given = given.map(described_value).unwrap_or_default();
    invalid(format!("column \"{}\" holds {kind}, and {given} was to be added to it or subtracted", column.name))
}
