//! By behaviour, and among processes that are killed. The protocols are in loom's models too (`../models.rs`).

mod processes;

use super::readers::{ReadWrite, Reader};
use super::wait::Wait;
use super::word::HeldWord;
use super::{Hold, Lock, LockKind};
use crate::error::Result;
use crate::shm::child::wait_until_it_sleeps;
use crate::sys::holder::Holder;
use nix::unistd::gettid;
use std::sync::atomic::AtomicU32;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const EXCLUSIVE: Hold = Hold::Exclusive;
const SHARED: Hold = Hold::Shared;
const SHORT: Option<Duration> = Some(Duration::from_millis(30));
/// Longer than any machine makes somebody wait for a lock that is free.
const LOST: Option<Duration> = Some(Duration::from_secs(20));

/// One of each kind. The folder is for the file.
fn each() -> (TempDir, Vec<Lock>) {
    let folder = tempfile::tempdir().unwrap();
    let kinds = [
        LockKind::Mutex,
        LockKind::ReadWrite,
        LockKind::Spin,
        LockKind::Semaphore,
        LockKind::File(folder.path().join("lock")),
    ];
    (folder, kinds.into_iter().map(|kind| Lock::new(kind).unwrap()).collect())
}

/// What another thread gets.
fn elsewhere<T: Send>(ask: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(ask).join().unwrap())
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> i32 {
    result.unwrap_err().code()
}

#[test]
fn one_holds_it_until_it_is_unlocked() {
    let (_folder, locks) = each();
    for lock in &locks {
        lock.lock(EXCLUSIVE, None).unwrap();
        assert!(!elsewhere(|| lock.try_lock(EXCLUSIVE).unwrap()), "{lock}");
        assert!(!elsewhere(|| lock.try_lock(SHARED).unwrap()), "{lock}");
        lock.unlock().unwrap();
        elsewhere(|| {
            assert!(lock.try_lock(EXCLUSIVE).unwrap(), "{lock}");
            lock.unlock().unwrap();
        });
    }
}

#[test]
fn a_wait_ends_when_the_time_is_over_and_not_before() {
    let (_folder, locks) = each();
    for lock in &locks {
        lock.lock(EXCLUSIVE, None).unwrap();
        let (found, after) = elsewhere(|| {
            let begun = Instant::now();
            (code(lock.lock(EXCLUSIVE, SHORT)), begun.elapsed())
        });
        assert_eq!(found, libc::ETIMEDOUT, "{lock}");
        assert!(after >= SHORT.unwrap(), "{lock} {after:?}");
        lock.unlock().unwrap();
        elsewhere(|| lock.lock(EXCLUSIVE, Some(Duration::ZERO)).unwrap());
    }
}

#[test]
fn a_waiter_gets_it_when_it_is_unlocked() {
    let (_folder, locks) = each();
    for lock in &locks {
        lock.lock(EXCLUSIVE, None).unwrap();
        let (tell, told) = mpsc::channel();
        std::thread::scope(|scope| {
            let waiter = scope.spawn(move || {
                tell.send(gettid().as_raw()).unwrap();
                lock.lock(EXCLUSIVE, LOST).map(|()| lock.unlock())
            });
            wait_until_it_sleeps(told.recv().unwrap());
            lock.unlock().unwrap();
            waiter.join().unwrap().unwrap().unwrap();
        });
    }
}

#[test]
fn who_holds_it_and_asks_for_it_again_is_told() {
    let (_folder, locks) = each();
    for lock in locks.iter().filter(|lock| lock.to_string() != "a semaphore") {
        lock.lock(EXCLUSIVE, None).unwrap();
        assert_eq!(code(lock.lock(EXCLUSIVE, None)), libc::EDEADLK, "{lock}");
        assert_eq!(code(lock.lock(SHARED, None)), libc::EDEADLK, "{lock}");
        assert!(!lock.try_lock(EXCLUSIVE).unwrap(), "{lock}");
        assert!(!lock.try_lock(SHARED).unwrap(), "{lock}");
        lock.unlock().unwrap();
        assert_eq!(code(lock.unlock()), libc::EPERM, "it was locked once");
    }
}

#[test]
fn only_its_holder_may_unlock_it() {
    let (_folder, locks) = each();
    for lock in locks.iter().filter(|lock| lock.to_string() != "a semaphore") {
        assert_eq!(code(lock.unlock()), libc::EPERM, "{lock}");
        lock.lock(EXCLUSIVE, None).unwrap();
        assert_eq!(elsewhere(|| code(lock.unlock())), libc::EPERM, "{lock}");
        assert!(!elsewhere(|| lock.try_lock(EXCLUSIVE).unwrap()), "{lock}");
        lock.unlock().unwrap();
    }
}

#[test]
fn anybody_may_unlock_a_semaphore() {
    let lock = Lock::new(LockKind::Semaphore).unwrap();
    assert_eq!(code(lock.unlock()), libc::EPERM);
    lock.lock(EXCLUSIVE, None).unwrap();
    assert_eq!(code(lock.lock(EXCLUSIVE, SHORT)), libc::ETIMEDOUT, "its taker waits like all others");
    elsewhere(|| lock.unlock().unwrap());
    lock.lock(EXCLUSIVE, None).unwrap();
}

#[test]
fn what_a_thread_held_is_free_when_it_has_ended() {
    let (_folder, locks) = each();
    for lock in &locks {
        elsewhere(|| lock.lock(EXCLUSIVE, None).unwrap());
        lock.lock(SHARED, LOST).unwrap();
        lock.unlock().unwrap();
        elsewhere(|| lock.lock(SHARED, None).unwrap());
        lock.lock(EXCLUSIVE, LOST).unwrap();
        lock.unlock().unwrap();
        elsewhere(|| lock.lock(EXCLUSIVE, None).unwrap());
        while !lock.try_lock(EXCLUSIVE).unwrap() {
            // Its thread is still on its way out.
            std::thread::yield_now();
        }
    }
}

#[test]
fn an_error_says_who_holds_it() {
    let lock = Lock::new(LockKind::Mutex).unwrap();
    lock.lock(EXCLUSIVE, None).unwrap();
    let text = elsewhere(|| lock.lock(EXCLUSIVE, SHORT).unwrap_err().to_string());
    assert!(text.contains(&format!("process {} holds", gettid())) && text.contains("30ms"), "{text}");
}

/// Those that know readers.
fn shared() -> (TempDir, Vec<Lock>) {
    let (folder, locks) = each();
    (
        folder,
        locks
            .into_iter()
            .filter(|lock| matches!(lock.0, super::lock::Room::ReadWrite(_) | super::lock::Room::File(_)))
            .collect(),
    )
}

#[test]
fn many_read_and_nobody_writes_meanwhile() {
    let (_folder, locks) = shared();
    for lock in &locks {
        lock.lock(SHARED, None).unwrap();
        elsewhere(|| {
            lock.lock(SHARED, LOST).unwrap();
            assert!(!elsewhere(|| lock.try_lock(EXCLUSIVE).unwrap()), "{lock}");
            assert_eq!(elsewhere(|| code(lock.lock(EXCLUSIVE, SHORT))), libc::ETIMEDOUT, "{lock}");
            assert!(elsewhere(|| lock.try_lock(SHARED).unwrap()), "a writer that gave up is in nobody's way");
            lock.unlock().unwrap();
        });
        lock.unlock().unwrap();
        elsewhere(|| lock.lock(EXCLUSIVE, LOST).unwrap());
    }
}

#[test]
fn who_reads_twice_unlocks_twice() {
    let (_folder, locks) = shared();
    for lock in &locks {
        lock.lock(SHARED, None).unwrap();
        lock.lock(SHARED, None).unwrap();
        lock.unlock().unwrap();
        assert!(!elsewhere(|| lock.try_lock(EXCLUSIVE).unwrap()), "{lock}");
        lock.unlock().unwrap();
        assert_eq!(code(lock.unlock()), libc::EPERM, "{lock}");
        assert!(lock.try_lock(EXCLUSIVE).unwrap(), "{lock}");
    }
}

#[test]
fn who_reads_cannot_write() {
    let (_folder, locks) = shared();
    for lock in &locks {
        lock.lock(SHARED, None).unwrap();
        assert_eq!(code(lock.lock(EXCLUSIVE, None)), libc::EDEADLK, "{lock}");
        assert!(!lock.try_lock(EXCLUSIVE).unwrap(), "{lock}");
        assert!(elsewhere(|| lock.try_lock(SHARED).unwrap()), "{lock} is read as before");
        lock.unlock().unwrap();
        lock.lock(EXCLUSIVE, LOST).unwrap();
    }
}

#[test]
fn a_writer_that_waits_keeps_new_readers_out_and_those_that_read_in() {
    let lock = Lock::new(LockKind::ReadWrite).unwrap();
    let (tell, told) = mpsc::channel();
    lock.lock(SHARED, None).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            tell.send(gettid().as_raw()).unwrap();
            lock.lock(EXCLUSIVE, LOST).map(|()| lock.unlock())
        });
        wait_until_it_sleeps(told.recv().unwrap());
        assert!(!elsewhere(|| lock.try_lock(SHARED).unwrap()));
        assert_eq!(elsewhere(|| code(lock.lock(SHARED, SHORT))), libc::ETIMEDOUT);
        assert_eq!(code(lock.lock(EXCLUSIVE, None)), libc::EDEADLK, "the writer waits for this thread");
        lock.lock(SHARED, None).unwrap();
        assert!(lock.try_lock(SHARED).unwrap());
        for _ in 0..2 {
            lock.unlock().unwrap();
            assert!(!writer.is_finished());
        }
        lock.unlock().unwrap();
        writer.join().unwrap().unwrap().unwrap();
    });
    lock.lock(SHARED, LOST).unwrap();
}

#[test]
fn a_reader_waits_for_a_place_if_there_is_none() {
    let (writer, readers) = (AtomicU32::new(0), [Reader::free(), Reader::free()]);
    let lock = ReadWrite { writer: HeldWord(&writer), readers: &readers };
    let me = || Holder::this().bits();
    let (tell, told) = mpsc::channel();
    lock.read(me(), &mut Wait::new(None)).unwrap();
    lock.read(me(), &mut Wait::new(None)).unwrap();
    assert!(lock.try_read(me()), "counted in a place it has");
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            assert!(!lock.try_read(me()));
            tell.send(gettid().as_raw()).unwrap();
            lock.read(me(), &mut Wait::new(LOST)).unwrap();
        });
        wait_until_it_sleeps(told.recv().unwrap());
        for _ in 0..3 {
            assert!(lock.unlock(me()));
        }
        other.join().unwrap();
    });
    assert!(!lock.unlock(me()));
    // The other thread has ended without unlocking.
    lock.write(me(), &mut Wait::new(LOST)).unwrap();
}

#[test]
fn a_lock_file_that_cannot_be_opened_is_the_systems_error() {
    assert_eq!(code(Lock::new(LockKind::File("/nonexistent/lock".into()))), libc::ENOENT);
    let folder = tempfile::tempdir().unwrap();
    let lock = Lock::new(LockKind::File(folder.path().join("lock"))).unwrap();
    folder.close().unwrap();
    assert_eq!(code(lock.lock(EXCLUSIVE, None)), libc::ENOENT);
    assert_eq!(code(lock.try_lock(EXCLUSIVE)), libc::ENOENT);
}

#[test]
fn two_locks_of_one_file_are_one() {
    let folder = tempfile::tempdir().unwrap();
    let kind = LockKind::File(folder.path().join("lock"));
    let (one, other) = (Lock::new(kind.clone()).unwrap(), Lock::new(kind).unwrap());
    one.lock(EXCLUSIVE, None).unwrap();
    assert!(!other.try_lock(SHARED).unwrap());
    drop(one);
    assert!(other.try_lock(SHARED).unwrap(), "gone, so nobody could unlock it");
}
