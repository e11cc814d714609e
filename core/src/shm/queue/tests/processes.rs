//! Several processes push and several pop, and all of them are killed again and again.

use super::{Queue, Room};
use crate::shm::hand::{Hand, HandHead};
use crate::shm::region::{Layout, SharedSlice};
use crate::shm::ring::Tag;
use crate::sys::process::{self, Forked};
use crate::sys::signal;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicU8, AtomicU64};
use std::time::{Duration, Instant};

const CAPACITY: usize = 1024;
const PRODUCERS: usize = 2;
const CONSUMERS: usize = 2;
const MOST: usize = 4_000_000;
#[cfg(debug_assertions)]
const KILLS: u64 = 150;
#[cfg(not(debug_assertions))]
const KILLS: u64 = 500;
/// Longer than any machine makes a process wait that has been woken.
const LOST: Duration = Duration::from_secs(20);

/// What the processes share.
struct Stage {
    room: Room,
    /// per producer: the number of its next message
    next: SharedSlice<AtomicU64>,
    /// per producer: one more than the number that was popped last
    popped: SharedSlice<AtomicU64>,
    /// per producer and number: how often it was handled
    seen: SharedSlice<AtomicU8>,
    hands: SharedSlice<HandHead>,
    hand_bytes: SharedSlice<AtomicU8>,
    /// messages that were not whole, that came in the wrong order, waits that nobody ended
    torn: SharedSlice<AtomicU64>,
}

const TORN: usize = 0;
const DISORDERED: usize = 1;
const OVERSLEPT: usize = 2;

impl Stage {
    fn new() -> Stage {
        let mut layout = Layout::default();
        let (next, popped, torn) = (layout.slice(PRODUCERS), layout.slice(PRODUCERS), layout.slice(3));
        let (seen, hands) = (layout.slice(PRODUCERS * MOST), layout.slice(CONSUMERS));
        let hand_bytes = layout.slice(CONSUMERS * CAPACITY);
        let region = layout.map().unwrap();
        Stage {
            room: Room::new(CAPACITY),
            next: region.slice(next),
            popped: region.slice(popped),
            seen: region.slice(seen),
            hands: region.slice(hands),
            hand_bytes: region.slice(hand_bytes),
            torn: region.slice(torn),
        }
    }

    fn hand(&self, consumer: usize) -> Hand<'_> {
        Hand::new(&self.hands[consumer], &self.hand_bytes[consumer * CAPACITY..(consumer + 1) * CAPACITY])
    }

    fn seen(&self, producer: usize, number: u64) -> &AtomicU8 {
        &self.seen[producer * MOST + number as usize]
    }

    /// A child that is producer `who`, or consumer `who - PRODUCERS`.
    fn child(&self, who: usize) -> Child<'_> {
        let parent = process::pid();
        match process::fork().unwrap() {
            Forked::Parent(pid) => Child { stage: self, who, pid },
            Forked::Child => {
                process::die_with_parent(parent);
                let queue = self.room.attach(process::pid());
                match who.checked_sub(PRODUCERS) {
                    None => self.produce(who, &queue),
                    Some(consumer) => self.consume(consumer, &queue),
                }
            }
        }
    }

    fn produce(&self, who: usize, queue: &Queue) -> ! {
        loop {
            let number = self.next[who].load(Relaxed);
            assert!((number as usize) < MOST, "too fast for this test's table");
            let bytes = body(who, number);
            let parts = bytes.split_at(bytes.len() / 2);
            while !queue.try_push(Tag::default(), number << 8 | who as u64, [parts.0, parts.1]) {
                let begun = Instant::now();
                queue.wait_for_room(bytes.len(), LOST);
                if begun.elapsed() >= LOST {
                    self.torn[OVERSLEPT].fetch_add(1, Relaxed);
                }
            }
            self.next[who].store(number + 1, Relaxed);
        }
    }

    fn consume(&self, consumer: usize, queue: &Queue) -> ! {
        let hand = self.hand(consumer);
        loop {
            let popped = queue.try_pop(|record, position| {
                let (who, number) = ((record.session & 255) as usize, record.session >> 8);
                if record.payload != body(who, number) {
                    self.torn[TORN].fetch_add(1, Relaxed);
                }
                let last = self.popped[who].swap(number + 1, Relaxed);
                // Again if the one who popped it before was killed, or the one who pushed it before.
                if number != last && number + 1 != last {
                    self.torn[DISORDERED].fetch_add(1, Relaxed);
                }
                hand.take(&record.session.to_ne_bytes(), 0, position, 0);
                record.session
            });
            let Some(session) = popped.expect("nothing wrote over the queue") else {
                std::thread::sleep(Duration::from_micros(20));
                continue;
            };
            queue.wake_waiting();
            self.handle(session);
            hand.drop_it();
        }
    }

    /// Does the work of a message.
    fn handle(&self, session: u64) {
        let (who, number) = ((session & 255) as usize, session >> 8);
        (0..number % 7 * 50).for_each(|_| std::hint::spin_loop());
        self.seen(who, number).fetch_add(1, SeqCst);
    }

    /// Does the work that a dead consumer had in hand, if it had taken it and not done it.
    fn bury(&self, consumer: usize, queue: &Queue) {
        let hand = self.hand(consumer);
        if !hand.is_held() || hand.origin().1 > queue.memory().consumed() {
            return hand.drop_it();
        }
        let mut bytes = Vec::new();
        hand.copy_to(&mut bytes);
        let session = u64::from_ne_bytes(bytes[..].try_into().unwrap());
        if self.seen((session & 255) as usize, session >> 8).load(SeqCst) == 0 {
            self.handle(session);
        }
        hand.drop_it();
    }
}

/// A child; dead, reaped and buried when this is gone.
struct Child<'a> {
    stage: &'a Stage,
    who: usize,
    pid: i32,
}

impl Drop for Child<'_> {
    fn drop(&mut self) {
        let _ = process::kill(self.pid, signal::SIGKILL);
        while process::reap(self.pid).is_none() {
            std::thread::sleep(Duration::from_micros(50));
        }
        let queue = self.stage.room.attach(process::pid());
        // While its lock keeps others from what it may not have taken.
        if let Some(consumer) = self.who.checked_sub(PRODUCERS) {
            self.stage.bury(consumer, &queue);
        }
        queue.free_after(self.pid);
    }
}

/// Message `number` of a producer: mostly small, some as long as a record can be.
fn body(who: usize, number: u64) -> Vec<u8> {
    let size = match number % 50 {
        0 | 19 => CAPACITY / 4 - 16,
        n => n as usize,
    };
    vec![number as u8 ^ (who as u8) << 7; size]
}

#[test]
fn kills_at_both_ends_lose_no_message() {
    let stage = Stage::new();
    let mut random = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64 | 1;
    let mut roll = |sides: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % sides
    };
    let mut children: Vec<_> = (0..PRODUCERS + CONSUMERS).map(|who| Some(stage.child(who))).collect();
    let mut killed_producers = 0;
    for _ in 0..KILLS {
        std::thread::sleep(Duration::from_micros(100 + roll(2000)));
        let who = roll(children.len() as u64) as usize;
        killed_producers += u64::from(who < PRODUCERS);
        children[who] = None;
        children[who] = Some(stage.child(who));
    }
    // The producers end, what is in the queue is handled, then the consumers end.
    children[..PRODUCERS].fill_with(|| None);
    let deadline = Instant::now() + LOST;
    let queue = stage.room.attach(process::pid());
    while !queue.is_empty() {
        assert!(Instant::now() < deadline, "{} bytes stay in the queue", queue.memory().used());
        std::thread::sleep(Duration::from_micros(100));
    }
    children.clear();

    let (mut messages, mut twice) = (0, 0);
    for who in 0..PRODUCERS {
        let pushed = stage.next[who].load(Relaxed);
        let missing: Vec<_> = (0..pushed).filter(|n| stage.seen(who, *n).load(Relaxed) == 0).collect();
        assert!(missing.is_empty(), "{} of {pushed} messages of producer {who} are lost: {missing:?}", missing.len());
        // Killed between its push and its note, a producer pushes a message again: a sender's matter.
        twice += (0..=pushed).map(|n| u64::from(stage.seen(who, n).load(Relaxed)).saturating_sub(1)).sum::<u64>();
        messages += pushed;
    }
    println!("{messages} messages, {KILLS} kills, {twice} twice");
    let count = |what: usize| stage.torn[what].load(Relaxed);
    assert_eq!(count(TORN), 0, "whole");
    assert_eq!(count(DISORDERED), 0, "in order");
    assert_eq!(count(OVERSLEPT), 0, "woken");
    assert!(twice <= killed_producers, "{twice} came twice, {killed_producers} producers were killed");
    assert!(messages > 10 * KILLS, "{messages} messages are too few to mean anything");
}
