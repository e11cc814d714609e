//! What is written through the loop comes out exactly and in order, however slowly the other end reads.

use crate::error::ErrorKind;
use crate::event::{self, Flow, Interest, local, watch};
use crate::sys::fd;
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::rc::Rc;

#[derive(Debug, Clone)]
enum Step {
    Write(usize),
    /// the other end reads so much, if it is there
    Read(usize),
    Turn,
    Add,
    Del,
}

fn step() -> impl Strategy<Value = Step> {
    let size = || prop_oneof![4 => 1..100usize, 4 => 1..100_000usize, 1 => 1..3_000_000usize];
    prop_oneof![
        6 => size().prop_map(Step::Write),
        4 => size().prop_map(Step::Read),
        6 => Just(Step::Turn),
        1 => Just(Step::Add),
        1 => Just(Step::Del),
    ]
}

/// The other end: knows which byte comes next.
struct Reader {
    end: File,
    accepted: usize,
    read: usize,
    wrong: bool,
}

/// Byte number `at` of the stream.
fn byte(at: usize) -> u8 {
    (at % 251) as u8
}

impl Reader {
    /// Reads until `most` bytes have come or none is there.
    fn read(&mut self, most: usize) {
        let (mut left, mut buffer) = (most, vec![0; most.min(1 << 16)]);
        while left > 0 {
            let room = left.min(buffer.len());
            let Ok(n @ 1..) = self.end.read(&mut buffer[..room]) else { break };
            self.wrong |= buffer[..n].iter().zip(self.read..).any(|(found, at)| *found != byte(at));
            self.read += n;
            left -= n;
        }
    }
}

fn ends(pipe: bool) -> (File, File) {
    let (ours, theirs): (OwnedFd, OwnedFd) = if pipe {
        let (reader, writer) = std::io::pipe().unwrap();
        (writer.into(), reader.into())
    } else {
        let (ours, theirs) = UnixStream::pair().unwrap();
        (ours.into(), theirs.into())
    };
    fd::set_blocking(theirs.as_raw_fd(), false);
    (ours.into(), theirs.into())
}

/// Watches for room; the callback holds that all that was accepted has left the buffer.
fn add(fd: RawFd, reader: &Rc<RefCell<Reader>>) -> bool {
    let reader = reader.clone();
    let callback = Rc::new(move |_| {
        let mut r = reader.borrow_mut();
        r.read(usize::MAX);
        r.wrong |= r.read < r.accepted;
        Flow::Continue
    });
    watch::add(fd, None, Some(callback), Interest::WRITABLE).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_comes_out_in_order(pipe in any::<bool>(), steps in vec(step(), 1..60)) {
        let (ours, end) = ends(pipe);
        let fd = ours.as_raw_fd();
        let reader = Rc::new(RefCell::new(Reader { end, accepted: 0, read: 0, wrong: false }));
        let mut watched = false;
        for step in steps {
            match step {
                Step::Write(size) => {
                    let begin = reader.borrow().accepted;
                    let data: Vec<u8> = (begin..begin + size).map(byte).collect();
                    match watch::write(fd, &data) {
                        Ok(()) => reader.borrow_mut().accepted += size,
                        Err(e) => {
                            prop_assert_eq!(e.kind(), ErrorKind::OutputBufferOverflow);
                            let waiting = begin - reader.borrow().read;
                            prop_assert!(waiting + size > watch::BUFFER, "{} refused beside {}", size, waiting);
                        }
                    }
                }
                Step::Read(most) => reader.borrow_mut().read(most),
                Step::Turn => {
                    let _ = local::run();
                }
                Step::Add => {
                    let added = add(fd, &reader);
                    prop_assert_eq!(added, !watched);
                    watched = true;
                }
                Step::Del => {
                    // What is left then would be lost.
                    while reader.borrow().read < reader.borrow().accepted {
                        reader.borrow_mut().read(usize::MAX);
                        let _ = local::run();
                    }
                    prop_assert_eq!(watch::del(fd).is_ok(), watched);
                    watched = false;
                }
            }
            prop_assert!(!reader.borrow().wrong);
        }
        while reader.borrow().read < reader.borrow().accepted {
            prop_assert!(watch::isset(fd, Interest::WRITABLE) || reader.borrow().accepted - reader.borrow().read < 1 << 20);
            reader.borrow_mut().read(usize::MAX);
            let _ = local::run();
        }
        prop_assert!(!reader.borrow().wrong);
        let _ = local::run();
        prop_assert_eq!(event::is_idle(), !watched, "one that only writes leaves the loop when all is written");
        local::close();
    }
}
