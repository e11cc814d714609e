//! Waiting once, for pairs of sockets.

use super::*;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::Instant;

fn asked(fd: RawFd, read: bool, write: bool) -> Selected {
    Selected { fd, read, write, except: false }
}

fn wait(all: &mut [Selected], millis: u64) -> Result<usize> {
    select(all, Some(Duration::from_millis(millis)), Interrupt::Never)
}

#[test]
fn what_is_ready_is_told_and_the_rest_is_not() {
    let (a, mut b) = UnixStream::pair().unwrap();
    let (c, _d) = UnixStream::pair().unwrap();
    b.write_all(b"x").unwrap();
    let mut all =
        [asked(a.as_raw_fd(), true, false), asked(c.as_raw_fd(), true, false), asked(c.as_raw_fd(), false, true)];
    assert_eq!(wait(&mut all, 1000).unwrap(), 2);
    assert_eq!(all.map(|s| (s.read, s.write)), [(true, false), (false, false), (false, true)]);
}

#[test]
fn nothing_ready_takes_the_whole_timeout() {
    let (a, _b) = UnixStream::pair().unwrap();
    let begun = Instant::now();
    assert_eq!(wait(&mut [asked(a.as_raw_fd(), true, false)], 30).unwrap(), 0);
    assert!(begun.elapsed() >= Duration::from_millis(30));
}

#[test]
fn the_end_of_the_peer_is_readable() {
    let (a, b) = UnixStream::pair().unwrap();
    drop(b);
    let mut all = [asked(a.as_raw_fd(), true, false)];
    assert_eq!(wait(&mut all, 1000).unwrap(), 1);
    assert!(all[0].read);
}

#[test]
fn a_closed_descriptor_is_named() {
    let (a, _b) = UnixStream::pair().unwrap();
    let error = wait(&mut [asked(a.as_raw_fd(), true, false), asked(1_000_000, true, false)], 0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
    assert!(error.to_string().contains("1000000"), "{error}");
}

#[test]
fn nothing_to_wait_for_is_a_pause() {
    let begun = Instant::now();
    assert_eq!(wait(&mut [], 20).unwrap(), 0);
    assert!(begun.elapsed() >= Duration::from_millis(20));
}

#[test]
fn a_negative_number_is_refused() {
    let mut all = [asked(-1, true, false)];
    assert_eq!(wait(&mut all, 0).unwrap_err().kind(), ErrorKind::InvalidParams);
}
