//! By behaviour, against a plain queue, and among processes that are killed.

use super::{Channel, ChannelStats, MOST};
use crate::error::ErrorKind;
use crate::shm::child::Child;
use crate::shm::counter::AtomicLong;
use crate::shm::region::{Layout, SharedSlice};
use proptest::prelude::*;
use std::collections::VecDeque;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

fn pop(channel: &Channel) -> Option<(u8, Vec<u8>)> {
    let mut message = b"what was there before".to_vec();
    channel.pop(&mut message).map(|kind| (kind, message))
}

#[test]
fn what_is_pushed_first_is_popped_first_with_its_kind() {
    let channel = Channel::new(100).unwrap();
    assert_eq!(pop(&channel), None);
    assert!(channel.push(7, b"first").unwrap());
    assert!(channel.clone().push(255, b"").unwrap());
    assert_eq!(channel.stats(), ChannelStats { messages: 2, bytes: 5 });
    assert_eq!(pop(&channel), Some((7, b"first".to_vec())));
    assert_eq!(pop(&channel), Some((255, Vec::new())));
    assert_eq!((pop(&channel), channel.stats()), (None, ChannelStats::default()));
}

#[test]
fn a_message_as_long_as_the_capacity_fits_again_and_again() {
    for bytes in [1, 2, 7, 8, 9, 100, 4096, 100_000] {
        let channel = Channel::new(bytes).unwrap();
        assert!(channel.capacity() >= bytes);
        let message: Vec<u8> = (0..channel.capacity()).map(|n| n as u8).collect();
        for round in 0..5 {
            // Each time it begins at another place.
            assert!(channel.push(round, &message).unwrap(), "{bytes} {round}");
            assert!(!channel.push(0, b"").unwrap(), "full");
            assert_eq!(pop(&channel), Some((round, message.clone())));
            assert!(channel.push(0, b"").unwrap());
            pop(&channel).unwrap();
        }
    }
}

#[test]
fn several_messages_take_at_most_15_bytes_more_each() {
    let channel = Channel::new(1000).unwrap();
    for _ in 0..1000 / (10 + 15) {
        assert!(channel.push(0, &[1; 10]).unwrap());
    }
    assert_eq!(channel.stats(), ChannelStats { messages: 40, bytes: 400 });
}

#[test]
fn what_can_never_fit_is_an_error() {
    let channel = Channel::new(64).unwrap();
    let error = channel.push(0, &[0; 1000]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DataLengthTooLarge);
    assert!(error.to_string().contains("1000 bytes") && error.to_string().contains("64"), "{error}");
    for bytes in [0, MOST + 1, usize::MAX] {
        assert_eq!(Channel::new(bytes).unwrap_err().kind(), ErrorKind::InvalidParams);
    }
}

proptest! {
    #[test]
    fn it_is_what_a_plain_queue_would_be(
        bytes in 1_usize..200,
        steps in prop::collection::vec(prop::option::of((any::<u8>(), prop::collection::vec(any::<u8>(), 0..70))), 0..100),
    ) {
        let channel = Channel::new(bytes).unwrap();
        let mut oracle: VecDeque<(u8, Vec<u8>)> = VecDeque::new();
        for step in steps {
            match step {
                Some((_, message)) if message.len() > channel.capacity() => prop_assert!(channel.push(0, &message).is_err()),
                Some((kind, message)) => {
                    let taken: usize = oracle.iter().map(|(_, message)| 8 + message.len().next_multiple_of(8)).sum();
                    let fits = taken + message.len().next_multiple_of(8) <= channel.capacity();
                    prop_assert_eq!(channel.push(kind, &message).unwrap(), fits);
                    if fits {
                        oracle.push_back((kind, message));
                    }
                }
                None => prop_assert_eq!(pop(&channel), oracle.pop_front()),
            }
            let bytes = oracle.iter().map(|(_, message)| message.len() as u64).sum();
            prop_assert_eq!(channel.stats(), ChannelStats { messages: oracle.len() as u64, bytes });
        }
    }
}

const PRODUCERS: usize = 2;
const CONSUMERS: usize = 2;
const MANY: usize = 4_000_000;
#[cfg(debug_assertions)]
const KILLS: u64 = 150;
#[cfg(not(debug_assertions))]
const KILLS: u64 = 500;
/// Longer than any machine makes a process wait for a lock that is free.
const LOST: Duration = Duration::from_secs(20);

/// What the processes share.
struct Stage {
    channel: Channel,
    /// per producer: the number of its next message
    next: Vec<AtomicLong>,
    /// per producer and number: how often it was popped
    seen: SharedSlice<AtomicU8>,
    /// messages that were not whole
    torn: AtomicLong,
}

impl Stage {
    fn new() -> Stage {
        let mut layout = Layout::default();
        let seen = layout.slice(PRODUCERS * MANY);
        Stage {
            channel: Channel::new(1000).unwrap(),
            next: (0..PRODUCERS).map(|_| AtomicLong::new(0).unwrap()).collect(),
            seen: layout.map().unwrap().slice(seen),
            torn: AtomicLong::new(0).unwrap(),
        }
    }

    fn child(&self, who: usize) -> Child {
        Child::that(|| if who < PRODUCERS { self.produce(who) } else { self.consume() })
    }

    fn produce(&self, who: usize) {
        loop {
            let number = self.next[who].get();
            assert!((number as usize) < MANY, "too fast for this test's table");
            let message = message(who, number);
            // Told first: a number is used once, so what comes twice was doubled by the channel.
            self.next[who].add(1);
            while !self.channel.push(who as u8, &message).unwrap() {
                std::thread::sleep(Duration::from_micros(20));
            }
        }
    }

    fn consume(&self) {
        let mut bytes = Vec::new();
        loop {
            if !self.pop(&mut bytes) {
                std::thread::sleep(Duration::from_micros(20));
            }
        }
    }

    fn pop(&self, bytes: &mut Vec<u8>) -> bool {
        let Some(who) = self.channel.pop(bytes) else { return false };
        let number = bytes.get(..8).map_or(-1, |number| i64::from_ne_bytes(number.try_into().unwrap()));
        if usize::from(who) >= PRODUCERS || number < 0 || *bytes != message(usize::from(who), number) {
            self.torn.add(1);
        } else {
            self.seen[usize::from(who) * MANY + number as usize].fetch_add(1, SeqCst);
        }
        true
    }
}

/// Message `number` of a producer: mostly small, some as long as the channel.
fn message(who: usize, number: i64) -> Vec<u8> {
    let size = if number % 50 == 19 { 1000 } else { 8 + number as usize % 90 };
    let mut message = vec![number as u8 ^ (who as u8) << 7; size];
    message[..8].copy_from_slice(&number.to_ne_bytes());
    message
}

#[test]
fn kills_at_both_ends_tear_and_double_nothing_and_lose_only_what_the_killed_had_in_hand() {
    let stage = Stage::new();
    let mut random = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64 | 1;
    let mut roll = |sides: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % sides
    };
    let mut children: Vec<_> = (0..PRODUCERS + CONSUMERS).map(|who| Some(stage.child(who))).collect();
    for _ in 0..KILLS {
        std::thread::sleep(Duration::from_micros(100 + roll(2000)));
        let who = roll(children.len() as u64) as usize;
        children[who] = None;
        children[who] = Some(stage.child(who));
    }
    // Producers end, what is in the channel is popped, consumers end.
    children[..PRODUCERS].fill_with(|| None);
    let deadline = Instant::now() + LOST;
    while stage.channel.stats().messages > 0 {
        assert!(Instant::now() < deadline, "{:?} stay", stage.channel.stats());
        std::thread::sleep(Duration::from_micros(100));
    }
    children.clear();
    // Whatever the dead held.
    let mut bytes = Vec::new();
    assert!(!stage.pop(&mut bytes));
    assert!(stage.channel.push(0, &[0; 1000]).unwrap());
    assert_eq!(stage.channel.stats(), ChannelStats { messages: 1, bytes: 1000 }, "exact");

    let (mut messages, mut missing, mut doubled) = (0, 0, 0);
    for who in 0..PRODUCERS {
        let pushed = stage.next[who].get() as usize;
        for seen in &stage.seen[who * MANY..who * MANY + pushed] {
            missing += u64::from(seen.load(SeqCst) == 0);
            doubled += u64::from(seen.load(SeqCst) > 1);
        }
        messages += pushed as u64;
    }
    println!("{messages} messages, {KILLS} kills, {missing} in hand of the killed");
    assert_eq!((stage.torn.get(), doubled), (0, 0), "torn, doubled");
    assert!(missing <= KILLS + (PRODUCERS + CONSUMERS) as u64, "{missing} of {messages} are lost");
    assert!(messages > 10 * KILLS, "{messages} messages are too few to mean anything");
}

#[test]
fn what_survivors_push_arrives_all_of_it_and_in_their_order() {
    const EACH: u64 = 20_000;
    let channel = Channel::new(500).unwrap();
    let producers: Vec<_> = (0..3_u8)
        .map(|who| {
            Child::that(|| {
                for number in 0..EACH {
                    while !channel.push(who, &number.to_ne_bytes()).unwrap() {
                        std::thread::yield_now();
                    }
                }
            })
        })
        .collect();
    let mut next = [0_u64; 3];
    let deadline = Instant::now() + 3 * LOST;
    while next != [EACH; 3] {
        assert!(Instant::now() < deadline, "{next:?} arrived");
        let Some((who, number)) = pop(&channel) else { continue };
        let next = &mut next[usize::from(who)];
        assert_eq!(number, next.to_ne_bytes(), "in order");
        *next += 1;
    }
    producers.into_iter().for_each(Child::wait);
    assert_eq!(channel.stats(), ChannelStats::default());
}
