//! What a program does to processes, itself included.

use std::ffi::{CString, c_char};

use swoole_core::process::control::{self, AlarmClock, Whose};

use crate::error::swoole_result;
use crate::support::args::{Out, OutList, c_str, invalid, limit_or_none, slice};
use crate::support::boundary;
use crate::support::running::flush_stdio;

/// How a child has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_process_ended {
    /// its number; 0: none has ended yet
    pub pid: i32,
    /// its exit code; 0 if a signal ended it
    pub code: i32,
    /// the signal that ended it; 0 if it exited
    pub signal: i32,
}

/// Waits for the end of a child of this process, whichever ends first, and writes it to `*ended`. With
/// `blocking` false it does not wait: `pid` is 0 if none has ended yet. A child that has ended stays a
/// zombie until somebody waits for it, or this process ends.
///
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ECHILD (there are no children) or EINTR (a signal's handler has
/// run: call again). Not for a server's master and manager and a pool's master, which wait for their own
/// children.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_wait(blocking: bool, ended: *mut swoole_process_ended) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(ended, "the place for how a process has ended") }?;
        out.put(match control::wait(blocking)? {
            Some(found) => swoole_process_ended { pid: found.pid, code: found.exit_code(), signal: found.signal() },
            None => swoole_process_ended { pid: 0, code: 0, signal: 0 },
        });
        Ok(())
    })
}

/// Sends the signal `signo` to a process (0: to this one's process group, below -1: to that group); a
/// `signo` of 0 only asks whether it is there. `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ESRCH, EPERM or
/// EINVAL; -1, which would be every process of this user, is `SWOOLE_ERROR_INVALID_PARAMS`.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_process_kill(pid: i32, signo: i32) -> swoole_result {
    boundary::result(|| control::kill(pid, signo))
}

/// Sends this process a signal every `period` seconds (0: not any more), as setitimer(2): by the `clock`
/// ITIMER_REAL (0; SIGALRM), ITIMER_VIRTUAL (1; SIGVTALRM) or ITIMER_PROF (2; SIGPROF). Take it by
/// `swoole_signal` first: unhandled it ends the process. A forked process has none.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_process_alarm(period: f64, clock: i32) -> swoole_result {
    boundary::result(|| {
        let clock = match clock {
            libc::ITIMER_REAL => AlarmClock::Real,
            libc::ITIMER_VIRTUAL => AlarmClock::Virtual,
            libc::ITIMER_PROF => AlarmClock::Profile,
            other => {
                return Err(invalid(format!(
                    "there is no clock {other}; pass ITIMER_REAL (0), ITIMER_VIRTUAL (1) or ITIMER_PROF (2)"
                )));
            }
        };
        control::alarm(limit_or_none(period)?, clock)
    })
}

/// Makes this process a daemon: a new session, no terminal, its parent gone; it returns in the daemon
/// only, which has another number. `keep_directory`: else `/` becomes its directory. `keep_streams`: else
/// standard input, output and error become /dev/null. Before that, the three descriptors of `streams`
/// become them where they are not -1; `streams` may be NULL. It is a forked process: its loop is empty,
/// threads are gone. stdio is written out before. `SWOOLE_ERROR_WRONG_OPERATION` in a process of a
/// server, which has the option `daemonize`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_daemon(
    keep_directory: bool,
    keep_streams: bool,
    streams: *const i32,
) -> swoole_result {
    boundary::result(|| {
        let mut wanted = [None; 3];
        if !streams.is_null() {
            // SAFETY: not NULL, so three numbers as the header asks.
            let given = unsafe { slice(streams, 3, "the list of streams") }?;
            for (to, fd) in wanted.iter_mut().zip(given) {
                *to = (*fd != -1).then_some(*fd);
            }
        }
        flush_stdio();
        control::daemon(keep_directory, keep_streams, wanted)
    })
}

/// Sets the processors that this process may run on: `count` numbers, from 0.
/// `SWOOLE_ERROR_INVALID_PARAMS` if there is none, or one does not exist.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_set_affinity(processors: *const i32, count: usize) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer and count, as the header asks.
        let given = unsafe { slice(processors, count, "the list of processors") }?;
        let wanted = given.iter().map(|one| {
            usize::try_from(*one).map_err(|_| invalid(format!("there is no processor {one}; they are counted from 0")))
        });
        control::set_affinity(&wanted.collect::<Result<Vec<_>, _>>()?)
    })
}

/// Writes the numbers of the processors that this process may run on to `processors`, as many as it has
/// room for (`capacity`), and the number of all there are to `*count`. `processors` may be NULL with a
/// `capacity` of 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_get_affinity(
    processors: *mut i32,
    capacity: usize,
    count: *mut usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (list, out) = unsafe {
            (
                OutList::new(processors, capacity, "the list of processors")?,
                Out::required(count, "the place for the number of processors")?,
            )
        };
        let found = control::affinity()?;
        out.put(found.len());
        list.put(found.into_iter().map(|one| one as i32));
        Ok(())
    })
}

fn whose_of(whose: i32) -> swoole_core::error::Result<Whose> {
    match whose {
        0 => Ok(Whose::Process),
        1 => Ok(Whose::Group),
        2 => Ok(Whose::User),
        other => Err(invalid(format!(
            "there is no priority of kind {other}; pass PRIO_PROCESS (0), PRIO_PGRP (1) or PRIO_USER (2)"
        ))),
    }
}

/// Sets how nice a process, a group or a user (`whose`: PRIO_PROCESS, PRIO_PGRP or PRIO_USER) of the
/// number `who` (0: this process, its group or its user) is to others: -20 to 19.
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EACCES, EPERM or ESRCH.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_process_set_priority(whose: i32, who: i32, priority: i32) -> swoole_result {
    boundary::result(|| control::set_priority(whose_of(whose)?, who, priority))
}

/// Writes that to `*priority`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_get_priority(whose: i32, who: i32, priority: *mut i32) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(priority, "the place for the priority") }?;
        out.put(control::priority(whose_of(whose)?, who)?);
        Ok(())
    })
}

/// Becomes another program: `file` is its path, `arguments` are `count` strings, without the program's
/// name. Returns only if that failed: `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ENOENT, EACCES and so on.
/// stdio is written out before. Descriptors of the library's are closed in the new program, but a
/// redirected standard input and output are kept (`swoole_process_new`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_process_exec(
    file: *const c_char,
    arguments: *const *const c_char,
    count: usize,
) -> swoole_result {
    boundary::result(|| {
        let copy = |bytes: &[u8]| CString::new(bytes).expect("a C string has no NUL in it");
        // SAFETY: the caller's pointers, as the header asks.
        let (file, given) = unsafe { (c_str(file, "the program")?, slice(arguments, count, "the list of arguments")?) };
        // SAFETY: as above.
        let arguments = given.iter().map(|one| unsafe { c_str(*one, "an argument") }.map(copy));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        flush_stdio();
        Err(control::exec(&copy(file), &arguments))
    })
}
