//! Signals sent to the test's own process. They belong to a process as a whole, so one test has its turn after the other.

use super::*;
use crate::event::{after, exit, is_idle, wait};
use crate::sys::process;
use crate::sys::signal::foreign;
use parking_lot::{Mutex, MutexGuard, const_mutex};
use std::cell::Cell;
use std::time::Duration;

static TURN: Mutex<()> = const_mutex(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock()
}

const SIGNAL: i32 = libc::SIGWINCH;

fn send(signo: i32) {
    process::kill(process::pid(), signo).expect("a signal to oneself");
}

fn until_idle() {
    assert_eq!(wait().unwrap(), Flow::Continue);
}

#[test]
fn a_handler_is_called_by_the_loop_and_keeps_it_until_it_is_taken_away() {
    let _turn = turn();
    let calls = Rc::new(Cell::new(0));
    let seen = calls.clone();
    signal(
        SIGNAL,
        Some(Rc::new(move |signo| {
            assert_eq!(signo, SIGNAL);
            seen.set(seen.get() + 1);
            if seen.get() == 3 {
                signal(SIGNAL, None).unwrap();
            } else {
                send(SIGNAL);
            }
            Flow::Continue
        })),
    )
    .unwrap();
    assert!(!is_idle());
    send(SIGNAL);
    assert_eq!(calls.get(), 0, "not from within the signal");
    until_idle();
    assert_eq!(calls.get(), 3);
}

#[test]
fn one_arriving_while_the_loop_sleeps_wakes_it() {
    let _turn = turn();
    signal(
        SIGNAL,
        Some(Rc::new(|_| {
            exit().unwrap();
            Flow::Continue
        })),
    )
    .unwrap();
    let sender = std::thread::spawn(|| {
        std::thread::sleep(Duration::from_millis(20)); // time: the loop is asleep by then; if not, the test proves less
        send(SIGNAL);
    });
    until_idle();
    sender.join().unwrap();
    assert!(is_idle());
}

#[test]
fn what_cannot_be_handled_is_refused() {
    let _turn = turn();
    let nothing = || -> Option<SignalFn> { Some(Rc::new(|_| Flow::Continue)) };
    for wrong in [0, -1, 65] {
        assert_eq!(signal(wrong, nothing()).unwrap_err().kind(), ErrorKind::InvalidParams);
    }
    assert_eq!(signal(libc::SIGKILL, nothing()).unwrap_err().code(), libc::EINVAL);
    assert_eq!(signal(SIGNAL, None).unwrap_err().kind(), ErrorKind::WrongOperation);
    assert!(is_idle());
}

#[test]
fn a_handler_of_another_part_of_the_program_is_called_and_wakes_the_loop() {
    let _turn = turn();
    let before = foreign::calls();
    foreign::handle(libc::SIGURG);
    follow(libc::SIGURG).unwrap();
    let told = Rc::new(Cell::new(false));
    let seen = told.clone();
    on_interrupt(Some(Rc::new(move || {
        seen.set(true);
        exit().unwrap();
        Flow::Continue
    })));
    after(Duration::from_secs(3600), Rc::new(|_| Flow::Continue)).unwrap();
    send(libc::SIGURG);
    until_idle();
    assert!(told.get());
    assert_eq!(foreign::calls(), before + 1, "the other's handler was called");
    on_interrupt(None);
}

#[test]
fn a_handler_that_another_part_of_the_program_has_set_since_stays_when_the_loops_own_goes() {
    let _turn = turn();
    signal(libc::SIGURG, Some(Rc::new(|_| Flow::Continue))).unwrap();
    foreign::handle(libc::SIGURG);
    signal(libc::SIGURG, None).unwrap();
    let (before, begun) = (foreign::calls(), std::time::Instant::now());
    send(libc::SIGURG);
    // Any thread of the process may be the one that is told.
    while foreign::calls() == before {
        assert!(begun.elapsed() < Duration::from_secs(10), "nobody handles it");
        std::thread::yield_now();
    }
}
