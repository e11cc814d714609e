//! The ring under every interleaving, and every delay of a store, that loom can find:
//! `RUSTFLAGS="--cfg loom" cargo test -p swoole-core --release --lib loom_`.
//!
//! Loom follows the header's atomics; a record's bytes are plain memory to it. So each record of the models has a
//! cell beside it that is written before the push and read before the release: loom fails a model in which
//! one end may touch it while the other does, as the record's own bytes would be.

use super::super::{Consumer, Producer, RingMemory, Sleeper, Tag};
use loom::cell::UnsafeCell;
use loom::sync::{Condvar, Mutex};
use loom::thread;
use std::sync::Arc;

/// The smallest ring: four records of [`LONGEST`] bytes.
const CAPACITY: usize = 256;
const RECORDS: u64 = 4;
const LONGEST: usize = 48;

/// What stands for the bytes of the four records.
struct Bytes([UnsafeCell<u64>; RECORDS as usize]);

// SAFETY: that the ends of the ring take turns at the cells is what loom checks.
unsafe impl Sync for Bytes {}
// SAFETY: as above.
unsafe impl Send for Bytes {}

impl Bytes {
    fn new() -> Arc<Bytes> {
        Arc::new(Bytes(std::array::from_fn(|_| UnsafeCell::new(0))))
    }

    fn write(&self, number: u64) {
        // SAFETY: loom checks that nobody else is at this cell.
        self.0[(number % RECORDS) as usize].with_mut(|cell| unsafe { *cell = number });
    }

    fn check(&self, number: u64) {
        // SAFETY: loom checks that nobody writes to this cell.
        self.0[(number % RECORDS) as usize].with(|cell| assert_eq!(unsafe { *cell }, number));
    }
}

/// A bell, as an eventfd is one: a ring that comes before the wait is not lost.
struct Bell {
    rung: Mutex<bool>,
    change: Condvar,
}

impl Bell {
    fn new() -> Arc<Bell> {
        Arc::new(Bell { rung: Mutex::new(false), change: Condvar::new() })
    }

    fn ring(&self) {
        *self.rung.lock().unwrap() = true;
        self.change.notify_one();
    }

    /// Loom reports a deadlock if nobody rings.
    fn wait(&self) {
        let mut rung = self.rung.lock().unwrap();
        while !*rung {
            rung = self.change.wait(rung).unwrap();
        }
        *rung = false;
    }
}

/// A writing end, and the cells of its records.
struct Writer {
    end: Producer,
    bytes: Arc<Bytes>,
}

/// A reading end. `next` is the number it has to read next.
struct Reader {
    end: Consumer,
    bytes: Arc<Bytes>,
    next: u64,
}

fn ring() -> (Writer, Reader) {
    let memory = RingMemory::on_heap(CAPACITY);
    let bytes = Bytes::new();
    let writer = Writer { end: Producer::attach(memory.clone()), bytes: bytes.clone() };
    (writer, Reader { end: Consumer::attach(memory), bytes, next: 0 })
}

impl Writer {
    /// Pushes record `number` into a ring that has room for it.
    fn push(&mut self, number: u64) {
        self.bytes.write(number);
        assert!(self.end.try_push(Tag::default(), number, [&[number as u8; LONGEST], &[]]), "there was room");
    }

    /// Pushes record `number`, waiting for room.
    fn push_when_room(&mut self, number: u64, room: &Bell) {
        while self.end.wait_for_room(LONGEST) {
            room.wait();
        }
        self.push(number);
    }
}

impl Reader {
    /// Reads one record, if there is one, and gives its room back.
    fn pop(&mut self) -> bool {
        {
            let Some(record) = self.end.next().expect("nothing wrote over the ring") else { return false };
            assert_eq!(record.session, self.next, "in order");
            assert_eq!(record.payload, [self.next as u8; LONGEST]);
        }
        self.bytes.check(self.next);
        self.next += 1;
        self.end.release();
        true
    }

    fn pop_and_wake(&mut self, room: &Bell) -> bool {
        let popped = self.pop();
        if popped && self.end.memory().must_wake_producer() {
            room.ring();
        }
        popped
    }
}

/// The consumer's side of the sleep protocol, until `done`.
fn drain_until(sleeper: &Sleeper, bell: &Bell, readers: &mut [Reader], done: impl Fn(&[Reader]) -> bool) {
    sleeper.awake();
    while !done(readers) {
        if readers.iter_mut().filter_map(|reader| reader.pop().then_some(())).count() > 0 {
            continue;
        }
        sleeper.announce();
        if readers.iter().all(|reader| reader.end.is_empty()) {
            bell.wait();
        }
        sleeper.awake();
    }
}

fn model(preemptions: Option<usize>, f: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    if builder.preemption_bound.is_none() {
        builder.preemption_bound = preemptions;
    }
    builder.check(f);
}

#[test]
fn loom_records_arrive_whole_and_in_order() {
    model(None, || {
        let (mut writer, mut reader) = ring();
        let producer = thread::spawn(move || (0..3).for_each(|number| writer.push(number)));
        for _ in 0..3 {
            reader.pop();
        }
        producer.join().unwrap();
        while reader.pop() {}
        assert_eq!(reader.next, 3, "nothing is lost");
        assert_eq!(reader.end.memory().backlog(), 0);
    });
}

#[test]
fn loom_producers_may_take_turns_under_a_lock() {
    model(None, || {
        let (first, mut reader) = ring();
        let second = Writer { end: Producer::attach(first.end.memory().clone()), bytes: first.bytes.clone() };
        let lock = Arc::new(Mutex::new(()));
        let producers = [first, second].map(|mut writer| {
            let lock = lock.clone();
            thread::spawn(move || {
                let _held = lock.lock().unwrap();
                writer.end.resume();
                writer.push(writer.end.position() / 64);
            })
        });
        reader.pop();
        for producer in producers {
            producer.join().unwrap();
        }
        while reader.pop() {}
        assert_eq!(reader.next, 2, "none is written over");
        assert_eq!(reader.end.memory().backlog(), 0);
    });
}

#[test]
fn loom_consumers_may_take_turns_under_a_lock() {
    model(Some(3), || {
        let (mut writer, first) = ring();
        let second = Reader { end: Consumer::attach(first.end.memory().clone()), bytes: first.bytes.clone(), next: 0 };
        // What the next one has to be.
        let next = Arc::new(Mutex::new(0));
        let consumers = [first, second].map(|mut reader| {
            let next = next.clone();
            thread::spawn(move || {
                let mut next = next.lock().unwrap();
                reader.end.resume();
                reader.next = *next;
                reader.pop();
                *next = reader.next;
                reader
            })
        });
        (0..2).for_each(|number| writer.push(number));
        let [mut reader, _] = consumers.map(|consumer| consumer.join().unwrap());
        reader.end.resume();
        reader.next = *next.lock().unwrap();
        while reader.pop() {}
        assert_eq!(reader.next, 2, "each once");
        assert_eq!(reader.end.memory().backlog(), 0);
    });
}

#[test]
fn loom_a_sleeping_consumer_is_woken() {
    model(None, || {
        let (mut writer, reader) = ring();
        let (sleeper, bell) = (Arc::new(Sleeper::new_awake()), Bell::new());
        let producer = {
            let (sleeper, bell) = (sleeper.clone(), bell.clone());
            thread::spawn(move || {
                for number in 0..2 {
                    writer.push(number);
                    if sleeper.must_ring() {
                        bell.ring();
                    }
                }
            })
        };
        drain_until(&sleeper, &bell, &mut [reader], |readers| readers[0].next == 2);
        producer.join().unwrap();
    });
}

#[test]
fn loom_one_bell_serves_two_rings() {
    model(Some(3), || {
        let (sleeper, bell) = (Arc::new(Sleeper::new_awake()), Bell::new());
        let mut readers = Vec::new();
        let producers: Vec<_> = (0..2)
            .map(|_| {
                let (mut writer, reader) = ring();
                readers.push(reader);
                let (sleeper, bell) = (sleeper.clone(), bell.clone());
                thread::spawn(move || {
                    writer.push(0);
                    if sleeper.must_ring() {
                        bell.ring();
                    }
                })
            })
            .collect();
        drain_until(&sleeper, &bell, &mut readers, |readers| readers.iter().all(|reader| reader.next == 1));
        producers.into_iter().for_each(|producer| producer.join().unwrap());
    });
}

#[test]
fn loom_a_producer_that_waits_for_room_is_woken() {
    model(Some(3), || {
        let (mut writer, mut reader) = ring();
        (0..RECORDS).for_each(|number| writer.push(number));
        assert!(!writer.end.try_push(Tag::default(), 0, [&[], &[]]), "full");
        let room = Bell::new();
        let producer = {
            let room = room.clone();
            thread::spawn(move || (RECORDS..RECORDS + 2).for_each(|number| writer.push_when_room(number, &room)))
        };
        for _ in 0..RECORDS {
            assert!(reader.pop_and_wake(&room));
        }
        producer.join().unwrap();
        while reader.pop() {}
        assert_eq!(reader.next, RECORDS + 2);
    });
}

#[test]
fn loom_both_ends_sleep_and_wake_each_other() {
    model(Some(3), || {
        let (mut writer, mut reader) = ring();
        (0..RECORDS).for_each(|number| writer.push(number));
        let (sleeper, bell, room) = (Arc::new(Sleeper::new_awake()), Bell::new(), Bell::new());
        let producer = {
            let (sleeper, bell, room) = (sleeper.clone(), bell.clone(), room.clone());
            thread::spawn(move || {
                for number in RECORDS..RECORDS + 2 {
                    writer.push_when_room(number, &room);
                    if sleeper.must_ring() {
                        bell.ring();
                    }
                }
            })
        };
        sleeper.awake();
        while reader.next < RECORDS + 2 {
            if reader.pop_and_wake(&room) {
                continue;
            }
            sleeper.announce();
            if reader.end.is_empty() {
                bell.wait();
            }
            sleeper.awake();
        }
        producer.join().unwrap();
    });
}
