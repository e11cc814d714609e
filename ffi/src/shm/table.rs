//! Tables: rows of typed columns that processes share.

use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicU64, Ordering};

use swoole_core::error::{Error, Result};
use swoole_core::shm::table::{Column, ColumnKind, Table, Value};

use super::row::swoole_table_row;
use crate::error::swoole_result;
use crate::support::args::{Out, bytes, handle, handle_mut, invalid, slice, text};
use crate::support::boundary;

/// A table: rows, found by a key of 1 to 64 bytes, of columns that all rows have. Made by
/// `swoole_table_new`, freed by `swoole_table_free`.
pub struct swoole_table {
    pub(super) engine: Table,
    /// which of this process's tables it is, so that a row of another one is noticed
    pub(super) number: u64,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_table_type {
    /// a signed whole number
    SWOOLE_TABLE_INT = 1,
    /// a double
    SWOOLE_TABLE_FLOAT = 2,
    /// any bytes, up to a length
    SWOOLE_TABLE_STRING = 3,
}

const INT: i32 = swoole_table_type::SWOOLE_TABLE_INT as i32;
const FLOAT: i32 = swoole_table_type::SWOOLE_TABLE_FLOAT as i32;
const STRING: i32 = swoole_table_type::SWOOLE_TABLE_STRING as i32;

/// A column, for `swoole_table_new`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct swoole_table_column {
    /// its name
    pub name: *const c_char,
    /// a `swoole_table_type`
    pub r#type: i32,
    /// bytes: of an INT 1, 2, 4 or 8 (0 means 8), of a STRING the most that fit, of a FLOAT 0
    pub size: u32,
}

/// A value for a column. Made by `swoole_table_int`, `swoole_table_float`, `swoole_table_bytes` or
/// `swoole_table_str`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct swoole_table_value {
    /// the column's index, from 0 in the order of `swoole_table_new`
    pub column: i32,
    /// a `swoole_table_type`, which says where the value is
    pub r#type: i32,
    /// of an INT
    pub integer: i64,
    /// of a FLOAT
    pub number: f64,
    /// of a STRING: the first byte; may be NULL if `len` is 0
    pub data: *const c_void,
    /// of a STRING: how many bytes
    pub len: usize,
}

/// How full a table is, and what all processes have done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_table_figures {
    /// rows in it
    pub rows: u64,
    /// rows that it takes now, before it grows
    pub capacity: u64,
    /// rows that it takes at most
    pub most: u64,
    /// how often it has grown
    pub growths: u64,
    /// rows that share their place in the index with another one
    pub conflicts: u64,
    /// the most rows in one place of the index
    pub longest_chain: u64,
    /// new rows that were set
    pub inserts: u64,
    /// existing rows that were set or added to
    pub updates: u64,
    /// rows that were deleted
    pub deletes: u64,
    /// rows that were refused because the table was full
    pub refused: u64,
}

/// # Safety
/// As for [`handle`].
pub(super) unsafe fn deref<'a>(table: *const swoole_table) -> Result<&'a swoole_table> {
    // SAFETY: passed on to the caller.
    unsafe { handle(table, "table", "swoole_table_new") }
}

/// # Safety
/// As for [`handle`] and [`bytes`].
unsafe fn found_by<'a>(table: *const swoole_table, key: *const c_void, len: usize) -> Result<(&'a Table, &'a [u8])> {
    // SAFETY: passed on to the caller.
    unsafe { Ok((&deref(table)?.engine, bytes(key, len, "the key")?)) }
}

/// The place for a row of that table.
///
/// # Safety
/// As for [`handle_mut`].
unsafe fn row_of<'a>(table: &swoole_table, row: *mut swoole_table_row) -> Result<&'a mut swoole_table_row> {
    // SAFETY: passed on to the caller.
    let row = unsafe { handle_mut(row, "row", "swoole_table_row_new") }?;
    if row.number == table.number {
        Ok(row)
    } else {
        Err(invalid("this row was made for another table; make one by swoole_table_row_new of this table"))
    }
}

/// The index of a column as C gives it.
pub(super) fn column_index(table: &Table, column: i32) -> Result<usize> {
    let columns = table.columns().len();
    usize::try_from(column).ok().filter(|index| *index < columns).ok_or_else(|| {
        invalid(format!(
            "there is no column {column}; the table has {columns}, counted from 0 in the order of swoole_table_new"
        ))
    })
}

/// # Safety
/// `column.name` is NULL or a string that ends with a NUL.
unsafe fn column_of(column: &swoole_table_column) -> Result<Column> {
    // SAFETY: passed on to the caller.
    let name = unsafe { text(column.name, "the column's name") }?.to_owned();
    let kind = match (column.r#type, column.size) {
        (INT, 0) => ColumnKind::Int { bytes: 8 },
        (INT, size @ (1 | 2 | 4 | 8)) => ColumnKind::Int { bytes: size as u8 },
        (INT, size) => {
            return Err(invalid(format!("column \"{name}\" is an INT of {size} bytes; pass the size 1, 2, 4, or 8")));
        }
        (FLOAT, 0 | 8) => ColumnKind::Float,
        (FLOAT, size) => {
            return Err(invalid(format!(
                "column \"{name}\" is a FLOAT of {size} bytes; pass the size 0, which means 8"
            )));
        }
        (STRING, most) => ColumnKind::Bytes { most },
        (other, _) => {
            return Err(invalid(format!(
                "column \"{name}\" has the type {other}, which does not exist; pass SWOOLE_TABLE_INT ({INT}), SWOOLE_TABLE_FLOAT ({FLOAT}) or SWOOLE_TABLE_STRING ({STRING})"
            )));
        }
    };
    Ok(Column { name, kind })
}

/// Makes an empty table of `count` columns. It takes exactly `rows` rows, whatever their keys are; with a
/// `most` above that it grows by itself, up to so many (0: it does not grow). Memory is taken when rows
/// are first used.
///
/// The table is one and the same in this process and in all that are forked from it afterwards, servers'
/// workers included; each of them may free its handle. All its functions: any thread, any process. A
/// process that is killed leaves each row as it was before or after what it was doing, and nobody waits
/// for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_new(
    columns: *const swoole_table_column,
    count: usize,
    rows: usize,
    most: usize,
    table: *mut *mut swoole_table,
) -> swoole_result {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (columns, out) = unsafe {
            (slice(columns, count, "the list of columns")?, Out::required(table, "the place for the table")?)
        };
        // SAFETY: as above.
        let columns = columns.iter().map(|column| unsafe { column_of(column) }).collect::<Result<Vec<_>>>()?;
        let engine = Table::create(columns, rows, (most != 0).then_some(most))?;
        // Nothing else is told by this number.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        out.put(Box::into_raw(Box::new(swoole_table { engine, number })));
        Ok(())
    })
}

/// Frees this process's handle of a table. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_free(table: *mut swoole_table) {
    boundary::value((), || {
        if !table.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_table_new, and is given back once.
            drop(unsafe { Box::from_raw(table) });
        }
        Ok(())
    });
}

/// The index of the column of that name; -1 if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_find_column(table: *const swoole_table, name: *const c_char) -> i32 {
    boundary::value(-1, || {
        // SAFETY: the caller's pointers, as the header asks.
        let (table, name) = unsafe { (deref(table)?, text(name, "the column's name")?) };
        Ok(table.engine.column(name.as_bytes()).map_or(-1, |index| index as i32))
    })
}

/// A value for an INT column.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_table_int(column: i32, value: i64) -> swoole_table_value {
    swoole_table_value { column, r#type: INT, integer: value, number: 0.0, data: std::ptr::null(), len: 0 }
}

/// A value for a FLOAT column.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_table_float(column: i32, value: f64) -> swoole_table_value {
    swoole_table_value { column, r#type: FLOAT, integer: 0, number: value, data: std::ptr::null(), len: 0 }
}

/// A value for a STRING column: `len` bytes, which must stay until it is set.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_table_bytes(column: i32, data: *const c_void, len: usize) -> swoole_table_value {
    swoole_table_value { column, r#type: STRING, integer: 0, number: 0.0, data, len }
}

/// A value for a STRING column: a text that ends with a NUL, which is not stored, and that must stay
/// until it is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_str(column: i32, value: *const c_char) -> swoole_table_value {
    // A NULL is refused when it is set: there must be a byte.
    // SAFETY: not NULL, so a string as the header asks.
    let len = if value.is_null() { 1 } else { unsafe { std::ffi::CStr::from_ptr(value) }.count_bytes() };
    swoole_table_bytes(column, value.cast(), len)
}

/// # Safety
/// A STRING's `data` is NULL or points to `len` bytes.
unsafe fn value_of<'a>(value: &swoole_table_value) -> Result<(usize, Value<'a>)> {
    let column = usize::try_from(value.column)
        .map_err(|_| invalid(format!("there is no column {}; columns are counted from 0", value.column)))?;
    let value = match value.r#type {
        INT => Value::Int(value.integer),
        FLOAT => Value::Float(value.number),
        // SAFETY: passed on to the caller.
        STRING => Value::Bytes(unsafe { bytes(value.data, value.len, &format!("the value for column {column}")) }?),
        other => {
            return Err(invalid(format!(
                "a value of the type {other} was given for column {column}; make values by swoole_table_int, swoole_table_float, swoole_table_bytes or swoole_table_str"
            )));
        }
    };
    Ok((column, value))
}

/// So many values are set without memory from the heap.
const FEW: usize = 16;

/// Sets `count` columns of the row of `key`, which has `key_len` bytes, all at once: no other process
/// ever sees a part of them. If there is no such row it is made, with 0, 0.0 and empty in the other
/// columns.
///
/// With nothing changed: `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE` if the key or a STRING is too long (nothing
/// is ever cut), `SWOOLE_ERROR_INVALID_PARAMS` if a number does not fit its column, a value is of another
/// type than its column, or there is no such column; `SWOOLE_ERROR_QUEUE_FULL` if the table is full.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_set(
    table: *mut swoole_table,
    key: *const c_void,
    key_len: usize,
    values: *const swoole_table_value,
    count: usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let ((table, key), values) =
            unsafe { (found_by(table, key, key_len)?, slice(values, count, "the list of values")?) };
        let mut few = [(0, Value::Int(0)); FEW];
        let mut many = Vec::new();
        let converted = match few.get_mut(..count) {
            Some(room) => room,
            None => {
                many.resize(count, (0, Value::Int(0)));
                &mut many[..]
            }
        };
        for (to, from) in converted.iter_mut().zip(values) {
            // SAFETY: as above.
            *to = unsafe { value_of(from) }?;
        }
        table.set(key, converted)
    })
}

/// Reads the row of `key` into `row`, as it was at one moment. False, with `row` of no meaning, if there
/// is none; also, with a last error, after a wrong call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_get(
    table: *const swoole_table,
    key: *const c_void,
    key_len: usize,
    row: *mut swoole_table_row,
) -> bool {
    boundary::value(false, || {
        // SAFETY: the caller's pointers, as the header asks.
        let ((engine, key), row) = unsafe { (found_by(table, key, key_len)?, row_of(deref(table)?, row)?) };
        row.key.clear();
        Ok(engine.get(key, &mut row.engine))
    })
}

/// As `swoole_table_get`, but reads one column only; the others in `row` are of no meaning then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_get_column(
    table: *const swoole_table,
    key: *const c_void,
    key_len: usize,
    column: i32,
    row: *mut swoole_table_row,
) -> bool {
    boundary::value(false, || {
        // SAFETY: the caller's pointers, as the header asks.
        let ((engine, key), row) = unsafe { (found_by(table, key, key_len)?, row_of(deref(table)?, row)?) };
        let column = column_index(engine, column)?;
        row.key.clear();
        Ok(engine.get_column(key, column, &mut row.engine))
    })
}

/// Whether there is a row of that key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_exists(table: *const swoole_table, key: *const c_void, key_len: usize) -> bool {
    boundary::value(false, || {
        // SAFETY: the caller's pointers, as the header asks.
        let (table, key) = unsafe { found_by(table, key, key_len) }?;
        Ok(table.exists(key))
    })
}

/// Deletes the row of that key. False if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_delete(table: *mut swoole_table, key: *const c_void, key_len: usize) -> bool {
    boundary::value(false, || {
        // SAFETY: the caller's pointers, as the header asks.
        let (table, key) = unsafe { found_by(table, key, key_len) }?;
        Ok(table.delete(key))
    })
}

/// Adds `by`, which may be negative, to an INT column of the row of `key`, in one step for all processes,
/// and makes the row if there is none. `sum` may be NULL; it gets the new value. Errors as
/// `swoole_table_set`; a sum that does not fit the column is `SWOOLE_ERROR_INVALID_PARAMS`, and the row
/// stays as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_add_int(
    table: *mut swoole_table,
    key: *const c_void,
    key_len: usize,
    column: i32,
    by: i64,
    sum: *mut i64,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let ((table, key), sum) = unsafe { (found_by(table, key, key_len)?, Out::optional(sum)) };
        sum.put(table.add_int(key, column_index(table, column)?, by)?);
        Ok(())
    })
}

/// As `swoole_table_add_int`, for a FLOAT column.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_add_float(
    table: *mut swoole_table,
    key: *const c_void,
    key_len: usize,
    column: i32,
    by: f64,
    sum: *mut f64,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let ((table, key), sum) = unsafe { (found_by(table, key, key_len)?, Out::optional(sum)) };
        sum.put(table.add_float(key, column_index(table, column)?, by)?);
        Ok(())
    })
}

/// Goes through the table: reads the next row, and its key (`swoole_table_row_key`), into `row`, and
/// moves `*place` on, which is 0 for the first. False when there are no more: `for (size_t place = 0;
/// swoole_table_next(table, &place, row);) { ... }`
///
/// Others may write meanwhile, and so may the loop: each row that is in the table all the time is found
/// exactly once, in no particular order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_next(
    table: *const swoole_table,
    place: *mut usize,
    row: *mut swoole_table_row,
) -> bool {
    boundary::value(false, || {
        // SAFETY: the caller's pointers, as the header asks.
        let (table, place) = unsafe { (deref(table)?, place.as_mut().ok_or_else(no_place)?) };
        // SAFETY: as above.
        let row = unsafe { row_of(table, row) }?;
        let next = table.engine.next(*place, &mut row.key, &mut row.engine);
        *place = next.unwrap_or(*place);
        Ok(next.is_some())
    })
}

fn no_place() -> Error {
    invalid("the place is NULL; pass the address of a number, which is 0 for the first row")
}

/// Rows in it; 0 with a last error if `table` is NULL, as the next two.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_count(table: *const swoole_table) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { deref(table) }?.engine.len()))
}

/// Rows that it takes now, before it grows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_capacity(table: *const swoole_table) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { deref(table) }?.engine.capacity()))
}

/// Bytes of memory that it takes when so many rows are in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_memory_size(table: *const swoole_table) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { deref(table) }?.engine.memory_size()))
}

/// Writes the table's figures to `*figures`. It looks at the whole index for that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_table_stats(
    table: *const swoole_table,
    figures: *mut swoole_table_figures,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (table, out) = unsafe { (deref(table)?, Out::required(figures, "the place for the figures")?) };
        let stats = table.engine.stats();
        out.put(swoole_table_figures {
            rows: stats.rows,
            capacity: stats.capacity,
            most: stats.most,
            growths: stats.growths,
            conflicts: stats.conflicts,
            longest_chain: stats.longest_chain,
            inserts: stats.inserts,
            updates: stats.updates,
            deletes: stats.deletes,
            refused: stats.refused,
        });
        Ok(())
    })
}
