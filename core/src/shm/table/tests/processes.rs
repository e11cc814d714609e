//! Several processes use a table at once, and are killed again and again.

use super::super::pool::stripe_of;
use super::super::rows::{LINKED, LIVE, in_journal, is_in_journal, next_version};
use super::super::{Table, TableStats, Value};
use super::helpers::{bytes, int, walk};
use crate::error::ErrorKind::QueueFull;
use crate::shm::region::{Layout, SharedSlice};
use crate::sys::holder::Holder;
use crate::sys::process::{self, Forked};
use crate::sys::signal;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

const CHILDREN: usize = 4;
#[cfg(debug_assertions)]
const KILLS: u64 = 200;
#[cfg(not(debug_assertions))]
const KILLS: u64 = 1000;
/// Longer than any machine makes a process wait.
const LOST: Duration = Duration::from_secs(30);
/// Keys that the children use: more than there are rows.
const KEYS: u64 = 160;
const ROWS: usize = 100;

/// A small generator of numbers, which needs no memory.
struct Random(u64);

impl Random {
    fn new(salt: u64) -> Random {
        Random(std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64 ^ salt << 32 | 1)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }
}

/// A child; dead and reaped when this is gone.
struct Child(i32);

impl Child {
    fn run(role: impl FnOnce()) -> Child {
        let parent = process::pid();
        match process::fork().unwrap() {
            Forked::Parent(pid) => Child(pid),
            Forked::Child => {
                process::die_with_parent(parent);
                role();
                loop {
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = process::kill(self.0, signal::SIGKILL);
        while process::reap(self.0).is_none() {
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}

fn numbers(count: usize) -> SharedSlice<AtomicU64> {
    let mut layout = Layout::default();
    let place = layout.slice(count);
    layout.map().unwrap().slice(place)
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < LOST, "{what}");
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// A table whose rows are whole if `id` is the key's number, `turned` is `!mark`, and the text tells the mark; `sum` is
/// only added to.
fn marked_table(rows: usize, most: Option<usize>) -> Table {
    let columns = vec![int("id", 4), int("mark", 8), bytes("text", 40), int("turned", 8), int("sum", 4)];
    Table::create(columns, rows, most).unwrap()
}

const SUM: usize = 4;

fn text(mark: i64) -> ([u8; 40], usize) {
    ([mark as u8; 40], (mark as usize >> 8) % 41)
}

fn set_marked(table: &Table, key: u64, mark: i64) -> bool {
    let (text, length) = text(mark);
    let values = [
        (0, Value::Int(key as i64)),
        (1, Value::Int(mark)),
        (2, Value::Bytes(&text[..length])),
        (3, Value::Int(!mark)),
    ];
    match table.set(&key.to_ne_bytes(), &values) {
        Ok(()) => true,
        Err(error) => {
            assert_eq!(error.kind(), QueueFull);
            false
        }
    }
}

fn is_whole(key: u64, row: &super::super::Row) -> bool {
    let (Value::Int(id), Value::Int(mark)) = (row.value(0), row.value(1)) else { return false };
    let (text, length) = text(mark);
    // A row that was made by adding is empty but for its sum.
    if (id, mark) == (0, 0) {
        return row.value(2) == Value::Bytes(b"") && row.value(3) == Value::Int(0);
    }
    id == key as i64 && row.value(2) == Value::Bytes(&text[..length]) && row.value(3) == Value::Int(!mark)
}

/// Changes rows until it is killed. Counts in `torn` what it saw and should not have.
fn change(table: &Table, salt: u64, torn: &AtomicU64) {
    let (mut random, mut row) = (Random::new(salt), table.row());
    loop {
        let key = random.below(KEYS);
        match random.below(10) {
            0..4 => {
                set_marked(table, key, random.below(1 << 40) as i64 + 1);
            }
            4 | 5 => {
                table.delete(&key.to_ne_bytes());
            }
            6 | 7 => {
                let _ = table.add_int(&key.to_ne_bytes(), SUM, 1);
            }
            _ => {
                if table.get(&key.to_ne_bytes(), &mut row) && !is_whole(key, &row) {
                    torn.fetch_add(1, Relaxed);
                }
            }
        }
    }
}

/// Reads until it is killed, by key and by walks.
fn watch(table: &Table, torn: &AtomicU64, reads: &AtomicU64) {
    let (mut random, mut row, mut name) = (Random::new(99), table.row(), Vec::new());
    loop {
        for _ in 0..1000 {
            let key = random.below(KEYS);
            if table.get(&key.to_ne_bytes(), &mut row) {
                torn.fetch_add(u64::from(!is_whole(key, &row)), Relaxed);
                reads.fetch_add(1, Relaxed);
            }
        }
        let mut place = 0;
        while let Some(next) = table.next(place, &mut name, &mut row) {
            place = next;
            let key = u64::from_ne_bytes(name[..].try_into().unwrap_or([255; 8]));
            torn.fetch_add(u64::from(key >= KEYS || !is_whole(key, &row)), Relaxed);
        }
    }
}

/// What must hold of a table when nobody writes: what is counted, walked and found is the same, and it takes exactly
/// `capacity` rows.
fn check(table: &Table, capacity: usize) {
    let mut row = table.row();
    let walked: Vec<_> = walk(table).into_iter().map(|(key, _)| key).collect();
    let found = (0..KEYS).filter(|key| table.get(&key.to_ne_bytes(), &mut row)).collect::<Vec<_>>();
    for key in &found {
        assert!(table.get(&key.to_ne_bytes(), &mut row) && is_whole(*key, &row), "row {key} is whole");
    }
    assert_eq!(walked.len(), found.len(), "walked and found");
    assert_eq!(table.len(), found.len(), "counted and found");
    assert_eq!(
        walked.into_iter().collect::<HashSet<_>>(),
        found.iter().map(|key| key.to_ne_bytes().to_vec()).collect()
    );
    let TableStats { rows, longest_chain, .. } = table.stats();
    assert!(rows == found.len() as u64 && longest_chain <= rows);
    for key in KEYS.. {
        if !set_marked(table, key, 1) {
            break;
        }
    }
    assert_eq!((table.len(), walk(table).len(), table.capacity()), (capacity, capacity, capacity), "no row is lost");
    for (key, _) in walk(table) {
        assert!(table.delete(&key));
    }
    assert_eq!((table.len(), walk(table).len()), (0, 0));
}

fn kill_and_check(rows: usize, most: Option<usize>) {
    let table = marked_table(rows, most);
    let shared = numbers(2);
    let (torn, reads) = (&shared[0], &shared[1]);
    let mut random = Random::new(0);
    let mut salt = 0;
    let mut changer = || {
        salt += 1;
        Some(Child::run(|| change(&table, salt, torn)))
    };
    let mut children: Vec<_> = (0..CHILDREN).map(|_| changer()).collect();
    let watcher = Child::run(|| watch(&table, torn, reads));
    for _ in 0..KILLS {
        std::thread::sleep(Duration::from_micros(100 + random.below(2000)));
        let who = random.below(CHILDREN as u64) as usize;
        children[who] = None;
        children[who] = changer();
    }
    // Two at the same moment, in whatever they do for others who have died.
    for _ in 0..KILLS / 10 {
        std::thread::sleep(Duration::from_micros(100 + random.below(20_000)));
        children.iter().flatten().for_each(|child| drop(process::kill(child.0, signal::SIGKILL)));
        children.iter_mut().for_each(|child| *child = None);
        children.fill_with(&mut changer);
    }
    wait_until("rows are read", || reads.load(Relaxed) > 1000);
    drop(children);
    drop(watcher);
    assert_eq!(torn.load(Relaxed), 0, "torn rows");
    check(&table, most.unwrap_or(rows));
    println!("{:?}, {} reads", table.stats(), reads.load(Relaxed));
}

#[test]
fn kills_leave_whole_rows_and_lose_none() {
    kill_and_check(ROWS, None);
}

#[test]
fn kills_leave_a_growing_table_whole() {
    kill_and_check(1, Some(ROWS));
}

#[test]
fn sums_of_many_processes_are_exact() {
    const ADDS: u64 = 20_000;
    let table = marked_table(ROWS, None);
    let done = numbers(1);
    let children: Vec<_> = (0..CHILDREN as u64)
        .map(|child| {
            let (table, done) = (&table, &done[0]);
            Child::run(move || {
                let mut random = Random::new(child);
                for turn in 0..ADDS {
                    table.add_int(b"all", SUM, 1).unwrap();
                    table.add_int(&[(turn % 7) as u8], SUM, 2).unwrap();
                    // A neighbour that comes and goes, and a whole row copied while others add to it.
                    set_marked(table, random.below(20), 1);
                    table.delete(&random.below(20).to_ne_bytes());
                    table.set(b"all", &[(0, Value::Int(1)), (1, Value::Int(turn as i64))]).unwrap();
                }
                done.fetch_add(1, Relaxed);
            })
        })
        .collect();
    wait_until("the children end", || done[0].load(Relaxed) == CHILDREN as u64);
    drop(children);
    let (mut row, mut sum) = (table.row(), 0);
    assert!(table.get(b"all", &mut row));
    assert_eq!(row.value(SUM), Value::Int(ADDS as i64 * CHILDREN as i64));
    for key in 0..7_u8 {
        assert!(table.get(&[key], &mut row));
        let Value::Int(number) = row.value(SUM) else { unreachable!() };
        sum += number;
    }
    assert_eq!(sum, 2 * ADDS as i64 * CHILDREN as i64);
}

#[test]
fn sums_of_processes_that_are_killed_miss_one_each_at_most() {
    let table = marked_table(ROWS, None);
    let tally = numbers(CHILDREN);
    let adder = |who: usize| {
        Some(Child::run(|| {
            loop {
                table.add_int(b"all", SUM, 1).unwrap();
                tally[who].fetch_add(1, Relaxed);
            }
        }))
    };
    let mut random = Random::new(1);
    let mut children: Vec<_> = (0..CHILDREN).map(adder).collect();
    for _ in 0..KILLS {
        std::thread::sleep(Duration::from_micros(random.below(1000)));
        let who = random.below(CHILDREN as u64) as usize;
        children[who] = None;
        children[who] = adder(who);
    }
    drop(children);
    let sum = table.add_int(b"all", SUM, 0).unwrap() as u64;
    let tallied: u64 = tally.iter().map(|number| number.load(Relaxed)).sum();
    assert!((tallied..=tallied + KILLS + CHILDREN as u64).contains(&sum), "{sum} added, {tallied} counted");
}

#[test]
fn rows_that_grow_in_one_process_are_seen_by_all() {
    let table = marked_table(1, Some(1000));
    let shared = numbers(2);
    let child = Child::run(|| {
        (0..1000).for_each(|key| assert!(set_marked(&table, key, 5)));
        shared[0].store(1, Relaxed);
        wait_until("its turn", || shared[1].load(Relaxed) == 1);
        shared[0].store(2 + u64::from(table.len() == 500 && table.capacity() == 1000), Relaxed);
    });
    wait_until("the rows", || shared[0].load(Relaxed) == 1);
    assert_eq!((table.len(), table.capacity(), walk(&table).len()), (1000, 1000, 1000));
    (0..500_u64).for_each(|key| assert!(table.delete(&key.to_ne_bytes())));
    shared[1].store(1, Relaxed);
    wait_until("the answer", || shared[0].load(Relaxed) > 1);
    assert_eq!(shared[0].load(Relaxed), 3, "the child sees what is left");
    drop(child);
}

#[test]
fn a_table_lives_as_long_as_any_process_has_it() {
    let shared = numbers(1);
    let table = marked_table(ROWS, None);
    set_marked(&table, 1, 7);
    let clone = table.clone();
    let child = Child::run(|| {
        let mut row = table.row();
        wait_until("its turn", || shared[0].load(Relaxed) == 1);
        shared[0].store(2 + u64::from(table.get(&1_u64.to_ne_bytes(), &mut row) && is_whole(1, &row)), Relaxed);
    });
    drop(table);
    assert!(clone.exists(&1_u64.to_ne_bytes()));
    drop(clone);
    shared[0].store(1, Relaxed);
    wait_until("the answer", || shared[0].load(Relaxed) > 1);
    assert_eq!(shared[0].load(Relaxed), 3);
    drop(child);
}

#[test]
fn a_lock_whose_holders_number_went_to_another_is_inherited() {
    let table = marked_table(ROWS, None);
    set_marked(&table, 1, 1);
    let this = Holder::this();
    // Of this thread's number, but born at another moment; and by chance at the same, when this thread cannot hold it.
    let birth = this.bits() >> 22;
    let earlier = Holder::from_bits((if birth == 1 { 2 } else { birth - 1 }) << 22 | this.number() as u32).unwrap();
    for dead in [earlier, this] {
        let memory = &table.rows.memory;
        memory
            .stripes
            .iter()
            .map(|stripe| &stripe.free)
            .chain((0..table.rows.shards).map(|shard| table.rows.shard_lock(shard)))
            .for_each(|lock| lock.leave_to(dead));
        let begun = Instant::now();
        assert!(set_marked(&table, 1, 2) && set_marked(&table, 2, 2));
        assert!(table.delete(&2_u64.to_ne_bytes()) && table.exists(&1_u64.to_ne_bytes()));
        assert!(begun.elapsed() < LOST);
    }
}

#[test]
fn a_row_that_a_dead_process_had_not_yet_put_into_its_list_is_not_lost() {
    let table = marked_table(1, None);
    let (rows, this) = (&table.rows, Holder::this());
    let birth = this.bits() >> 22;
    let dead = Holder::from_bits((if birth == 1 { 2 } else { birth - 1 }) << 22 | this.number() as u32).unwrap();
    let home = rows.key(&1_u64.to_ne_bytes()).home;
    // It died between the two. Somebody else has inherited the shard, let it go, and now another one holds it.
    let number = rows.take().unwrap().1;
    rows.row(number).set_link(None, Some(home));
    rows.row(number).set_version(next_version(rows.row(number).version(), LINKED));
    let stripe = &rows.memory.stripes[stripe_of(number)].free;
    stripe.leave_to(dead);
    let other = Child::run(|| ());
    rows.shard_lock(rows.shard_of(home)).leave_to(Holder::of(other.0));
    drop(rows.lock_stripe(stripe_of(number)));
    drop(other);
    assert!(set_marked(&table, 1, 1));
    check(&table, 1);
}

#[test]
fn a_row_that_a_dead_process_had_put_into_its_list_but_not_into_the_table_is_made_anew() {
    let table = marked_table(1, None);
    let rows = &table.rows;
    let name = 1_u64.to_ne_bytes();
    let key = rows.key(&name);
    let child = Child::run(|| {
        let (shard, (stripe, number)) = (rows.lock(key.home), rows.take().unwrap());
        let row = rows.row(number);
        row.set_link(None, Some(key.home));
        row.set_key(&key);
        rows.schema.put(row.own_body(), SUM, Value::Int(7));
        shard.lock.set_row(Some(number));
        row.set_version(next_version(row.version(), LINKED));
        rows.set_first(key.home, Some(number));
        std::mem::forget((shard, stripe));
    });
    wait_until("the row", || rows.first(key.home).is_some());
    drop(child);
    assert!(!table.exists(&name));
    assert_eq!(table.add_int(&name, SUM, 1).unwrap(), 1, "nothing of it is in the new one");
    assert_eq!((table.len(), table.stats().inserts), (1, 1));
}

#[test]
fn rows_that_dead_processes_left_in_all_journals_are_whole_and_set_again() {
    let table = marked_table(ROWS, None);
    let rows = &table.rows;
    (0..ROWS as u64).for_each(|key| assert!(set_marked(&table, key, 1)));
    // A row of each shard.
    let mut left = BTreeMap::new();
    for key in 0..ROWS as u64 {
        left.entry(rows.shard_of(rows.key(&key.to_ne_bytes()).home)).or_insert(key);
    }
    assert!(left.len() > 1);
    for (shard, key) in &left {
        // Dead at the moment when the new row is in force and nothing of it is in its place yet.
        let name = key.to_ne_bytes();
        let child = Child::run(|| {
            let held = rows.lock(rows.key(&name).home);
            let number = rows.find(&rows.key(&name)).unwrap();
            let row = rows.row(number);
            rows.schema.copy(row.own_body(), rows.journal(*shard), &[]);
            rows.schema.put(rows.journal(*shard), SUM, Value::Int(7));
            held.lock.set_row(Some(number));
            row.set_version(in_journal(next_version(row.version(), LIVE)));
            std::mem::forget(held);
        });
        let mut row = table.row();
        wait_until("the change", || is_in_journal(version(&table, &name)));
        drop(child);
        assert!(table.get(&name, &mut row) && is_whole(*key, &row) && row.value(SUM) == Value::Int(7));
    }
    // Others of the same shards first, which then use the journals.
    for key in (0..ROWS as u64).filter(|key| !left.values().any(|left| left == key)) {
        assert!(set_marked(&table, key, 2));
    }
    for key in left.values() {
        let mut row = table.row();
        assert!(table.get(&key.to_ne_bytes(), &mut row) && is_whole(*key, &row) && row.value(SUM) == Value::Int(7));
        assert_eq!(table.add_int(&key.to_ne_bytes(), SUM, 1).unwrap(), 8);
        assert!(!is_in_journal(version(&table, &key.to_ne_bytes())));
        assert!(set_marked(&table, *key, 3));
    }
    check(&table, ROWS);
}

fn version(table: &Table, key: &[u8]) -> u64 {
    let rows = &table.rows;
    rows.read::<_, false>(&rows.key(key), |_, version| version).unwrap()
}
