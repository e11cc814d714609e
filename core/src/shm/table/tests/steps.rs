//! A process is stopped after any instruction of a change, and killed there.

use super::super::{Table, Value};
use super::helpers::{bytes, int, walk};
use crate::sys::process::{self, Forked};
use crate::sys::signal;
use std::collections::BTreeSet;

/// Kills of each change, spread over all of its instructions.
#[cfg(debug_assertions)]
const KILLS: usize = 40;
#[cfg(not(debug_assertions))]
const KILLS: usize = 150;

/// A process that makes a change, one instruction after another.
struct Stepped(i32);

impl Stepped {
    fn begin(change: impl FnOnce()) -> Stepped {
        let parent = process::pid();
        match process::fork().unwrap() {
            Forked::Child => {
                process::die_with_parent(parent);
                signal::unblock_all();
                // What a process does once only is not of the change.
                crate::sys::holder::Holder::this();
                // SAFETY: these take numbers only; _exit leaves nothing to be done in a child that has done what it was
                // for.
                unsafe {
                    libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0);
                    libc::raise(libc::SIGSTOP);
                    change();
                    libc::_exit(0)
                }
            }
            Forked::Parent(pid) => {
                let mut stepped = Stepped(pid);
                assert!(stepped.wait(), "it stops before the change");
                stepped
            }
        }
    }

    /// Waits for it to stop. False: it has ended.
    fn wait(&mut self) -> bool {
        let mut status = 0;
        // SAFETY: the status is ours.
        while unsafe { libc::waitpid(self.0, &raw mut status, 0) } == -1 {}
        let stopped = libc::WIFSTOPPED(status);
        if !stopped {
            self.0 = 0;
        }
        stopped
    }

    /// How many of `most` instructions it has done when it is there, or at its end.
    fn step(&mut self, most: usize) -> usize {
        for done in 0..most {
            // SAFETY: the child is traced and stopped; the call takes numbers only.
            unsafe { libc::ptrace(libc::PTRACE_SINGLESTEP, self.0, 0, 0) };
            if !self.wait() {
                return done;
            }
        }
        most
    }
}

impl Drop for Stepped {
    fn drop(&mut self) {
        if self.0 > 0 {
            let _ = process::kill(self.0, signal::SIGKILL);
            while self.wait() {}
        }
    }
}

const ROWS: usize = 3;

/// A table of two rows, which has room for one more.
struct Stage {
    table: Table,
    keys: Vec<Vec<u8>>,
}

impl Stage {
    fn new() -> Stage {
        let table = Table::create(vec![int("a", 8), int("b", 8)], ROWS, None).unwrap();
        let home = table.rows.key(b"").home;
        // All in one place, so that there is something before and behind a row.
        let keys: Vec<_> =
            (0_u8..=255).map(|key| vec![key]).filter(|key| table.rows.key(key).home == home).take(5).collect();
        let stage = Stage { table, keys };
        stage.set(0, 1);
        stage.set(1, 1);
        stage
    }

    fn set(&self, key: usize, value: i64) {
        self.table.set(&self.keys[key], &[(0, Value::Int(value)), (1, Value::Int(-value))]).unwrap();
    }

    /// The value of a row, which must be whole.
    fn get(&self, key: usize) -> Option<i64> {
        let mut row = self.table.row();
        self.table.get(&self.keys[key], &mut row).then(|| {
            let (Value::Int(a), Value::Int(b)) = (row.value(0), row.value(1)) else { unreachable!() };
            assert_eq!(a, -b, "torn");
            a
        })
    }

    /// The rows as reading finds them, which must be the rows that a walk meets and that are counted.
    fn rows(&self) -> Vec<Option<i64>> {
        let found: Vec<_> = (0..self.keys.len()).map(|key| self.get(key)).collect();
        let walked: BTreeSet<_> = walk(&self.table).into_iter().map(|(key, _)| key).collect();
        let keys = self.keys.iter().zip(&found).filter(|(_, value)| value.is_some());
        assert_eq!(walked, keys.map(|(key, _)| key.clone()).collect());
        assert_eq!(self.table.len(), walked.len());
        found
    }

    /// What must hold after a death, whoever comes first to what was left.
    fn check(&self, key: usize) {
        // The row that was in hand is somebody else's next, found as it was or made anew with nothing in it.
        let found = self.get(key).unwrap_or(0);
        self.table.add_int(&self.keys[key], 0, 0).unwrap();
        assert_eq!(self.get(key), Some(found));
        let rows = self.rows().iter().flatten().count();
        let mut free: Vec<_> = (0..self.keys.len()).filter(|key| self.get(*key).is_none()).collect();
        for key in free.drain(..ROWS - rows) {
            self.set(key, 9);
        }
        assert!(self.table.set(&self.keys[free[0]], &[]).is_err(), "it takes no more rows than it says");
        assert_eq!(self.rows().iter().flatten().count(), ROWS);
        assert!(self.keys.iter().filter(|key| self.table.delete(key)).count() == ROWS && self.table.is_empty());
    }
}

/// Kills a process in the midst of a change of that key, which makes rows of `before` those of `after`, of the first three keys.
fn kill_everywhere(key: usize, change: impl Fn(&Stage), before: [Option<i64>; 3], after: [Option<i64>; 3]) {
    let stage = Stage::new();
    let instructions = Stepped::begin(|| change(&stage)).step(usize::MAX);
    assert!(instructions > 50, "{instructions} instructions are no change");
    assert_eq!(stage.rows()[..3], after);
    let mut seen = (false, false);
    for kill in 0..KILLS {
        let stage = Stage::new();
        assert_eq!(stage.rows()[..3], before);
        let mut stepped = Stepped::begin(|| change(&stage));
        // It may take more instructions than the first one did: each begins with a stripe of its own. Every other kill is close to the end,
        // where all becomes true by a few stores.
        let near_end = instructions.saturating_sub(kill * 8);
        stepped.step(if kill % 2 == 0 { instructions * kill * 3 / 2 / KILLS + kill % 7 } else { near_end });
        drop(stepped);
        // Counting is what repairs some; the other half of the kills is left to whoever wants that key.
        let rows = if kill % 4 < 2 { stage.rows() } else { (0..3).map(|key| stage.get(key)).collect() };
        assert!(rows[..3] == before || rows[..3] == after, "{rows:?} after a kill at {kill} of {KILLS}");
        seen.0 |= rows[..3] == before;
        seen.1 |= rows[..3] == after;
        stage.check(key);
    }
    assert_eq!(seen, (true, true), "kills before and behind the moment at which it is done");
}

#[test]
fn an_insertion_that_is_cut_short_anywhere_is_done_or_not() {
    kill_everywhere(2, |stage| stage.set(2, 2), [Some(1), Some(1), None], [Some(1), Some(1), Some(2)]);
}

#[test]
fn a_deletion_that_is_cut_short_anywhere_is_done_or_not() {
    let delete = |key: usize| move |stage: &Stage| assert!(stage.table.delete(&stage.keys[key]));
    kill_everywhere(0, delete(0), [Some(1), Some(1), None], [None, Some(1), None]);
    kill_everywhere(1, delete(1), [Some(1), Some(1), None], [Some(1), None, None]);
}

#[test]
fn a_change_that_is_cut_short_anywhere_is_done_or_not() {
    kill_everywhere(0, |stage| stage.set(0, 2), [Some(1), Some(1), None], [Some(2), Some(1), None]);
}

#[test]
fn a_change_of_a_string_that_is_cut_short_anywhere_is_done_or_not() {
    const TEXT: usize = 30;
    let table =
        Table::create(vec![bytes("text", TEXT as u32), int("a", 8), int("b", 8), int("c", 1)], 2, None).unwrap();
    let (keys, mut row) = ([b"one", b"two"], table.row());
    for key in keys {
        table.set(key, &[(0, Value::Bytes(&[b'.'; 9])), (3, Value::Int(7))]).unwrap();
    }
    let change = |mark: u8| {
        let text = [mark; TEXT];
        let number = Value::Int(mark.into());
        table.set(keys[0], &[(2, number), (0, Value::Bytes(&text[..usize::from(mark)])), (1, number)]).unwrap();
    };
    let mut read = |key: &[u8]| {
        assert!(table.get(key, &mut row));
        let (Value::Bytes(text), Value::Int(a), Value::Int(b)) = (row.value(0), row.value(1), row.value(2)) else {
            unreachable!()
        };
        assert!(a == b && row.value(3) == Value::Int(7), "torn: {row:?}");
        assert!(a == 0 || (text.len() as i64 == a && text.iter().all(|byte| i64::from(*byte) == a)), "torn: {row:?}");
        a
    };
    let instructions = Stepped::begin(|| change(1)).step(usize::MAX);
    assert_eq!(read(keys[0]), 1);
    let mut seen = (false, false);
    for kill in 0..=KILLS {
        let (before, mark) = (read(keys[0]), 2 + (kill % 20) as u8);
        Stepped::begin(|| change(mark)).step(instructions * kill / KILLS);
        let after = read(keys[0]);
        assert!(after == before || after == i64::from(mark));
        seen.0 |= after == before;
        seen.1 |= after == i64::from(mark);
        // Others go on, and all that has died holds nothing up; now and then with the very row.
        table.set(keys[1], &[(1, Value::Int(3)), (2, Value::Int(3)), (0, Value::Bytes(&[3; 3]))]).unwrap();
        assert_eq!((read(keys[0]), read(keys[1])), (after, 3));
        if kill % 40 == 39 {
            table.add_int(keys[0], 3, 0).unwrap();
            assert_eq!(read(keys[0]), after);
        }
    }
    assert_eq!(seen, (true, true), "kills before and behind the moment at which it is done");
}
