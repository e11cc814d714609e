//! The table under every interleaving, and every delay of a store, that loom can find:
//! `RUSTFLAGS="--cfg loom" cargo test -p swoole-core --release --lib loom_`.

use super::super::modelled::Holder;
use super::super::pool::stripe_of;
use super::super::rows::{LINKED, LIVE, in_journal, next_version};
use super::super::{Column, ColumnKind, Row, Table, Value};
use loom::thread;

fn model(preemptions: usize, f: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.max_branches = 100_000;
    if builder.preemption_bound.is_none() {
        builder.preemption_bound = Some(preemptions);
    }
    builder.check(f);
}

/// Two columns of a word each, in bodies of two words.
fn table(rows: usize, most: usize) -> Table {
    let column = |name: &str| Column { name: name.into(), kind: ColumnKind::Int { bytes: 8 } };
    Table::create(vec![column("a"), column("b")], rows, Some(most)).unwrap()
}

/// Runs as thread `number` of the model.
fn spawn(number: u32, table: &Table, f: impl FnOnce(&Table) + 'static) -> thread::JoinHandle<()> {
    let table = table.clone();
    thread::spawn(move || {
        Holder::begin(number);
        f(&table);
    })
}

fn set(table: &Table, key: &[u8], value: i64) {
    table.set(key, &[(0, Value::Int(value)), (1, Value::Int(-value))]).unwrap();
}

/// The value of a row, which must be whole.
fn get(table: &Table, key: &[u8]) -> Option<i64> {
    let mut row = table.row();
    table.get(key, &mut row).then(|| whole(&row))
}

fn whole(row: &Row) -> i64 {
    let (Value::Int(a), Value::Int(b)) = (row.value(0), row.value(1)) else { unreachable!() };
    assert_eq!(a, -b, "torn");
    a
}

/// Has two threads do these things at once. (Not the thread that begins a model: loom does not have it interrupted by
/// all that the others do.)
fn at_once(table: &Table, one: impl FnOnce(&Table) + 'static, other: impl FnOnce(&Table) + 'static) {
    let threads = [spawn(1, table, one), spawn(2, table, other)];
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn loom_a_reader_sees_whole_rows_while_they_are_set() {
    model(2, || {
        let table = table(1, 1);
        set(&table, b"k", 1);
        at_once(
            &table,
            |table| (2..=3).for_each(|value| set(table, b"k", value)),
            |table| {
                let found = get(table, b"k").expect("it is there all the time");
                assert!((1..=3).contains(&found));
            },
        );
        assert_eq!(get(&table, b"k"), Some(3));
    });
}

#[test]
fn loom_a_reader_sees_no_row_that_is_half_another() {
    model(2, || {
        let table = table(1, 1);
        set(&table, b"k", 1);
        at_once(
            &table,
            |table| {
                assert!(table.delete(b"k"));
                set(table, b"l", 2);
            },
            |table| {
                assert!(matches!(get(table, b"k"), Some(1) | None));
                assert!(matches!(get(table, b"l"), Some(2) | None));
            },
        );
        assert_eq!((get(&table, b"k"), get(&table, b"l"), table.len()), (None, Some(2), 1));
    });
}

#[test]
fn loom_a_row_behind_others_that_come_and_go_is_found() {
    model(2, || {
        let table = table(2, 2);
        let keys = sharing(&table, 3);
        set(&table, &keys[0], 1);
        set(&table, &keys[1], 2);
        let (staying, going, coming) = (keys[0].clone(), keys[1].clone(), keys[2].clone());
        at_once(
            &table,
            move |table| {
                assert!(table.delete(&going));
                set(table, &coming, 3);
            },
            move |table| assert_eq!(get(table, &staying), Some(1)),
        );
        assert_eq!(get(&table, &keys[2]), Some(3));
    });
}

#[test]
fn loom_a_row_behind_one_that_goes_elsewhere_is_found() {
    model(2, || {
        let table = table(2, 2);
        let keys = sharing(&table, 2);
        let elsewhere = elsewhere(&table);
        set(&table, &keys[0], 1);
        set(&table, &keys[1], 2);
        let (staying, going) = (keys[0].clone(), keys[1].clone());
        at_once(
            &table,
            move |table| {
                assert!(table.delete(&going));
                set(table, &elsewhere, 3);
            },
            move |table| assert_eq!(get(table, &staying), Some(1)),
        );
    });
}

/// So many keys that lead to one place.
fn sharing(table: &Table, count: usize) -> Vec<Vec<u8>> {
    let home = table.rows.key(b"\0").home;
    (0_u8..).map(|key| vec![key]).filter(|key| table.rows.key(key).home == home).take(count).collect()
}

/// A key that leads to another place.
fn elsewhere(table: &Table) -> Vec<u8> {
    let home = table.rows.key(b"\0").home;
    (0_u8..).map(|key| vec![key]).find(|key| table.rows.key(key).home != home).unwrap()
}

#[test]
fn loom_sums_are_exact() {
    model(3, || {
        let table = table(1, 1);
        let add = |table: &Table| drop(table.add_int(b"k", 0, 1).unwrap());
        at_once(&table, add, add);
        assert_eq!(table.add_int(b"k", 0, 0).unwrap(), 2);
        assert_eq!(table.len(), 1);
    });
}

#[test]
fn loom_a_sum_is_not_lost_in_a_row_that_is_copied() {
    model(2, || {
        let column = |name: &str| Column { name: name.into(), kind: ColumnKind::Int { bytes: 8 } };
        let table = Table::create(["a", "b", "sum"].map(column).to_vec(), 1, None).unwrap();
        set(&table, b"k", 1);
        at_once(&table, |table| drop(table.add_int(b"k", 2, 5).unwrap()), |table| set(table, b"k", 2));
        let mut row = table.row();
        assert!(table.get(b"k", &mut row));
        assert_eq!((whole(&row), row.value(2)), (2, Value::Int(5)));
    });
}

#[test]
fn loom_two_that_insert_get_two_rows() {
    model(2, || {
        let table = table(2, 2);
        at_once(&table, |table| set(table, b"k", 1), |table| set(table, b"l", 2));
        assert_eq!((get(&table, b"k"), get(&table, b"l"), table.len()), (Some(1), Some(2), 2));
        table.set(b"m", &[]).unwrap_err();
    });
}

#[test]
fn loom_a_walk_meets_a_row_that_stays_once() {
    model(2, || {
        let table = table(2, 2);
        set(&table, b"k", 1);
        set(&table, b"l", 2);
        at_once(
            &table,
            |table| {
                assert!(table.delete(b"l"));
                set(table, b"m", 3);
            },
            |table| {
                let (mut place, mut key, mut row, mut met) = (0, Vec::new(), table.row(), 0);
                while let Some(next) = table.next(place, &mut key, &mut row) {
                    place = next;
                    let value = whole(&row);
                    assert!(matches!((&key[..], value), (b"k", 1) | (b"l", 2) | (b"m", 3)), "{key:?} {value}");
                    met += u32::from(value == 1);
                }
                assert_eq!(met, 1);
            },
        );
    });
}

#[test]
fn loom_the_locks_of_a_dead_one_are_inherited_by_one() {
    model(2, || {
        let table = table(2, 2);
        set(&table, b"k", 1);
        // It dies with both locks of its deletion in its hand.
        let dead = spawn(1, &table, |table| {
            let key = table.rows.key(b"k");
            let shard = table.rows.lock(key.home);
            let number = table.rows.find(&key).unwrap();
            let stripe = table.rows.lock_stripe(stripe_of(number));
            let row = table.rows.row(number);
            shard.lock.set_row(Some(number));
            row.set_version(next_version(row.version(), LINKED));
            std::mem::forget((shard, stripe));
            Holder::die();
        });
        let heirs = [2, 3].map(|number| {
            spawn(number, &table, move |table| {
                table.add_int(b"n", 0, i64::from(number)).unwrap();
            })
        });
        dead.join().unwrap();
        heirs.into_iter().for_each(|heir| heir.join().unwrap());
        let mut row = table.row();
        assert!(table.get(b"n", &mut row));
        assert_eq!(row.value(0), Value::Int(5));
        assert_eq!(get(&table, b"k"), None);
        set(&table, b"o", 1);
        assert_eq!(table.len(), 2, "both rows are there again");
        table.set(b"p", &[]).unwrap_err();
    });
}

#[test]
fn loom_a_journal_goes_from_row_to_row_under_a_readers_eyes() {
    model(2, || {
        let table = table(2, 2);
        let keys = sharing(&table, 2);
        keys.iter().for_each(|key| set(&table, key, 1));
        let (first, other) = (keys[0].clone(), keys[1].clone());
        let read = first.clone();
        at_once(
            &table,
            move |table| {
                set(table, &first, 2);
                set(table, &other, 3);
            },
            move |table| assert!(matches!(get(table, &read), Some(1 | 2))),
        );
        assert_eq!((get(&table, &keys[0]), get(&table, &keys[1])), (Some(2), Some(3)));
    });
}

#[test]
fn loom_two_that_set_rows_of_one_shard_take_turns_with_its_journal() {
    model(2, || {
        let table = table(2, 2);
        let keys = sharing(&table, 2);
        keys.iter().for_each(|key| set(&table, key, 1));
        let (one, other) = (keys[0].clone(), keys[1].clone());
        at_once(
            &table,
            move |table| {
                set(table, &one, 2);
                assert_eq!(get(table, &one), Some(2));
            },
            move |table| set(table, &other, 3),
        );
        assert_eq!((get(&table, &keys[0]), get(&table, &keys[1])), (Some(2), Some(3)));
    });
}

#[test]
fn loom_a_row_that_a_dead_one_left_in_a_journal_is_whole_for_all_and_the_journal_used_again() {
    model(2, || {
        let table = table(2, 2);
        let keys = sharing(&table, 2);
        keys.iter().for_each(|key| set(&table, key, 1));
        // It dies when the new values are in force, and half of them in the row itself.
        let left = keys[0].clone();
        spawn(1, &table, move |table| {
            let rows = &table.rows;
            let key = rows.key(&left);
            let shard = rows.lock(key.home);
            let number = rows.find(&key).unwrap();
            let row = rows.row(number);
            let (body, own) = (rows.journal(rows.shard_of(key.home)), row.own_body());
            rows.schema.put(body, 0, Value::Int(2));
            rows.schema.put(body, 1, Value::Int(-2));
            shard.lock.set_row(Some(number));
            row.set_version(in_journal(next_version(row.version(), LIVE)));
            rows.schema.put(own, 0, Value::Int(2));
            std::mem::forget(shard);
            Holder::die();
        })
        .join()
        .unwrap();
        let (left, other) = (keys[0].clone(), keys[1].clone());
        let setter = spawn(2, &table, move |table| set(table, &other, 3));
        let reader = spawn(3, &table, move |table| assert_eq!(get(table, &left), Some(2)));
        setter.join().unwrap();
        reader.join().unwrap();
        assert_eq!((get(&table, &keys[0]), get(&table, &keys[1])), (Some(2), Some(3)));
        set(&table, &keys[0], 4);
        assert_eq!((get(&table, &keys[0]), table.len()), (Some(4), 2));
    });
}
