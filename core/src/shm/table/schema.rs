//! Columns, and where the values of a row lie in its body: a slice of words, first the numbers and the lengths of
//! strings, packed by size, then the bytes of each string from a word's start.

use super::super::atomic::{AtomicU64, Ordering};
use super::{Column, ColumnKind, Value};
use crate::error::{Error, ErrorKind, Result};

/// The longest string of a column: all lengths fit 4 bytes, with room to round up.
const BYTES_MOST: u32 = 1 << 31;

/// Where a column's value lies.
#[derive(Debug, Clone, Copy)]
enum Place {
    Int { word: usize, shift: u32, bits: u32 },
    Float { word: usize },
    Bytes { length: Length, at: usize, most: usize },
}

/// Where the length of a string lies.
#[derive(Debug, Clone, Copy)]
struct Length {
    word: usize,
    shift: u32,
}

/// The columns of a table.
#[derive(Debug)]
pub struct Schema {
    columns: Vec<Column>,
    places: Vec<Place>,
    /// those of `places` that are Bytes, with their columns
    strings: Vec<(usize, Place)>,
    /// words of numbers and lengths
    fixed: usize,
    /// words of a body
    words: usize,
}

impl Schema {
    /// Errors: see [`super::Table::create`].
    pub fn new(columns: Vec<Column>) -> Result<Schema> {
        if columns.is_empty() {
            return Err(refused("a table needs at least one column".into()));
        }
        for (number, column) in columns.iter().enumerate() {
            if columns[..number].iter().any(|other| other.name == column.name) {
                return Err(refused(format!("the table has two columns \"{}\": give each its own name", column.name)));
            }
            match column.kind {
                ColumnKind::Int { bytes: 1 | 2 | 4 | 8 } | ColumnKind::Float => (),
                ColumnKind::Bytes { most: 1..=BYTES_MOST } => (),
                ColumnKind::Int { bytes } => {
                    return Err(refused(format!(
                        "column \"{}\": an INT of {bytes} bytes was asked for: there are 1, 2, 4 and 8",
                        column.name
                    )));
                }
                ColumnKind::Bytes { most } => {
                    return Err(refused(format!(
                        "column \"{}\": a STRING of {most} bytes was asked for: 1 to {BYTES_MOST} are allowed",
                        column.name
                    )));
                }
            }
        }
        Ok(Schema::packed(columns))
    }

    fn packed(columns: Vec<Column>) -> Schema {
        // What lies in front is aligned, since sizes only get smaller.
        let mut places = vec![Place::Float { word: 0 }; columns.len()];
        let mut offset = 0;
        for size in [8, 4, 2, 1] {
            for (column, place) in columns.iter().zip(&mut places) {
                let (word, shift) = (offset / 8, offset as u32 % 8 * 8);
                *place = match column.kind {
                    ColumnKind::Int { bytes } if bytes == size => Place::Int { word, shift, bits: u32::from(size) * 8 },
                    ColumnKind::Float if size == 8 => Place::Float { word },
                    ColumnKind::Bytes { most } if size == 4 => {
                        Place::Bytes { length: Length { word, shift }, at: 0, most: most as usize }
                    }
                    _ => continue,
                };
                offset += usize::from(size);
            }
        }
        let fixed = offset.div_ceil(8);
        let mut words = fixed;
        let mut strings = Vec::new();
        for (column, place) in places.iter_mut().enumerate() {
            if let Place::Bytes { at, most, .. } = place {
                *at = words;
                words += most.div_ceil(8);
                strings.push((column, *place));
            }
        }
        Schema { columns, places, strings, fixed, words }
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn column(&self, name: &[u8]) -> Option<usize> {
        self.columns.iter().position(|column| column.name.as_bytes() == name)
    }

    /// Words of a body.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Whether a value of this column is one word or less.
    pub fn is_number(&self, column: usize) -> bool {
        !matches!(self.places[column], Place::Bytes { .. })
    }

    /// Whether the value may be written into the column. Errors: see [`super::Table::set`].
    pub fn check(&self, column: usize, value: Value<'_>) -> Result<()> {
        match (self.places.get(column), value) {
            (Some(Place::Int { bits: 64, .. }), Value::Int(_)) | (Some(Place::Float { .. }), Value::Float(_)) => Ok(()),
            (Some(Place::Int { bits, .. }), Value::Int(number)) => {
                if number << (64 - bits) >> (64 - bits) == number {
                    return Ok(());
                }
                Err(self.out_of_range(column, *bits, number))
            }
            (Some(Place::Bytes { most, .. }), Value::Bytes(bytes)) => {
                if bytes.len() <= *most {
                    return Ok(());
                }
                Err(Error::new(
                    ErrorKind::DataLengthTooLarge,
                    format!(
                        "column \"{}\": {} bytes were given, at most {most} fit: shorten them, or make the column larger",
                        self.columns[column].name,
                        bytes.len()
                    ),
                ))
            }
            (Some(_), value) => Err(self.mistyped(column, value)),
            (None, _) => {
                Err(refused(format!("column number {column} was given, the table has {}", self.columns.len())))
            }
        }
    }

    /// Whether the column holds values of that kind, however large. Errors: it does not, or there is none.
    pub fn check_kind(&self, column: usize, value: Value<'_>) -> Result<()> {
        match (self.places.get(column), value) {
            (Some(Place::Int { .. }), Value::Int(_)) => Ok(()),
            _ => self.check(column, value),
        }
    }

    /// What the Int column holds plus `by`. Errors: it is out of the column's range.
    pub fn sum(&self, column: usize, found: i64, by: i64) -> Result<i64> {
        match found.checked_add(by) {
            Some(sum) => self.check(column, Value::Int(sum)).map(|()| sum),
            None => Err(refused(format!(
                "column \"{}\": {found} + {by} does not fit an INT of 8 bytes",
                self.columns[column].name
            ))),
        }
    }

    #[cold]
    fn out_of_range(&self, column: usize, bits: u32, number: i64) -> Error {
        let most = i64::MAX >> (64 - bits);
        refused(format!(
            "column \"{}\": {number} does not fit an INT of {} bytes ({} to {most}): make the column larger",
            self.columns[column].name,
            bits / 8,
            -most - 1
        ))
    }

    #[cold]
    fn mistyped(&self, column: usize, value: Value<'_>) -> Error {
        let Column { name, kind } = &self.columns[column];
        let (found, wanted) = (
            match value {
                Value::Int(_) => "an INT",
                Value::Float(_) => "a FLOAT",
                Value::Bytes(_) => "a STRING",
            },
            match kind {
                ColumnKind::Int { .. } => "an INT",
                ColumnKind::Float => "a FLOAT",
                ColumnKind::Bytes { .. } => "a STRING",
            },
        );
        refused(format!("column \"{name}\" holds {wanted}, {found} was given"))
    }

    /// Writes a value that was checked. For whoever is alone with the body.
    pub fn put(&self, body: &[AtomicU64], column: usize, value: Value<'_>) {
        match (self.places[column], value) {
            (Place::Int { word, bits: 64, .. }, Value::Int(number)) => store(&body[word], number as u64),
            (Place::Int { word, shift, bits }, Value::Int(number)) => put_bits(&body[word], shift, bits, number as u64),
            (Place::Float { word }, Value::Float(number)) => store(&body[word], number.to_bits()),
            (Place::Bytes { length, at, .. }, Value::Bytes(bytes)) => {
                put_bits(&body[length.word], length.shift, 32, bytes.len() as u64);
                put_bytes(&body[at..], bytes);
            }
            _ => debug_assert!(false, "the value was not checked"),
        }
    }

    /// Makes all columns 0, 0.0 and empty.
    pub fn clear(&self, body: &[AtomicU64]) {
        body[..self.fixed].iter().for_each(|word| store(word, 0));
    }

    /// Copies a body, without the strings of columns that `values` replaces.
    pub fn copy(&self, from: &[AtomicU64], to: &[AtomicU64], values: &[(usize, Value<'_>)]) {
        for (from, to) in from[..self.fixed].iter().zip(to) {
            store(to, load(from));
        }
        for (column, place) in &self.strings {
            if values.iter().all(|(replaced, _)| replaced != column) {
                let (at, words) = place.string(|word| load(&from[word]));
                for (from, to) in from[at..at + words].iter().zip(&to[at..]) {
                    store(to, load(from));
                }
            }
        }
    }

    /// Reads a body that may be written meanwhile: what comes out is of meaning only if it was not.
    pub fn read(&self, body: &[AtomicU64], into: &mut [u64]) {
        read_words(&body[..self.fixed], into);
        for (_, place) in &self.strings {
            let (at, words) = place.string(|word| into[word]);
            read_words(&body[at..at + words], &mut into[at..]);
        }
    }

    /// As [`Schema::read`], of one column.
    pub fn read_column(&self, body: &[AtomicU64], column: usize, into: &mut [u64]) {
        match self.places[column] {
            Place::Int { word, .. } | Place::Float { word } => into[word] = load(&body[word]),
            place @ Place::Bytes { length, .. } => {
                into[length.word] = load(&body[length.word]);
                let (at, words) = place.string(|word| into[word]);
                read_words(&body[at..at + words], &mut into[at..]);
            }
        }
    }

    /// The number that a column holds; of a Float its bits. For whoever holds the row's lock.
    pub fn number(&self, body: &[AtomicU64], column: usize) -> u64 {
        match self.places[column] {
            Place::Int { word, shift, bits } => int(load(&body[word]), shift, bits) as u64,
            Place::Float { word } => load(&body[word]),
            Place::Bytes { .. } => 0,
        }
    }

    /// Whether it is an Int or Float column.
    #[inline]
    pub fn has_number(&self, column: usize) -> bool {
        matches!(self.places.get(column), Some(Place::Int { .. } | Place::Float { .. }))
    }

    /// What an Int or Float column holds.
    #[inline]
    pub fn number_value(&self, body: &[AtomicU64], column: usize) -> Value<'static> {
        match self.places[column] {
            Place::Int { word, shift, bits } => Value::Int(int(load(&body[word]), shift, bits)),
            Place::Float { word } => Value::Float(f64::from_bits(load(&body[word]))),
            Place::Bytes { .. } => Value::Int(0),
        }
    }

    /// Whether every column is among `values`, so that nothing of a body is left when they are written.
    #[inline]
    pub fn are_all(&self, values: &[(usize, Value<'_>)]) -> bool {
        let columns = self.columns.len();
        columns <= 64
            && values.len() >= columns
            && values.iter().fold(0_u64, |seen, (column, _)| seen | 1 << column).count_ones() as usize == columns
    }

    /// The value of a column in a body that was read.
    pub fn value<'a>(&self, body: &'a [u64], column: usize) -> Value<'a> {
        let Some(place) = self.places.get(column) else { return Value::Int(0) };
        match *place {
            Place::Int { word, shift, bits } => Value::Int(int(body[word], shift, bits)),
            Place::Float { word } => Value::Float(f64::from_bits(body[word])),
            place @ Place::Bytes { length, .. } => {
                let (at, words) = place.string(|word| body[word]);
                let bytes = as_bytes(&body[at..at + words]);
                Value::Bytes(&bytes[..bytes.len().min(bits(body[length.word], length.shift, 32) as usize)])
            }
        }
    }
}

impl Place {
    /// Where the bytes of a string lie, and how many words they are now.
    fn string(self, word: impl Fn(usize) -> u64) -> (usize, usize) {
        match self {
            // A length that was read while it was written may be any.
            Place::Bytes { length, at, most } => {
                (at, (bits(word(length.word), length.shift, 32) as usize).min(most).div_ceil(8))
            }
            Place::Int { .. } | Place::Float { .. } => (0, 0),
        }
    }
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}

// Relaxed, all of them: a row's version tells what was read and written in which order, see `rows.rs`.

fn load(word: &AtomicU64) -> u64 {
    word.load(Ordering::Relaxed)
}

fn store(word: &AtomicU64, value: u64) {
    word.store(value, Ordering::Relaxed);
}

/// Reads as many words as both have.
pub fn read_words(from: &[AtomicU64], into: &mut [u64]) {
    for (from, into) in from.iter().zip(into) {
        *into = load(from);
    }
}

fn bits(word: u64, shift: u32, bits: u32) -> u64 {
    word >> shift & (u64::MAX >> (64 - bits))
}

fn int(word: u64, shift: u32, bits: u32) -> i64 {
    ((word >> shift) as i64) << (64 - bits) >> (64 - bits)
}

fn put_bits(word: &AtomicU64, shift: u32, bits: u32, value: u64) {
    let mask = (u64::MAX >> (64 - bits)) << shift;
    store(word, load(word) & !mask | value << shift & mask);
}

/// Writes bytes into words, from the first byte of the first one; the last word is filled up with zeros.
pub fn put_bytes(words: &[AtomicU64], bytes: &[u8]) {
    for (word, bytes) in words.iter().zip(bytes.chunks(8)) {
        store(word, word_of(bytes));
    }
}

/// Whether the words begin with these bytes, filled up with zeros.
pub fn begin_with(words: &[AtomicU64], bytes: &[u8]) -> bool {
    words.iter().zip(bytes.chunks(8)).all(|(word, bytes)| load(word) == word_of(bytes))
}

/// Up to 8 bytes as a word that holds them in that order in memory.
fn word_of(bytes: &[u8]) -> u64 {
    if let Ok(whole) = bytes.try_into() {
        return u64::from_ne_bytes(whole);
    }
    // By reads that overlap, since a copy of so few bytes costs more than all the rest.
    let (length, byte) = (bytes.len(), |at: usize| u64::from(bytes[at]) << (at * 8));
    u64::from_le(match length {
        0 => 0,
        1..4 => byte(0) | byte(length / 2) | byte(length - 1),
        _ => {
            let four = |at: usize| bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
            u64::from(four(0)) | u64::from(four(length - 4)) << ((length - 4) * 8)
        }
    })
}

/// The bytes of words, in the order that they have in memory.
pub fn as_bytes(words: &[u64]) -> &[u8] {
    // SAFETY: every byte of a word is one; the slice has 8 for each word, and lives as long as they are borrowed.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) }
}
