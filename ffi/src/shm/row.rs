//! What was read of a table.

use swoole_core::error::Result;
use swoole_core::shm::table::{Row, Table, Value};

use super::table::{column_index, deref, swoole_table};
use crate::bytes::swoole_data;
use crate::error::swoole_result;
use crate::support::args::{Out, handle, invalid};
use crate::support::boundary;

/// A place to read rows of one table into, again and again without taking memory. Made by
/// `swoole_table_row_new`, freed by `swoole_table_row_free`. Any thread, one at a time.
pub struct swoole_table_row {
    /// keeps the columns
    table: Table,
    pub(super) number: u64,
    pub(super) engine: Row,
    pub(super) key: Vec<u8>,
}

/// Makes a place to read rows of `table` into. `*row` then belongs to the caller, who gives it to
/// `swoole_table_row_free`; it may outlive the table's handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_row_new(
    table: *const swoole_table,
    row: *mut *mut swoole_table_row,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (table, out) = unsafe { (deref(table)?, Out::required(row, "the place for the row")?) };
        out.put(Box::into_raw(Box::new(swoole_table_row {
            table: table.engine.clone(),
            number: table.number,
            engine: table.engine.row(),
            key: Vec::new(),
        })));
        Ok(())
    })
}

/// Frees a place for rows. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_row_free(row: *mut swoole_table_row) {
    boundary::value((), || {
        if !row.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_table_row_new, and is given back once.
            drop(unsafe { Box::from_raw(row) });
        }
        Ok(())
    });
}

/// # Safety
/// As for [`handle`].
unsafe fn value<'a, T>(
    row: *const swoole_table_row,
    column: i32,
    wanted: &str,
    as_wanted: impl FnOnce(Value<'a>) -> Option<T>,
) -> Result<T> {
    // SAFETY: passed on to the caller.
    let row: &'a swoole_table_row = unsafe { handle(row, "row", "swoole_table_row_new") }?;
    let index = column_index(&row.table, column)?;
    as_wanted(row.engine.value(index)).ok_or_else(|| {
        let column = &row.table.columns()[index];
        invalid(format!("column \"{}\" was to be read as {wanted}, but it is {:?}", column.name, column.kind))
    })
}

/// The value of an INT column, by its index, in the row that was read last. 0 before anything was read;
/// also, with a last error, if it is no INT column.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_row_int(row: *const swoole_table_row, column: i32) -> i64 {
    boundary::value(0, || {
        let as_int = |value| if let Value::Int(number) = value { Some(number) } else { None };
        // SAFETY: the caller's handle, as the header asks.
        unsafe { value(row, column, "an INT", as_int) }
    })
}

/// The same for a FLOAT column.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_row_float(row: *const swoole_table_row, column: i32) -> f64 {
    boundary::value(0.0, || {
        let as_float = |value| if let Value::Float(number) = value { Some(number) } else { None };
        // SAFETY: the caller's handle, as the header asks.
        unsafe { value(row, column, "a FLOAT", as_float) }
    })
}

/// The same for a STRING column: its bytes, without a final NUL, valid until the row is read into again
/// or freed. `data` is NULL, with a last error, if it is no STRING column, and not NULL otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_row_bytes(row: *const swoole_table_row, column: i32) -> swoole_data {
    boundary::value(swoole_data::NONE, || {
        let as_bytes = |value| if let Value::Bytes(bytes) = value { Some(bytes.into()) } else { None };
        // SAFETY: the caller's handle, as the header asks.
        unsafe { value(row, column, "a STRING", as_bytes) }
    })
}

/// The key of the row that `swoole_table_next` has read, without a final NUL, valid as long as the row's
/// bytes. Empty after `swoole_table_get`, whose caller knows it. `data` is NULL if `row` is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_row_key(row: *const swoole_table_row) -> swoole_data {
    boundary::value(swoole_data::NONE, || {
        // SAFETY: the caller's handle, as the header asks.
        Ok(unsafe { handle(row, "row", "swoole_table_row_new") }?.key[..].into())
    })
}
