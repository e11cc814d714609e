//! Asynchronous files, names and commands, in the loop of each test's thread.

mod exec;
mod files;
mod forks;
mod names;
mod pool;

use super::*;
use crate::event;
use crate::sys::process::{self, Forked};
use std::cell::RefCell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than any machine needs for what a test does.
const LOST: Duration = Duration::from_secs(60);

/// Runs the loop until nothing keeps it.
fn wait() -> Flow {
    let (over, ended) = mpsc::channel::<()>();
    let watchdog = std::thread::spawn(move || {
        if ended.recv_timeout(LOST) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("the loop of a test goes on for ever");
            std::process::abort();
        }
    });
    let flow = event::wait().unwrap();
    drop(over);
    watchdog.join().unwrap();
    flow
}

/// Results in the order in which they came.
struct Notes<T>(Rc<RefCell<Vec<T>>>);

impl<T: 'static> Notes<T> {
    fn new() -> Notes<T> {
        Notes(Rc::default())
    }

    fn add(&self, note: T) -> Flow {
        self.0.borrow_mut().push(note);
        Flow::Continue
    }

    fn take(&self) -> Vec<T> {
        self.0.take()
    }

    fn clone(&self) -> Notes<T> {
        Notes(self.0.clone())
    }
}

impl<T: 'static> Notes<Result<T>> {
    fn done(&self) -> DoneFn<T> {
        let notes = self.clone();
        Box::new(move |result| notes.add(result))
    }
}

/// The one result of what `begin` begins.
fn result_of<T: 'static>(begin: impl FnOnce(DoneFn<T>) -> Result<()>) -> Result<T> {
    let notes = Notes::new();
    begin(notes.done()).unwrap();
    assert_eq!(notes.0.borrow().len(), 0, "nothing is called before this returns");
    assert!(!event::is_idle(), "it keeps the loop");
    assert_eq!(wait(), Flow::Continue);
    let mut all = notes.take();
    assert_eq!((all.len(), Rc::strong_count(&notes.0)), (1, 1), "it is called once and let go of");
    all.remove(0)
}

/// What `run` says in a forked process.
fn in_child(run: impl FnOnce() -> String) -> String {
    let folder = folder();
    let path = folder.path().join("said");
    match process::fork().unwrap() {
        Forked::Child => {
            let said = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| "a panic".into());
            fs::write(&path, said).unwrap();
            // Nothing of the test's own process is to run here.
            process::kill(process::pid(), libc::SIGKILL).unwrap();
            unreachable!()
        }
        Forked::Parent(pid) => {
            while process::reap(pid).is_none() {
                std::thread::yield_now();
            }
            fs::read_to_string(&path).unwrap()
        }
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn text(error: Error) -> String {
    error.to_string()
}
