//! A single-producer single-consumer ring of records in shared memory.
//!
//! ```text
//! tail (producer) and head (consumer) count bytes and only grow; capacity is a power of two
//! record   u32 length, u32 tag, u64 session, payload, padded to 16; never wraps: what is left at
//!          the end and too small is skipped by a record of kind PAD
//! push     room unless head, read again with Acquire, says so; write; tail.store(Release)
//! pop      tail.load(Acquire); check the length; hand out; head.store(Release) BEFORE the callback
//! ring     fence(SeqCst); if asleep: swap(0), and whoever swapped the 1 away rings the bell
//! sleep    asleep = 1; fence(SeqCst); look at every ring again; then sleep
//! full     waiting = 1; fence(SeqCst); look at head again; then wait
//! ```
//! The two fences pair up: either the producer sees `asleep`, or the consumer sees the new tail.
//! They are needed on x86 too, where a store may pass a later load.
//!
//! A producer that is killed in a push has not moved `tail`: the part it wrote does not exist. A
//! consumer that is killed in a callback has moved `head` past that one message: it is lost, and it
//! is the only one, and the process forked in its place goes on behind it. Two processes never
//! hold the same end at once: a dead one is reaped before its successor attaches.

use super::atomic::{AtomicU32, AtomicU64, Ordering, Padded, fence};
use std::cell::Cell;
use std::fmt;
use std::ptr::NonNull;
use std::sync::Arc;

const HEADER: usize = 16;
const ALIGN: u64 = 16;
/// Kind of the record that fills the end of the ring.
const PAD: u8 = 0xff;
/// Flag of a record whose message goes on in the next record.
pub const MORE: u8 = 1;
/// Flag of a record that continues the message of the record before.
pub const CONTINUES: u8 = 2;

/// What a ring's two ends share.
#[derive(Debug)]
#[repr(C)]
pub struct RingHeader {
    /// written by the producer: bytes published, and whole messages pushed
    tail: Padded<AtomicU64>,
    pushed: AtomicU64,
    /// written by the consumer: bytes handed out, and whole messages popped
    head: Padded<AtomicU64>,
    popped: AtomicU64,
    /// written by whoever reaps a dead consumer: how far it had read
    buried: AtomicU64,
    /// 1: the producer waits for room
    waiting: Padded<AtomicU32>,
}

#[cfg(not(loom))]
// SAFETY: atomics only, all zero means an empty ring.
unsafe impl super::region::Shared for RingHeader {}

#[cfg(loom)]
impl Default for RingHeader {
    fn default() -> Self {
        RingHeader {
            tail: Padded(AtomicU64::new(0)),
            pushed: AtomicU64::new(0),
            head: Padded(AtomicU64::new(0)),
            popped: AtomicU64::new(0),
            buried: AtomicU64::new(0),
            waiting: Padded(AtomicU32::new(0)),
        }
    }
}

/// The flag of a process that drains rings: 1 while it sleeps or is about to. One flag serves all the
/// rings it drains.
#[derive(Debug)]
#[repr(C)]
pub struct Sleeper {
    asleep: Padded<AtomicU32>,
}

#[cfg(not(loom))]
// SAFETY: one atomic; zero means awake.
unsafe impl super::region::Shared for Sleeper {}

impl Sleeper {
    #[cfg(loom)]
    #[allow(missing_docs)]
    pub fn new_awake() -> Self {
        Sleeper { asleep: Padded(AtomicU32::new(0)) }
    }

    /// Consumer: says that it is going to sleep. It must look at all its rings after this, and call
    /// [`Sleeper::awake`] if one is not empty, and again after it slept.
    pub fn announce(&self) {
        self.asleep.0.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
    }

    /// Consumer: is awake.
    pub fn awake(&self) {
        self.asleep.0.store(0, Ordering::Relaxed);
    }

    /// Producer, after a push: whether the consumer sleeps and this caller is the one to ring its bell.
    #[must_use]
    pub fn must_ring(&self) -> bool {
        fence(Ordering::SeqCst);
        self.asleep.0.load(Ordering::Relaxed) != 0 && self.asleep.0.swap(0, Ordering::Relaxed) != 0
    }

    /// Whether it sleeps; a hint.
    pub fn is_asleep(&self) -> bool {
        self.asleep.0.load(Ordering::Relaxed) != 0
    }
}

/// Where a ring lies. Keeps the memory alive.
#[derive(Clone)]
pub struct RingMemory {
    header: NonNull<RingHeader>,
    data: NonNull<u8>,
    capacity: u64,
    _keep: Arc<dyn Send + Sync>,
}

// SAFETY: the pointers lead to shared memory that `_keep` holds; all access goes through atomics, or
// to bytes that the ring's protocol gives to one side at a time.
unsafe impl Send for RingMemory {}

impl RingMemory {
    /// A ring over a header and `capacity` bytes (a power of two, at least 256, 16-aligned) of the
    /// memory that `keep` holds.
    ///
    /// # Safety
    /// Both pointers must be valid for as long as `keep` lives, and used by no other ring. There must
    /// be one producer and one consumer at a time, over all processes.
    pub unsafe fn new(
        header: NonNull<RingHeader>,
        data: NonNull<u8>,
        capacity: usize,
        keep: Arc<dyn Send + Sync>,
    ) -> Self {
        assert!(
            capacity.is_power_of_two() && capacity >= 256,
            "a ring's capacity must be a power of two of at least 256 bytes, not {capacity}"
        );
        RingMemory { header, data, capacity: capacity as u64, _keep: keep }
    }

    /// Ring number `index` of those whose headers lie in `headers` and whose bytes lie in `data`,
    /// `capacity` each. `keep` must hold both slices, and the caller sees to it that each end of each ring
    /// is attached once at a time.
    #[cfg(not(loom))]
    pub fn in_slices(
        headers: &super::region::SharedSlice<RingHeader>,
        data: &super::region::SharedSlice<std::sync::atomic::AtomicU8>,
        capacity: usize,
        index: usize,
        keep: Arc<dyn Send + Sync>,
    ) -> Self {
        let bytes = &data[index * capacity..(index + 1) * capacity];
        // SAFETY: both lie in shared memory that `keep` holds; bytes of AtomicU8 may be written through a
        // shared reference; no other index has this header or these bytes, and slices start 128-aligned.
        unsafe { RingMemory::new(NonNull::from(&headers[index]), NonNull::from(bytes).cast(), capacity, keep) }
    }

    /// A ring on the heap, for tests.
    #[cfg(any(test, loom))]
    pub fn on_heap(capacity: usize) -> Self {
        struct Heap(Box<RingHeader>, Box<[u128]>);
        #[cfg(loom)]
        let header = Box::<RingHeader>::default();
        #[cfg(not(loom))]
        // SAFETY: a zeroed header is an empty ring.
        let header = Box::new(unsafe { std::mem::zeroed::<RingHeader>() });
        let keep = Arc::new(Heap(header, vec![0u128; capacity / 16].into_boxed_slice()));
        let (header, data) = (NonNull::from(&*keep.0), NonNull::from(&keep.1[0]).cast());
        // SAFETY: both live as long as `keep` and are used by this ring only.
        unsafe { RingMemory::new(header, data, capacity, keep) }
    }

    fn header(&self) -> &RingHeader {
        // SAFETY: `new` requires it to be valid while `_keep` lives.
        unsafe { self.header.as_ref() }
    }

    /// Where the record at `position` lies. Positions are multiples of 16, so a record's header never passes the end.
    fn at(&self, position: u64) -> *mut u8 {
        debug_assert!(position.is_multiple_of(ALIGN));
        // SAFETY: the offset is below the capacity.
        unsafe { self.data.as_ptr().add((position & (self.capacity - 1)) as usize) }
    }

    fn tail(&self) -> u64 {
        aligned(self.header().tail.0.load(Ordering::Acquire))
    }

    fn head(&self) -> u64 {
        aligned(self.header().head.0.load(Ordering::Acquire))
    }

    /// Messages pushed and not yet popped; a hint.
    pub fn backlog(&self) -> u64 {
        let popped = self.header().popped.load(Ordering::Relaxed);
        self.header().pushed.load(Ordering::Relaxed).saturating_sub(popped)
    }

    /// Bytes that it holds.
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// How far it has been read and released.
    pub fn consumed(&self) -> u64 {
        self.head()
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.tail() == self.head()
    }

    /// Bytes in the ring; a hint.
    pub fn used(&self) -> u64 {
        let head = self.header().head.0.load(Ordering::Relaxed);
        self.header().tail.0.load(Ordering::Relaxed).saturating_sub(head)
    }

    /// Notes how far a consumer had read that has died. For its reaper, before there is a successor.
    pub fn bury(&self) {
        self.header().buried.store(self.header().head.0.load(Ordering::Acquire), Ordering::Release);
    }

    /// How far the last consumer that died had read, as a position of [`Producer::position`].
    pub fn buried(&self) -> u64 {
        self.header().buried.load(Ordering::Acquire)
    }

    /// Consumer, after it made room: whether the producer waits for it and this caller is to wake it.
    #[must_use]
    pub fn must_wake_producer(&self) -> bool {
        fence(Ordering::SeqCst);
        self.header().waiting.0.load(Ordering::Relaxed) != 0 && self.header().waiting.0.swap(0, Ordering::Relaxed) != 0
    }

    /// The word that a waiting producer may sleep on while it is 1.
    #[cfg(not(loom))]
    pub fn waiting_word(&self) -> &AtomicU32 {
        &self.header().waiting.0
    }
}

/// A position as it was read from shared memory. Only something that wrote over it can have left one between two
/// records; where it leads to is wrong then, but never outside the ring.
fn aligned(position: u64) -> u64 {
    position & !(ALIGN - 1)
}

impl fmt::Debug for RingMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RingMemory").field("capacity", &self.capacity).field("used", &self.used()).finish()
    }
}

/// What a record says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tag {
    /// kind of message, below 255; its meaning is the codec's
    pub kind: u8,
    /// [`MORE`] and [`CONTINUES`]
    pub flags: u8,
    /// free for the codec
    pub extra: u16,
}

impl Tag {
    fn pack(self) -> u32 {
        u32::from(self.kind) | u32::from(self.flags) << 8 | u32::from(self.extra) << 16
    }
    fn unpack(word: u32) -> Tag {
        Tag { kind: word as u8, flags: (word >> 8) as u8, extra: (word >> 16) as u16 }
    }
}

/// The end that writes.
#[derive(Debug)]
pub struct Producer {
    memory: RingMemory,
    tail: u64,
    /// head as last seen: the real one is only read when this says full
    head: u64,
    pushed: u64,
}

impl Producer {
    /// Takes the writing end, going on where the last producer stopped.
    pub fn attach(memory: RingMemory) -> Producer {
        let tail = memory.tail();
        let pushed = memory.header().pushed.load(Ordering::Relaxed);
        // Full, as far as is known before the first look at the real head.
        Producer { tail, head: tail.wrapping_sub(memory.capacity), pushed, memory }
    }

    /// Goes on where another producer of this ring has stopped meanwhile. For producers that take turns.
    pub fn resume(&mut self) {
        self.tail = self.memory.tail();
        self.pushed = self.memory.header().pushed.load(Ordering::Relaxed);
    }

    /// Where this ring lies.
    pub fn memory(&self) -> &RingMemory {
        &self.memory
    }

    /// The longest payload of one record; longer messages go in several.
    pub fn max_payload(&self) -> usize {
        (self.memory.capacity / 4) as usize - HEADER
    }

    /// How far the ring has been written.
    pub fn position(&self) -> u64 {
        self.tail
    }

    /// Bytes that a record of `payload` bytes takes if it is written at the tail now, padding included.
    fn need(&self, payload: usize) -> (u64, u64) {
        let record = (HEADER as u64 + payload as u64).next_multiple_of(ALIGN);
        let to_end = self.memory.capacity - (self.tail & (self.memory.capacity - 1));
        (record, if to_end < record { to_end } else { 0 })
    }

    fn has_room(&mut self, bytes: u64) -> bool {
        let room = |tail: u64, head| self.memory.capacity.checked_sub(tail.wrapping_sub(head));
        if room(self.tail, self.head) >= Some(bytes) {
            return true;
        }
        // Acquire: the consumer has read what we are about to overwrite. A head that makes no sense (something wrote
        // over it) counts as full.
        self.head = self.memory.head();
        let fits = room(self.tail, self.head) >= Some(bytes);
        if !fits {
            // Says no news, unless something wrote over tail: then the consumer went astray, and finds back by this.
            self.memory.header().tail.0.store(self.tail, Ordering::Release);
        }
        fits
    }

    /// Writes one record whose payload is `parts` joined (at most [`Producer::max_payload`] bytes) and
    /// publishes it. False: there is no room, and nothing happened.
    #[must_use]
    pub fn try_push(&mut self, tag: Tag, session: u64, parts: [&[u8]; 2]) -> bool {
        let payload = parts[0].len() + parts[1].len();
        assert!(
            payload <= self.max_payload(),
            "a record of {payload} bytes is above this ring's {}",
            self.max_payload()
        );
        let (record, padding) = self.need(payload);
        if !self.has_room(record + padding) {
            return false;
        }
        // SAFETY: `has_room` said that these bytes are not the consumer's any more; records start at
        // multiples of 16, and this one does not pass the end of the ring, since `padding` skips it.
        unsafe {
            if padding > 0 {
                let at = self.memory.at(self.tail);
                at.cast::<u32>().write((padding - HEADER as u64) as u32);
                at.add(4).cast::<u32>().write(Tag { kind: PAD, ..Tag::default() }.pack());
                self.tail = self.tail.wrapping_add(padding);
            }
            let at = self.memory.at(self.tail);
            at.cast::<u32>().write(payload as u32);
            at.add(4).cast::<u32>().write(tag.pack());
            at.add(8).cast::<u64>().write(session);
            std::ptr::copy_nonoverlapping(parts[0].as_ptr(), at.add(HEADER), parts[0].len());
            std::ptr::copy_nonoverlapping(parts[1].as_ptr(), at.add(HEADER + parts[0].len()), parts[1].len());
        }
        self.tail = self.tail.wrapping_add(record);
        let header = self.memory.header();
        if tag.flags & MORE == 0 {
            self.pushed = self.pushed.wrapping_add(1);
            header.pushed.store(self.pushed, Ordering::Relaxed);
        }
        // Release: whoever sees the new tail sees the record.
        header.tail.0.store(self.tail, Ordering::Release);
        true
    }

    /// Says that this producer waits until there is room for a record of `payload` bytes. True: there
    /// still is none, and the consumer will see to it that the producer is woken. False: there is room.
    #[must_use]
    pub fn wait_for_room(&mut self, payload: usize) -> bool {
        self.memory.header().waiting.0.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let (record, padding) = self.need(payload);
        if self.has_room(record + padding) {
            self.memory.header().waiting.0.store(0, Ordering::Relaxed);
            return false;
        }
        true
    }
}

/// A record as the consumer sees it: its payload lies in the ring until the record is released.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// kind, flags and the codec's own
    pub tag: Tag,
    /// the session it belongs to
    pub session: u64,
    /// its bytes
    pub payload: &'a [u8],
}

/// The ring's indices make no sense: something wrote over them. What was in the ring is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrupt {
    /// bytes that were given up
    pub bytes: u64,
}

/// The end that reads.
#[derive(Debug)]
pub struct Consumer {
    memory: RingMemory,
    /// read up to here; published by `release`
    head: Cell<u64>,
    tail: Cell<u64>,
    popped: Cell<u64>,
}

impl Consumer {
    /// Takes the reading end, going on where the last consumer stopped.
    pub fn attach(memory: RingMemory) -> Consumer {
        let head = memory.head();
        let popped = memory.header().popped.load(Ordering::Relaxed);
        Consumer { memory, head: Cell::new(head), tail: Cell::new(head), popped: Cell::new(popped) }
    }

    /// Goes on where another consumer of this ring has stopped meanwhile. For consumers that take turns.
    pub fn resume(&mut self) {
        self.head.set(self.memory.head());
        self.tail.set(self.head.get());
        self.popped.set(self.memory.header().popped.load(Ordering::Relaxed));
    }

    /// How far it has read.
    pub fn position(&self) -> u64 {
        self.head.get()
    }

    /// Where this ring lies.
    pub fn memory(&self) -> &RingMemory {
        &self.memory
    }

    /// Reads the next record; None if there is none. The payload stays in place until [`Consumer::release`].
    pub fn next(&self) -> Result<Option<Record<'_>>, Corrupt> {
        loop {
            let head = self.head.get();
            if head == self.tail.get() {
                // Acquire: the records up to this tail are complete.
                self.tail.set(self.memory.tail());
                if head == self.tail.get() {
                    return Ok(None);
                }
            }
            let filled = self.tail.get().wrapping_sub(head);
            let to_end = self.memory.capacity - (head & (self.memory.capacity - 1));
            let at = self.memory.at(head);
            // SAFETY: tail is ahead of head, so a record starts here; its header never passes the end.
            let (length, tag, session) = unsafe {
                (at.cast::<u32>().read(), Tag::unpack(at.add(4).cast::<u32>().read()), at.add(8).cast::<u64>().read())
            };
            let record = (HEADER as u64 + u64::from(length)).next_multiple_of(ALIGN);
            if filled > self.memory.capacity || record > filled || record > to_end {
                let bytes = filled.min(self.memory.capacity);
                self.head.set(self.tail.get());
                self.popped.set(self.memory.header().pushed.load(Ordering::Relaxed));
                return Err(Corrupt { bytes });
            }
            self.head.set(head.wrapping_add(record));
            if tag.kind == PAD {
                continue;
            }
            if tag.flags & MORE == 0 {
                self.popped.set(self.popped.get().wrapping_add(1));
            }
            // SAFETY: these bytes belong to the consumer until it publishes a head behind them, which
            // needs `&mut self`, so this borrow has ended by then.
            let payload = unsafe { std::slice::from_raw_parts(at.add(HEADER), length as usize) };
            return Ok(Some(Record { tag, session, payload }));
        }
    }

    /// Gives the room of all records read so far back to the producer.
    pub fn release(&mut self) {
        let header = self.memory.header();
        header.popped.store(self.popped.get(), Ordering::Relaxed);
        // Release: the producer may overwrite what we have read.
        header.head.0.store(self.head.get(), Ordering::Release);
    }

    /// Whether there is nothing to read. Looks at the shared tail: this is the second look of the
    /// sleep protocol.
    pub fn is_empty(&self) -> bool {
        self.memory.tail() == self.head.get()
    }
}

#[cfg(test)]
mod tests;
