//! Locks among processes.

use std::ffi::c_char;

use swoole_core::error::Result;
use swoole_core::shm::locks::{Hold, Lock, LockKind};

use crate::error::swoole_result;
use crate::support::args::{Out, handle, invalid, limit, path};
use crate::support::boundary;

/// A lock among processes and their threads. Made by `swoole_lock_new`, freed by `swoole_lock_free`.
pub struct swoole_lock(Lock);

/// The kinds of lock. What a process holds of any of them is free once it has ended, however it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_lock_kind {
    /// one writer, or many readers
    SWOOLE_RWLOCK = 1,
    /// flock(2) on a file: also among processes that have nothing else in common
    SWOOLE_FILELOCK = 2,
    /// one holder, a thread; only that one can unlock it
    SWOOLE_MUTEX = 3,
    /// one holder; anybody can unlock it
    SWOOLE_SEM = 4,
    /// as SWOOLE_MUTEX, but who waits keeps trying instead of sleeping: for moments
    SWOOLE_SPINLOCK = 5,
}

const RWLOCK: i32 = swoole_lock_kind::SWOOLE_RWLOCK as i32;
const FILELOCK: i32 = swoole_lock_kind::SWOOLE_FILELOCK as i32;
const MUTEX: i32 = swoole_lock_kind::SWOOLE_MUTEX as i32;
const SEM: i32 = swoole_lock_kind::SWOOLE_SEM as i32;
const SPINLOCK: i32 = swoole_lock_kind::SWOOLE_SPINLOCK as i32;

/// # Safety
/// As for [`handle`].
unsafe fn with(lock: *mut swoole_lock, body: impl FnOnce(&Lock) -> Result<()>) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(&unsafe { handle(lock, "lock", "swoole_lock_new") }?.0))
}

/// Makes a lock, which is free. `kind` is a `swoole_lock_kind`; `file` is the path of the file to lock,
/// made if it is missing, for SWOOLE_FILELOCK, and NULL for all others.
///
/// It is one and the same in this process and in all that are forked from it afterwards, servers' workers
/// included; each of them may free its handle. All its functions: any thread, any process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_lock_new(kind: i32, file: *const c_char, lock: *mut *mut swoole_lock) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(lock, "the place for the lock") }?;
        let kind = match kind {
            RWLOCK => LockKind::ReadWrite,
            // SAFETY: as above.
            FILELOCK => LockKind::File(unsafe { path(file) }?.to_owned()),
            MUTEX => LockKind::Mutex,
            SEM => LockKind::Semaphore,
            SPINLOCK => LockKind::Spin,
            other => {
                return Err(invalid(format!(
                    "there is no kind of lock {other}; pass one of SWOOLE_RWLOCK ({RWLOCK}) to SWOOLE_SPINLOCK ({SPINLOCK})"
                )));
            }
        };
        if !file.is_null() && !matches!(kind, LockKind::File(_)) {
            return Err(invalid("a file was given for a lock that has none; pass NULL, or the kind SWOOLE_FILELOCK"));
        }
        out.put(Box::into_raw(Box::new(swoole_lock(Lock::new(kind)?))));
        Ok(())
    })
}

/// Frees this process's handle of a lock, which it should not hold any more. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_lock_free(lock: *mut swoole_lock) {
    boundary::value((), || {
        if !lock.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_lock_new, and is given back once.
            drop(unsafe { Box::from_raw(lock) });
        }
        Ok(())
    });
}

/// Takes it, waiting for `timeout` seconds at most (below 0: without end).
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ETIMEDOUT (the time was over), EDEADLK (this thread holds it and
/// would wait for itself), or EINTR (a signal's handler has run; call again): it is not taken then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_lock_lock(lock: *mut swoole_lock, timeout: f64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(lock, |lock| lock.lock(Hold::Exclusive, limit(timeout)?)) }
}

/// As `swoole_lock_lock`, together with other readers. Only SWOOLE_RWLOCK and SWOOLE_FILELOCK know
/// readers; the other kinds are taken by one alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_lock_lock_read(lock: *mut swoole_lock, timeout: f64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(lock, |lock| lock.lock(Hold::Shared, limit(timeout)?)) }
}

/// # Safety
/// As for [`handle`] and [`Out::required`].
unsafe fn try_lock(lock: *mut swoole_lock, hold: Hold, locked: *mut bool) -> swoole_result {
    // SAFETY: passed on to the caller.
    unsafe {
        with(lock, |lock| {
            let out = Out::required(locked, "the place for whether it was locked")?;
            out.put(lock.try_lock(hold)?);
            Ok(())
        })
    }
}

/// Takes it if that is possible at once; `*locked` says whether it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_lock_trylock(lock: *mut swoole_lock, locked: *mut bool) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { try_lock(lock, Hold::Exclusive, locked) }
}

/// As `swoole_lock_trylock`, together with other readers: see `swoole_lock_lock_read`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_lock_trylock_read(lock: *mut swoole_lock, locked: *mut bool) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { try_lock(lock, Hold::Shared, locked) }
}

/// Lets it go. `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EPERM if this thread does not hold it (a semaphore:
/// nobody does).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_lock_unlock(lock: *mut swoole_lock) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(lock, Lock::unlock) }
}
