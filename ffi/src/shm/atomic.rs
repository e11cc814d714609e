//! Numbers that processes count together.

use swoole_core::error::Result;
use swoole_core::shm::counter::{Atomic, AtomicLong};

use crate::error::swoole_result;
use crate::support::args::{Out, handle, limit};
use crate::support::boundary;

/// An unsigned number of 32 bits in shared memory. Made by `swoole_atomic_new`, freed by
/// `swoole_atomic_free`. All functions of it: any thread, any process.
pub struct swoole_atomic(Atomic);

/// A signed number of 64 bits in shared memory. Made by `swoole_atomic_long_new`, freed by
/// `swoole_atomic_long_free`. All functions of it: any thread, any process.
pub struct swoole_atomic_long(AtomicLong);

/// # Safety
/// As for [`handle`].
unsafe fn get<'a>(atomic: *const swoole_atomic) -> Result<&'a Atomic> {
    // SAFETY: passed on to the caller.
    Ok(&unsafe { handle(atomic, "atomic", "swoole_atomic_new") }?.0)
}

/// # Safety
/// As for [`handle`].
unsafe fn get_long<'a>(atomic: *const swoole_atomic_long) -> Result<&'a AtomicLong> {
    // SAFETY: passed on to the caller.
    Ok(&unsafe { handle(atomic, "atomic", "swoole_atomic_long_new") }?.0)
}

/// Makes a number, which is `value` now. It is one and the same in this process and in all that are
/// forked from it afterwards, servers' workers included; each of them may free its handle. Sums wrap
/// around.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_new(value: u32, atomic: *mut *mut swoole_atomic) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(atomic, "the place for the atomic") }?;
        out.put(Box::into_raw(Box::new(swoole_atomic(Atomic::new(value)?))));
        Ok(())
    })
}

/// Frees this process's handle of it. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_free(atomic: *mut swoole_atomic) {
    boundary::value((), || {
        if !atomic.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_atomic_new, and is given back once.
            drop(unsafe { Box::from_raw(atomic) });
        }
        Ok(())
    });
}

/// Adds `by`, and gives the sum; 0 with a last error if `atomic` is NULL, as all that give a value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_add(atomic: *mut swoole_atomic, by: u32) -> u32 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { get(atomic) }?.add(by)))
}

/// Subtracts `by`, and gives the difference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_sub(atomic: *mut swoole_atomic, by: u32) -> u32 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { get(atomic) }?.sub(by)))
}

/// Its value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_get(atomic: *const swoole_atomic) -> u32 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { get(atomic) }?.get()))
}

/// Sets it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_set(atomic: *mut swoole_atomic, value: u32) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's handle, as the header asks.
        unsafe { get(atomic) }?.set(value);
        Ok(())
    })
}

/// Sets it to `wanted` if it is `expected`, in one step; whether it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_cmpset(atomic: *mut swoole_atomic, expected: u32, wanted: u32) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(false, || Ok(unsafe { get(atomic) }?.compare_set(expected, wanted)))
}

/// Waits until it is 1 and makes it 0, for `timeout` seconds at most (below 0: without end). A wakeup
/// that came before is not lost. `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ETIMEDOUT if the time was over, or
/// with EINTR if a signal's handler has run: call again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_wait(atomic: *mut swoole_atomic, timeout: f64) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's handle, as the header asks.
        let atomic = unsafe { get(atomic) }?;
        if atomic.wait(limit(timeout)?)? { Ok(()) } else { Err(super::timed_out("waiting for a wakeup")) }
    })
}

/// Makes it 1 if it is 0, and wakes up to `count` of those who wait, of whom one takes it. Gives how many
/// were woken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_wakeup(atomic: *mut swoole_atomic, count: u32) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { get(atomic) }?.wakeup(count)))
}

/// As `swoole_atomic_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_long_new(value: i64, atomic: *mut *mut swoole_atomic_long) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(atomic, "the place for the atomic") }?;
        out.put(Box::into_raw(Box::new(swoole_atomic_long(AtomicLong::new(value)?))));
        Ok(())
    })
}

/// Frees this process's handle of it. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_long_free(atomic: *mut swoole_atomic_long) {
    boundary::value((), || {
        if !atomic.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_atomic_long_new, and is given back once.
            drop(unsafe { Box::from_raw(atomic) });
        }
        Ok(())
    });
}

/// Adds `by`, and gives the sum; 0 with a last error if `atomic` is NULL, as all that give a value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_long_add(atomic: *mut swoole_atomic_long, by: i64) -> i64 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { get_long(atomic) }?.add(by)))
}

/// Subtracts `by`, and gives the difference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_long_sub(atomic: *mut swoole_atomic_long, by: i64) -> i64 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { get_long(atomic) }?.sub(by)))
}

/// Its value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_long_get(atomic: *const swoole_atomic_long) -> i64 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { get_long(atomic) }?.get()))
}

/// Sets it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_long_set(atomic: *mut swoole_atomic_long, value: i64) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's handle, as the header asks.
        unsafe { get_long(atomic) }?.set(value);
        Ok(())
    })
}

/// Sets it to `wanted` if it is `expected`, in one step; whether it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_atomic_long_cmpset(
    atomic: *mut swoole_atomic_long,
    expected: i64,
    wanted: i64,
) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(false, || Ok(unsafe { get_long(atomic) }?.compare_set(expected, wanted)))
}
