//! The table does what a map of the standard library does.

use super::super::{ColumnKind, KEY_MOST, Table};
use super::helpers::{Owned, bytes, column, int, read, walk};
use crate::error::ErrorKind;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashMap;

#[derive(Debug, Clone)]
enum Step {
    Set(Vec<u8>, Vec<(usize, Owned)>),
    AddInt(Vec<u8>, usize, i64),
    AddFloat(Vec<u8>, usize, f64),
    Delete(Vec<u8>),
    Get(Vec<u8>),
    GetColumn(Vec<u8>, usize),
    /// deletes each row of this parity that the walk comes to
    Walk(bool),
}

const STRING_MOST: usize = 300;
const COLUMNS: usize = 6;

fn columns() -> Vec<super::super::Column> {
    vec![
        int("tiny", 1),
        bytes("long", STRING_MOST as u32),
        int("huge", 8),
        column("real", ColumnKind::Float),
        bytes("short", 3),
        int("middle", 4),
    ]
}

fn empty() -> Vec<Owned> {
    let text = || Owned::Bytes(Vec::new());
    vec![Owned::Int(0), text(), Owned::Int(0), Owned::Float(0.0), text(), Owned::Int(0)]
}

/// Whether a column takes a value.
fn fits(column: usize, value: &Owned) -> bool {
    match (column, value) {
        (0, Owned::Int(number)) => i8::try_from(*number).is_ok(),
        (1, Owned::Bytes(bytes)) => bytes.len() <= STRING_MOST,
        (2, Owned::Int(_)) | (3, Owned::Float(_)) => true,
        (4, Owned::Bytes(bytes)) => bytes.len() <= 3,
        (5, Owned::Int(number)) => i32::try_from(*number).is_ok(),
        _ => false,
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    // Few, so that they meet again; now and then one of any length, also too long.
    prop_oneof![
        12 => (0..24_u8).prop_map(|number| vec![number; usize::from(number) % 11]),
        1 => vec(any::<u8>(), 0..=KEY_MOST + 1),
    ]
}

fn value() -> impl Strategy<Value = (usize, Owned)> {
    let number = prop_oneof![4 => -200..200_i64, 1 => any::<i64>()];
    let fitting = prop_oneof![
        (-128..128_i64).prop_map(|number| (0, Owned::Int(number))),
        vec(any::<u8>(), 0..=STRING_MOST).prop_map(|bytes| (1, Owned::Bytes(bytes))),
        any::<i64>().prop_map(|number| (2, Owned::Int(number))),
        (-1e9..1e9).prop_map(|number| (3, Owned::Float(number))),
        vec(any::<u8>(), 0..=3).prop_map(|bytes| (4, Owned::Bytes(bytes))),
        any::<i32>().prop_map(|number| (5, Owned::Int(number.into()))),
    ];
    prop_oneof![
        20 => fitting,
        1 => (0..COLUMNS + 1, number).prop_map(|(column, number)| (column, Owned::Int(number))),
        1 => (0..COLUMNS, vec(any::<u8>(), 0..STRING_MOST + 2)).prop_map(|(column, bytes)| (column, Owned::Bytes(bytes))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (key(), vec(value(), 0..5)).prop_map(|(key, values)| Step::Set(key, values)),
        4 => (key(), 0..COLUMNS, -100..100_i64).prop_map(|(key, column, by)| Step::AddInt(key, column, by)),
        1 => (key(), 0..COLUMNS, any::<i64>()).prop_map(|(key, column, by)| Step::AddInt(key, column, by)),
        2 => (key(), 0..COLUMNS, -10.0..10.0).prop_map(|(key, column, by)| Step::AddFloat(key, column, by)),
        3 => key().prop_map(Step::Delete),
        4 => key().prop_map(Step::Get),
        2 => (key(), 0..COLUMNS).prop_map(|(key, column)| Step::GetColumn(key, column)),
        1 => any::<bool>().prop_map(Step::Walk),
    ]
}

/// The table, as somebody would write it who has it to himself.
struct Oracle {
    rows: HashMap<Vec<u8>, Vec<Owned>>,
    most: usize,
}

impl Oracle {
    /// Err: it is refused.
    fn set(&mut self, key: &[u8], values: &[(usize, Owned)]) -> Result<(), ErrorKind> {
        if key.len() > KEY_MOST {
            return Err(ErrorKind::DataLengthTooLarge);
        }
        for (column, value) in values {
            if !fits(*column, value) {
                let too_long = matches!((column, value), (1 | 4, Owned::Bytes(_)));
                return Err(if too_long { ErrorKind::DataLengthTooLarge } else { ErrorKind::InvalidParams });
            }
        }
        if !self.rows.contains_key(key) && self.rows.len() == self.most {
            return Err(ErrorKind::QueueFull);
        }
        let row = self.rows.entry(key.to_vec()).or_insert_with(empty);
        for (column, value) in values {
            row[*column] = value.clone();
        }
        Ok(())
    }

    fn add(&mut self, key: &[u8], column: usize, by: &Owned) -> Result<Owned, ErrorKind> {
        if key.len() > KEY_MOST {
            return Err(ErrorKind::DataLengthTooLarge);
        }
        let found = self.rows.get(key).map_or_else(empty, Clone::clone).swap_remove(column);
        let sum = match (found, by) {
            (Owned::Int(found), Owned::Int(by)) => Owned::Int(found.checked_add(*by).ok_or(ErrorKind::InvalidParams)?),
            (Owned::Float(found), Owned::Float(by)) => Owned::Float(found + by),
            _ => return Err(ErrorKind::InvalidParams),
        };
        self.set(key, &[(column, sum.clone())]).map(|()| sum)
    }
}

fn run(rows: usize, most: Option<usize>, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let table = Table::create(columns(), rows, most).unwrap();
    let mut oracle = Oracle { rows: HashMap::new(), most: most.unwrap_or(rows) };
    let mut row = table.row();
    for step in steps {
        match step {
            Step::Set(key, values) => {
                let given: Vec<_> = values.iter().map(|(column, value)| (*column, value.value())).collect();
                prop_assert_eq!(table.set(&key, &given).map_err(|error| error.kind()), oracle.set(&key, &values));
            }
            Step::AddInt(key, column, by) => {
                let sum = table.add_int(&key, column, by).map(Owned::Int).map_err(|error| error.kind());
                prop_assert_eq!(sum, oracle.add(&key, column, &Owned::Int(by)));
            }
            Step::AddFloat(key, column, by) => {
                let sum = table.add_float(&key, column, by).map(Owned::Float).map_err(|error| error.kind());
                prop_assert_eq!(sum, oracle.add(&key, column, &Owned::Float(by)));
            }
            Step::Delete(key) => prop_assert_eq!(table.delete(&key), oracle.rows.remove(&key).is_some()),
            Step::Get(key) => {
                prop_assert_eq!(read(&table, &key), oracle.rows.get(&key).cloned());
                prop_assert_eq!(table.exists(&key), oracle.rows.contains_key(&key));
            }
            Step::GetColumn(key, column) => {
                let found = table.get_column(&key, column, &mut row).then(|| Owned::from(row.value(column)));
                prop_assert_eq!(found, oracle.rows.get(&key).map(|row| row[column].clone()));
            }
            Step::Walk(odd) => {
                let (mut place, mut key, mut seen) = (0, Vec::new(), 0);
                while let Some(next) = table.next(place, &mut key, &mut row) {
                    place = next;
                    seen += 1;
                    let values: Vec<Owned> = (0..COLUMNS).map(|column| row.value(column).into()).collect();
                    prop_assert_eq!(Some(&values), oracle.rows.get(&key));
                    if matches!(values[2], Owned::Int(number) if (number & 1 == 1) == odd) {
                        prop_assert!(table.delete(&key));
                        oracle.rows.remove(&key);
                        seen -= 1;
                    }
                }
                prop_assert_eq!(seen, oracle.rows.len());
            }
        }
        prop_assert_eq!(table.len(), oracle.rows.len());
    }
    prop_assert_eq!(walk(&table).into_iter().collect::<HashMap<_, _>>(), oracle.rows);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fixed_table_does_what_a_map_does(steps in vec(step(), 1..200)) {
        run(16, None, steps)?;
    }

    #[test]
    fn a_growing_table_does_what_a_map_does(steps in vec(step(), 1..200)) {
        run(1, Some(20), steps)?;
    }

    #[test]
    fn a_table_of_one_row_does_what_a_map_does(steps in vec(step(), 1..100)) {
        run(1, None, steps)?;
    }
}
