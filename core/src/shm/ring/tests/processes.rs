//! Two processes, one of which is killed again and again.

use super::super::{RingHeader, RingMemory, Sleeper};
use crate::event::poller::Poller;
use crate::ipc::message::Kind;
use crate::ipc::{Outgoing, Receiver, Sender};
use crate::shm::region::{Layout, Region, SharedSlice};
use crate::sys::fd::Bell;
use crate::sys::process::{self, Forked};
use crate::sys::{futex, signal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const CAPACITY: usize = 1024;
#[cfg(debug_assertions)]
const KILLS: usize = 100;
#[cfg(not(debug_assertions))]
const KILLS: usize = 300;
/// Longer than any machine makes a process wait that has been woken.
const LOST: Duration = Duration::from_secs(20);
const MOST: usize = 4_000_000;

/// What parent and child share.
struct Stage {
    _region: Region,
    ring: RingMemory,
    sleeper: SharedSlice<Sleeper>,
    /// how often each message arrived
    seen: SharedSlice<AtomicU8>,
    /// the last message that arrived, and how many arrived behind their successor
    last: SharedSlice<AtomicU64>,
    to_child: Bell,
}

impl Stage {
    fn new() -> Stage {
        let mut layout = Layout::default();
        let (headers, data) = (layout.slice::<RingHeader>(1), layout.slice(CAPACITY));
        let (sleeper, seen, last) = (layout.slice(1), layout.slice(MOST), layout.slice(3));
        let region = layout.map().unwrap();
        let ring =
            RingMemory::in_slices(&region.slice(headers), &region.slice(data), CAPACITY, 0, Arc::new(region.clone()));
        Stage {
            ring,
            sleeper: region.slice(sleeper),
            seen: region.slice(seen),
            last: region.slice(last),
            to_child: Bell::new().unwrap(),
            _region: region,
        }
    }

    /// Notes the arrival of a message, as its callback.
    fn arrived(&self, number: u64, good: bool) {
        // Work before and behind the note, so that many a kill falls into it.
        let work = || (0..number % 7 * 100).for_each(|_| std::hint::spin_loop());
        work();
        self.seen[number as usize].fetch_add(1, Ordering::Relaxed);
        work();
        let before = self.last[0].swap(number, Ordering::Relaxed);
        if number < before {
            self.last[1].fetch_add(1, Ordering::Relaxed);
        }
        if !good {
            self.last[2].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Forks a child that runs `role` until it is killed.
    fn child(&self, role: impl FnOnce(&Stage)) -> Child {
        let parent = process::pid();
        match process::fork().unwrap() {
            Forked::Parent(pid) => Child(pid),
            Forked::Child => {
                process::die_with_parent(parent);
                role(self);
                loop {
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
        }
    }
}

/// A child; dead and reaped when this is gone.
struct Child(i32);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = process::kill(self.0, signal::SIGKILL);
        while process::reap(self.0).is_none() {
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}

/// Message `number`: mostly small, some in several records, a few longer than the ring.
fn body(number: u64) -> Vec<u8> {
    let size = match number % 50 {
        0 => 3000,
        7 | 19 | 33 => 500,
        n => n as usize,
    };
    vec![number as u8; size]
}

/// Takes messages until it is killed. What it allocates after the fork, glibc allows.
fn consume(stage: &Stage) {
    let mut receiver = Receiver::attach(stage.ring.clone());
    let mut poller = Poller::new().unwrap();
    poller.registrar().unwrap().add_readable(&stage.to_child, 0).unwrap();
    let (mut bytes, mut events) = (Vec::with_capacity(8192), Vec::new());
    let sleeper = &stage.sleeper[0];
    sleeper.awake();
    loop {
        let mut handled = 0;
        while let Some((kind, port, session)) = receiver.take(&mut bytes) {
            handled += 1;
            stage.arrived(session as u64, kind == Kind::Data && port == 3 && bytes == body(session as u64));
        }
        if receiver.must_wake_sender() {
            futex::wake(stage.ring.waiting_word());
        }
        if handled > 0 {
            continue;
        }
        sleeper.announce();
        if receiver.is_empty() {
            let _ = poller.wait(None, &mut events);
        }
        sleeper.awake();
    }
}

/// A few bits that nobody chose.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn dice() -> Dice {
    Dice(std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64 | 1)
}

fn ring_for(stage: &Stage) {
    if stage.sleeper[0].must_ring() {
        stage.to_child.ring();
    }
}

#[test]
fn a_killed_consumer_loses_one_message_at_most() {
    let stage = Stage::new();
    let mut dice = dice();
    let mut sender = Sender::attach(stage.ring.clone());
    let mut child = Some(stage.child(consume));
    let (mut number, mut kills) = (0u64, 0);
    let mut kill_at = Instant::now() + Duration::from_micros(500);
    while kills < KILLS {
        let bytes = body(number);
        let message = Outgoing { kind: Kind::Data, port: 3, session: number as i64, head: &bytes, body: &[] };
        let (mut sent, mut pushed) = (0, false);
        while !pushed && kills < KILLS {
            pushed = sender.push(message, &mut sent);
            ring_for(&stage);
            if Instant::now() >= kill_at {
                child = None;
                kills += 1;
                if kills < KILLS {
                    child = Some(stage.child(consume));
                }
                kill_at = Instant::now() + Duration::from_micros(dice.roll(3000));
                ring_for(&stage);
            }
            if !pushed && sender.wait_for_room(bytes.len() - sent) {
                let left = kill_at.saturating_duration_since(Instant::now());
                futex::wait(stage.ring.waiting_word(), 1, left.max(Duration::from_micros(1)));
            }
        }
        number += 1;
        if number % 64 == 0 && dice.roll(4) == 0 {
            // The consumer gets to sleep.
            std::thread::sleep(Duration::from_micros(200));
        }
        assert!((number as usize) < MOST, "too fast for this test's table");
    }
    drop(child);
    // The last message may have been pushed in part; what the next one says first ends it.
    let complete = number - 1;
    let _last = stage.child(consume);
    let deadline = Instant::now() + LOST;
    let mut sender = Sender::attach(stage.ring.clone());
    let bytes = body(complete + 1);
    let message = Outgoing { kind: Kind::Data, port: 3, session: complete as i64 + 1, head: &bytes, body: &[] };
    let mut sent = 0;
    while !sender.push(message, &mut sent) {
        ring_for(&stage);
        assert!(Instant::now() < deadline, "the ring stays full");
        std::thread::yield_now();
    }
    ring_for(&stage);
    while stage.seen[complete as usize + 1].load(Ordering::Relaxed) == 0 {
        assert!(Instant::now() < deadline, "the last message does not arrive");
        std::thread::sleep(Duration::from_micros(100));
    }
    let count =
        |times: u8| stage.seen[..complete as usize].iter().filter(|s| s.load(Ordering::Relaxed) == times).count();
    let (lost, once) = (count(0), count(1));
    assert_eq!(lost + once, complete as usize, "none twice");
    assert_eq!(stage.last[1].load(Ordering::Relaxed), 0, "in order");
    assert_eq!(stage.last[2].load(Ordering::Relaxed), 0, "whole");
    println!("{complete} messages, {KILLS} kills, {lost} lost");
    assert!(lost <= KILLS, "{lost} messages were lost by {KILLS} kills");
    assert!(complete > KILLS as u64, "{complete} messages are too few to mean anything");
}

/// Sends messages until it is killed, each once: the number goes on from the last that was pushed whole.
fn produce(stage: &Stage) {
    let mut sender = Sender::attach(stage.ring.clone());
    loop {
        let number = stage.last[0].load(Ordering::Relaxed);
        let bytes = body(number);
        let message = Outgoing { kind: Kind::Data, port: 3, session: number as i64, head: &bytes, body: &[] };
        let mut sent = 0;
        while !sender.push(message, &mut sent) {
            ring_for(stage);
            if sender.wait_for_room(bytes.len() - sent) {
                futex::wait(stage.ring.waiting_word(), 1, Duration::from_millis(100));
            }
        }
        stage.last[0].store(number + 1, Ordering::Relaxed);
        ring_for(stage);
    }
}

#[test]
fn a_killed_producer_leaves_no_torn_message() {
    let stage = Stage::new();
    let mut dice = dice();
    let mut receiver = Receiver::attach(stage.ring.clone());
    let mut poller = Poller::new().unwrap();
    poller.registrar().unwrap().add_readable(&stage.to_child, 0).unwrap();
    let (mut bytes, mut events) = (Vec::new(), Vec::new());
    let (mut next, mut again, mut torn) = (0u64, 0usize, 0u64);
    for _ in 0..KILLS {
        let before = stage.ring.tail();
        let child = stage.child(produce);
        let kill_at = Instant::now() + Duration::from_micros(300 + dice.roll(3000));
        let mut child = Some(child);
        loop {
            if Instant::now() >= kill_at {
                child = None;
            }
            while let Some((kind, port, session)) = receiver.take(&mut bytes) {
                let number = session as u64;
                // Killed between its push and its note, the child sends one message twice: a sender's matter.
                again += usize::from(number + 1 == next);
                assert!(number == next || number + 1 == next, "message {number} instead of {next}");
                assert_eq!((kind, port, &bytes), (Kind::Data, 3, &body(number)));
                next = number + 1;
                if child.is_some() && Instant::now() >= kill_at {
                    break;
                }
            }
            if receiver.must_wake_sender() {
                futex::wake(stage.ring.waiting_word());
            }
            if child.is_none() {
                break;
            }
            stage.sleeper[0].announce();
            if receiver.is_empty() {
                poller.wait(Some(kill_at.saturating_duration_since(Instant::now())), &mut events).unwrap();
            }
            stage.sleeper[0].awake();
        }
        torn += u64::from(receiver.is_amid_message() && stage.ring.tail() != before);
    }
    let lost = receiver.take_lost();
    assert!(lost == torn || lost + 1 == torn, "{torn} messages were torn, {lost} were noticed");
    assert!(again <= KILLS && next > KILLS as u64, "{next} messages, {again} again");
}
