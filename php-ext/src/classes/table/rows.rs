//! Reading and writing rows.

use super::convert::{
    Converted, Hard, Values, convert, converted, described_value, number, simple, unknown_column, whole,
};
use super::{Live, State, invalid, plain, state};
use crate::classes::warn_of;
use crate::zend::{Call, Number, Plain, Thrown, no};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::shm::table::{ColumnKind, KEY_MOST};

/// False with a warning.
#[cold]
pub fn refused(error: Error) -> Result<bool, Thrown> {
    warn_of(&error.remember())?;
    Ok(false)
}

/// What was read or written, or false with a warning.
#[inline]
fn finish(done: EngineResult<Zval>) -> Result<Zval, Thrown> {
    match done {
        Ok(value) => Ok(value),
        Err(error) => refused(error).map(|_| no()),
    }
}

#[inline]
fn checked(key: &[u8]) -> EngineResult<&[u8]> {
    if key.len() > KEY_MOST { Err(too_long(key)) } else { Ok(key) }
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
    pub(super) fn attempt<T>(&self, act: impl FnOnce(&Live) -> EngineResult<T>) -> EngineResult<T> {
        self.with(act).unwrap_or_else(|| Err(self.unusable()))
    }

    /// Sets columns of a row.
    #[inline]
    pub fn write(&self, key: &[u8], given: &ZendHashTable) -> Result<EngineResult<()>, Thrown> {
        let written = self.with(|live| match simple(live, given) {
            Ok(values) => Ok(checked(key).and_then(|key| live.table.set(key, &values))),
            Err(hard) => Err(hard),
        });
        match written {
            Some(Ok(done)) => Ok(done),
            Some(Err(Hard::Unknown(error))) => Ok(Err(error)),
            Some(Err(Hard::Convert)) => self.write_converted(key, given),
            None => Ok(Err(self.unusable())),
        }
    }

    #[cold]
    fn write_converted(&self, key: &[u8], given: &ZendHashTable) -> Result<EngineResult<()>, Thrown> {
        let Some(live) = self.live() else { return Ok(Err(self.unusable())) };
        let values = match converted(&live, given)? {
            Ok(values) => values,
            Err(error) => return Ok(Err(error)),
        };
        let values: Values<'_> = values.iter().map(|(column, value)| (*column, value.value())).collect();
        // It may have been destroyed meanwhile.
        Ok(self.attempt(|live| live.table.set(checked(key)?, &values)))
    }

    /// The row of `key` as an array. None: there is none.
    #[inline]
    pub fn read(&self, key: &[u8]) -> EngineResult<Option<Zval>> {
        self.attempt(|live| {
            let key = checked(key)?;
            let mut row = live.scratch.take();
            let found = live.table.get(key, &mut row).then(|| live.array(&row));
            live.scratch.set(row);
            Ok(found)
        })
    }

    /// One column of the row of `key`. None: there is no such row.
    #[inline]
    fn read_field(&self, key: &[u8], field: &ZendStr) -> EngineResult<Option<Zval>> {
        self.attempt(|live| {
            let key = checked(key)?;
            let Some(column) = live.shape.position(field, 0) else {
                return Err(unknown_column(live, field.as_bytes()));
            };
            let mut row = live.scratch.take();
            let found = live.table.get_column(key, column, &mut row).then(|| plain(row.value(column)).value());
            live.scratch.set(row);
            Ok(found)
        })
    }

    /// Whether there is such a row.
    #[inline]
    pub(super) fn has(&self, key: &[u8]) -> EngineResult<bool> {
        self.attempt(|live| Ok(live.table.exists(checked(key)?)))
    }

    /// Deletes a row. False: there is none.
    pub(super) fn remove(&self, key: &[u8]) -> EngineResult<bool> {
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
pub fn set_column(state: &State, key: &[u8], name: &[u8], value: &Zval) -> Result<EngineResult<()>, Thrown> {
    let Some(live) = state.live() else { return Ok(Err(state.unusable())) };
    let Some(column) = live.table.column(name) else { return Ok(Err(unknown_column(&live, name))) };
    let value: Converted = match convert(&live, column, value)? {
        Ok(value) => value,
        Err(error) => return Ok(Err(error)),
    };
    Ok(state.attempt(|live| live.table.set(checked(key)?, &[(column, value.value())])))
}

pub fn get(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 2)?;
    let (row, field) = (key(args.maybe_string()?), args.nullable_string()?);
    let state = state(call)?;
    let found = match field {
        None => state.read(row),
        Some(field) => state.read_field(row, field),
    };
    finish(found.map(|value| value.unwrap_or_else(no)))
}

pub fn exists(call: Call<'_>) -> Result<bool, Thrown> {
    let key = call.args(1, 1)?.bytes()?;
    state(call)?.has(key).or_else(refused)
}

pub fn del(call: Call<'_>) -> Result<bool, Thrown> {
    let key = call.args(1, 1)?.bytes()?;
    state(call)?.remove(key).or_else(refused)
}

pub fn incr(call: Call<'_>) -> Result<Zval, Thrown> {
    add(call, false)
}

pub fn decr(call: Call<'_>) -> Result<Zval, Thrown> {
    add(call, true)
}

/// Adds to a number, or subtracts from it; the new one.
#[inline]
fn add(call: Call<'_>, negative: bool) -> Result<Zval, Thrown> {
    let mut args = call.args(2, 3)?;
    let (key, Some(name)) = (args.bytes()?, args.maybe_string()?) else { return Ok(no()) };
    let by = args.maybe_any();
    let number = by.map_or(Some(Number::Int(1)), number);
    let sum = state(call)?.attempt(|live| {
        let key = checked(key)?;
        let Some(column) = live.shape.position(name, 0) else { return Err(unknown_column(live, name.as_bytes())) };
        match (live.table.columns()[column].kind, number) {
            (ColumnKind::Int { .. }, Some(number)) => {
                match whole(number).and_then(|by| if negative { by.checked_neg() } else { Some(by) }) {
                    Some(by) => live.table.add_int(key, column, by).map(Plain::Int),
                    None => Err(no_addend(live, column, by)),
                }
            }
            (ColumnKind::Float, Some(number)) => {
                let by = match number {
                    Number::Int(n) => n as f64,
                    Number::Float(f) => f,
                };
                live.table.add_float(key, column, if negative { -by } else { by }).map(Plain::Float)
            }
            (ColumnKind::Bytes { .. }, _) => Err(invalid(format!(
                "column \"{}\" holds strings, to which nothing can be added; use a column of TYPE_INT or TYPE_FLOAT",
                live.table.columns()[column].name
            ))),
            (_, None) => Err(no_addend(live, column, by)),
        }
    });
    finish(sum.map(Plain::value))
}

/// What was to be added is no number that the column can take.
#[cold]
fn no_addend(live: &Live, column: usize, given: Option<&Zval>) -> Error {
    let column = &live.table.columns()[column];
    let kind = if column.kind == ColumnKind::Float { "floats" } else { "ints" };
    let given = given.map(described_value).unwrap_or_default();
    invalid(format!("column \"{}\" holds {kind}, and {given} was to be added to it or subtracted", column.name))
}
