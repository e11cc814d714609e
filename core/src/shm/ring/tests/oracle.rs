//! The ring does what a queue in ordinary memory does, whoever crashes in between.

use super::super::{CONTINUES, Consumer, MORE, Producer, RingMemory, Tag};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;

#[derive(Debug, Clone)]
enum Step {
    /// push a record of this share (in 255ths) of the longest payload, in two parts
    Push {
        size: u8,
        split: u8,
        flags: u8,
    },
    /// read that many records
    Read(usize),
    Release,
    /// the producer dies, perhaps in the middle of a push, and another goes on
    ReplaceProducer {
        scribble: u8,
    },
    /// the consumer dies, and another goes on: what was read and not released comes again
    ReplaceConsumer,
}

fn step() -> impl Strategy<Value = Step> {
    let size = prop_oneof![2 => any::<u8>(), 1 => Just(0), 1 => Just(255)];
    let flags = prop::sample::select([0, MORE, CONTINUES, MORE | CONTINUES].as_slice());
    prop_oneof![
        8 => (size, any::<u8>(), flags).prop_map(|(size, split, flags)| Step::Push { size, split, flags }),
        4 => (1..6usize).prop_map(Step::Read),
        3 => Just(Step::Release),
        1 => any::<u8>().prop_map(|scribble| Step::ReplaceProducer { scribble }),
        1 => Just(Step::ReplaceConsumer),
    ]
}

/// A record, and how many bytes of the ring it takes, with the padding in front of it.
#[derive(Debug, Clone)]
struct Expected {
    tag: Tag,
    session: u64,
    payload: Vec<u8>,
    bytes: u64,
    /// the writer's position behind it
    end: u64,
}

/// The ring, as somebody would write it who has no memory to save.
struct Oracle {
    capacity: u64,
    tail: u64,
    queue: VecDeque<Expected>,
    /// how many of `queue` were read and not released
    read: usize,
}

impl Oracle {
    fn used(&self) -> u64 {
        self.queue.iter().map(|record| record.bytes).sum()
    }

    fn whole(&self) -> u64 {
        self.queue.iter().filter(|record| record.tag.flags & MORE == 0).count() as u64
    }

    /// The bytes that a record takes now.
    fn need(&self, payload: usize) -> u64 {
        let record = 16 + payload.div_ceil(16) as u64 * 16;
        let to_end = self.capacity - self.tail % self.capacity;
        if to_end < record { record + to_end } else { record }
    }
}

/// Writes over everything that is not the consumer's, as a producer does that dies before it publishes.
fn scribble(memory: &RingMemory, byte: u8) {
    let tail = memory.tail();
    for at in tail..memory.head() + memory.capacity {
        let place = (at % memory.capacity) as usize;
        // SAFETY: the place is below the capacity, and these bytes are the producer's, which is this thread.
        unsafe { memory.data.as_ptr().add(place).write(byte) };
    }
}

fn check(capacity: usize, steps: &[Step]) -> Result<(), TestCaseError> {
    let memory = RingMemory::on_heap(capacity);
    let mut producer = Producer::attach(memory.clone());
    let mut consumer = Consumer::attach(memory.clone());
    let mut oracle = Oracle { capacity: capacity as u64, tail: 0, queue: VecDeque::new(), read: 0 };
    let mut ends: Vec<u64> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        match *step {
            Step::Push { size, split, flags } => {
                let length = usize::from(size) * producer.max_payload() / 255;
                let payload: Vec<u8> = (0..length).map(|i| (i * 7 + number) as u8).collect();
                let (head, body) = payload.split_at(usize::from(split) * length / 255);
                let tag = Tag { kind: (number % 255) as u8, flags, extra: number as u16 };
                let session = (number as u64) << 40 | 1;
                let bytes = oracle.need(length);
                let fits = oracle.capacity - oracle.used() >= bytes;
                prop_assert_eq!(producer.try_push(tag, session, [head, body]), fits, "push of {} bytes", length);
                if fits {
                    oracle.tail += bytes;
                    oracle.queue.push_back(Expected { tag, session, payload, bytes, end: oracle.tail });
                    ends.push(producer.position());
                } else {
                    prop_assert!(producer.wait_for_room(length));
                    prop_assert!(memory.must_wake_producer());
                }
                prop_assert!(!memory.must_wake_producer());
                prop_assert_eq!(producer.position(), oracle.tail);
            }
            Step::Read(count) => {
                for _ in 0..count {
                    let expected = oracle.queue.get(oracle.read);
                    prop_assert_eq!(consumer.is_empty(), expected.is_none());
                    let found = consumer.next().expect("nothing wrote over the ring");
                    prop_assert_eq!(found.is_some(), expected.is_some());
                    let (Some(found), Some(expected)) = (found, expected) else { break };
                    prop_assert_eq!(found.tag, expected.tag);
                    prop_assert_eq!(found.session, expected.session);
                    prop_assert_eq!(found.payload, &expected.payload[..]);
                    oracle.read += 1;
                }
            }
            Step::Release => {
                consumer.release();
                oracle.queue.drain(..oracle.read);
                oracle.read = 0;
            }
            Step::ReplaceProducer { scribble: byte } => {
                scribble(&memory, byte);
                producer = Producer::attach(memory.clone());
            }
            Step::ReplaceConsumer => {
                memory.bury();
                let oldest = oracle.queue.front().map_or(u64::MAX, |record| record.end);
                for end in &ends {
                    prop_assert_eq!(*end <= memory.buried(), *end < oldest, "position {}", end);
                }
                consumer = Consumer::attach(memory.clone());
                oracle.read = 0;
            }
        }
        prop_assert_eq!(memory.used(), oracle.used());
        prop_assert_eq!(memory.backlog(), oracle.whole());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ring_is_a_queue(capacity in prop::sample::select(vec![256usize, 512, 1024, 4096]), steps in vec(step(), 1..300)) {
        check(capacity, &steps)?;
    }
}

#[test]
fn a_record_above_a_quarter_of_the_ring_is_refused() {
    let mut producer = Producer::attach(RingMemory::on_heap(256));
    let longest = producer.max_payload();
    assert_eq!(longest, 48);
    assert!(producer.try_push(Tag::default(), 1, [&vec![1; longest], &[]]));
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = producer.try_push(Tag::default(), 1, [&vec![1; longest], &[1]]);
    }));
    assert!(refused.is_err());
}

#[test]
fn whoever_swaps_the_flag_away_is_the_one_to_ring() {
    let sleeper = awake_sleeper();
    assert!(!sleeper.must_ring(), "awake");
    sleeper.announce();
    assert!(sleeper.is_asleep());
    assert!(sleeper.must_ring());
    assert!(!sleeper.must_ring(), "once");
    sleeper.announce();
    sleeper.awake();
    assert!(!sleeper.must_ring());
}

fn awake_sleeper() -> super::super::Sleeper {
    use super::super::super::atomic::{AtomicU32, Padded};
    super::super::Sleeper { asleep: Padded(AtomicU32::new(0)) }
}
