//! Threads, their limits, and the loop that waits for them.

use super::super::pool::{Lane, answer, begin, promise};
use super::*;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::ThreadId;

/// Work waits here until it is opened.
#[derive(Default, Clone)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        drop(self.0.1.wait_while(self.0.0.lock().unwrap(), |open| !*open).unwrap());
    }
}

const FILES: Lane = Lane::Files(2);

fn here() -> Result<ThreadId> {
    Ok(std::thread::current().id())
}

#[test]
fn nothing_keeps_the_loop_when_all_is_done() {
    assert!(event::is_idle());
    result_of(|done| read_file(Path::new("/dev/null"), done)).unwrap();
    assert!(event::is_idle());
    assert_eq!(event::local::held_by(), None);
}

#[test]
fn the_log_can_say_what_keeps_the_loop() {
    read_file(Path::new("/dev/null"), Box::new(|_| Flow::Continue)).unwrap();
    assert_eq!(event::local::held_by().as_deref(), Some("an asynchronous operation on files or names"));
    assert_eq!(wait(), Flow::Continue);
}

#[test]
fn there_are_no_more_threads_than_were_asked_for() {
    let notes = Notes::new();
    for _ in 0..500 {
        begin(FILES, None, here, notes.done()).unwrap();
    }
    assert_eq!(wait(), Flow::Continue);
    let all = notes.take();
    assert_eq!(all.len(), 500);
    let mut threads: Vec<ThreadId> = Vec::new();
    for thread in all.into_iter().map(Result::unwrap) {
        if !threads.contains(&thread) {
            threads.push(thread);
        }
    }
    assert!((1..=2).contains(&threads.len()), "{threads:?}");
    assert!(!threads.contains(&here().unwrap()));
}

#[test]
fn two_threads_work_at_the_same_time() {
    let (gate, notes) = (Gate::default(), Notes::new());
    let (passes, opens) = (gate.clone(), gate);
    // Ends only if the other is done beside it.
    let first = move || {
        passes.pass();
        Ok(1)
    };
    let second = move || {
        opens.open();
        Ok(2)
    };
    begin(FILES, None, first, notes.done()).unwrap();
    begin(FILES, None, second, notes.done()).unwrap();
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().len(), 2);
}

#[test]
fn names_that_take_long_do_not_hold_up_files() {
    let (gate, notes) = (Gate::default(), Notes::new());
    for _ in 0..100 {
        let gate = gate.clone();
        let work = move || {
            gate.pass();
            Ok("name")
        };
        begin(Lane::Names, None, work, notes.done()).unwrap();
    }
    let (opens, files) = (gate.clone(), notes.clone());
    read_file(
        Path::new("/dev/null"),
        Box::new(move |_| {
            opens.open();
            files.add(Ok("file"))
        }),
    )
    .unwrap();
    assert_eq!(wait(), Flow::Continue);
    let all: Vec<&str> = notes.take().into_iter().map(Result::unwrap).collect();
    assert_eq!((all.len(), all[0]), (101, "file"));
}

#[test]
fn all_signals_are_blocked_in_a_thread() {
    let blocked = || {
        let status = fs::read_to_string("/proc/thread-self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("SigBlk:")).unwrap();
        Ok(u64::from_str_radix(line.trim(), 16).unwrap())
    };
    let before: u64 = blocked().unwrap();
    let found = result_of(|done| begin(FILES, None, blocked, done).map(drop)).unwrap();
    for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGUSR1, libc::SIGCHLD, libc::SIGHUP, libc::SIGALRM] {
        assert!(found & 1 << (signal - 1) != 0, "signal {signal} of {found:x}");
    }
    assert_eq!(blocked().unwrap(), before, "of this thread nothing has changed");
}

#[test]
fn a_panic_in_a_thread_becomes_an_error_and_the_thread_goes_on() {
    let one = Lane::Files(1);
    let fails = || -> Result<()> { panic!("something {}", "odd") };
    let error = result_of(|done| begin(one, None, fails, done).map(drop)).unwrap_err();
    assert!(text(error).ends_with("something odd"));
    let line = Some(PathBuf::from("/path"));
    let error = result_of(|done| begin(one, line.clone(), fails, done).map(drop)).unwrap_err();
    assert!(text(error).ends_with("something odd"));
    result_of(|done| begin(one, line, here, done).map(drop)).unwrap();
}

#[test]
fn thousands_of_operations_may_wait_and_one_more_is_refused() {
    let (gate, notes) = (Gate::default(), Notes::new());
    for _ in 0..2 {
        let gate = gate.clone();
        let work = move || {
            gate.pass();
            Ok(0)
        };
        begin(FILES, None, work, notes.done()).unwrap();
    }
    for number in 2..MOST {
        begin(FILES, None, move || Ok(number), notes.done()).unwrap();
    }
    let error = read_file(Path::new("/dev/null"), Box::new(|_| Flow::Continue)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QueueFull);
    assert!(text(error).starts_with("8192 asynchronous operations"));
    let error = resolve("localhost", Family::V4, Box::new(|_| Flow::Continue)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QueueFull);
    gate.open();
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().len(), MOST);
    result_of(|done| read_file(Path::new("/dev/null"), done)).unwrap();
}

#[test]
fn a_callback_may_begin_the_next_operation() {
    let notes = Notes::new();
    fn again(notes: Notes<usize>, left: usize) -> Flow {
        if left > 0 {
            let next = notes.clone();
            let done: DoneFn<Vec<u8>> = Box::new(move |_| again(next, left - 1));
            read_file(Path::new("/dev/null"), done).unwrap();
        }
        notes.add(left)
    }
    assert_eq!(again(notes.clone(), 100), Flow::Continue);
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().len(), 101);
    assert!(event::is_idle());
}

#[test]
fn a_callback_that_ends_the_loop_leaves_the_other_results_for_later() {
    let notes = Notes::new();
    for number in 0..10 {
        let notes = notes.clone();
        let id = promise::<()>(move |_| {
            let _ = notes.add(number);
            if number == 3 { Flow::Leave { code: 7 } } else { Flow::Continue }
        });
        answer(id.unwrap(), Ok(()));
    }
    assert_eq!(wait(), Flow::Leave { code: 7 });
    assert_eq!(notes.take(), [0, 1, 2, 3]);
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take(), [4, 5, 6, 7, 8, 9]);
}

#[test]
fn when_the_loop_is_ended_nobody_is_called_any_more_and_new_operations_are_possible() {
    let notes = Notes::new();
    for number in 0..10 {
        let notes = notes.clone();
        let id = promise::<()>(move |_| {
            event::exit().unwrap();
            notes.add(number)
        });
        answer(id.unwrap(), Ok(()));
    }
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take(), [0]);
    assert_eq!(Rc::strong_count(&notes.0), 1, "the others are let go of");
    assert!(event::is_idle());
    result_of(|done| read_file(Path::new("/dev/null"), done)).unwrap();
}

#[test]
fn a_write_that_was_begun_is_done_though_the_loop_is_dropped() {
    let folder = folder();
    let path = folder.path().join("a");
    for number in 0..100 {
        write(&path, format!("{number}\n").into(), None, Box::new(|_| unreachable!())).unwrap();
    }
    event::exit().unwrap();
    assert!(event::is_idle());
    // In the order of the path, so behind all of them.
    result_of(|done| write(&path, b"end".to_vec(), None, done)).unwrap();
    let expected: String = (0..100).map(|number| format!("{number}\n")).collect();
    assert_eq!(fs::read_to_string(&path).unwrap(), expected + "end");
}

#[test]
fn the_number_of_threads_is_1_to_32_and_stays_when_they_run() {
    for threads in [0, MOST_THREADS + 1] {
        let error = set_threads(threads).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams);
        assert!(text(error).contains("1 to 32 are possible"));
    }
    set_threads(1).unwrap();
    set_threads(MOST_THREADS).unwrap();
    result_of(|done| read_file(Path::new("/dev/null"), done)).unwrap();
    set_threads(MOST_THREADS).unwrap();
    assert_eq!(set_threads(3).unwrap_err().kind(), ErrorKind::WrongOperation);
}
