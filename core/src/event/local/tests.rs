//! The timers of a thread, run by the thread of each test.

use super::*;
use crate::event::{Interest, Source};
use std::cell::Cell;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::time::Instant;

const MS: Duration = Duration::from_millis(1);

/// What the callbacks of a test note, in their order.
type Notes = Rc<RefCell<Vec<&'static str>>>;

fn notes() -> Notes {
    open();
    Notes::default()
}

fn noting(notes: &Notes, what: &'static str) -> DeferredFn {
    let notes = notes.clone();
    Box::new(move || {
        notes.borrow_mut().push(what);
        Flow::Continue
    })
}

fn timer(notes: &Notes, what: &'static str) -> TimerFn {
    let notes = notes.clone();
    Rc::new(move |_| {
        notes.borrow_mut().push(what);
        Flow::Continue
    })
}

/// Runs what there is as a loop does, until `done` or nothing is left.
fn run_until(done: impl Fn() -> bool) -> Flow {
    while !done()
        && let Some(sleep) = timeout()
    {
        std::thread::sleep(sleep);
        if let leave @ Flow::Leave { .. } = run() {
            return leave;
        }
    }
    Flow::Continue
}

#[test]
fn what_is_not_set_is_nothing() {
    assert!(!clear(1));
    assert_eq!((timeout(), run(), is_idle()), (None, Flow::Continue, true));
}

#[test]
fn a_timer_takes_one_millisecond_to_one_day() {
    open();
    let nothing: TimerFn = Rc::new(|_| Flow::Continue);
    for delay in [Duration::ZERO, MS - Duration::from_nanos(1), LONGEST + Duration::from_nanos(1), Duration::MAX] {
        for refused in [after(delay, nothing.clone()), tick(delay, nothing.clone())] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidParams);
            assert!(error.to_string().contains("1 ms to 86400000 ms"), "{error}");
        }
    }
    assert!(is_idle());
    for delay in [MS, LONGEST] {
        after(delay, nothing.clone()).unwrap();
        tick(delay, nothing.clone()).unwrap();
    }
}

#[test]
fn a_timer_fires_once_and_not_early() {
    let notes = notes();
    let begun = Instant::now();
    let id = after(5 * MS, timer(&notes, "fired")).unwrap();
    assert_eq!(run_until(|| false), Flow::Continue);
    assert!(begun.elapsed() >= 5 * MS);
    assert_eq!(*notes.borrow(), ["fired"]);
    assert!(!clear(id), "it is gone");
}

#[test]
fn a_callback_gets_its_number_and_may_clear_itself() {
    open();
    let calls = Rc::new(Cell::new(0));
    let count = calls.clone();
    let id = tick(
        MS,
        Rc::new(move |id| {
            count.set(count.get() + 1);
            if count.get() == 3 {
                assert!(clear(id));
                assert!(!clear(id), "there is none of that number any more");
            }
            Flow::Continue
        }),
    )
    .unwrap();
    assert_eq!(run_until(|| false), Flow::Continue);
    assert_eq!(calls.get(), 3);
    assert!(!clear(id));
    assert_eq!(Rc::strong_count(&calls), 1, "its callback was let go of");
}

#[test]
fn a_callback_may_clear_another_that_is_due_with_it() {
    let notes = notes();
    let other = Rc::new(Cell::new(0));
    let known = other.clone();
    after(
        MS,
        Rc::new(move |_| {
            assert!(clear(known.get()));
            Flow::Continue
        }),
    )
    .unwrap();
    other.set(after(MS, timer(&notes, "cleared")).unwrap());
    std::thread::sleep(2 * MS);
    assert_eq!(run(), Flow::Continue);
    assert!(notes.borrow().is_empty() && is_idle());
}

#[test]
fn a_tick_that_was_kept_waiting_fires_once_for_all_the_times_it_missed() {
    let notes = notes();
    let id = tick(MS, timer(&notes, "tick")).unwrap();
    std::thread::sleep(10 * MS);
    let _ = run();
    assert_eq!(*notes.borrow(), ["tick"]);
    assert!(clear(id));
}

#[test]
fn what_a_callback_sets_is_not_run_in_the_same_turn() {
    let notes = notes();
    let (inner, deferred) = (timer(&notes, "inner"), Rc::new(Cell::new(Some(noting(&notes, "deferred")))));
    after(
        MS,
        Rc::new(move |_| {
            after(MS, inner.clone()).unwrap();
            defer(deferred.take().expect("it is run once")).unwrap();
            // Longer than the new timer takes.
            std::thread::sleep(3 * MS);
            Flow::Continue
        }),
    )
    .unwrap();
    std::thread::sleep(2 * MS);
    let _ = run();
    assert_eq!(*notes.borrow(), ["deferred"], "a deferred call comes at the end of the turn, a timer in the next");
    let _ = run();
    assert_eq!(*notes.borrow(), ["deferred", "inner"]);
}

#[test]
fn a_call_deferred_by_a_deferred_call_runs_in_the_next_turn() {
    let notes = notes();
    let (again, inner) = (notes.clone(), noting(&notes, "inner"));
    defer(Box::new(move || {
        again.borrow_mut().push("outer");
        defer(inner).unwrap();
        Flow::Continue
    }))
    .unwrap();
    defer(noting(&notes, "second")).unwrap();
    let _ = run();
    assert_eq!(*notes.borrow(), ["outer", "second"]);
    assert_eq!(timeout(), Some(Duration::ZERO), "the loop must not sleep before it");
    let _ = run();
    assert_eq!(*notes.borrow(), ["outer", "second", "inner"]);
    assert!(is_idle());
}

#[test]
fn nothing_runs_after_a_timer_that_ends_the_process() {
    let notes = notes();
    after(MS, Rc::new(|_| Flow::Leave { code: 3 })).unwrap();
    after(MS, timer(&notes, "timer")).unwrap();
    defer(noting(&notes, "deferred")).unwrap();
    std::thread::sleep(2 * MS);
    assert_eq!(run(), Flow::Leave { code: 3 });
    assert!(notes.borrow().is_empty());
}

#[test]
fn nothing_runs_after_a_deferred_call_that_ends_the_process() {
    let notes = notes();
    defer(Box::new(|| Flow::Leave { code: 4 })).unwrap();
    defer(noting(&notes, "deferred")).unwrap();
    assert_eq!(run(), Flow::Leave { code: 4 });
    assert!(notes.borrow().is_empty());
}

/// Sets a timer when it is dropped, as the destructor of a PHP object may.
struct SetsTimer(Rc<Cell<Option<bool>>>);

impl Drop for SetsTimer {
    fn drop(&mut self) {
        let set = after(MS, Rc::new(|_| Flow::Continue)).is_ok();
        self.0.set(Some(set));
    }
}

#[test]
fn what_a_callback_holds_may_set_timers_when_it_is_let_go_of() {
    let outcome = Rc::new(Cell::new(None));
    let holding = || {
        let held = SetsTimer(outcome.clone());
        move || {
            let _ = &held;
            Flow::Continue
        }
    };
    let id = {
        open();
        let callback = holding();
        tick(MS, Rc::new(move |_| callback())).unwrap()
    };
    assert!(clear(id));
    assert_eq!(outcome.take(), Some(true), "after a clear");
    let callback = holding();
    after(MS, Rc::new(move |_| callback())).unwrap();
    std::thread::sleep(2 * MS);
    let _ = run();
    assert_eq!(outcome.take(), Some(true), "after it fired");
    defer(Box::new(holding())).unwrap();
    open();
    assert_eq!(outcome.take(), Some(true), "when another loop begins");
    defer(Box::new(holding())).unwrap();
    close();
    assert_eq!(outcome.take(), Some(true), "when the loop has ended");
}

#[test]
fn a_new_loop_begins_with_nothing() {
    let notes = notes();
    after(MS, timer(&notes, "old")).unwrap();
    defer(noting(&notes, "old")).unwrap();
    open();
    assert!(is_idle());
    assert_eq!(timeout(), None);
    assert_eq!(Rc::strong_count(&notes), 1, "the old callbacks were let go of");
}

#[test]
fn the_log_says_what_holds_the_loop() {
    let notes = notes();
    assert_eq!(held_by(), None);
    after(MS, timer(&notes, "")).unwrap();
    assert_eq!(held_by().unwrap(), "a timer that has not fired");
    after(MS, timer(&notes, "")).unwrap();
    tick(20 * MS, timer(&notes, "")).unwrap();
    assert_eq!(held_by().unwrap(), "a tick every 20 ms and 2 timers that have not fired");
    tick(7 * MS, timer(&notes, "")).unwrap();
    defer(noting(&notes, "")).unwrap();
    assert_eq!(
        held_by().unwrap(),
        "2 ticks, the shortest every 7 ms and 2 timers that have not fired and a deferred call"
    );
}

#[test]
fn a_full_look_after_which_nothing_is_left_does_not_wake_the_loop_again_and_again() {
    let pairs: Vec<_> = (0..crate::event::poller::AT_ONCE).map(|_| UnixStream::pair().unwrap()).collect();
    let all: Rc<RefCell<Vec<Source>>> = Rc::default();
    for (ours, theirs) in &pairs {
        (&*theirs).write_all(b"x").unwrap();
        let ends = all.clone();
        let callback = move |_| {
            // Not while it is borrowed: each of them is such a callback.
            let all = ends.take();
            drop(all);
            Flow::Continue
        };
        let source = Source::new(ours, Interest::READABLE, None, Rc::new(callback)).unwrap();
        all.borrow_mut().push(source);
    }
    assert_eq!(run(), Flow::Continue);
    assert_eq!(run(), Flow::Continue);
    assert_eq!(timeout(), None);
}

#[test]
fn what_was_ready_and_is_gone_since_a_callback_ended_the_loop_does_not_wake_it_again_and_again() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    theirs.write_all(b"x").unwrap();
    let source = Source::new(&ours, Interest::READABLE, None, Rc::new(|_| Flow::Continue)).unwrap();
    after(MS, Rc::new(|_| Flow::Leave { code: 1 })).unwrap();
    while let Some(left) = timeout().filter(|left| !left.is_zero()) {
        std::thread::sleep(left);
    }
    assert_eq!(run(), Flow::Leave { code: 1 });
    drop(source);
    assert_eq!(run(), Flow::Continue);
    assert_eq!(timeout(), None);
}
