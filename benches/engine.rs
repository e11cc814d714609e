//! What the engine's inner parts cost, each by itself: `cargo bench -p swoole-core`. Whole servers are measured by
//! `bench/run`.

#![allow(missing_docs)] // criterion_group makes an undocumented function

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::collections::VecDeque;
use std::hint::black_box;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use swoole_core::event::local::{self, Flow, TimerFn};
use swoole_core::event::{self, Interest};
use swoole_core::ipc::message::Kind;
use swoole_core::ipc::{Outgoing, Receiver, Sender};
use swoole_core::protocol::{Framing, LengthField, LengthType, Progress, Protocol, Verdict};
use swoole_core::server::dispatch::{DispatchMode, Dispatcher, Scoreboard, Subject};
use swoole_core::shm::region::Layout;
use swoole_core::shm::ring::RingMemory;

const CAPACITY: usize = 1 << 18;
const BATCH: u64 = 64;

/// A message of 128 bytes through a ring, in batches, without a second process.
fn ring(c: &mut Criterion) {
    let mut layout = Layout::default();
    let (headers, data) = (layout.slice(1), layout.slice(CAPACITY));
    let region = layout.map().expect("shared memory");
    let memory =
        RingMemory::in_slices(&region.slice(headers), &region.slice(data), CAPACITY, 0, Arc::new(region.clone()));
    let (mut sender, mut receiver) = (Sender::attach(memory.clone()), Receiver::attach(memory));
    let body = [7; 128];
    let mut group = c.benchmark_group("ring");
    group.throughput(Throughput::Elements(BATCH));
    group.bench_function("push and take 64 messages", |b| {
        let mut bytes = Vec::new();
        b.iter(|| {
            for session in 1..=BATCH as i64 {
                let message = Outgoing { kind: Kind::Data, port: 0, session, head: &[], body: &body };
                assert!(sender.push(message, &mut 0));
            }
            while let Some(taken) = receiver.take(&mut bytes) {
                black_box((taken, bytes.len()));
            }
        });
    });
    group.finish();
}

fn split(protocol: &Protocol, stream: &[u8]) -> usize {
    let (mut progress, mut from) = (Progress::default(), 0);
    while let Verdict::Deliver(length) = protocol.next(&mut progress, &stream[from..], &mut |_| -1) {
        from += length;
    }
    from
}

/// 64 KiB of packages of 64 bytes.
fn framers(c: &mut Criterion) {
    let lines: Vec<u8> = std::iter::repeat_n([[b'x'; 62].as_slice(), b"\r\n"].concat(), 1024).flatten().collect();
    let counted: Vec<u8> =
        std::iter::repeat_n([&60u32.to_be_bytes()[..], &[b'x'; 60]].concat(), 1024).flatten().collect();
    let eof = Protocol::new(Framing::EofSplit { eof: Box::from(&b"\r\n"[..]) }, 1 << 20).expect("a protocol");
    let field = LengthField { kind: LengthType::from_char('N').expect("a type"), offset: 0, body_offset: 4 };
    let length = Protocol::new(Framing::Length(field), 1 << 20).expect("a protocol");
    let mut group = c.benchmark_group("framer");
    group.throughput(Throughput::Bytes(lines.len() as u64));
    group.bench_function("end mark", |b| b.iter(|| assert_eq!(split(&eof, black_box(&lines)), lines.len())));
    group.bench_function("length field", |b| b.iter(|| assert_eq!(split(&length, black_box(&counted)), counted.len())));
    group.finish();
}

struct Even;

impl Scoreboard for Even {
    fn in_flight(&self, worker: usize) -> u64 {
        worker as u64 % 3
    }
    fn connections(&self, worker: usize) -> u64 {
        worker as u64 % 5
    }
}

/// One decision among eight workers.
fn dispatch(c: &mut Criterion) {
    let mut group = c.benchmark_group("dispatch");
    for mode in
        [DispatchMode::RoundRobin, DispatchMode::SessionModulo, DispatchMode::AddressHash, DispatchMode::FewestInFlight]
    {
        let mut dispatcher = Dispatcher::new(mode, 8, 0);
        let address = Some("192.0.2.7".parse().expect("an address"));
        let mut session = 0;
        group.bench_function(format!("{mode:?}"), |b| {
            b.iter(|| {
                session += 1;
                dispatcher.choose(black_box(&Subject { session, address, uid: None, tied: None }), &Even)
            });
        });
    }
    group.finish();
}

/// Adding a timer and clearing it again while 100,000 others are alive, that fire in the next ten minutes.
fn timers(c: &mut Criterion) {
    const ALIVE: i64 = 100_000;
    let callback: TimerFn = Rc::new(|_| Flow::Continue);
    // The same delays in every run, in no order.
    let delay = |n: i64| Duration::from_micros(60_000_000 + n.unsigned_abs().wrapping_mul(0x9e37_79b9) % 600_000_000);
    let add_all = || -> VecDeque<_> {
        local::open();
        (0..ALIVE).map(|n| local::after(delay(n), callback.clone()).expect("a timer")).collect()
    };
    let mut group = c.benchmark_group("timers, 100,000 alive");
    add_all();
    group.bench_function("add one and clear it", |b| {
        let mut n = 0;
        b.iter(|| {
            n += 1;
            let id = local::after(black_box(delay(n)), callback.clone()).expect("a timer");
            assert!(local::clear(id));
        });
    });
    group.bench_function("add one and clear the oldest", |b| {
        let mut alive = add_all();
        let mut n = 0;
        b.iter(|| {
            n += 1;
            alive.push_back(local::after(black_box(delay(n)), callback.clone()).expect("a timer"));
            assert!(local::clear(alive.pop_front().expect("it is never empty")));
        });
    });
    group.finish();
    local::close();
}

/// Turns of the loop: of deferred calls alone, and with descriptors that a program watches and does not drain.
fn turns(c: &mut Criterion) {
    let mut group = c.benchmark_group("a turn");
    group.throughput(Throughput::Elements(BATCH));
    group.bench_function("64 deferred calls", |b| {
        b.iter(|| {
            for _ in 0..BATCH {
                event::defer(Box::new(|| Flow::Continue)).expect("a deferred call");
            }
            assert_eq!(local::run(), Flow::Continue);
        });
    });
    let pairs: Vec<_> = (0..BATCH).map(|_| UnixStream::pair().expect("a socket pair")).collect();
    for (ours, theirs) in &pairs {
        (&mut &*theirs).write_all(b"x").expect("room for a byte");
        event::add(ours.as_raw_fd(), Some(Rc::new(|_| Flow::Continue)), None, Interest::READABLE)
            .expect("a descriptor");
    }
    group.bench_function("64 readable descriptors", |b| b.iter(|| assert_eq!(local::run(), Flow::Continue)));
    group.finish();
    local::close();
}

criterion_group!(engine, ring, framers, dispatch, timers, turns);
criterion_main!(engine);
