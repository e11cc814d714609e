//! A table in shared memory: rows of typed columns, found by a key of up to [`KEY_MOST`] bytes, for all processes
//! forked after it was made.
//!
//! `rows.rs` says how rows lie in memory and how they are read while others write; `schema.rs` packs columns; `lock.rs`
//! is the lock that outlives its holder, `shard.rs` what it guards; `pool.rs` has the free rows, `change.rs` what writes,
//! `repair.rs` what follows a death, `walk.rs` what goes through all rows.

mod change;
mod lock;
mod memory;
#[cfg(loom)]
mod modelled;
mod pool;
mod repair;
mod rows;
mod schema;
mod shard;
#[cfg(test)]
mod tests;
mod walk;

use crate::error::{Error, ErrorKind, Result};
use memory::Memory;
use rows::Rows;
use schema::{NEAR, Schema, as_bytes, load};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// The longest key, in bytes.
pub const KEY_MOST: usize = 64;

/// The most rows.
const ROWS_MOST: usize = 1 << 31;

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
    /// up to `most` bytes, of any value; at least 1, at most 2^31
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

/// How full a table is. While others write, the numbers are of slightly different moments.
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
    /// rows that share their place in the index with another one, which comes first there
    pub conflicts: u64,
    /// the most rows at one place of the index
    pub longest_chain: u64,
    /// by all processes: new rows made
    pub inserts: u64,
    /// existing rows set or added to
    pub updates: u64,
    /// rows deleted
    pub deletes: u64,
    /// refused because the table was full
    pub refused: u64,
}

/// A place for what is read of a row. Made by [`Table::row`], used again and again: reading allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Row {
    schema: Option<Arc<Schema>>,
    body: Vec<u64>,
}

impl Row {
    /// The value of that column, by its index. Of what was not read it is 0, 0.0 or empty; `Int(0)` if there is no such
    /// column.
    pub fn value(&self, column: usize) -> Value<'_> {
        match &self.schema {
            Some(schema) => schema.value(&self.body, column),
            None => Value::Int(0),
        }
    }
}

/// A table. Clones are the same rows; the memory goes when the last clone in the last process goes.
///
/// Safe among threads and processes. Nobody waits for a process that has died. Reading takes no lock, unless the very
/// row is changed a thousand times while it is being read.
/// Not for a signal's handler in C that may interrupt its own thread at work with the table; and all who use it must be in one pid
/// namespace: a thread of another cannot be told from one that has died.
#[derive(Debug, Clone)]
pub struct Table {
    rows: Arc<Rows>,
}

impl Table {
    /// Makes it: `rows` rows (at least 1), growing by itself up to `most` (None: it does not grow). Whatever the keys
    /// are, it takes that many. Memory is taken when rows are first used. Errors: `InvalidParams` (no columns, two of
    /// one name, a size that does not exist, `most` below `rows`, more than 2^31 rows), ENOMEM.
    pub fn create(columns: Vec<Column>, rows: usize, most: Option<usize>) -> Result<Table> {
        let schema = Schema::new(columns)?;
        let most = most.unwrap_or(rows);
        if rows == 0 || most < rows || most > ROWS_MOST {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "a table of {rows} rows growing to {most} was asked for: 1 to {ROWS_MOST} rows, which never get less"
                ),
            ));
        }
        // Half of them stay empty, and few rows share one: each that is walked past costs a look at far memory.
        let lists = if cfg!(loom) { most } else { most * 2 }.min(ROWS_MOST).next_power_of_two();
        let body = schema.words();
        let (memory, shards) = (Memory::new(lists, most, body, rows as u64)?, shard::shards(lists, most));
        // Not to be guessed, so that nobody can choose keys which all lead to one place.
        let seed = if cfg!(loom) { 0 } else { RandomState::new().hash_one(0) };
        Ok(Table { rows: Arc::new(Rows { schema: Arc::new(schema), memory, body, shards, most, seed }) })
    }

    /// Its columns, in order.
    pub fn columns(&self) -> &[Column] {
        self.rows.schema.columns()
    }

    /// The index of the column of that name.
    pub fn column(&self, name: &[u8]) -> Option<usize> {
        self.rows.schema.column(name)
    }

    /// A place to read rows into.
    pub fn row(&self) -> Row {
        Row { schema: Some(self.rows.schema.clone()), body: vec![0; self.rows.schema.words()] }
    }

    /// Makes `row` one of this table.
    fn adopt(&self, row: &mut Row) {
        if row.schema.as_ref().is_none_or(|schema| !Arc::ptr_eq(schema, &self.rows.schema)) {
            *row = self.row();
        }
    }

    /// Sets columns (by index; of one that is named twice the last value counts) of the row of `key`, all at once:
    /// nobody sees a part of them, not even after a kill. A new row has 0, 0.0 and empty in the others. Errors, with
    /// nothing changed: `DataLengthTooLarge` (the key, or a value of a Bytes column, is too long), `InvalidParams` (a
    /// value of another type than its column's, or out of its range; no such column), `QueueFull` (the table is full).
    pub fn set(&self, key: &[u8], values: &[(usize, Value<'_>)]) -> Result<()> {
        check_key(key)?;
        let whole = self.rows.schema.check_all(values)?;
        self.rows.set(&self.rows.key(key), values, whole)
    }

    /// Reads the whole row of `key`, as it was at one moment. False: there is none, and `row` is of no meaning.
    pub fn get(&self, key: &[u8], row: &mut Row) -> bool {
        self.adopt(row);
        let (schema, into) = (&*self.rows.schema, &mut row.body);
        key.len() <= KEY_MOST
            && self
                .rows
                .read::<_, true>(&self.rows.key(key), |row, version| schema.read(row.body(version), into))
                .is_some()
    }

    /// Reads one column of the row of `key`; the others in `row` are of no meaning then. False: there is no such row,
    /// or no such column.
    pub fn get_column(&self, key: &[u8], column: usize, row: &mut Row) -> bool {
        self.adopt(row);
        let (schema, into) = (&*self.rows.schema, &mut row.body);
        key.len() <= KEY_MOST
            && column < schema.columns().len()
            && self
                .rows
                .read::<_, true>(&self.rows.key(key), |row, version| {
                    schema.read_column(row.body(version), column, into)
                })
                .is_some()
    }

    /// The number in an Int or Float column of the row of `key`: what [`Table::get_column`] reads, without a [`Row`]. None:
    /// there is no such row, or the column is none of these.
    #[inline]
    pub fn get_number(&self, key: &[u8], column: usize) -> Option<Value<'static>> {
        let place = self.rows.schema.number(column).filter(|_| key.len() <= KEY_MOST)?;
        let key = &self.rows.key(key);
        let word = if place.word < NEAR {
            self.rows.read::<_, false>(key, |row, version| load(&row.near(version)[place.word]))
        } else {
            self.rows.read::<_, true>(key, |row, version| load(row.body(version).word(place.word)))
        };
        Some(place.value(place.of(word?)))
    }

    /// Whether there is a row of that key.
    #[inline]
    pub fn exists(&self, key: &[u8]) -> bool {
        key.len() <= KEY_MOST && self.rows.read::<_, false>(&self.rows.key(key), |_, _| ()).is_some()
    }

    /// Deletes the row of `key`. False: there is none.
    pub fn delete(&self, key: &[u8]) -> bool {
        key.len() <= KEY_MOST && self.rows.delete(&self.rows.key(key))
    }

    /// Adds to an Int column; makes the row if there is none. Returns the new value. Errors, with nothing changed:
    /// `InvalidParams` (not an Int column; the sum is out of its range), those of [`Table::set`].
    #[inline]
    pub fn add_int(&self, key: &[u8], column: usize, by: i64) -> Result<i64> {
        check_key(key)?;
        let schema = &self.rows.schema;
        let Some(place) = schema.int(column) else { return Err(schema.misfit(column, Value::Int(by))) };
        let sum =
            self.rows.alter(&self.rows.key(key), (column, place), |found| match (found as i64).checked_add(by) {
                Some(sum) if place.takes(sum) => Ok(sum as u64),
                _ => Err(schema.no_sum(column, found as i64, by)),
            })?;
        Ok(sum as i64)
    }

    /// Adds to a Float column, as [`Table::add_int`].
    #[inline]
    pub fn add_float(&self, key: &[u8], column: usize, by: f64) -> Result<f64> {
        check_key(key)?;
        let schema = &self.rows.schema;
        let Some(place) = schema.float(column) else { return Err(schema.misfit(column, Value::Float(by))) };
        let sum = self
            .rows
            .alter(&self.rows.key(key), (column, place), |found| Ok((f64::from_bits(found) + by).to_bits()))?;
        Ok(f64::from_bits(sum))
    }

    /// Reads the first row at or behind place `from`, and its key. Returns the place behind it, to go on from; None:
    /// there are no more. A walk from place 0 gives each row that is in the table all the time exactly once, whatever
    /// others do meanwhile.
    pub fn next(&self, from: usize, key: &mut Vec<u8>, row: &mut Row) -> Option<usize> {
        self.adopt(row);
        let (schema, into) = (&*self.rows.schema, &mut row.body);
        let mut words = [0; KEY_MOST / 8];
        let mut length = 0;
        let behind = self.rows.walk(from, |row, version| {
            length = row.read_key(&mut words);
            schema.read(row.body(version), into);
        })?;
        key.clear();
        key.extend_from_slice(&as_bytes(&words)[..length]);
        Some(behind)
    }

    /// Rows in it.
    pub fn len(&self) -> usize {
        self.rows.live()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows it takes now, before it grows.
    pub fn capacity(&self) -> usize {
        self.rows.limit()
    }

    /// Bytes that it takes when all of [`Table::capacity`] rows are in use.
    pub fn memory_size(&self) -> usize {
        Memory::overhead(self.rows.memory.index.len(), self.rows.shards, self.rows.body)
            + self.capacity() * Memory::row_size(self.rows.body)
    }

    /// How full it is. Looks at all rows.
    pub fn stats(&self) -> TableStats {
        self.rows.stats()
    }
}

#[inline]
fn check_key(key: &[u8]) -> Result<()> {
    if key.len() <= KEY_MOST { Ok(()) } else { Err(too_long(key)) }
}

#[cold]
fn too_long(key: &[u8]) -> Error {
    Error::new(
        ErrorKind::DataLengthTooLarge,
        format!(
            "a key of {} bytes was given, at most {KEY_MOST} are allowed: shorten it, or use a hash of it",
            key.len()
        ),
    )
}
