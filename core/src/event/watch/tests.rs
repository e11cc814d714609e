//! Descriptors of a program, watched by the loop of the thread of each test.

use super::*;
use crate::event::{clear, dispatch, exit, is_idle, tick, wait};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

const READ: Interest = Interest::READABLE;
const WRITE: Interest = Interest::WRITABLE;

fn pair() -> (UnixStream, UnixStream) {
    UnixStream::pair().expect("a socket pair")
}

fn until_idle() {
    assert_eq!(wait().unwrap(), Flow::Continue);
}

fn call(f: impl Fn(RawFd) + 'static) -> Option<WatchFn> {
    Some(Rc::new(move |fd| {
        f(fd);
        Flow::Continue
    }))
}

/// Reads one byte at a time, so that a level-triggered watch is called for each.
fn read_byte(mut from: &UnixStream) -> Option<u8> {
    let mut byte = [0];
    (from.read(&mut byte).ok()? == 1).then_some(byte[0])
}

#[test]
fn a_readable_descriptor_is_called_until_it_is_drained() {
    let (ours, mut theirs) = pair();
    let fd = ours.as_raw_fd();
    theirs.write_all(b"abc").unwrap();
    let got = Rc::new(RefCell::new(Vec::new()));
    let seen = got.clone();
    add(
        fd,
        call(move |fd| {
            seen.borrow_mut().extend(read_byte(&ours));
            if seen.borrow().len() == 3 {
                del(fd).unwrap();
            }
        }),
        None,
        READ,
    )
    .unwrap();
    until_idle();
    assert_eq!(*got.borrow(), b"abc");
}

#[test]
fn the_end_of_the_peer_is_readable_and_writing_goes_on() {
    let (ours, mut theirs) = pair();
    theirs.shutdown(std::net::Shutdown::Write).unwrap();
    let fd = ours.as_raw_fd();
    add(
        fd,
        call(move |fd| {
            assert_eq!(read_byte(&ours), None);
            write(fd, b"half open").unwrap();
            del(fd).unwrap();
        }),
        None,
        READ,
    )
    .unwrap();
    until_idle();
    let mut text = String::new();
    theirs.read_to_string(&mut text).unwrap();
    assert_eq!(text, "half open");
}

#[test]
fn adding_twice_is_refused() {
    let (ours, _theirs) = pair();
    let fd = ours.as_raw_fd();
    add(fd, call(|_| ()), None, READ).unwrap();
    let error = add(fd, call(|_| ()), None, READ).unwrap_err();
    assert!(error.to_string().contains("already"), "{error}");
    del(fd).unwrap();
    assert!(is_idle());
}

#[test]
fn a_regular_file_is_refused_with_what_to_do() {
    let file = tempfile::tempfile().unwrap();
    let error = add(file.as_raw_fd(), call(|_| ()), None, READ).unwrap_err();
    assert_eq!(error.code(), libc::EPERM);
    assert!(error.to_string().contains("swoole_async_read"), "{error}");
    assert!(is_idle());
}

#[test]
fn what_is_not_open_or_has_no_callback_is_refused() {
    assert_eq!(add(-1, call(|_| ()), None, READ).unwrap_err().kind(), ErrorKind::InvalidParams);
    let (ours, _theirs) = pair();
    let fd = ours.as_raw_fd();
    assert_eq!(add(fd, None, None, READ).unwrap_err().kind(), ErrorKind::InvalidParams);
    assert_eq!(add(fd, call(|_| ()), None, READ | WRITE).unwrap_err().kind(), ErrorKind::InvalidParams);
    assert_eq!(del(fd).unwrap_err().kind(), ErrorKind::WrongOperation);
    assert_eq!(set(fd, None, None, None).unwrap_err().kind(), ErrorKind::WrongOperation);
    assert!(!isset(fd, READ | WRITE));
}

#[test]
fn a_watch_can_be_changed() {
    let (ours, mut theirs) = pair();
    let fd = ours.as_raw_fd();
    let calls = Rc::new(Cell::new((0, 0)));
    let (r, w) = (calls.clone(), calls.clone());
    add(fd, call(move |_| r.set((r.get().0 + 1, r.get().1))), None, READ).unwrap();
    assert!(isset(fd, READ) && !isset(fd, WRITE));
    set(fd, None, call(move |_| w.set((w.get().0, w.get().1 + 1))), Some(READ | WRITE)).unwrap();
    let _ = dispatch().unwrap();
    assert_eq!(calls.get(), (0, 1));
    theirs.write_all(b"x").unwrap();
    set(fd, None, None, Some(READ)).unwrap();
    let _ = dispatch().unwrap();
    let _ = dispatch().unwrap();
    assert_eq!(calls.get(), (2, 1), "still readable, so called again");
    del(fd).unwrap();
}

#[test]
fn one_closed_behind_the_loops_back_does_not_keep_it_for_ever() {
    let (ours, theirs) = pair();
    add(ours.as_raw_fd(), call(|_| ()), None, READ).unwrap();
    let closing = Cell::new(Some(ours));
    crate::event::defer(Box::new(move || {
        drop(closing.take());
        Flow::Continue
    }))
    .unwrap();
    let begun = Instant::now();
    until_idle();
    assert!(begun.elapsed() < Duration::from_secs(5));
    drop(theirs);
}

#[test]
fn one_closed_in_its_own_callback_is_out_at_once() {
    let (ours, mut theirs) = pair();
    theirs.write_all(b"x").unwrap();
    let fd = ours.as_raw_fd();
    let closing = Cell::new(Some(ours));
    add(fd, call(move |_| drop(closing.take())), None, READ).unwrap();
    let begun = Instant::now();
    until_idle();
    assert!(begun.elapsed() < Duration::from_millis(900), "not only by the look once a second");
}

#[test]
fn a_number_that_means_another_file_by_now_can_be_added() {
    let (ours, _theirs) = pair();
    let fd = ours.as_raw_fd();
    add(fd, call(|_| panic!("the old one")), None, READ).unwrap();
    drop(ours);
    let (mut others, ours) = pair();
    // The lowest free number is taken first.
    let ours = if ours.as_raw_fd() == fd { ours } else { std::mem::replace(&mut others, ours) };
    if ours.as_raw_fd() != fd {
        return; // another test's thread took the number
    }
    others.write_all(b"x").unwrap();
    add(fd, call(move |fd| del(fd).unwrap()), None, READ).unwrap();
    until_idle();
}

#[test]
fn what_does_not_fit_waits_and_arrives_in_order() {
    let (ours, mut theirs) = pair();
    let fd = ours.as_raw_fd();
    let sent: Vec<u8> = (0..5_000_000_u32).map(|i| (i % 251) as u8).collect();
    for part in sent.chunks(700_001) {
        write(fd, part).unwrap();
    }
    assert!(isset(fd, WRITE));
    let reader = std::thread::spawn(move || {
        let mut all = Vec::new();
        theirs.read_to_end(&mut all).unwrap();
        all
    });
    until_idle();
    assert!(!isset(fd, WRITE), "done with writing, it is out of the loop");
    drop(ours);
    assert!(reader.join().unwrap() == sent);
}

#[test]
fn more_than_the_buffer_is_refused_whole() {
    let (ours, _theirs) = pair();
    let fd = ours.as_raw_fd();
    write(fd, &vec![1; BUFFER]).unwrap();
    let error = write(fd, &vec![2; BUFFER]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutputBufferOverflow);
    assert_eq!(write(fd, b"").unwrap_err().kind(), ErrorKind::InvalidParams);
    del(fd).unwrap();
}

#[test]
fn a_peer_that_is_gone_is_told_of_and_leaves_nothing_in_the_loop() {
    let (ours, theirs) = pair();
    drop(theirs);
    assert_eq!(write(ours.as_raw_fd(), b"x").unwrap_err().code(), libc::EPIPE);
    assert!(is_idle());
}

#[test]
fn a_write_callback_comes_after_what_waited() {
    let (ours, mut theirs) = pair();
    let fd = ours.as_raw_fd();
    let queued = Rc::new(Cell::new(usize::MAX));
    let seen = queued.clone();
    add(
        fd,
        None,
        call(move |fd| {
            seen.set(local::watches(|w| w.by_fd[&fd].queued()));
            del(fd).unwrap();
        }),
        WRITE,
    )
    .unwrap();
    write(fd, &vec![7; 2_000_000]).unwrap();
    let reader = std::thread::spawn(move || {
        let mut all = vec![0; 2_000_000];
        theirs.read_exact(&mut all).unwrap();
    });
    until_idle();
    assert_eq!(queued.get(), 0);
    reader.join().unwrap();
}

#[test]
fn exit_ends_the_wait_and_drops_what_is_set() {
    let (ours, _theirs) = pair();
    add(ours.as_raw_fd(), call(|_| ()), None, READ).unwrap();
    let id = tick(
        Duration::from_millis(1),
        Rc::new(|_| {
            exit().unwrap();
            Flow::Continue
        }),
    )
    .unwrap();
    until_idle();
    assert!(!clear(id) && is_idle());
}

#[test]
fn waiting_within_a_callback_is_refused() {
    let refused = Rc::new(Cell::new(None));
    let seen = refused.clone();
    crate::event::defer(Box::new(move || {
        seen.set(Some((wait().unwrap_err().kind(), dispatch().unwrap_err().kind())));
        Flow::Continue
    }))
    .unwrap();
    until_idle();
    assert_eq!(refused.get(), Some((ErrorKind::WrongOperation, ErrorKind::WrongOperation)));
}

#[test]
fn a_blocking_descriptor_is_blocking_again_afterwards() {
    let (ours, _theirs) = pair();
    let fd = ours.as_raw_fd();
    add(fd, call(|_| ()), None, READ).unwrap();
    assert!(!fd::set_blocking(fd, false), "non-blocking while it is in the loop");
    del(fd).unwrap();
    assert!(fd::set_blocking(fd, false), "blocking again");
}

/// Runs the loop until nothing keeps it; false: it was ended because that took too long.
fn comes_to_an_end() -> bool {
    let late = Rc::new(Cell::new(false));
    let seen = late.clone();
    let id = crate::event::after(
        Duration::from_secs(5),
        Rc::new(move |_| {
            seen.set(true);
            exit().unwrap();
            Flow::Continue
        }),
    )
    .unwrap();
    let guard = id;
    crate::event::cycle(
        Some(Rc::new(move || {
            if local::held_by().as_deref() == Some("a timer that has not fired") {
                clear(guard);
            }
            Flow::Continue
        })),
        false,
    );
    until_idle();
    crate::event::cycle(None, false);
    !late.get()
}

#[test]
fn a_forgotten_watch_leaves_the_new_owner_of_its_number_alone() {
    let (ours, _theirs) = pair();
    let mut ours = std::os::fd::OwnedFd::from(ours);
    let fd = ours.as_raw_fd();
    add(fd, call(|_| panic!("the old one")), None, READ).unwrap();
    // Closed behind the loop's back, and its number is a client's by now.
    let (new, mut peer) = pair();
    rustix::io::dup2(&new, &mut ours).unwrap();
    let source: Rc<RefCell<Option<Source>>> = Rc::default();
    let told = source.clone();
    let callback = move |_| {
        told.borrow_mut().take();
        Flow::Continue
    };
    *source.borrow_mut() = Some(Source::new(&ours, READ, Some("a client"), Rc::new(callback)).unwrap());
    assert!(!isset(fd, READ), "the watch is found to be stale");
    peer.write_all(b"x").unwrap();
    assert!(comes_to_an_end(), "the client's source was told of its byte");
}

#[test]
fn memory_for_what_waits_does_not_grow_with_what_was_written() {
    let (ours, mut theirs) = pair();
    let fd = ours.as_raw_fd();
    const PART: usize = 512 << 10;
    let mut part = vec![0; PART];
    write(fd, &vec![1; 4 << 20]).unwrap();
    for _ in 0..60 {
        // As much comes as goes, so it never becomes empty.
        write(fd, &part).unwrap();
        let mut read = 0;
        while read < PART {
            theirs.read_exact(&mut part[..32 << 10]).unwrap();
            read += 32 << 10;
            assert_eq!(local::run(), Flow::Continue);
        }
    }
    let capacity = local::watches(|w| w.by_fd[&fd].out.borrow().capacity());
    assert!(capacity <= 2 * BUFFER, "{capacity} bytes for at most 5 million that wait");
    theirs.set_nonblocking(true).unwrap();
    drop(theirs);
    until_idle();
}

/// Writes more than the descriptor takes; whether that waited for the other end, which reads only when the loop has gone on.
fn waits_in_a_write(ours: std::os::fd::OwnedFd, mut other_end: impl Read + Send + 'static) -> bool {
    let (done, wait_for) = std::sync::mpsc::channel::<()>();
    let reader = std::thread::spawn(move || {
        let late = wait_for.recv_timeout(Duration::from_secs(5)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
        std::io::copy(&mut other_end, &mut std::io::sink()).unwrap();
        late
    });
    let fd = ours.as_raw_fd();
    add(fd, None, call(|fd| del(fd).unwrap()), WRITE).unwrap();
    fd::set_blocking(fd, true);
    write(fd, &vec![1; 2 << 20]).unwrap();
    drop(done);
    until_idle();
    drop(ours);
    reader.join().unwrap()
}

#[test]
fn a_descriptor_that_was_made_blocking_behind_the_loops_back_does_not_block_it() {
    let (ours, theirs) = pair();
    assert!(!waits_in_a_write(ours.into(), theirs));
    let (end, pipe) = std::io::pipe().unwrap();
    assert!(!waits_in_a_write(pipe.into(), end));
}

#[test]
fn after_exit_in_a_callback_no_other_is_called() {
    let (ours, mut theirs) = pair();
    theirs.write_all(b"x").unwrap();
    let ends = call(|_| exit().unwrap());
    add(ours.as_raw_fd(), ends, call(|_| panic!("the loop has ended")), READ | WRITE).unwrap();
    crate::event::cycle(
        Some(Rc::new(|| {
            assert!(!local::is_ending());
            Flow::Continue
        })),
        false,
    );
    until_idle();
    crate::event::cycle(Some(Rc::new(|| panic!("the loop has ended"))), false);
    crate::event::defer(Box::new(|| {
        exit().unwrap();
        Flow::Continue
    }))
    .unwrap();
    until_idle();
}

#[test]
fn what_is_deleted_outside_of_the_loop_does_not_wake_it_again_and_again() {
    let (ours, mut theirs) = pair();
    theirs.write_all(b"x").unwrap();
    let fd = ours.as_raw_fd();
    let reads = call(move |_| assert_eq!(read_byte(&ours), Some(b'x')));
    add(fd, reads, None, READ).unwrap();
    assert_eq!(local::run(), Flow::Continue);
    assert!(local::timeout().is_some(), "it is looked at, since what ran may have closed it");
    del(fd).unwrap();
    assert_eq!(local::timeout(), None);
}
