//! A table in shared memory: rows of typed columns, found by a key of up to [`KEY_MOST`] bytes, for all processes forked after it was made.

use crate::error::Result;

/// The longest key, in bytes.
pub const KEY_MOST: usize = 64;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// a signed integer of 1, 2, 4 or 8 bytes
    Int {
        /// its size in bytes
        bytes: u8,
    },
    /// a float of 8 bytes
    Float,
    /// up to `most` bytes, of any value
    Bytes {
        /// its length at most
        most: u32,
    },
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// its name
    pub name: String,
    /// what it holds
    pub kind: ColumnKind,
}

/// A value of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// of an Int column
    Int(i64),
    /// of a Float column
    Float(f64),
    /// of a Bytes column
    Bytes(&'a [u8]),
}

/// How full a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableStats {
    /// rows in it
    pub rows: u64,
    /// rows it takes now, without growing
    pub capacity: u64,
    /// rows it takes at most
    pub most: u64,
    /// how often it has grown
    pub growths: u64,
    /// rows that share their place in the index with an earlier one
    pub conflicts: u64,
    /// the most rows at one place of the index
    pub longest_chain: u64,
    /// rows set, read successfully... by all processes: `insert` new rows
    pub inserts: u64,
    /// `update`: existing rows set or added to
    pub updates: u64,
    /// rows deleted
    pub deletes: u64,
    /// refused because the table was full
    pub refused: u64,
}

/// A place for what is read of a row. Made by [`Table::row`], used again and again: reading allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Row {}

impl Row {
    /// The value of that column, by its index. Of what was not read it is 0, 0.0 or empty.
    pub fn value(&self, column: usize) -> Value<'_> {
        let _ = column;
        todo!()
    }
}

/// A table. Clones are the same rows; the memory goes when the last clone in the last process goes.
///
/// Safe among threads and processes. Nobody waits for a process that has died, and no reader ever waits.
#[derive(Debug, Clone)]
pub struct Table {}

impl Table {
    /// Makes it: `rows` rows (at least 1), growing by itself up to `most` (None: it does not grow). Whatever the keys are, it takes that many.
    /// Memory is taken when rows are first used. Errors: `InvalidParams` (no columns, two of one name, a size that does not exist,
    /// `most` below `rows`, more than 2^31 rows), ENOMEM.
    pub fn create(columns: Vec<Column>, rows: usize, most: Option<usize>) -> Result<Table> {
        let _ = (columns, rows, most);
        todo!()
    }

    /// Its columns, in order.
    pub fn columns(&self) -> &[Column] {
        todo!()
    }

    /// The index of the column of that name.
    pub fn column(&self, name: &[u8]) -> Option<usize> {
        let _ = name;
        todo!()
    }

    /// A place to read rows into.
    pub fn row(&self) -> Row {
        todo!()
    }

    /// Sets columns (by index) of the row of `key`, all at once: nobody sees a part of them, not even after a kill. A new row has 0, 0.0 and empty in the others. Errors, with
    /// nothing changed: `DataLengthTooLarge` (the key, or a value of a Bytes column, is too long), `InvalidParams` (a value of another type than its column's, or out of its range;
    /// no such column), `QueueFull` (the table is full).
    pub fn set(&self, key: &[u8], values: &[(usize, Value<'_>)]) -> Result<()> {
        let _ = (key, values);
        todo!()
    }

    /// Reads the whole row of `key`, as it was at one moment. False: there is none.
    pub fn get(&self, key: &[u8], row: &mut Row) -> bool {
        let _ = (key, row);
        todo!()
    }

    /// Reads one column of the row of `key`; the others in `row` are of no meaning then. False: there is no such row.
    pub fn get_column(&self, key: &[u8], column: usize, row: &mut Row) -> bool {
        let _ = (key, column, row);
        todo!()
    }

    /// Whether there is a row of that key.
    pub fn exists(&self, key: &[u8]) -> bool {
        let _ = key;
        todo!()
    }

    /// Deletes the row of `key`. False: there is none.
    pub fn delete(&self, key: &[u8]) -> bool {
        let _ = key;
        todo!()
    }

    /// Adds to an Int column; makes the row if there is none. Returns the new value. Errors, with nothing changed: `InvalidParams` (not an Int column; the sum is out of
    /// its range), those of [`Table::set`].
    pub fn add_int(&self, key: &[u8], column: usize, by: i64) -> Result<i64> {
        let _ = (key, column, by);
        todo!()
    }

    /// Adds to a Float column, as [`Table::add_int`].
    pub fn add_float(&self, key: &[u8], column: usize, by: f64) -> Result<f64> {
        let _ = (key, column, by);
        todo!()
    }

    /// Reads the first row at or behind place `from`, and its key. Returns the place behind it, to go on from; None: there are no more. A walk from place 0 gives each row
    /// that is in the table all the time exactly once, whatever others do meanwhile.
    pub fn next(&self, from: usize, key: &mut Vec<u8>, row: &mut Row) -> Option<usize> {
        let _ = (from, key, row);
        todo!()
    }

    /// Rows in it.
    pub fn len(&self) -> usize {
        todo!()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows it takes now, before it grows.
    pub fn capacity(&self) -> usize {
        todo!()
    }

    /// Bytes that it takes when all of [`Table::capacity`] rows are in use.
    pub fn memory_size(&self) -> usize {
        todo!()
    }

    /// How full it is. Looks at the whole index.
    pub fn stats(&self) -> TableStats {
        todo!()
    }
}
