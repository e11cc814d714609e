//! Columns, and where the values of a row lie in its body: words, first the numbers and the lengths of strings, packed by
//! size, then the bytes of each string from a word's start. The first [`NEAR`] words may lie apart from the others, so they
//! are no string's.

use super::super::atomic::{AtomicU64, Ordering};
use super::{Column, ColumnKind, Value};
use crate::error::{Error, ErrorKind, Result};

/// The longest string of a column: all lengths fit 4 bytes, with room to round up.
const BYTES_MOST: u32 = 1 << 31;

/// Words of a body that lie in the head of its row.
pub const NEAR: usize = 2;

/// The words of a body.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    pub near: &'a [AtomicU64; NEAR],
    pub far: &'a [AtomicU64],
}

impl<'a> Body<'a> {
    #[inline]
    pub fn word(self, number: usize) -> &'a AtomicU64 {
        if number < NEAR { &self.near[number] } else { &self.far[number - NEAR] }
    }

    /// The words from `number` on, none of which is near.
    fn from(self, number: usize) -> &'a [AtomicU64] {
        &self.far[number - NEAR..]
    }
}

/// Where a column's value lies.
#[derive(Debug, Clone, Copy)]
enum Place {
    Number(Number),
    Bytes(Text),
}

/// Where a number lies. A float has all bits of a word.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    pub word: usize,
    shift: u32,
    bits: u32,
    is_float: bool,
}

impl Number {
    const fn float(word: usize) -> Number {
        Number { word, shift: 0, bits: 64, is_float: true }
    }

    /// The number in that word: an int, or the bits of a float.
    #[inline]
    pub fn of(self, word: u64) -> u64 {
        int(word, self.shift, self.bits) as u64
    }

    /// As a value.
    #[inline]
    pub fn value(self, number: u64) -> Value<'static> {
        if self.is_float { Value::Float(f64::from_bits(number)) } else { Value::Int(number as i64) }
    }

    /// Whether it takes that int.
    #[inline]
    pub fn takes(self, number: i64) -> bool {
        number << (64 - self.bits) >> (64 - self.bits) == number
    }

    /// Writes it. For whoever is alone with the word.
    #[inline]
    pub fn put(self, word: &AtomicU64, number: u64) {
        if self.bits == 64 { store(word, number) } else { put_bits(word, self.shift, self.bits, number) }
    }
}

/// Where a string lies: its length in half a word, and its bytes, in words that are not near.
#[derive(Debug, Clone, Copy)]
struct Text {
    word: usize,
    shift: u32,
    at: usize,
    most: usize,
}

impl Text {
    /// How many words it is, by the word that has its length. One that was read while it was written may be any.
    #[inline]
    fn words(self, word: u64) -> usize {
        (bits(word, self.shift, 32) as usize).min(self.most).div_ceil(8)
    }
}

/// The columns of a table.
#[derive(Debug)]
pub struct Schema {
    columns: Vec<Column>,
    places: Vec<Place>,
    /// the Bytes columns and their places
    strings: Vec<(usize, Text)>,
    /// words of numbers and lengths
    fixed: usize,
    /// words of a body
    words: usize,
    /// a bit for each column; 0 if there are too many
    all: u64,
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
        let mut places = vec![Place::Number(Number::float(0)); columns.len()];
        let mut offset = 0;
        for size in [8, 4, 2, 1] {
            for (column, place) in columns.iter().zip(&mut places) {
                let (word, shift) = (offset / 8, offset as u32 % 8 * 8);
                *place = match column.kind {
                    ColumnKind::Int { bytes } if bytes == size => {
                        Place::Number(Number { word, shift, bits: u32::from(size) * 8, is_float: false })
                    }
                    ColumnKind::Float if size == 8 => Place::Number(Number::float(word)),
                    ColumnKind::Bytes { most } if size == 4 => {
                        Place::Bytes(Text { word, shift, at: 0, most: most as usize })
                    }
                    _ => continue,
                };
                offset += usize::from(size);
            }
        }
        let fixed = offset.div_ceil(8);
        let mut words = fixed.max(NEAR);
        let mut strings = Vec::new();
        for (column, place) in places.iter_mut().enumerate() {
            if let Place::Bytes(text) = place {
                text.at = words;
                words += text.most.div_ceil(8);
                strings.push((column, *text));
            }
        }
        let all = if columns.len() < 64 { (1 << columns.len()) - 1 } else { 0 };
        Schema { columns, places, strings, fixed, words, all }
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn column(&self, name: &[u8]) -> Option<usize> {
        self.columns.iter().position(|column| column.name.as_bytes() == name)
    }

    /// Words of a body, at least [`NEAR`].
    pub fn words(&self) -> usize {
        self.words
    }

    /// Where an Int or Float column's number lies. None: it is another column, or there is none.
    #[inline]
    pub fn number(&self, column: usize) -> Option<Number> {
        match self.places.get(column) {
            Some(Place::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Where an Int column's number lies, as [`Schema::number`].
    #[inline]
    pub fn int(&self, column: usize) -> Option<Number> {
        self.number(column).filter(|number| !number.is_float)
    }

    /// Where a Float column's number lies, as [`Schema::number`].
    #[inline]
    pub fn float(&self, column: usize) -> Option<Number> {
        self.number(column).filter(|number| number.is_float)
    }

    /// Whether the value may be written into the column. Errors: see [`super::Table::set`].
    #[inline]
    pub fn check(&self, column: usize, value: Value<'_>) -> Result<()> {
        match (self.places.get(column), value) {
            (Some(Place::Number(place)), Value::Int(number)) if !place.is_float && place.takes(number) => Ok(()),
            (Some(Place::Number(place)), Value::Float(_)) if place.is_float => Ok(()),
            (Some(Place::Bytes(text)), Value::Bytes(bytes)) if bytes.len() <= text.most => Ok(()),
            _ => Err(self.misfit(column, value)),
        }
    }

    /// Why the value may not be written into the column, or not be added to it.
    #[cold]
    pub fn misfit(&self, column: usize, value: Value<'_>) -> Error {
        match (self.places.get(column), value) {
            (Some(Place::Number(place)), Value::Int(number)) if !place.is_float => {
                self.out_of_range(column, place.bits, number)
            }
            (Some(Place::Bytes(Text { most, .. })), Value::Bytes(bytes)) => Error::new(
                ErrorKind::DataLengthTooLarge,
                format!(
                    "column \"{}\": {} bytes were given, at most {most} fit: shorten them, or make the column larger",
                    self.columns[column].name,
                    bytes.len()
                ),
            ),
            (Some(_), value) => self.mistyped(column, value),
            (None, _) => refused(format!("column number {column} was given, the table has {}", self.columns.len())),
        }
    }

    /// Why `by` cannot be added to what the Int column holds.
    #[cold]
    pub fn no_sum(&self, column: usize, found: i64, by: i64) -> Error {
        match found.checked_add(by) {
            Some(sum) => self.misfit(column, Value::Int(sum)),
            None => refused(format!(
                "column \"{}\": {found} + {by} does not fit an INT of 8 bytes",
                self.columns[column].name
            )),
        }
    }

    fn out_of_range(&self, column: usize, bits: u32, number: i64) -> Error {
        let most = i64::MAX >> (64 - bits);
        refused(format!(
            "column \"{}\": {number} does not fit an INT of {} bytes ({} to {most}): make the column larger",
            self.columns[column].name,
            bits / 8,
            -most - 1
        ))
    }

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
    #[inline(always)]
    pub fn put(&self, body: Body<'_>, column: usize, value: Value<'_>) {
        match (self.places[column], value) {
            (Place::Number(place), Value::Int(number)) => place.put(body.word(place.word), number as u64),
            (Place::Number(place), Value::Float(number)) => place.put(body.word(place.word), number.to_bits()),
            (Place::Bytes(text), Value::Bytes(bytes)) => {
                put_bits(body.word(text.word), text.shift, 32, bytes.len() as u64);
                put_bytes(body.from(text.at), bytes);
            }
            _ => debug_assert!(false, "the value was not checked"),
        }
    }

    /// Words of numbers and lengths that are not near.
    #[inline]
    fn fixed_far(&self) -> usize {
        self.fixed.saturating_sub(NEAR)
    }

    /// Makes all columns 0, 0.0 and empty.
    pub fn clear(&self, body: Body<'_>) {
        body.near.iter().chain(&body.far[..self.fixed_far()]).for_each(|word| store(word, 0));
    }

    /// Copies a body, without the strings of columns that `values` replaces.
    #[inline(always)]
    pub fn copy(&self, from: Body<'_>, to: Body<'_>, values: &[(usize, Value<'_>)]) {
        copy_words(from.near, to.near);
        copy_words(&from.far[..self.fixed_far()], to.far);
        for (column, text) in &self.strings {
            if values.iter().all(|(replaced, _)| replaced != column) {
                let words = text.words(load(from.word(text.word)));
                copy_words(&from.from(text.at)[..words], to.from(text.at));
            }
        }
    }

    /// Reads a body that may be written meanwhile: what comes out is of meaning only if it was not.
    #[inline]
    pub fn read(&self, body: Body<'_>, into: &mut [u64]) {
        let (near, far) = into.split_at_mut(NEAR);
        read_words(body.near, near);
        read_words(&body.far[..self.fixed_far()], far);
        for (_, text) in &self.strings {
            read_words(&body.from(text.at)[..text.words(into[text.word])], &mut into[text.at..]);
        }
    }

    /// As [`Schema::read`], of one column.
    pub fn read_column(&self, body: Body<'_>, column: usize, into: &mut [u64]) {
        match self.places[column] {
            Place::Number(Number { word, .. }) => into[word] = load(body.word(word)),
            Place::Bytes(text) => {
                into[text.word] = load(body.word(text.word));
                read_words(&body.from(text.at)[..text.words(into[text.word])], &mut into[text.at..]);
            }
        }
    }

    /// Whether all values may be written into their columns, see [`Schema::check`]; if so, whether every column is among
    /// them, so that nothing of a body is left when they are written.
    #[inline]
    pub fn check_all(&self, values: &[(usize, Value<'_>)]) -> Result<bool> {
        let mut seen = 0_u64;
        for (column, value) in values {
            self.check(*column, *value)?;
            seen |= 1_u64.checked_shl(*column as u32).unwrap_or(0);
        }
        Ok(seen == self.all && seen != 0)
    }

    /// The value of a column in a body that was read.
    #[inline]
    pub fn value<'a>(&self, body: &'a [u64], column: usize) -> Value<'a> {
        let Some(place) = self.places.get(column) else { return Value::Int(0) };
        match *place {
            Place::Number(number) => number.value(number.of(body[number.word])),
            Place::Bytes(text) => {
                let length = bits(body[text.word], text.shift, 32) as usize;
                let bytes = as_bytes(&body[text.at..][..text.words(body[text.word])]);
                Value::Bytes(&bytes[..bytes.len().min(length)])
            }
        }
    }
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}

// Relaxed, all of them: a row's version tells what was read and written in which order, see `rows.rs`.

#[inline]
pub fn load(word: &AtomicU64) -> u64 {
    word.load(Ordering::Relaxed)
}

#[inline]
fn store(word: &AtomicU64, value: u64) {
    word.store(value, Ordering::Relaxed);
}

/// Reads as many words as both have.
#[inline]
pub fn read_words(from: &[AtomicU64], into: &mut [u64]) {
    for (from, into) in from.iter().zip(into) {
        *into = load(from);
    }
}

#[inline]
fn copy_words(from: &[AtomicU64], to: &[AtomicU64]) {
    for (from, to) in from.iter().zip(to) {
        store(to, load(from));
    }
}

#[inline]
fn bits(word: u64, shift: u32, bits: u32) -> u64 {
    word >> shift & (u64::MAX >> (64 - bits))
}

#[inline]
fn int(word: u64, shift: u32, bits: u32) -> i64 {
    ((word >> shift) as i64) << (64 - bits) >> (64 - bits)
}

#[inline]
fn put_bits(word: &AtomicU64, shift: u32, bits: u32, value: u64) {
    let mask = (u64::MAX >> (64 - bits)) << shift;
    store(word, load(word) & !mask | value << shift & mask);
}

/// Writes bytes into words, from the first byte of the first one; the last word is filled up with zeros.
#[inline]
pub fn put_bytes(words: &[AtomicU64], bytes: &[u8]) {
    all_words(words, bytes, |word, bytes| {
        store(word, bytes);
        true
    });
}

/// Whether the words begin with these bytes, filled up with zeros.
#[inline]
pub fn begin_with(words: &[AtomicU64], bytes: &[u8]) -> bool {
    all_words(words, bytes, |word, bytes| load(word) == bytes)
}

/// Shows each word with the bytes that belong there, as one in that order in memory, as long as `look` says so. Whether it
/// always did.
#[inline(always)]
fn all_words(words: &[AtomicU64], bytes: &[u8], look: impl Fn(&AtomicU64, u64) -> bool) -> bool {
    let whole = bytes.chunks_exact(8);
    let rest = whole.remainder();
    let mut words = words.iter();
    for bytes in whole {
        let Some(word) = words.next() else { return true };
        if !look(word, bytes.try_into().map_or(0, u64::from_ne_bytes)) {
            return false;
        }
    }
    if rest.is_empty() {
        return true;
    }
    // By reads that overlap, since a copy of so few bytes costs more than all the rest.
    let last = match bytes.last_chunk() {
        Some(last) => u64::from_le_bytes(*last) >> (64 - rest.len() * 8),
        None => few(rest),
    };
    words.next().is_none_or(|word| look(word, u64::from_le(last)))
}

/// 1 to 7 bytes.
#[inline]
fn few(bytes: &[u8]) -> u64 {
    let (length, byte) = (bytes.len(), |at: usize| u64::from(bytes[at]) << (at * 8));
    if length < 4 {
        return byte(0) | byte(length / 2) | byte(length - 1);
    }
    let four = |at: usize| bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
    u64::from(four(0)) | u64::from(four(length - 4)) << ((length - 4) * 8)
}

/// The bytes of words, in the order that they have in memory.
pub fn as_bytes(words: &[u64]) -> &[u8] {
    // SAFETY: every byte of a word is one; the slice has 8 for each word, and lives as long as they are borrowed.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) }
}
