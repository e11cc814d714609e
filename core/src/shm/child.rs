//! A process for tests.

use crate::sys::process::{self, Forked};
use crate::sys::signal;
use std::time::Duration;

/// A child that does `work` and ends. Killed and reaped when this is gone.
pub struct Child(i32);

impl Child {
    /// Forks it.
    pub fn that(work: impl FnOnce()) -> Child {
        let parent = process::pid();
        match process::fork().unwrap() {
            Forked::Parent(pid) => Child(pid),
            Forked::Child => {
                process::die_with_parent(parent);
                work();
                process::kill(process::pid(), signal::SIGKILL).unwrap();
                unreachable!()
            }
        }
    }

    /// Its number.
    pub fn pid(&self) -> i32 {
        self.0
    }

    /// Waits until it has ended by itself.
    pub fn wait(self) {
        self.reap();
        std::mem::forget(self);
    }

    fn reap(&self) {
        while process::reap(self.0).is_none() {
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = process::kill(self.0, signal::SIGKILL);
        self.reap();
    }
}

/// Waits until a thread of this process sleeps in the kernel.
pub fn wait_until_it_sleeps(thread: i32) {
    loop {
        let stat = std::fs::read_to_string(format!("/proc/self/task/{thread}/stat")).unwrap();
        if stat.rsplit(") ").next().unwrap().starts_with('S') {
            return;
        }
        std::thread::yield_now();
    }
}
