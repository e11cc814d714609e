//! One behaviour each, in one process.

use super::super::schema::load;
use super::super::{ColumnKind, KEY_MOST, Row, Table, Value};
use super::helpers::{Owned, bytes, column, int, read, table, walk};
use crate::error::ErrorKind::{DataLengthTooLarge, InvalidParams, QueueFull};
use std::collections::HashSet;

const ID: usize = 0;
const RATIO: usize = 1;
const TEXT: usize = 2;

fn row(id: i64, ratio: f64, text: &str) -> Option<Vec<Owned>> {
    Some(vec![Owned::Int(id), Owned::Float(ratio), Owned::Bytes(text.into())])
}

#[test]
fn a_row_comes_back_as_it_was_set() {
    let table = table(4, None);
    let values = [(ID, Value::Int(-5)), (RATIO, Value::Float(0.25)), (TEXT, Value::Bytes(b"caf\xc3\xa9"))];
    table.set(b"key", &values).unwrap();
    assert_eq!(read(&table, b"key"), row(-5, 0.25, "café"));
    assert!(table.exists(b"key") && table.len() == 1 && !table.is_empty());
}

#[test]
fn columns_that_are_not_named_are_empty_in_a_new_row_and_kept_in_an_old_one() {
    let table = table(4, None);
    table.set(b"key", &[(TEXT, Value::Bytes(b"text"))]).unwrap();
    assert_eq!(read(&table, b"key"), row(0, 0.0, "text"));
    table.set(b"key", &[(ID, Value::Int(1)), (RATIO, Value::Float(2.0))]).unwrap();
    assert_eq!(read(&table, b"key"), row(1, 2.0, "text"));
    table.set(b"key", &[(ID, Value::Int(3))]).unwrap();
    assert_eq!(read(&table, b"key"), row(3, 2.0, "text"));
    table.set(b"key", &[(TEXT, Value::Bytes(b"a longer text"))]).unwrap();
    assert_eq!(read(&table, b"key"), row(3, 2.0, "a longer text"));
    table.set(b"key", &[(TEXT, Value::Bytes(b""))]).unwrap();
    assert_eq!(read(&table, b"key"), row(3, 2.0, ""));
    table.set(b"key", &[(ID, Value::Int(4)), (ID, Value::Int(5))]).unwrap();
    assert_eq!(read(&table, b"key"), row(5, 2.0, ""), "the last one counts");
    table.set(b"key", &[]).unwrap();
    assert_eq!(read(&table, b"key"), row(5, 2.0, ""));
    table.set(b"new", &[]).unwrap();
    assert_eq!(read(&table, b"new"), row(0, 0.0, ""));
}

#[test]
fn a_row_that_was_deleted_is_gone_and_leaves_nothing_to_the_next() {
    let table = table(1, None);
    assert!(!table.delete(b"key"));
    table.set(b"key", &[(ID, Value::Int(1)), (RATIO, Value::Float(1.0)), (TEXT, Value::Bytes(b"something"))]).unwrap();
    assert!(table.delete(b"key") && !table.delete(b"key"));
    assert!(read(&table, b"key").is_none() && !table.exists(b"key") && table.is_empty());
    table.set(b"new", &[]).unwrap();
    assert_eq!(read(&table, b"new"), row(0, 0.0, ""));
    assert_eq!(walk(&table).len(), 1);
}

#[test]
fn integers_of_every_size_hold_their_whole_range_and_no_more() {
    for size in [1, 2, 4, 8] {
        // A neighbour at either side, to see that nothing spills over.
        let table = Table::create(vec![int("a", size), int("b", size), int("c", size)], 1, None).unwrap();
        let most = i64::MAX >> (64 - 8 * u32::from(size));
        for value in [most, -most - 1, -1, 0] {
            table.set(b"key", &[(0, Value::Int(1)), (1, Value::Int(value)), (2, Value::Int(-1))]).unwrap();
            assert_eq!(read(&table, b"key").unwrap(), [1, value, -1].map(Owned::Int));
            table.set(b"key", &[(1, Value::Int(!value))]).unwrap();
            assert_eq!(read(&table, b"key").unwrap(), [1, !value, -1].map(Owned::Int));
        }
        let beyond = if size == 8 { vec![] } else { vec![most + 1, -most - 2, i64::MAX, i64::MIN] };
        for value in &beyond {
            let error = table.set(b"key", &[(0, Value::Int(9)), (1, Value::Int(*value))]).unwrap_err();
            assert_eq!(error.kind(), InvalidParams);
            assert!(
                error.to_string().contains(&format!("\"b\": {value} does not fit an INT of {size} bytes")),
                "{error}"
            );
            assert_eq!(read(&table, b"key").unwrap(), [1, -1, -1].map(Owned::Int), "nothing has changed");
        }
    }
}

#[test]
fn keys_of_every_length_are_told_apart() {
    let table = table(200, None);
    let keys: Vec<Vec<u8>> = (0..=KEY_MOST).flat_map(|length| [vec![0; length], vec![b'k'; length]]).skip(1).collect();
    for (number, key) in keys.iter().enumerate() {
        table.set(key, &[(ID, Value::Int(number as i64))]).unwrap();
    }
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(read(&table, key), row(number as i64, 0.0, ""), "{key:?}");
    }
    assert_eq!(walk(&table).into_iter().map(|(key, _)| key).collect::<HashSet<_>>(), keys.into_iter().collect());
}

#[test]
fn a_key_that_is_too_long_is_refused_and_found_nowhere() {
    let table = table(4, None);
    let key = [b'k'; KEY_MOST + 1];
    for error in [
        table.set(&key, &[]).unwrap_err(),
        table.add_int(&key, ID, 1).unwrap_err(),
        table.add_float(&key, RATIO, 1.0).unwrap_err(),
    ] {
        assert_eq!(error.kind(), DataLengthTooLarge);
        assert!(error.to_string().contains("65 bytes"), "{error}");
    }
    table.set(&key[1..], &[]).unwrap();
    let mut row = table.row();
    assert!(!table.exists(&key) && !table.delete(&key) && !table.get(&key, &mut row));
    assert!(!table.get_column(&key, ID, &mut row));
    assert_eq!(table.len(), 1);
}

#[test]
fn what_does_not_suit_a_column_is_refused_and_changes_nothing() {
    let table = table(4, None);
    table.set(b"key", &[(ID, Value::Int(1)), (TEXT, Value::Bytes(b"text"))]).unwrap();
    for (values, kind, words) in [
        (
            [(ID, Value::Int(2)), (TEXT, Value::Bytes(&[0; 21]))],
            DataLengthTooLarge,
            "\"text\": 21 bytes were given, at most 20",
        ),
        ([(ID, Value::Int(2)), (TEXT, Value::Int(0))], InvalidParams, "\"text\" holds a STRING, an INT was given"),
        ([(ID, Value::Int(2)), (RATIO, Value::Int(0))], InvalidParams, "\"ratio\" holds a FLOAT, an INT was given"),
        (
            [(RATIO, Value::Float(2.0)), (ID, Value::Float(2.0))],
            InvalidParams,
            "\"id\" holds an INT, a FLOAT was given",
        ),
        (
            [(RATIO, Value::Float(2.0)), (ID, Value::Bytes(b"2"))],
            InvalidParams,
            "\"id\" holds an INT, a STRING was given",
        ),
        ([(ID, Value::Int(2)), (3, Value::Int(2))], InvalidParams, "column number 3 was given, the table has 3"),
    ] {
        for key in [b"key", b"new"] {
            let error = table.set(key, &values).unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(error.to_string().contains(words), "{error}");
        }
        assert_eq!(read(&table, b"key"), row(1, 0.0, "text"));
        assert!(!table.exists(b"new"));
    }
    table.set(b"key", &[(TEXT, Value::Bytes(&[b'x'; 20]))]).unwrap();
    assert_eq!(read(&table, b"key"), row(1, 0.0, &"x".repeat(20)));
}

#[test]
fn adding_makes_a_row_and_gives_the_sum() {
    let table = table(4, None);
    assert_eq!(table.add_int(b"key", ID, 5).unwrap(), 5);
    assert_eq!(table.add_int(b"key", ID, -7).unwrap(), -2);
    assert_eq!(table.add_float(b"key", RATIO, 0.5).unwrap(), 0.5);
    assert_eq!(table.add_float(b"key", RATIO, 0.25).unwrap(), 0.75);
    assert_eq!(table.add_float(b"new", RATIO, -0.25).unwrap(), -0.25);
    assert_eq!(read(&table, b"key"), row(-2, 0.75, ""));
    assert_eq!(read(&table, b"new"), row(0, -0.25, ""));
}

#[test]
fn a_sum_out_of_range_is_refused_and_makes_no_row() {
    let table = Table::create(vec![int("small", 1), int("large", 8), bytes("text", 1)], 4, None).unwrap();
    assert_eq!(table.add_int(b"key", 0, 127).unwrap(), 127);
    let error = table.add_int(b"key", 0, 1).unwrap_err();
    assert!(error.to_string().contains("\"small\": 128 does not fit an INT of 1 bytes (-128 to 127)"), "{error}");
    assert_eq!(table.add_int(b"key", 0, -255).unwrap(), -128, "the addend may be out of the range that the sum is in");
    assert_eq!(table.add_int(b"key", 1, i64::MAX).unwrap(), i64::MAX);
    assert_eq!(table.add_int(b"key", 1, 1).unwrap_err().kind(), InvalidParams);
    assert_eq!(read(&table, b"key").unwrap()[..2], [-128, i64::MAX].map(Owned::Int));
    for error in [
        table.add_int(b"new", 0, 128).unwrap_err(),
        table.add_int(b"new", 2, 1).unwrap_err(),
        table.add_int(b"new", 3, 1).unwrap_err(),
        table.add_float(b"new", 0, 1.0).unwrap_err(),
    ] {
        assert_eq!(error.kind(), InvalidParams, "{error}");
    }
    assert!(!table.exists(b"new"));
}

#[test]
fn a_table_takes_exactly_the_rows_that_it_says() {
    for rows in [1, 2, 63, 64, 65, 511, 512, 513, 1000, 5000] {
        let table = table(rows, None);
        assert_eq!(table.capacity(), rows);
        for round in 0..2 {
            for number in 0..rows {
                table.set(format!("{round} {number}").as_bytes(), &[]).unwrap();
            }
            let error = table.set(b"one more", &[]).unwrap_err();
            assert_eq!(error.kind(), QueueFull);
            assert!(error.to_string().contains(&format!("{rows} rows")), "{error}");
            assert_eq!(table.add_int(b"one more", ID, 1).unwrap_err().kind(), QueueFull);
            assert_eq!((table.len(), walk(&table).len(), table.capacity()), (rows, rows, rows));
            table.set(format!("{round} 0").as_bytes(), &[(ID, Value::Int(1))]).unwrap();
            (0..rows).for_each(|number| assert!(table.delete(format!("{round} {number}").as_bytes())));
        }
    }
}

#[test]
fn a_table_grows_by_doubling_to_the_stated_maximum() {
    let table = table(3, Some(20));
    let mut capacities = Vec::new();
    for number in 0..20 {
        table.set(format!("{number}").as_bytes(), &[(ID, Value::Int(number))]).unwrap();
        capacities.push(table.capacity());
    }
    assert_eq!(table.set(b"one more", &[]).unwrap_err().kind(), QueueFull);
    assert_eq!(capacities, [[3; 3].as_slice(), &[6; 3], &[12; 6], &[20; 8]].concat());
    assert_eq!((table.len(), walk(&table).len()), (20, 20));
    let stats = table.stats();
    assert_eq!((stats.capacity, stats.most, stats.growths, stats.refused), (20, 20, 3, 1));
}

#[test]
fn one_column_is_read_alone() {
    let table = table(4, None);
    table.set(b"key", &[(ID, Value::Int(1)), (RATIO, Value::Float(2.0)), (TEXT, Value::Bytes(b"three"))]).unwrap();
    let mut row = table.row();
    assert!(table.get_column(b"key", TEXT, &mut row));
    assert_eq!(row.value(TEXT), Value::Bytes(b"three"));
    assert_eq!(row.value(ID), Value::Int(0), "not read");
    assert!(table.get_column(b"key", ID, &mut row) && row.value(ID) == Value::Int(1));
    assert!(table.get_column(b"key", RATIO, &mut row) && row.value(RATIO) == Value::Float(2.0));
    assert!(!table.get_column(b"new", ID, &mut row));
    assert!(!table.get_column(b"key", 3, &mut row));
}

#[test]
fn a_number_is_read_alone() {
    let table = table(4, None);
    table.set(b"key", &[(ID, Value::Int(-1)), (RATIO, Value::Float(2.5)), (TEXT, Value::Bytes(b"three"))]).unwrap();
    assert_eq!(table.get_number(b"key", ID), Some(Value::Int(-1)));
    assert_eq!(table.get_number(b"key", RATIO), Some(Value::Float(2.5)));
    for (key, column) in [(&b"key"[..], TEXT), (b"key", 3), (b"new", ID), (&[b'k'; KEY_MOST + 1], ID)] {
        assert_eq!(table.get_number(key, column), None);
    }
}

#[test]
fn a_row_that_is_set_wholly_keeps_nothing_of_the_last_two() {
    let table = table(1, None);
    for (id, text) in [(1, "a long text"), (2, "another one"), (3, "short"), (4, ""), (5, "t")] {
        let values = [(TEXT, Value::Bytes(text.as_bytes())), (RATIO, Value::Float(0.5)), (ID, Value::Int(id))];
        table.set(b"key", &values).unwrap();
        assert_eq!(read(&table, b"key"), row(id, 0.5, text));
    }
}

#[test]
fn a_row_of_another_table_or_of_none_may_be_read_into() {
    let (table, other) = (table(4, None), Table::create(vec![int("id", 1)], 4, None).unwrap());
    table.set(b"key", &[(TEXT, Value::Bytes(b"text"))]).unwrap();
    let mut key = Vec::new();
    for mut row in [other.row(), Row::default()] {
        assert_eq!(row.value(7), Value::Int(0), "there is no such column");
        assert!(table.get(b"key", &mut row) && row.value(TEXT) == Value::Bytes(b"text"));
        assert!(!other.get(b"key", &mut row));
        assert_eq!(table.next(0, &mut key, &mut row), Some(1));
        assert_eq!(row.value(TEXT), Value::Bytes(b"text"));
    }
}

#[test]
fn columns_are_found_by_name() {
    let table = table(1, None);
    assert_eq!(
        [&b"id"[..], b"ratio", b"text", b"Id", b""].map(|name| table.column(name)),
        [Some(0), Some(1), Some(2), None, None]
    );
    assert_eq!(table.columns()[1], column("ratio", ColumnKind::Float));
}

#[test]
fn what_makes_no_table_is_refused() {
    for (columns, rows, most, words) in [
        (vec![], 1, None, "at least one column"),
        (vec![int("a", 1), int("a", 2)], 1, None, "two columns \"a\""),
        (vec![int("a", 3)], 1, None, "an INT of 3 bytes"),
        (vec![bytes("a", 0)], 1, None, "a STRING of 0 bytes"),
        (vec![bytes("a", u32::MAX)], 1, None, "a STRING of 4294967295 bytes"),
        (vec![int("a", 1)], 0, None, "0 rows"),
        (vec![int("a", 1)], 2, Some(1), "2 rows growing to 1"),
        (vec![int("a", 1)], 1, Some((1 << 31) + 1), "2147483649"),
    ] {
        let error = Table::create(columns, rows, most).unwrap_err();
        assert_eq!(error.kind(), InvalidParams);
        assert!(error.to_string().contains(words), "{error}");
    }
    for most in [1 << 31, 1 << 30] {
        let error = Table::create(vec![bytes("a", most), bytes("b", most)], 1 << 31, None).unwrap_err();
        assert_eq!(error.code(), libc::ENOMEM, "{error}");
    }
}

#[test]
fn memory_is_taken_when_rows_are_used() {
    // More than any machine has.
    let table = Table::create(vec![bytes("a", 1 << 10)], 1, Some(1 << 31)).unwrap();
    for number in 0..100_u8 {
        table.set(&[number], &[(0, Value::Bytes(&[number; 1 << 10]))]).unwrap();
    }
    assert_eq!((table.len(), walk(&table).len(), table.capacity()), (100, 100, 128));
    assert!(table.memory_size() > 128 * 2048);
}

#[test]
fn wide_rows_keep_their_columns_apart() {
    let columns: Vec<_> = (0..100)
        .map(|number| match number % 6 {
            0 => column(&format!("c{number}"), ColumnKind::Float),
            1 => bytes(&format!("c{number}"), number),
            size => int(&format!("c{number}"), [1, 2, 4, 8][size as usize - 2]),
        })
        .collect();
    let table = Table::create(columns, 2, None).unwrap();
    let value = |number: usize, seed: i64| match number % 6 {
        0 => Owned::Float(number as f64 / seed as f64),
        1 => Owned::Bytes(vec![(number as i64 * seed) as u8; number / seed as usize]),
        _ => Owned::Int((number as i64 * seed) as i8 as i64),
    };
    for seed in [1, 2, 3] {
        let owned: Vec<_> = (0..100).map(|number| value(number, seed)).collect();
        let values: Vec<_> = owned.iter().enumerate().rev().map(|(number, value)| (number, value.value())).collect();
        table.set(b"key", &values).unwrap();
        assert_eq!(read(&table, b"key").unwrap(), owned);
        // One after another gives the same.
        values.iter().for_each(|value| table.set(b"other", &[*value]).unwrap());
        assert_eq!(read(&table, b"other").unwrap(), owned);
    }
}

#[test]
fn rows_may_be_deleted_set_and_inserted_during_a_walk() {
    let table = table(10, Some(1000));
    for number in 0..10_i64 {
        table.set(&number.to_ne_bytes(), &[(ID, Value::Int(number))]).unwrap();
    }
    let (mut place, mut key, mut row, mut seen) = (0, Vec::new(), table.row(), Vec::new());
    while let Some(next) = table.next(place, &mut key, &mut row) {
        place = next;
        let Value::Int(number) = row.value(ID) else { unreachable!() };
        if (0..10).contains(&number) {
            assert_eq!(key, number.to_ne_bytes());
            seen.push(number);
            assert!(table.delete(&key));
            for other in 0..3 {
                table.set(&(100 + number * 10 + other).to_ne_bytes(), &[(ID, Value::Int(100))]).unwrap();
            }
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..10).collect::<Vec<_>>(), "each once");
    assert_eq!((table.len(), walk(&table).len()), (30, 30));
}

#[test]
fn stats_count_what_was_done() {
    let table = table(4, None);
    (0..4_u8).for_each(|key| table.set(&[key], &[]).unwrap());
    (0..3).for_each(|_| table.set(&[0], &[(ID, Value::Int(1))]).unwrap());
    table.set(&[1], &[(ID, Value::Int(1)), (RATIO, Value::Float(1.0))]).unwrap();
    table.add_int(&[1], ID, 1).unwrap();
    table.set(b"more", &[]).unwrap_err();
    table.delete(&[0]);
    table.delete(&[2]);
    table.delete(&[2]);
    let stats = table.stats();
    assert_eq!((stats.rows, stats.inserts, stats.updates, stats.deletes, stats.refused), (2, 4, 5, 2, 1));
    assert_eq!((stats.capacity, stats.most, stats.growths), (4, 4, 0));
}

#[test]
fn stats_show_how_rows_share_places() {
    let table = table(1000, None);
    (0..1000_u16).for_each(|key| table.set(&key.to_ne_bytes(), &[]).unwrap());
    let stats = table.stats();
    // 1000 balls into 2048 bins: about 1260 empty ones, so 210 conflicts; rarely more than 6 in one.
    assert!((130..290).contains(&stats.conflicts), "{stats:?}");
    assert!((3..12).contains(&stats.longest_chain), "{stats:?}");
}

#[test]
fn rows_with_all_keys_in_one_place_are_all_there() {
    let table = table(64, None);
    let home = table.rows.key(b"").home;
    let keys: Vec<_> =
        (0_u32..).map(u32::to_ne_bytes).filter(|key| table.rows.key(key).home == home).take(64).collect();
    for (number, key) in keys.iter().enumerate() {
        table.set(key, &[(ID, Value::Int(number as i64))]).unwrap();
    }
    assert_eq!(table.stats().longest_chain, 64);
    assert_eq!(table.stats().conflicts, 63);
    // Out of the front, the middle and the end of the chain.
    for number in [63, 30, 31, 0] {
        assert!(table.delete(&keys[number]));
    }
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(table.exists(key), ![63, 30, 31, 0].contains(&number));
    }
    assert_eq!((table.len(), walk(&table).len(), table.stats().longest_chain), (60, 60, 60));
}

#[test]
fn nobody_reads_the_second_of_two_changes_without_the_first() {
    let table = Table::create(vec![int("first", 8), int("second", 8)], 1, None).unwrap();
    table.set(b"key", &[]).unwrap();
    let rows = &table.rows;
    let mut reads = 0;
    let [first, second] = [0, 1].map(|column| rows.schema.number(column).unwrap().word);
    let found = rows.read::<_, true>(&rows.key(b"key"), |row, version| {
        let body = row.body(version);
        let first = load(body.word(first));
        if reads == 0 {
            table.add_int(b"key", 0, 1).unwrap();
            table.add_int(b"key", 1, 1).unwrap();
        }
        reads += 1;
        (first, load(body.word(second)))
    });
    assert_eq!((found, reads), (Some((1, 1)), 2));
}
