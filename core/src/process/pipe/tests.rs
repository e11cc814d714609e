//! A pipe within one process.

use super::*;
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
