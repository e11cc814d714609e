//! `$table[$key]`: a row as a `Swoole\Table\Row`, whose columns are read and written as `$table[$key]['column']`.

use super::convert::described_value;
use super::rows::refused;
use super::{invalid, state};
use crate::classes::table_row;
use crate::zend::{Call, Object, Thrown, no, text, to_string};
use ext_php_rs::types::Zval;

/// The key, as a string of its own. None: it can be none, which a warning has told.
fn offset(given: &Zval) -> Result<Option<Zval>, Thrown> {
    if given.zend_str().is_some() {
        return Ok(Some(given.shallow_clone()));
    }
    if let Some(number) = given.long() {
        return Ok(Some(text(&number.to_string())));
    }
    let is_no_text = Object::of(given).is_some_and(|object| !object.is_stringable());
    if is_no_text || given.is_null() || given.is_array() || given.is_resource() {
        let what = described_value(given);
        return refused(Box::new(invalid(format!("{what} is no key of a row; use a string, as in $table[\"key\"]"))))
            .map(|_| None);
    }
    let mut key = Zval::new();
    key.set_zend_string(to_string(given)?);
    Ok(Some(key))
}

fn bytes(key: &Zval) -> &[u8] {
    key.zend_str().map(|key| key.as_bytes()).unwrap_or_default()
}

pub fn offset_exists(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.any();
    let state = state(call)?;
    let Some(key) = offset(given)? else { return Ok(false) };
    state.has(bytes(&key)).or_else(refused)
}

/// Null: there is no such row.
pub fn offset_get(call: Call<'_>) -> Result<Zval, Thrown> {
    let given = call.args(1, 1)?.any();
    let state = state(call)?;
    let Some(key) = offset(given)? else { return Ok(no()) };
    let mut row = Zval::new();
    match state.read(bytes(&key), &mut row) {
        Ok(true) => Ok(table_row::make(call.this(), key, row)),
        Ok(false) => Ok(Zval::new()),
        Err(error) => refused(error).map(|_| no()),
    }
}

pub fn offset_set(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(2, 2)?;
    let (given, row) = (args.any(), args.any());
    let state = state(call)?;
    let Some(key) = offset(given)? else { return Ok(()) };
    let Some(row) = row.array() else {
        let what = described_value(row);
        refused(Box::new(invalid(format!("a row was to be set to {what}; give an array, column => value"))))?;
        return Ok(());
    };
    if let Err(error) = state.write(bytes(&key), row)? {
        refused(error)?;
    }
    Ok(())
}

pub fn offset_unset(call: Call<'_>) -> Result<(), Thrown> {
    let given = call.args(1, 1)?.any();
    let state = state(call)?;
    let Some(key) = offset(given)? else { return Ok(()) };
    if let Err(error) = state.remove(bytes(&key)) {
        refused(error)?;
    }
    Ok(())
}
