//! Whatever is written over a queue's ring: its handles stay inside it, do not panic, do not hang, and go on. (A lock that was
//! written over belongs to a process that does not exist; whoever reads waits for its reaper.)

use super::super::Queue;
use super::Room;
use crate::shm::ring::Tag;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::atomic::Ordering::Relaxed;

const CAPACITY: usize = 512;
/// What lies in the rings on both sides, which nobody may touch.
const UNTOUCHED: u8 = 0xa5;

#[derive(Debug, Clone)]
enum Step {
    Push(u8),
    Pop,
    Drain,
    WaitForRoom,
    Data {
        at: u16,
        bytes: Vec<u8>,
    },
    /// the ring's header, in 8-byte words: positions, counters, the waiting word
    Header {
        at: usize,
        word: u64,
    },
    /// a word of the header, moved by a little
    Nudge {
        at: usize,
        by: i64,
    },
}

fn step() -> impl Strategy<Value = (bool, Step)> {
    let word = prop_oneof![any::<u64>(), 0..4096u64, Just(u64::MAX), Just(u64::MAX - 15)];
    // tail, pushed, head, popped, buried, waiting
    let at = || prop::sample::select([0, 16, 32, 48, 49, 64].as_slice());
    let step = prop_oneof![
        8 => any::<u8>().prop_map(Step::Push),
        4 => Just(Step::Pop),
        2 => Just(Step::Drain),
        1 => Just(Step::WaitForRoom),
        4 => (0..CAPACITY as u16, vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Step::Data { at, bytes }),
        2 => (at(), word).prop_map(|(at, word)| Step::Header { at, word }),
        3 => (at(), -600..600i64).prop_map(|(at, by)| Step::Nudge { at, by }),
    ];
    (any::<bool>(), step)
}

/// Takes one record; false: there is none.
fn pop(room: &Room, queue: &Queue) -> Result<bool, TestCaseError> {
    let start = room.bytes[CAPACITY..].as_ptr() as usize;
    let popped = queue.try_pop(|record, _| {
        let from = record.payload.as_ptr() as usize;
        from >= start && from + record.payload.len() <= start + CAPACITY
    });
    match popped {
        Ok(None) => Ok(false),
        Ok(Some(inside)) => {
            prop_assert!(inside, "a payload outside the ring");
            Ok(true)
        }
        Err(lost) => {
            prop_assert!(lost.bytes <= CAPACITY as u64);
            Ok(true)
        }
    }
}

fn drain(room: &Room, queue: &Queue) -> Result<(), TestCaseError> {
    for turn in 0.. {
        if !pop(room, queue)? {
            break;
        }
        prop_assert!(turn < 2 * CAPACITY / 16, "it never becomes empty");
    }
    Ok(())
}

/// A word of the header, which is atomics and padding.
fn word(room: &Room, at: usize) -> &std::sync::atomic::AtomicU64 {
    let header = std::ptr::from_ref(&room.headers[1]).cast::<std::sync::atomic::AtomicU64>();
    assert!((at + 1) * 8 <= size_of_val(&room.headers[1]));
    // SAFETY: inside the header, aligned, and shared memory may be written through atomics.
    unsafe { &*header.add(at) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_in_the_queue_stays_in_the_queue(steps in vec(step(), 1..80)) {
        let room = Room::new(CAPACITY);
        let guards = || room.bytes[..CAPACITY].iter().chain(&room.bytes[2 * CAPACITY..]);
        guards().for_each(|byte| byte.store(UNTOUCHED, Relaxed));
        let handles = [room.attach(1), room.attach(2)];
        for (who, step) in steps {
            let queue = &handles[usize::from(who)];
            match step {
                Step::Push(size) => {
                    let payload = vec![size; usize::from(size) * queue.max_payload() / 255];
                    let _ = queue.try_push(Tag::default(), 7, [&payload, &[]]);
                }
                Step::Pop => drop(pop(&room, queue)?),
                Step::Drain => drain(&room, queue)?,
                Step::WaitForRoom => queue.wait_for_room(100, std::time::Duration::ZERO),
                Step::Data { at, bytes } => {
                    for (i, byte) in bytes.into_iter().enumerate() {
                        room.bytes[CAPACITY + (usize::from(at) + i) % CAPACITY].store(byte, Relaxed);
                    }
                }
                Step::Header { at, word: value } => word(&room, at).store(value, Relaxed),
                Step::Nudge { at, by } => {
                    word(&room, at).fetch_add(by as u64, Relaxed);
                }
            }
            prop_assert!(guards().all(|byte| byte.load(Relaxed) == UNTOUCHED));
            let _ = (queue.memory().used(), queue.memory().backlog(), queue.memory().consumed());
        }
        // The noise is over. What was in the queue may be lost, and nothing after it.
        for _ in 0..2 * CAPACITY / 16 {
            drain(&room, &handles[0])?;
            let _ = handles[1].try_push(Tag::default(), 7, [&[0; 16], &[]]);
        }
        drain(&room, &handles[0])?;
        for number in 0..100u64 {
            let payload = [number as u8; 40];
            let [first, second] = &handles;
            prop_assert!(first.try_push(Tag { kind: 3, ..Tag::default() }, number, [&payload, &[]]), "record {}", number);
            let popped = second.try_pop(|record, _| (record.tag.kind, record.session, record.payload.to_vec()));
            prop_assert_eq!(popped, Ok(Some((3, number, payload.to_vec()))));
            prop_assert!(first.is_empty());
        }
    }
}
