//! Two threads, one small ring, sleeping at both ends: nothing is lost, above all no wake-up.

use super::super::{Consumer, Producer, RingMemory, Sleeper, Tag};
use crate::event::poller::Poller;
use crate::shm::atomic::{AtomicU32, Padded};
use crate::sys::fd::Bell;
use crate::sys::futex;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any machine makes a thread wait that has been woken.
const LOST: Duration = Duration::from_secs(20);

#[cfg(debug_assertions)]
const MESSAGES: u64 = 200_000;
#[cfg(not(debug_assertions))]
const MESSAGES: u64 = 1_000_000;

#[test]
fn a_million_messages_lose_no_wake_up() {
    let memory = RingMemory::on_heap(256);
    let sleeper = Arc::new(Sleeper { asleep: Padded(AtomicU32::new(0)) });
    let bell = Arc::new(Bell::new().unwrap());
    let mut poller = Poller::new().unwrap();
    poller.registrar().unwrap().add_readable(&*bell, 0).unwrap();
    let mut producer = Producer::attach(memory.clone());
    let mut consumer = Consumer::attach(memory.clone());

    let writer = {
        let (sleeper, bell, memory) = (sleeper.clone(), bell.clone(), memory.clone());
        thread::spawn(move || {
            for number in 0..MESSAGES {
                let payload = &number.to_ne_bytes()[..(number % 9) as usize];
                while !producer.try_push(Tag::default(), number, [payload, &[]]) {
                    if sleeper.must_ring() {
                        bell.ring();
                    }
                    if producer.wait_for_room(payload.len()) {
                        let begun = Instant::now();
                        futex::wait(producer.memory().waiting_word(), 1, LOST);
                        assert!(begun.elapsed() < LOST, "message {number}: nobody woke the waiting producer");
                    }
                }
                // By turns for whole rings, so that it gets full, and for a few at a time.
                if number % 3 != 0 || number / 1000 % 2 == 0 {
                    continue;
                }
                if sleeper.must_ring() {
                    bell.ring();
                }
                // Nothing comes after this ring that would make up for it, until all is read; what comes then, comes
                // as the consumer is about to sleep.
                for turn in 0u64.. {
                    if memory.used() == 0 {
                        break;
                    }
                    if turn % 100 < 90 { std::hint::spin_loop() } else { thread::yield_now() }
                }
                (0..number % 97).for_each(|i| {
                    std::hint::black_box(i);
                });
            }
            if sleeper.must_ring() {
                bell.ring();
            }
        })
    };

    let (mut next, mut sleeps) = (0, 0u64);
    let mut events = Vec::new();
    while next < MESSAGES {
        let before = next;
        while let Some(record) = consumer.next().unwrap() {
            assert_eq!(record.session, next, "in order, none lost, none twice");
            assert_eq!(record.payload, &next.to_ne_bytes()[..(next % 9) as usize]);
            next += 1;
        }
        if next > before {
            consumer.release();
            if memory.must_wake_producer() {
                futex::wake(memory.waiting_word());
            }
            continue;
        }
        sleeper.announce();
        if consumer.is_empty() {
            sleeps += 1;
            let begun = Instant::now();
            poller.wait(Some(LOST), &mut events).unwrap();
            assert!(begun.elapsed() < LOST, "message {next}: nobody woke the sleeping consumer");
        }
        sleeper.awake();
    }
    writer.join().unwrap();
    assert!(sleeps > 0, "it never slept");
    println!("{sleeps} sleeps");
    assert!(consumer.is_empty());
    assert_eq!((memory.used(), memory.backlog()), (0, 0));
}
