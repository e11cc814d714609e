//! Which thread the loop of the process belongs to: the one that used it first.

use std::sync::atomic::{AtomicU64, Ordering};

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::sys::process::generation;

use crate::error::swoole_result;
use crate::support::boundary;

/// The owner's thread id, with the fork that it is good for above it; 0: nobody's yet.
static OWNER: AtomicU64 = AtomicU64::new(0);

/// What this thread has put there. Gives the loop up when the thread ends.
struct Claim(std::cell::Cell<u64>);

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = OWNER.compare_exchange(self.0.get(), 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

thread_local! {
    static CLAIM: Claim = const { Claim(std::cell::Cell::new(0)) };
}

/// Makes sure that this is the thread of the loop.
fn check() -> Result<()> {
    let fork = generation();
    // While the thread ends there is nothing to look at; the loop is gone then, too.
    let known = CLAIM.try_with(|claim| claim.0.get()).unwrap_or(0);
    if known != 0 && (known >> 32) as u32 == fork {
        return Ok(());
    }
    // SAFETY: gettid has no preconditions.
    let thread = unsafe { libc::gettid() } as u32;
    let mine = u64::from(fork) << 32 | u64::from(thread);
    let took = OWNER.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |owner| {
        // The owner before a fork is no thread of this process.
        (owner == 0 || (owner >> 32) as u32 != fork).then_some(mine)
    });
    if took.is_err() {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "the event loop of this process belongs to the thread that used it first; call from there \
             (to wake it, write to a pipe that it watches by swoole_event_add)",
        ));
    }
    let _ = CLAIM.try_with(|claim| claim.0.set(mine));
    Ok(())
}

/// Runs the body of an exported function that answers with a result code, on the loop's thread.
pub(crate) fn in_loop(body: impl FnOnce() -> Result<()>) -> swoole_result {
    boundary::result(|| check().and_then(|()| body()))
}

/// The same for functions that answer with a value; `otherwise` on an error.
pub(crate) fn ask_loop<T>(otherwise: T, body: impl FnOnce() -> Result<T>) -> T {
    boundary::value(otherwise, || check().and_then(|()| body()))
}
