//! A pipe within one process.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::os::fd::AsRawFd;
use std::thread;

/// What a fork would make of the pipe: the master's side of it and the worker's.
fn sides(kind: PipeType) -> (Pipe, Pipe) {
    let mut master = Pipe::new(kind).expect("a pipe");
    let own = |socket: &Option<Socket>| socket.as_ref().map(|s| s.try_clone().expect("a descriptor"));
    let mut worker = Pipe::new(kind).expect("a pipe");
    worker.ends = [own(&master.ends[0]), own(&master.ends[1])];
    worker.become_worker();
    master.let_go_of_worker();
    (master, worker)
}

fn read(pipe: &Pipe, most: usize) -> Result<Vec<u8>> {
    let mut buffer = b"old".to_vec();
    pipe.read(most, &mut buffer).map(|()| buffer)
}

#[test]
fn datagrams_arrive_one_by_one_in_both_directions() {
    let (master, worker) = sides(PipeType::Datagram);
    for message in [&b"one"[..], b"", b"three"] {
        assert_eq!(master.write(message).unwrap(), message.len());
    }
    assert_eq!(read(&worker, 100).unwrap(), b"one");
    assert_eq!(read(&worker, 100).unwrap(), b"");
    assert_eq!(read(&worker, 100).unwrap(), b"three");
    worker.write(b"back").unwrap();
    assert_eq!(read(&master, 4).unwrap(), b"back");
}

#[test]
fn a_datagram_longer_than_asked_for_comes_whole() {
    let (master, worker) = sides(PipeType::Datagram);
    master.write(b"twelve bytes").unwrap();
    assert_eq!(read(&worker, 11).unwrap(), b"twelve bytes");
}

#[test]
fn too_long_a_datagram_is_refused_with_the_limit_that_holds() {
    let (master, worker) = sides(PipeType::Datagram);
    let error = master.write(&vec![0; 4 << 20]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DataLengthTooLarge);
    let words = error.to_string();
    let limit: usize = words.split("which takes ").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
    assert!(master.write(&vec![0; limit + 1]).is_err());
    assert_eq!(master.write(&vec![7; limit]).unwrap(), limit);
    assert_eq!(read(&worker, limit).unwrap(), vec![7; limit]);
}

#[test]
fn a_stream_takes_more_than_it_holds_and_ends() {
    let (master, worker) = sides(PipeType::Stream);
    let long: Vec<u8> = (0..3_000_000_u32).map(|i| i as u8).collect();
    let expected = long.clone();
    let writer = thread::spawn(move || master.write(&long).unwrap());
    let mut all = Vec::new();
    while let Ok(part) = read(&worker, 65536) {
        if part.is_empty() {
            break;
        }
        all.extend_from_slice(&part);
    }
    assert_eq!(writer.join().unwrap(), expected.len());
    assert!(all == expected, "every byte in order");
}

#[test]
fn writing_to_nobody_is_an_error_and_no_signal() {
    let (master, worker) = sides(PipeType::Stream);
    drop(worker);
    assert_eq!(master.write(b"x").unwrap_err().code(), libc::EPIPE);
    assert_eq!(master.write(b"").unwrap(), 0);
}

#[test]
fn reading_nothing_is_refused() {
    let (master, _worker) = sides(PipeType::Stream);
    assert_eq!(read(&master, 0).unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn each_side_uses_its_own_end() {
    let (master, worker) = sides(PipeType::Stream);
    assert_eq!((master.end(), worker.end()), (End::Master, End::Worker));
    assert_ne!(master.descriptor().unwrap().as_raw_fd(), worker.descriptor().unwrap().as_raw_fd());
}

#[derive(Debug, Clone)]
enum Step {
    Write { from: End, length: usize },
    Read { at: End, most: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let end = || prop_oneof![Just(End::Master), Just(End::Worker)];
    let length = prop_oneof![4 => 0..300_usize, 1 => 0..20_000_usize];
    prop_oneof![
        (end(), length).prop_map(|(from, length)| Step::Write { from, length }),
        (end(), 1..5000_usize).prop_map(|(at, most)| Step::Read { at, most }),
    ]
}

/// What is under way to each end is kept beside: for datagrams one by one, for a stream in one piece.
fn a_pipe_does_what_a_list_does(kind: PipeType, steps: &[Step]) {
    let (master, worker) = sides(kind);
    master.set_blocking(false).unwrap();
    worker.set_blocking(false).unwrap();
    let mut lists: [VecDeque<Vec<u8>>; 2] = Default::default();
    let mut next = 0_u8;
    let mut buffer = Vec::new();
    for step in steps {
        match *step {
            Step::Write { from, length } => {
                let data: Vec<u8> = (0..length)
                    .map(|_| {
                        next = next.wrapping_add(1);
                        next
                    })
                    .collect();
                let (pipe, list) =
                    if from == End::Master { (&master, &mut lists[1]) } else { (&worker, &mut lists[0]) };
                // All of them together are far less than the kernel takes, unless nobody reads for long.
                match pipe.write(&data) {
                    Ok(written) => {
                        assert_eq!(written, length);
                        list.push_back(data);
                    }
                    Err(full) => {
                        assert_eq!(full.code(), libc::EAGAIN);
                        return;
                    }
                }
            }
            Step::Read { at, most } => {
                let (pipe, list) = if at == End::Master { (&master, &mut lists[0]) } else { (&worker, &mut lists[1]) };
                let found = pipe.read(most, &mut buffer);
                if kind == PipeType::Stream {
                    let whole: Vec<u8> = list.drain(..).flatten().collect();
                    if whole.is_empty() {
                        assert_eq!(found.unwrap_err().code(), libc::EAGAIN);
                        continue;
                    }
                    found.unwrap();
                    assert!(!buffer.is_empty() && buffer.len() <= most && whole.starts_with(&buffer));
                    list.push_back(whole[buffer.len()..].to_vec());
                } else {
                    match list.pop_front() {
                        Some(datagram) => {
                            found.unwrap();
                            assert!(buffer == datagram, "whole, and in order");
                        }
                        None => assert_eq!(found.unwrap_err().code(), libc::EAGAIN),
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_loses_nothing_and_keeps_the_order(steps in vec(step(), 1..80)) {
        a_pipe_does_what_a_list_does(PipeType::Stream, &steps);
    }

    #[test]
    fn datagrams_are_neither_lost_nor_cut(steps in vec(step(), 1..80)) {
        a_pipe_does_what_a_list_does(PipeType::Datagram, &steps);
    }
}
