//! Whatever is written over a ring: its ends stay inside it, do not panic, do not hang, and go on.

use super::super::{Consumer, Producer, RingHeader, RingMemory, Tag};
use proptest::collection::vec;
use proptest::prelude::*;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::Ordering;

const CAPACITY: usize = 512;
/// Bytes on both sides of the ring that nobody may touch.
const GUARD: usize = 1024;
const UNTOUCHED: u8 = 0xa5;

/// A ring between two guards.
struct Fenced {
    header: Box<RingHeader>,
    bytes: Vec<u128>,
}

impl Fenced {
    fn new() -> Arc<Fenced> {
        // SAFETY: a zeroed header is an empty ring.
        let header = Box::new(unsafe { std::mem::zeroed::<RingHeader>() });
        let mut bytes = vec![u128::from_ne_bytes([UNTOUCHED; 16]); (CAPACITY + 2 * GUARD) / 16];
        bytes[GUARD / 16..(GUARD + CAPACITY) / 16].fill(0);
        Arc::new(Fenced { header, bytes })
    }

    fn start(&self) -> *const u8 {
        self.bytes.as_ptr().cast()
    }

    fn ring(self: &Arc<Self>) -> RingMemory {
        // SAFETY: the middle of `bytes` is CAPACITY bytes long, and used by this ring only.
        unsafe {
            let data = NonNull::new_unchecked(self.start().add(GUARD).cast_mut());
            RingMemory::new(NonNull::from(&*self.header), data, CAPACITY, self.clone())
        }
    }

    fn guards_are_untouched(&self) -> bool {
        [0, GUARD + CAPACITY].iter().all(|at| {
            // SAFETY: the guard lies inside `bytes`.
            let guard = unsafe { std::slice::from_raw_parts(self.start().add(*at), GUARD) };
            guard == [UNTOUCHED; GUARD]
        })
    }

    fn holds(&self, payload: &[u8]) -> bool {
        let start = self.start() as usize + GUARD;
        let from = payload.as_ptr() as usize;
        from >= start && from + payload.len() <= start + CAPACITY
    }
}

#[derive(Debug, Clone)]
enum Step {
    Push(u8),
    /// read everything; release it, or only at the next time
    Drain(bool),
    Data {
        at: u16,
        bytes: Vec<u8>,
    },
    Tail(u64),
    Head(u64),
    /// the positions, moved by a little
    Nudge {
        tail: i64,
        head: i64,
    },
    Counters(u64, u64),
    Waiting(u32),
    ReplaceProducer,
    ReplaceConsumer,
}

fn step() -> impl Strategy<Value = Step> {
    let position = || prop_oneof![any::<u64>(), 0..4096u64, Just(u64::MAX), Just(u64::MAX - 15)];
    prop_oneof![
        8 => any::<u8>().prop_map(Step::Push),
        4 => any::<bool>().prop_map(Step::Drain),
        4 => (0..CAPACITY as u16, vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Step::Data { at, bytes }),
        1 => position().prop_map(Step::Tail),
        1 => position().prop_map(Step::Head),
        2 => (-600..600i64, -600..600i64).prop_map(|(tail, head)| Step::Nudge { tail, head }),
        1 => (position(), position()).prop_map(|(pushed, popped)| Step::Counters(pushed, popped)),
        1 => any::<u32>().prop_map(Step::Waiting),
        1 => Just(Step::ReplaceProducer),
        1 => Just(Step::ReplaceConsumer),
    ]
}

/// Reads until the ring is empty. Every turn takes at least the header of a record, or all that is in the ring.
fn drain(fenced: &Fenced, consumer: &Consumer) -> Result<(), TestCaseError> {
    for turn in 0.. {
        match consumer.next() {
            Ok(None) => break,
            Ok(Some(record)) => prop_assert!(fenced.holds(record.payload), "a payload outside the ring"),
            Err(lost) => prop_assert!(lost.bytes <= CAPACITY as u64),
        }
        prop_assert!(turn < 2 * CAPACITY / 16, "it never becomes empty");
    }
    prop_assert!(consumer.is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_in_the_ring_stays_in_the_ring(steps in vec(step(), 1..80)) {
        let fenced = Fenced::new();
        let memory = fenced.ring();
        let (mut producer, mut consumer) = (Producer::attach(memory.clone()), Consumer::attach(memory.clone()));
        for step in steps {
            match step {
                Step::Push(size) => {
                    let payload = vec![size; usize::from(size) * producer.max_payload() / 255];
                    if !producer.try_push(Tag::default(), 7, [&payload, &[]]) {
                        let _ = producer.wait_for_room(payload.len());
                    }
                }
                Step::Drain(release) => {
                    drain(&fenced, &consumer)?;
                    if release {
                        consumer.release();
                        let _ = memory.must_wake_producer();
                    }
                }
                Step::Data { at, bytes } => {
                    for (i, byte) in bytes.into_iter().enumerate() {
                        // SAFETY: the offset is below the capacity.
                        unsafe { memory.data.as_ptr().add((usize::from(at) + i) % CAPACITY).write(byte) };
                    }
                }
                Step::Tail(tail) => fenced.header.tail.0.store(tail, Ordering::Relaxed),
                Step::Head(head) => fenced.header.head.0.store(head, Ordering::Relaxed),
                Step::Nudge { tail, head } => {
                    fenced.header.tail.0.fetch_add(tail as u64, Ordering::Relaxed);
                    fenced.header.head.0.fetch_add(head as u64, Ordering::Relaxed);
                }
                Step::Counters(pushed, popped) => {
                    fenced.header.pushed.store(pushed, Ordering::Relaxed);
                    fenced.header.popped.store(popped, Ordering::Relaxed);
                }
                Step::Waiting(word) => fenced.header.waiting.0.store(word, Ordering::Relaxed),
                Step::ReplaceProducer => producer = Producer::attach(memory.clone()),
                Step::ReplaceConsumer => consumer = Consumer::attach(memory.clone()),
            }
            prop_assert!(fenced.guards_are_untouched());
            let _ = (memory.used(), memory.backlog(), memory.buried());
        }
        // The noise is over. What was in the ring may be lost, and nothing after it.
        for _ in 0..2 * CAPACITY / 16 {
            drain(&fenced, &consumer)?;
            consumer.release();
            let _ = producer.try_push(Tag::default(), 7, [&[0; 16], &[]]);
        }
        drain(&fenced, &consumer)?;
        consumer.release();
        for number in 0..100u64 {
            let payload = [number as u8; 40];
            prop_assert!(producer.try_push(Tag { kind: 3, ..Tag::default() }, number, [&payload, &[]]), "record {}", number);
            {
                let record = consumer.next().expect("no noise any more").expect("one was pushed");
                prop_assert_eq!((record.tag.kind, record.session, record.payload), (3, number, &payload[..]));
            }
            consumer.release();
            prop_assert_eq!(memory.used(), 0);
        }
    }
}
