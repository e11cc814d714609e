//! The loop over forks, and signals. Each case runs in a process of its own, since the handlers of signals are the whole process's.

use crate::event::{self, Flow, Interest, TimerId, local, watch};
use crate::sys::fd::{self, Asked};
use crate::sys::process::{self, Forked};
use crate::sys::signal;
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::{Cell, RefCell};
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);

/// A forked process; dead and reaped when this is gone. What it allocates, glibc allows.
struct Child {
    pid: i32,
    reports: PipeReader,
}

impl Child {
    /// Runs `role` in a child, which reports bytes; '.' last if it returned, or '!' and a line that says why it panicked.
    fn new(role: impl FnOnce(&mut PipeWriter)) -> Child {
        let (reports, mut to_parent) = std::io::pipe().unwrap();
        let parent = process::pid();
        match process::fork().unwrap() {
            Forked::Parent(pid) => Child { pid, reports },
            Forked::Child => {
                process::die_with_parent(parent);
                signal::unblock_all();
                // It must not get back into the test program.
                let outcome = catch_unwind(AssertUnwindSafe(|| role(&mut to_parent)));
                let _ = match outcome {
                    Ok(()) => to_parent.write_all(b"."),
                    Err(why) => {
                        let why =
                            why.downcast_ref::<String>().map(String::as_str).or(why.downcast_ref::<&str>().copied());
                        to_parent.write_all(format!("!{}\n", why.unwrap_or_default().replace('\n', " ")).as_bytes())
                    }
                };
                loop {
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
        }
    }

    /// Its next report.
    fn report(&mut self) -> char {
        let mut asked = [Asked::new(self.reports.as_raw_fd(), true, false, false)];
        assert_eq!(
            fd::poll(&mut asked, Some(LIMIT), fd::Interrupt::Never).unwrap(),
            1,
            "the child says nothing any more"
        );
        let mut byte = [0];
        self.reports.read_exact(&mut byte).unwrap();
        byte[0].into()
    }

    /// What comes behind all other reports: whether all went well, or why not.
    fn outcome(&mut self) -> Result<(), String> {
        loop {
            match self.report() {
                '.' => return Ok(()),
                '!' => return Err(std::iter::repeat_with(|| self.report()).take_while(|c| *c != '\n').collect()),
                _ => {}
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = process::kill(self.pid, signal::SIGKILL);
        while process::reap(self.pid).is_none() {
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}

fn nothing() -> event::local::TimerFn {
    Rc::new(|_: TimerId| Flow::Continue)
}

/// Puts something of each kind into this process's loop; the other end of what is watched.
fn fill_loop(called: &Rc<Cell<u32>>) -> (UnixStream, UnixStream) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let counting = || {
        let called = called.clone();
        move || {
            called.set(called.get() + 1);
            Flow::Continue
        }
    };
    let (on_read, on_time, on_signal) = (counting(), counting(), counting());
    watch::add(ours.as_raw_fd(), Some(Rc::new(move |_| on_read())), None, Interest::READABLE).unwrap();
    event::tick(Duration::from_millis(1), Rc::new(move |_| on_time())).unwrap();
    event::signal(libc::SIGURG, Some(Rc::new(move |_| on_signal()))).unwrap();
    event::defer(Box::new(counting())).unwrap();
    event::cycle(Some(Rc::new(counting())), true);
    (ours, theirs)
}

#[test]
fn a_forked_process_begins_with_an_empty_loop_and_leaves_its_parents_alone() {
    let mut child = Child::new(|_| {
        let called = Rc::new(Cell::new(0));
        let (ours, mut theirs) = fill_loop(&called);
        theirs.write_all(b"x").unwrap();
        let mut grandchild = Child::new(|_| {
            process::kill(process::pid(), libc::SIGURG).unwrap();
            std::thread::sleep(Duration::from_millis(2));
            assert!(event::is_idle() && event::timers().is_empty());
            assert!(!watch::isset(ours.as_raw_fd(), Interest::READABLE));
            assert_eq!(local::run(), Flow::Continue);
            assert_eq!(event::wait().unwrap(), Flow::Continue);
            assert_eq!(called.get(), 0);
            // The same descriptor, in a loop of its own.
            let own = fill_loop(&called);
            local::run().eq(&Flow::Continue).then_some(()).unwrap();
            assert!(called.get() > 0);
            drop(own);
            local::close();
        });
        grandchild.outcome().unwrap();
        assert!(
            !fd::set_blocking(ours.as_raw_fd(), false),
            "the child has made the parent's descriptor blocking again"
        );
        let before = called.get();
        assert_eq!(local::run(), Flow::Continue);
        assert!(called.get() >= before + 4, "cycle, timer, descriptor and deferred call: {}", called.get());
        process::kill(process::pid(), libc::SIGURG).unwrap();
        let before = called.get();
        assert_eq!(local::run(), Flow::Continue);
        assert!(called.get() >= before + 3, "cycle, descriptor and signal: {}", called.get() - before);
        local::close();
    });
    child.outcome().unwrap();
}

#[test]
fn a_process_forked_in_a_callback_begins_with_an_empty_loop() {
    let mut child = Child::new(|_| {
        let forked = Rc::new(RefCell::new(None));
        let keep = forked.clone();
        event::after(
            Duration::from_millis(1),
            Rc::new(move |_| {
                *keep.borrow_mut() = Some(Child::new(|_| {
                    assert!(event::is_idle());
                    let called = Rc::new(Cell::new(0));
                    let count = called.clone();
                    event::after(
                        Duration::from_millis(1),
                        Rc::new(move |_| {
                            count.set(count.get() + 1);
                            Flow::Continue
                        }),
                    )
                    .unwrap();
                    assert_eq!(event::wait().unwrap(), Flow::Continue);
                    assert_eq!(called.get(), 1);
                }));
                Flow::Continue
            }),
        )
        .unwrap();
        event::after(Duration::from_millis(2), nothing()).unwrap();
        assert_eq!(event::wait().unwrap(), Flow::Continue);
        forked.borrow_mut().as_mut().unwrap().outcome().unwrap();
    });
    child.outcome().unwrap();
}

#[test]
fn no_burst_of_signals_is_lost() {
    let mut child = Child::new(|to_parent| {
        let own = to_parent.try_clone().unwrap();
        let stop = Rc::new(Cell::new(false));
        let ended = stop.clone();
        event::signal(
            libc::SIGUSR1,
            Some(Rc::new(move |_| {
                (&own).write_all(b"s").unwrap();
                Flow::Continue
            })),
        )
        .unwrap();
        event::signal(
            libc::SIGUSR2,
            Some(Rc::new(move |_| {
                ended.set(true);
                event::exit().map_or(Flow::Leave { code: 1 }, |()| Flow::Continue)
            })),
        )
        .unwrap();
        to_parent.write_all(b"r").unwrap();
        assert_eq!(event::wait().unwrap(), Flow::Continue);
        assert!(stop.get());
    });
    assert_eq!(child.report(), 'r');
    for burst in 0..300 {
        let sent = 1 + burst % 7;
        (0..sent).for_each(|_| process::kill(child.pid, libc::SIGUSR1).unwrap());
        // At least one call comes after the last of them was sent; there may be more, of those that did not arrive together.
        assert_eq!(child.report(), 's', "burst {burst}");
    }
    process::kill(child.pid, libc::SIGUSR2).unwrap();
    child.outcome().unwrap();
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Listen(usize),
    Give(usize),
    Raise(usize),
    Turn,
}

/// The system ignores them by itself, so they do no harm without a handler.
const HARMLESS: [i32; 3] = [libc::SIGURG, libc::SIGWINCH, libc::SIGCHLD];

fn step() -> impl Strategy<Value = Step> {
    let which = || 0..HARMLESS.len();
    prop_oneof![
        2 => which().prop_map(Step::Listen),
        1 => which().prop_map(Step::Give),
        4 => which().prop_map(Step::Raise),
        4 => Just(Step::Turn),
    ]
}

/// Each signal is told once a turn, if it arrived while there was a handler that is still there.
fn signals_do_what_a_list_of_flags_does(steps: &[Step]) {
    let told = Rc::new(RefCell::new([0; HARMLESS.len()]));
    let (mut listens, mut pending) = ([false; HARMLESS.len()], [false; HARMLESS.len()]);
    for step in steps {
        match *step {
            Step::Listen(which) => {
                let told = told.clone();
                let callback = Rc::new(move |signo| {
                    assert_eq!(signo, HARMLESS[which]);
                    told.borrow_mut()[which] += 1;
                    Flow::Continue
                });
                event::signal(HARMLESS[which], Some(callback)).unwrap();
                // Given a second time it replaces the callback, which is told of what has arrived already.
                listens[which] = true;
            }
            Step::Give(which) => {
                assert_eq!(event::signal(HARMLESS[which], None).is_ok(), listens[which]);
                (listens[which], pending[which]) = (false, false);
            }
            Step::Raise(which) => {
                process::kill(process::pid(), HARMLESS[which]).unwrap();
                pending[which] |= listens[which];
            }
            Step::Turn => {
                // It must not sleep where something has arrived.
                if pending.contains(&true) {
                    assert_eq!(event::dispatch().unwrap(), Flow::Continue);
                } else {
                    assert_eq!(local::run(), Flow::Continue);
                }
                assert_eq!(told.take(), pending.map(u32::from));
                pending = [false; HARMLESS.len()];
            }
        }
        assert_eq!(event::is_idle(), !listens.contains(&true));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn signals_are_told_once_a_turn(steps in vec(step(), 1..60)) {
        let mut child = Child::new(|_| signals_do_what_a_list_of_flags_does(&steps));
        prop_assert_eq!(child.outcome(), Ok(()));
    }
}
