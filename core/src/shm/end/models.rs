//! The two ends of a channel under every interleaving that loom can find. A record's bytes are plain memory to
//! loom: a cell for each place stands for them.

use super::{End, Reached};
use crate::shm::models::{Guarded, model};
use loom::thread;
use std::sync::Arc;

/// How many records have room.
const PLACES: u64 = 2;

struct Channel {
    pushes: End,
    pops: End,
    records: [Guarded; PLACES as usize],
}

impl Channel {
    fn new() -> Arc<Channel> {
        Arc::new(Channel { pushes: End::begin(), pops: End::begin(), records: std::array::from_fn(|_| Guarded::new()) })
    }

    fn push(&self, me: u32, value: u64) -> bool {
        let end = self.pushes.hold(me);
        let from = end.reached();
        if from.position + 1 - self.pops.reached().position > PLACES {
            return false;
        }
        self.records[(from.position % PLACES) as usize].set(value);
        end.advance(after(from, value));
        true
    }

    fn pop(&self, me: u32) -> Option<u64> {
        let end = self.pops.hold(me);
        let from = end.reached();
        if from.position == self.pushes.reached().position {
            return None;
        }
        let value = self.records[(from.position % PLACES) as usize].get();
        end.advance(after(from, value));
        Some(value)
    }
}

fn after(reached: Reached, value: u64) -> Reached {
    Reached { position: reached.position + 1, messages: reached.messages + 1, bytes: reached.bytes + value }
}

#[test]
fn loom_nobody_is_at_a_record_with_another() {
    model(Some(3), || {
        let channel = Channel::new();
        let producer = {
            let channel = channel.clone();
            thread::spawn(move || (1..=3).filter(|value| channel.push(2, *value)).sum::<u64>())
        };
        let mut popped: u64 = (0..3).filter_map(|_| channel.pop(1)).sum();
        let pushed = producer.join().unwrap();
        while let Some(value) = channel.pop(1) {
            popped += value;
        }
        assert_eq!(popped, pushed);
        assert_eq!(channel.pushes.reached(), channel.pops.reached());
    });
}

#[test]
fn loom_producers_and_consumers_take_turns() {
    model(Some(2), || {
        let channel = Channel::new();
        let others = [2, 3].map(|me| {
            let channel = channel.clone();
            thread::spawn(move || match me {
                2 => u64::from(channel.push(me, 10)) * 10,
                _ => channel.pop(me).unwrap_or(0),
            })
        });
        assert!(channel.push(1, 5), "there was room");
        let mut popped = channel.pop(1).unwrap_or(0);
        let [pushed, other] = others.map(|other| other.join().unwrap());
        popped += other;
        while let Some(value) = channel.pop(1) {
            popped += value;
        }
        assert_eq!(popped, pushed + 5);
    });
}

#[test]
fn loom_an_end_is_seen_as_it_was_at_one_moment() {
    model(Some(3), || {
        let channel = Channel::new();
        let worker = {
            let channel = channel.clone();
            thread::spawn(move || {
                for number in 1..=3 {
                    let end = channel.pushes.hold(2);
                    end.advance(Reached { position: number * 16, messages: number, bytes: number * 3 });
                }
            })
        };
        for _ in 0..2 {
            let seen = channel.pushes.reached();
            assert_eq!((seen.position, seen.bytes), (seen.messages * 16, seen.messages * 3));
        }
        worker.join().unwrap();
    });
}

#[test]
fn loom_an_end_goes_on_after_the_dead() {
    model(Some(3), || {
        let channel = Channel::new();
        // Killed in its push, before it advanced.
        std::mem::forget(channel.pushes.hold(99));
        let other = {
            let channel = channel.clone();
            thread::spawn(move || assert!(channel.push(2, 7)))
        };
        assert!(channel.push(1, 7));
        other.join().unwrap();
        assert_eq!(channel.pushes.reached(), Reached { position: 2, messages: 2, bytes: 14 });
    });
}
