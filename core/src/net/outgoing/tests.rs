//! What comes out of the socket is what was put in, in order, however little it takes at a time.

use super::OutQueue;
use proptest::collection::vec;
use proptest::prelude::*;
use socket2::{Domain, Socket, Type};
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::Shutdown;

/// A file without a name, which holds `bytes`.
fn file(bytes: &[u8]) -> File {
    let name = std::env::temp_dir().join(format!("outgoing-{}-{:?}", std::process::id(), std::thread::current().id()));
    let mut file = File::options().read(true).write(true).create_new(true).open(&name).unwrap();
    std::fs::remove_file(name).unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// Two ends of a stream that takes little at a time.
fn pair() -> (Socket, Socket) {
    let (near, far) = Socket::pair(Domain::UNIX, Type::STREAM, None).unwrap();
    near.set_send_buffer_size(4096).unwrap();
    near.set_nonblocking(true).unwrap();
    far.set_nonblocking(true).unwrap();
    (near, far)
}

/// Reads up to `limit` bytes.
fn read(far: &mut Socket, limit: usize, into: &mut Vec<u8>) -> usize {
    let mut bytes = vec![0; limit];
    match far.read(&mut bytes) {
        Ok(count) => {
            into.extend_from_slice(&bytes[..count]);
            count
        }
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => 0,
        Err(e) => panic!("reading failed: {e}"),
    }
}

#[derive(Debug, Clone)]
enum Step {
    Bytes(usize),
    File { size: usize, offset: usize },
    Flush,
    Read(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let size = || prop_oneof![5 => 0..50usize, 3 => 0..3000usize, 1 => 0..150_000usize, 1 => Just(64usize << 10)];
    prop_oneof![
        6 => size().prop_map(Step::Bytes),
        2 => (size(), 0..5000usize).prop_map(|(size, offset)| Step::File { size, offset }),
        5 => Just(Step::Flush),
        5 => prop_oneof![1..100usize, 1..20_000usize].prop_map(Step::Read),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_goes_in_comes_out_in_order(steps in vec(step(), 1..80)) {
        let (near, mut far) = pair();
        let mut queue = OutQueue::default();
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        let mut written = 0;
        let content: Vec<u8> = (0..160_000u32).map(|i| (i % 251) as u8).collect();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Bytes(size) => {
                    let bytes: Vec<u8> = (0..size).map(|i| (i * 3 + number) as u8).collect();
                    queue.push_bytes(&bytes);
                    expected.extend(bytes);
                }
                Step::File { size, offset } => {
                    queue.push_file(file(&content), offset as u64, size as u64);
                    expected.extend_from_slice(&content[offset..offset + size]);
                }
                Step::Flush => {
                    let flushed = queue.flush(&near).unwrap();
                    written += flushed.written;
                    prop_assert_eq!(flushed.empty, queue.is_empty());
                }
                Step::Read(limit) => {
                    read(&mut far, limit, &mut found);
                }
            }
            prop_assert_eq!(queue.queued(), expected.len() as u64 - written);
            prop_assert_eq!(queue.is_empty(), queue.queued() == 0);
        }
        while !queue.is_empty() || found.len() < expected.len() {
            let flushed = queue.flush(&near).unwrap();
            written += flushed.written;
            let count = read(&mut far, 100_000, &mut found);
            prop_assert!(flushed.written > 0 || count > 0, "nothing moves");
        }
        prop_assert_eq!(written, expected.len() as u64);
        prop_assert!(found == expected, "the bytes differ");
        let flushed = queue.flush(&near).unwrap();
        prop_assert_eq!((flushed.written, flushed.empty), (0, true));
    }
}

#[test]
fn a_file_that_became_shorter_ends_the_connection() {
    let (near, mut far) = pair();
    let mut queue = OutQueue::default();
    queue.push_bytes(b"head");
    queue.push_file(file(b"0123456789"), 4, 100);
    assert_eq!(queue.flush(&near).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    let mut found = Vec::new();
    read(&mut far, 100, &mut found);
    assert_eq!(found, b"head456789");
}

#[test]
fn a_peer_that_is_gone_is_an_error() {
    let (near, far) = pair();
    // Closing it would not do: a test that forks may hold a copy for a while.
    far.shutdown(Shutdown::Both).unwrap();
    for with_file in [false, true] {
        let mut queue = OutQueue::default();
        if with_file {
            queue.push_file(file(b"0123456789"), 0, 10);
        } else {
            queue.push_bytes(b"bytes");
        }
        assert_eq!(queue.flush(&near).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
