//! The queue does what a queue in ordinary memory does, whichever handle is used, and whoever dies in between.

use super::Room;
use crate::shm::ring::Tag;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::time::Duration;

const HANDLES: usize = 3;
/// Above every process's number.
const DEAD: i32 = i32::MAX;

#[derive(Debug, Clone)]
enum Step {
    /// push a record of this share (in 255ths) of the longest payload, in two parts
    Push {
        size: u8,
        split: u8,
    },
    Pop,
    /// end in the reading of a record, as a process does that is killed there
    EndInPop,
    /// die with the push lock, having written part of a record
    DieInPush {
        scribble: u8,
    },
    DieInPop,
}

fn step() -> impl Strategy<Value = (usize, Step)> {
    let size = prop_oneof![2 => any::<u8>(), 1 => Just(0), 1 => Just(255)];
    let step = prop_oneof![
        8 => (size, any::<u8>()).prop_map(|(size, split)| Step::Push { size, split }),
        6 => Just(Step::Pop),
        1 => Just(Step::EndInPop),
        1 => any::<u8>().prop_map(|scribble| Step::DieInPush { scribble }),
        1 => Just(Step::DieInPop),
    ];
    (0..HANDLES, step)
}

#[derive(Debug, PartialEq)]
struct Expected {
    tag: Tag,
    session: u64,
    payload: Vec<u8>,
    /// the room it takes, with the padding in front of it
    bytes: u64,
    /// the position behind it
    end: u64,
}

fn check(capacity: usize, steps: Vec<(usize, Step)>) -> Result<(), TestCaseError> {
    let room = Room::new(capacity);
    // A pid for each, as if they were processes.
    let handles: Vec<_> = (0..HANDLES).map(|n| room.attach(1 + n as i32)).collect();
    let (mut oracle, mut tail): (VecDeque<Expected>, u64) = (VecDeque::new(), 0);
    let capacity = capacity as u64;
    for (number, (who, step)) in steps.into_iter().enumerate() {
        let queue = &handles[who];
        match step {
            Step::Push { size, split } => {
                let length = usize::from(size) * queue.max_payload() / 255;
                let payload: Vec<u8> = (0..length).map(|i| (i * 7 + number) as u8).collect();
                let parts = payload.split_at(usize::from(split) * length / 255);
                let record = 16 + (length as u64).next_multiple_of(16);
                let to_end = capacity - tail % capacity;
                let bytes = if to_end < record { record + to_end } else { record };
                let used: u64 = oracle.iter().map(|record| record.bytes).sum();
                let (tag, session) = (Tag { kind: 3, flags: 0, extra: number as u16 }, number as u64);
                let fits = capacity - used >= bytes;
                prop_assert_eq!(queue.try_push(tag, session, [parts.0, parts.1]), fits, "push of {} bytes", length);
                if fits {
                    tail += bytes;
                    oracle.push_back(Expected { tag, session, payload, bytes, end: tail });
                } else {
                    queue.wait_for_room(length, Duration::ZERO);
                    prop_assert!(queue.memory().must_wake_producer(), "the consumer is told of who waits");
                }
            }
            Step::Pop => {
                let popped = queue.try_pop(|record, end| (record.tag, record.session, record.payload.to_vec(), end));
                let expected =
                    oracle.pop_front().map(|record| (record.tag, record.session, record.payload, record.end));
                prop_assert_eq!(popped, Ok(expected));
            }
            Step::EndInPop => {
                let ended = catch_unwind(AssertUnwindSafe(|| queue.try_pop(|record, _| panic_any(record.session))));
                let session = ended.err().and_then(|payload| payload.downcast_ref::<u64>().copied());
                prop_assert_eq!(session, oracle.front().map(|record| record.session));
            }
            Step::DieInPush { scribble } => {
                std::mem::forget(queue.locks().push.lock(DEAD));
                let used = queue.memory().used();
                for at in tail..tail + capacity - used {
                    let place = capacity + at % capacity;
                    room.bytes[place as usize].store(scribble, std::sync::atomic::Ordering::Relaxed);
                }
                handles[(who + 1) % HANDLES].free_after(DEAD);
            }
            Step::DieInPop => {
                std::mem::forget(queue.locks().pop.lock(DEAD));
                handles[(who + 1) % HANDLES].free_after(DEAD);
            }
        }
        for queue in &handles {
            prop_assert_eq!(queue.is_empty(), oracle.is_empty());
            prop_assert_eq!(queue.memory().used(), oracle.iter().map(|record| record.bytes).sum::<u64>());
            prop_assert_eq!(queue.memory().backlog(), oracle.len() as u64);
        }
    }
    Ok(())
}

/// What ends a pop in these tests is no news.
fn quiet_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload().is::<u64>() {
                before(info);
            }
        }));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_is_a_queue(capacity in prop::sample::select(vec![256usize, 512, 4096]), steps in vec(step(), 1..200)) {
        quiet_panics();
        check(capacity, steps)?;
    }
}

#[test]
fn a_push_does_not_wait_for_the_reaper_of_a_dead_holder() {
    let room = Room::new(256);
    let queue = room.attach(1);
    std::mem::forget(queue.locks().push.lock(DEAD));
    assert!(queue.try_push(Tag::default(), 1, [b"a", b"b"]));
    assert_eq!(queue.try_pop(|record, _| record.payload.to_vec()), Ok(Some(b"ab".to_vec())));
}

#[test]
fn free_after_frees_the_locks_of_the_dead_only() {
    let room = Room::new(256);
    let queue = room.attach(1);
    let held = queue.locks().pop.lock(2);
    queue.free_after(DEAD);
    assert!(queue.locks().pop.free_after(2), "it was still held");
    drop(held);
}

#[test]
fn one_who_finds_room_does_not_leave_others_asleep() {
    let room = Room::new(256);
    let (first, second) = (room.attach(1), room.attach(2));
    while first.try_push(Tag::default(), 0, [&[0; 48], &[]]) {}
    std::thread::scope(|scope| {
        let begun = std::time::Instant::now();
        // No thread but this one uses the handle.
        let sleeps = scope.spawn(move || second.wait_for_room(48, Duration::from_secs(20)));
        while first.memory().waiting_word().load(std::sync::atomic::Ordering::Relaxed) == 0 {
            std::thread::yield_now();
        }
        // The consumer makes room, and dies before it wakes anybody.
        first.try_pop(|_, _| ()).unwrap().unwrap();
        first.wait_for_room(48, Duration::ZERO);
        sleeps.join().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(10), "it slept its whole time");
    });
}

#[test]
fn one_who_waits_for_room_does_not_disturb_those_who_push() {
    use std::sync::atomic::AtomicBool;
    let room = Room::new(1024);
    let (pushes, waits) = (room.attach(1), room.attach(2));
    let longest = pushes.max_payload();
    // So full that the longest never fits, and the shortest always does.
    let mut number = 0u64;
    while pushes.memory().used() < 1024 - 160 {
        number += 1;
        assert!(pushes.try_push(Tag::default(), number, [&[], &[]]));
    }
    let mut expected = 1;
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let done = &done;
        // No thread but this one uses the handle.
        scope.spawn(move || {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                waits.wait_for_room(longest, Duration::ZERO);
            }
        });
        let all_in_order = (0..1_000_000).all(|_| {
            number += 1;
            let pushed = pushes.try_push(Tag::default(), number, [&[], &[]]);
            let popped = pushes.try_pop(|record, _| record.session);
            // So that the other hardly ever sleeps.
            let _ = pushes.memory().must_wake_producer();
            expected += 1;
            pushed && popped == Ok(Some(expected - 1))
        });
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(all_in_order, "message {expected} is not what was popped");
    });
}
