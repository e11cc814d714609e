//! Holders and waiters are killed.

use super::{EXCLUSIVE, LOST, SHARED, code, each};
use crate::shm::cells::SharedCell;
use crate::shm::child::Child;
use crate::shm::counter::{Atomic, AtomicLong};
use crate::shm::locks::{Hold, Lock};
use crate::sys::process::{self, Forked};
use crate::sys::{holder::Holder, signal};
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::{Duration, Instant};

#[cfg(debug_assertions)]
const KILLS: usize = 100;
#[cfg(not(debug_assertions))]
const KILLS: usize = 400;
const CHILDREN: usize = 4;
/// Longer than it takes to see that a holder has ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes it, says so, and sleeps until it is killed.
fn holder_of(lock: &Lock, hold: Hold) -> Child {
    let told = Atomic::new(0).unwrap();
    let child = Child::that(|| {
        lock.lock(hold, None).unwrap();
        told.wakeup(1);
        let _ = Atomic::new(0).unwrap().wait(None);
    });
    assert!(told.wait(LOST).unwrap());
    child
}

#[test]
fn a_killed_holder_blocks_nobody() {
    let (_folder, locks) = each();
    for lock in &locks {
        for hold in [EXCLUSIVE, SHARED] {
            let holder = holder_of(lock, hold);
            assert!(!lock.try_lock(EXCLUSIVE).unwrap(), "{lock}");
            drop(holder);
            assert!(lock.try_lock(EXCLUSIVE).unwrap(), "{lock}");
            lock.unlock().unwrap();

            let holder = holder_of(lock, hold);
            drop(holder);
            lock.lock(EXCLUSIVE, LOST).unwrap();
            lock.unlock().unwrap();

            let holder = holder_of(lock, hold);
            drop(holder);
            lock.lock(SHARED, LOST).unwrap();
            lock.unlock().unwrap();
        }
    }
}

#[test]
fn a_waiter_gets_what_a_killed_holder_held() {
    let (_folder, locks) = each();
    for lock in &locks {
        let holder = holder_of(lock, EXCLUSIVE);
        let got = Atomic::new(0).unwrap();
        let waiter = Child::that(|| {
            lock.lock(EXCLUSIVE, None).unwrap();
            got.wakeup(1);
        });
        drop(holder);
        assert!(got.wait(LOST).unwrap(), "{lock}");
        waiter.wait();
    }
}

#[test]
fn a_child_does_not_hold_what_its_parent_holds() {
    let (_folder, locks) = each();
    for lock in locks.iter().filter(|lock| lock.to_string() != "a semaphore") {
        lock.lock(EXCLUSIVE, None).unwrap();
        let found = AtomicLong::new(0).unwrap();
        Child::that(|| found.set(i64::from(code(lock.unlock())))).wait();
        assert_eq!(found.get(), i64::from(libc::EPERM), "{lock}");
        Child::that(|| found.set(i64::from(lock.try_lock(EXCLUSIVE).unwrap()))).wait();
        assert_eq!(found.get(), 0, "{lock}");
        lock.unlock().unwrap();
    }
}

#[test]
fn what_a_killed_holder_held_is_not_kept_by_its_children() {
    let (_folder, locks) = each();
    for lock in &locks {
        let (told, grandchild) = (Atomic::new(0).unwrap(), AtomicLong::new(0).unwrap());
        let child = Child::that(|| {
            lock.lock(EXCLUSIVE, None).unwrap();
            if let Forked::Parent(pid) = process::fork().unwrap() {
                grandchild.set(i64::from(pid));
                told.wakeup(1);
            }
            let _ = Atomic::new(0).unwrap().wait(None);
        });
        assert!(told.wait(LOST).unwrap());
        drop(child);
        let pid = grandchild.get() as i32;
        assert!(!process::has_ended(pid));
        let taken = lock.lock(EXCLUSIVE, LOST);
        process::kill(pid, signal::SIGKILL).unwrap();
        taken.unwrap();
        lock.unlock().unwrap();
    }
}

fn handle_sigusr1() {
    extern "C" fn nothing(_: libc::c_int) {}
    // SAFETY: the handler does nothing; the action is a valid one, zeroed but for what is set.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as usize;
        action.sa_flags = libc::SA_RESTART;
        libc::sigaction(libc::SIGUSR1, &raw const action, std::ptr::null_mut());
    }
}

#[test]
fn a_signal_ends_the_wait_and_the_lock_is_not_taken() {
    let (_folder, locks) = each();
    for lock in &locks {
        lock.lock(EXCLUSIVE, None).unwrap();
        let (found, told) = (AtomicLong::new(0).unwrap(), Atomic::new(0).unwrap());
        let waiter = Child::that(|| {
            handle_sigusr1();
            signal::unblock_all();
            told.wakeup(1);
            found.set(i64::from(code(lock.lock(EXCLUSIVE, LOST))));
        });
        assert!(told.wait(LOST).unwrap());
        while found.get() == 0 {
            // Again and again: the first may come before it waits.
            let _ = process::kill(waiter.pid(), libc::SIGUSR1);
            std::thread::sleep(Duration::from_millis(1));
        }
        waiter.wait();
        assert_eq!(found.get(), i64::from(libc::EINTR), "{lock}");
        lock.unlock().unwrap();
        assert!(lock.try_lock(EXCLUSIVE).unwrap(), "{lock}");
    }
}

#[test]
fn a_killed_holder_blocks_nobody_whom_signals_interrupt_all_the_time() {
    let (_folder, locks) = each();
    for lock in &locks {
        for hold in [EXCLUSIVE, SHARED] {
            drop(holder_of(lock, EXCLUSIVE));
            let (got, told) = (Atomic::new(0).unwrap(), Atomic::new(0).unwrap());
            let waiter = Child::that(|| {
                handle_sigusr1();
                signal::unblock_all();
                told.wakeup(1);
                while lock.lock(hold, LOST).is_err() {}
                let _ = lock.unlock();
                got.set(2);
            });
            assert!(told.wait(LOST).unwrap());
            let begun = Instant::now();
            while got.get() == 0 && begun.elapsed() < PATIENCE {
                let _ = process::kill(waiter.pid(), libc::SIGUSR1);
                std::thread::sleep(Duration::from_micros(200));
            }
            assert_eq!(got.get(), 2, "{lock}");
            waiter.wait();
        }
    }
}

/// What the processes fight for.
struct Stage<'a> {
    lock: &'a Lock,
    /// who writes
    inside: SharedCell,
    /// counted without atomics' help: read, then written
    count: SharedCell,
    /// for each child: what it has counted
    told: Vec<AtomicLong>,
    reads: AtomicLong,
    wrong: AtomicLong,
}

impl Stage<'_> {
    /// Whether another writes that lives.
    fn another_is_inside(&self, me: Holder) -> bool {
        let found = Holder::from_bits(self.inside.word.load(SeqCst));
        found.is_some_and(|other| other != me && !other.has_ended())
    }

    fn write(&self, who: usize, me: Holder) {
        self.lock.lock(EXCLUSIVE, None).unwrap();
        if self.another_is_inside(me) {
            self.wrong.add(1);
        }
        self.inside.word.store(me.bits(), SeqCst);
        let count = self.count.long.load(Relaxed);
        (0..count % 60).for_each(|_| std::hint::spin_loop());
        self.count.long.store(count + 1, Relaxed);
        self.told[who].add(1);
        if self.inside.word.swap(0, SeqCst) != me.bits() {
            self.wrong.add(1);
        }
        self.lock.unlock().unwrap();
    }

    fn read(&self, me: Holder) {
        self.lock.lock(SHARED, None).unwrap();
        let before = (self.another_is_inside(me), self.count.long.load(Relaxed));
        (0..before.1 % 60).for_each(|_| std::hint::spin_loop());
        let after = (self.another_is_inside(me), self.count.long.load(Relaxed));
        if before.0 || after.0 || before.1 != after.1 {
            self.wrong.add(1);
        }
        self.reads.add(1);
        self.lock.unlock().unwrap();
    }

    fn child(&self, who: usize) -> Child {
        Child::that(|| {
            let me = Holder::this();
            let reads = self.lock.to_string() == "a read-write lock" && who.is_multiple_of(2);
            loop {
                if reads { self.read(me) } else { self.write(who, me) }
            }
        })
    }
}

#[test]
fn nobody_is_inside_with_another_and_nothing_is_lost_whoever_is_killed() {
    let (_folder, locks) = each();
    let mut random = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64 | 1;
    let mut roll = |sides: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % sides
    };
    for lock in &locks {
        let stage = Stage {
            lock,
            inside: SharedCell::new().unwrap(),
            count: SharedCell::new().unwrap(),
            told: (0..CHILDREN).map(|_| AtomicLong::new(0).unwrap()).collect(),
            reads: AtomicLong::new(0).unwrap(),
            wrong: AtomicLong::new(0).unwrap(),
        };
        let mut children: Vec<_> = (0..CHILDREN).map(|who| Some(stage.child(who))).collect();
        for _ in 0..KILLS {
            std::thread::sleep(Duration::from_micros(100 + roll(2000)));
            let who = roll(CHILDREN as u64) as usize;
            children[who] = None;
            children[who] = Some(stage.child(who));
        }
        // The last ones get on.
        let so_far: Vec<_> = stage.told.iter().map(AtomicLong::get).collect();
        lock.lock(EXCLUSIVE, LOST).unwrap();
        lock.unlock().unwrap();
        let deadline = std::time::Instant::now() + LOST.unwrap();
        while stage.told.iter().zip(&so_far).all(|(told, so_far)| told.get() == *so_far) {
            assert!(std::time::Instant::now() < deadline, "{lock}: nobody gets on");
        }
        children.clear();

        let (count, told) = (stage.count.long.load(Relaxed), stage.told.iter().map(AtomicLong::get).sum::<i64>());
        println!("{lock}: {count} times held, {} times read, {KILLS} kills", stage.reads.get());
        assert_eq!(stage.wrong.get(), 0, "{lock}");
        // Killed after it had counted and before it told.
        let ahead = count as i64 - told;
        assert!((0..=(KILLS + CHILDREN) as i64).contains(&ahead), "{lock}: {count} counted, {told} told of");
        assert!(count > KILLS as u64, "{lock}: held too rarely to mean anything");
        lock.lock(EXCLUSIVE, LOST).unwrap();
    }
}
