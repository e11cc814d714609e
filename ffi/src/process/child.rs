//! A process: made, started, talked to.

use std::cell::RefCell;
use std::ffi::c_void;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicI32, Ordering};

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::event::{self, Flow};
use swoole_core::process::{End, Part, PipeType, Process, ProcessOptions};
use swoole_core::sys::process::Forked;

use crate::error::{last_message, swoole_result};
use crate::support::args::{Out, bytes, handle, invalid, limit_or_none};
use crate::support::boundary;
use crate::support::running::{flush_stdio, forget_running, leave_process};
use crate::support::slot::no_callback;

/// A process of the program's own, seen from the process that made it, from itself, and from those forked
/// later. Made by `swoole_process_new`, freed by `swoole_process_free`.
pub struct swoole_process {
    engine: RefCell<Process>,
    /// by which a directed queue finds it, in all processes that have the handle
    id: i32,
    /// what the last read gave
    received: RefCell<Vec<u8>>,
    /// what it runs; None: the process of a pool's worker
    main: Option<(Main, *mut c_void)>,
    thread: libc::pthread_t,
}

type Main = unsafe extern "C" fn(userdata: *mut c_void, process: *mut swoole_process) -> i32;

/// What a process runs. `process` is its own handle there. Answers its exit code, 0 to 255.
pub type swoole_process_main_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, process: *mut swoole_process) -> i32>;

/// What the pipe of a process carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_pipe_type {
    /// there is no pipe
    SWOOLE_PIPE_NONE = 0,
    /// bytes without borders
    SWOOLE_PIPE_STREAM = 1,
    /// messages, each of which is read whole
    SWOOLE_PIPE_DATAGRAM = 2,
}

/// Parts of the pipe of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_pipe_part {
    /// both ends, as far as this process has them open
    SWOOLE_PIPE_ALL = 0,
    /// the end of the processes that the process came from
    SWOOLE_PIPE_MASTER = 1,
    /// the end of the process itself
    SWOOLE_PIPE_WORKER = 2,
    /// reading: nothing more can be read here, and the other side cannot write any more
    SWOOLE_PIPE_READ = 3,
    /// writing: nothing more can be written here, and the other side reads the end
    SWOOLE_PIPE_WRITE = 4,
}

/// Bytes that a read asks for if it does not say.
const USUAL: usize = 64 << 10;

/// # Safety
/// As for [`handle`].
unsafe fn deref<'a>(process: *const swoole_process) -> Result<&'a swoole_process> {
    // SAFETY: passed on to the caller. Only ever shared: what changes in it is in cells.
    let process = unsafe { handle(process, "process", "swoole_process_new") }?;
    // SAFETY: pthread_self has no preconditions. A fork keeps it.
    if process.thread != unsafe { libc::pthread_self() } {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "this process was made by another thread; call its functions from that thread only",
        ));
    }
    Ok(process)
}

/// Runs `body` with the process behind the handle, inside the panic boundary.
///
/// # Safety
/// As for [`handle`].
pub(super) unsafe fn with(
    process: *const swoole_process,
    body: impl FnOnce(&mut Process) -> Result<()>,
) -> swoole_result {
    // SAFETY: passed on to the caller.
    unsafe { with_id(process, |process, _| body(process)) }
}

/// The same, with the process's number among those of this program.
///
/// # Safety
/// As for [`handle`].
pub(super) unsafe fn with_id(
    process: *const swoole_process,
    body: impl FnOnce(&mut Process, i32) -> Result<()>,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: passed on to the caller.
        let process = unsafe { deref(process) }?;
        body(&mut process.engine.borrow_mut(), process.id)
    })
}

/// The same for functions that answer with a value; `otherwise` on an error.
///
/// # Safety
/// As for [`handle`].
pub(super) unsafe fn ask<T>(
    process: *const swoole_process,
    otherwise: T,
    body: impl FnOnce(&Process) -> Result<T>,
) -> T {
    // SAFETY: passed on to the caller.
    boundary::value(otherwise, || body(&unsafe { deref(process) }?.engine.borrow()))
}

impl swoole_process {
    pub(super) fn into_handle(engine: Process, main: Option<(Main, *mut c_void)>) -> *mut swoole_process {
        static NEXT: AtomicI32 = AtomicI32::new(0);
        Box::into_raw(Box::new(swoole_process {
            // Nothing else is told by this number.
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            engine: RefCell::new(engine),
            received: RefCell::default(),
            main,
            // SAFETY: pthread_self has no preconditions.
            thread: unsafe { libc::pthread_self() },
        }))
    }
}

/// Makes a process, which begins when `swoole_process_start` is called: `main` runs in it then, with
/// `userdata`, which may be NULL and is the copy that the fork made.
///
/// `pipe` is a `swoole_pipe_type`: a pipe between it and this process, for both directions. With
/// `redirect` its standard input and output are its end of that, which is a stream whatever `pipe` says:
/// what `main` prints, or a program that it becomes by `swoole_process_exec`, is read here by
/// `swoole_process_read`.
///
/// `*process` then belongs to the caller, who gives it to `swoole_process_free`. All functions that take
/// it are called from the thread that called this one. They work in a server's and a pool's processes
/// too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_new(
    main: swoole_process_main_fn,
    userdata: *mut c_void,
    redirect: bool,
    pipe: i32,
    process: *mut *mut swoole_process,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(process, "the place for the process") }?;
        let main = main.ok_or_else(no_callback)?;
        let pipe = match pipe {
            0 if !redirect => None,
            0 | 1 => Some(PipeType::Stream),
            2 => Some(if redirect { PipeType::Stream } else { PipeType::Datagram }),
            other => {
                return Err(invalid(format!(
                    "there is no type of pipe {other}; pass SWOOLE_PIPE_NONE (0), SWOOLE_PIPE_STREAM (1) or SWOOLE_PIPE_DATAGRAM (2)"
                )));
            }
        };
        let engine = Process::new(ProcessOptions { redirected: redirect, pipe })?;
        out.put(swoole_process::into_handle(engine, Some((main, userdata))));
        Ok(())
    })
}

/// Frees a handle and closes what this process has open of the pipe. The process itself goes on. NULL is
/// allowed. Refused, with a last error, from another thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_free(process: *mut swoole_process) {
    if process.is_null() {
        return;
    }
    boundary::value((), || {
        // SAFETY: not NULL, so the caller's live handle.
        unsafe { deref(process) }?;
        // SAFETY: it came from Box::into_raw, and no call is at work in it.
        drop(unsafe { Box::from_raw(process) });
        Ok(())
    });
}

/// Starts it by fork(2). `pid` may be NULL; it gets its number.
///
/// Returns in this process only. In the new one `main` runs, then its loop (`swoole_event_wait`) until
/// nothing is left in that, then it ends with the exit code that `main` gave: its stdio is written out
/// and it leaves by _exit(), so no atexit() function runs in it. It has a copy of the program's memory,
/// an empty loop, and none of the signal handlers of `swoole_signal`. No C++ exception and no longjmp may
/// leave `main`. Whoever starts processes waits for their ends: see `swoole_process_wait`.
///
/// `SWOOLE_ERROR_WRONG_OPERATION` if it was started before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_start(process: *mut swoole_process, pid: *mut i32) -> swoole_result {
    let origin = std::process::id();
    let result = boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (this, out) = unsafe { (deref(process)?, Out::optional(pid)) };
        let Some((main, userdata)) = this.main else {
            return Err(Error::new(ErrorKind::WrongOperation, "this is a worker of a pool, which the pool starts"));
        };
        flush_stdio();
        // Nothing is borrowed while `main` runs.
        let forked = this.engine.borrow_mut().fork()?;
        match forked {
            Forked::Parent(found) => out.put(found),
            // SAFETY: the program gave this function and its userdata for this.
            Forked::Child => run(|| unsafe { main(userdata, process) }),
        }
        Ok(())
    });
    if std::process::id() != origin {
        give_up();
    }
    result
}

/// All that a process does. It never goes on with what its parent was doing.
fn run(main: impl FnOnce() -> i32) -> ! {
    forget_running();
    let ended = boundary::guarded(|| {
        let code = main();
        Ok(match event::wait()? {
            Flow::Continue => code,
            Flow::Leave { code } => code,
        })
    });
    ended.map_or_else(|_| give_up(), |code| leave_process(code))
}

/// A process that could not go on.
fn give_up() -> ! {
    let _ = writeln!(std::io::stderr(), "swoole: process {} ends: {}", std::process::id(), last_message());
    leave_process(255)
}

/// Ends this process at once, with the lowest 8 bits of `code` as its exit code. Its stdio is written
/// out; no atexit() function runs, since those belong to the process that the program began with. For
/// processes that were started here and for a pool's workers, anywhere in them; in a process of a server
/// call `swoole_server_leave`.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_process_exit(code: i32) -> ! {
    leave_process(code)
}

/// The process's number; 0 before its start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_pid(process: *const swoole_process) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(process, 0, |process| Ok(process.pid().unwrap_or(0))) }
}

/// The descriptor of this side of the pipe, to be watched by `swoole_event_add` and the like; -1, with a
/// last error, if there is none. It stays the handle's: it must not be closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_descriptor(process: *const swoole_process) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(process, -1, |process| Ok(process.pipe()?.descriptor()?.as_raw_fd())) }
}

/// Writes all of `len` bytes to the pipe, waiting while it is full: to the process, or, in it, to those
/// it came from.
///
/// `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE` for a datagram that is too long; `SWOOLE_ERROR_SYSTEM_CALL_FAIL`
/// with EPIPE (nobody is there any more; never a signal) or EAGAIN (the timeout was over, or it does not
/// wait); `SWOOLE_ERROR_WRONG_OPERATION` if there is no pipe, or it is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_write(
    process: *mut swoole_process,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(process, |process| process.pipe()?.write(bytes(data, len, "the data")?).map(drop)) }
}

/// Reads from the pipe, waiting until something is there: at most `size` bytes (0: 65536), or one
/// datagram, however long it is.
///
/// `*data` then points to `*len` bytes, without a final NUL, that belong to the handle: they are valid
/// until the next `swoole_process_read` on it, successful or not, or its end. A `*len` of 0: the other
/// side is closed (or the datagram was empty). `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN (the timeout
/// was over, or it does not wait) or EINTR (a signal's handler has run).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_read(
    process: *mut swoole_process,
    size: usize,
    data: *mut *const u8,
    len: *mut usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (process, data, len) = unsafe {
            (
                deref(process)?,
                Out::required(data, "the place for the data")?,
                Out::required(len, "the place for the length")?,
            )
        };
        let received = &mut *process.received.borrow_mut();
        process.engine.borrow().pipe()?.read(if size == 0 { USUAL } else { size }, received)?;
        data.put(received.as_ptr());
        len.put(received.len());
        Ok(())
    })
}

/// Closes a part of the pipe: `part` is a `swoole_pipe_part`. `SWOOLE_ERROR_WRONG_OPERATION` if it is
/// closed already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_close(process: *mut swoole_process, part: i32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(process, |process| {
            process.close(match part {
                0 => Part::All,
                1 => Part::End(End::Master),
                2 => Part::End(End::Worker),
                3 => Part::Read,
                4 => Part::Write,
                other => {
                    return Err(invalid(format!(
                        "there is no part {other} of a pipe; pass one of SWOOLE_PIPE_ALL (0) to SWOOLE_PIPE_WRITE (4)"
                    )));
                }
            })
        })
    }
}

/// From now on a read or write of the pipe waits for `timeout` seconds at most (0: without end).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_set_timeout(process: *mut swoole_process, timeout: f64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(process, |process| process.set_timeout(limit_or_none(timeout)?)) }
}

/// Whether reads and writes of the pipe wait at all; they do before this is called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_set_blocking(process: *mut swoole_process, blocking: bool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(process, |process| process.set_blocking(blocking)) }
}
