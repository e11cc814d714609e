//! What a program does to processes, itself included.

use super::child::fork;
use crate::error::{Error, ErrorKind, Result};
use crate::event;
use crate::sys::process::{self, Forked, Reaped};
use crate::sys::{fd, limits, signal};
use rustix::process::{
    Pid, Uid, getpriority_pgrp, getpriority_process, getpriority_user, setpriority_pgrp, setpriority_process,
    setpriority_user,
};
use std::ffi::CString;
use std::fs::File;
use std::os::fd::{AsFd, RawFd};
use std::time::Duration;

/// Waits for a child that has ended, any but the commands of [`crate::aio::exec()`]. None: none has ended yet (with `blocking` false).
/// Errors: ECHILD (there are no children), EINTR (a signal's handler has run: call again). A command that another part of the program
/// waits for (wait(2), pcntl_wait) ends without a code.
pub fn wait(blocking: bool) -> Result<Option<Reaped>> {
    process::reap_any(blocking).map_err(|found| {
        let error = Error::system("cannot wait for a child", &found);
        match found.raw_os_error() {
            Some(libc::ECHILD) if signal::forgets_children() => error.with_hint(
                "; this process ignores SIGCHLD (perhaps its own parent did), so the system forgets children as they end: give the signal back to \
                 the system before the first start",
            ),
            _ => error,
        }
    })
}

/// Sends a signal; 0 only asks. `pid` is a process, 0 the caller's process group, below -1 the group of that number. Errors: ESRCH, EPERM,
/// EINVAL, `InvalidParams` (-1: that would be every process of this user).
pub fn kill(pid: i32, signal: i32) -> Result<()> {
    if pid == -1 {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            "a signal to process -1 would go to every process of this user; give the number of one, or of a group below -1",
        ));
    }
    process::kill_as_told(pid, signal)
        .map_err(|found| Error::system(format_args!("cannot send signal {signal} to process {pid}"), &found))
}

/// Which clock an alarm goes by: setitimer(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum AlarmClock {
    /// the wall's; SIGALRM
    Real = 0,
    /// of this process's computing; SIGVTALRM
    Virtual = 1,
    /// of this process's and the system's computing for it; SIGPROF
    Profile = 2,
}

/// Sends this process a signal every so often, in microseconds; None ends it. The signal ends a process that does not handle it. Children
/// begin without. Errors: `InvalidParams`, a period of 0.
pub fn alarm(period: Option<Duration>, clock: AlarmClock) -> Result<()> {
    if period == Some(Duration::ZERO) {
        return Err(Error::new(ErrorKind::InvalidParams, "an alarm every 0 us was asked for; 1 us is the least"));
    }
    signal::set_alarm(clock as i32, period).map_err(|found| Error::system("cannot set an alarm", &found))
}

/// Makes this process a daemon: a new session, no terminal, its parent gone; returns in the daemon only, or with an error in the old
/// process. `keep_directory`: else `/` becomes its directory. `streams` become its standard input, output and error. Where that is None:
/// as it was with `keep_streams`, else /dev/null. The daemon is a forked process: its loop is empty, and threads are gone; set timers,
/// descriptors and signals' handlers afterwards. Errors: `WrongOperation` (a process of a server: option daemonize is for those), EBADF
/// (of `streams`), those of fork.
pub fn daemon(keep_directory: bool, keep_streams: bool, streams: [Option<RawFd>; 3]) -> Result<()> {
    let asked = "cannot make this process a daemon";
    if event::is_joined() {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            format!("{asked}: it belongs to a server; use the server's option \"daemonize\""),
        ));
    }
    let failed = |found: std::io::Error| Error::system(asked, &found);
    // All that can fail comes first, while there is somebody to tell.
    let mut given = [None, None, None];
    for (place, stream) in given.iter_mut().zip(streams) {
        if let Some(stream) = stream {
            let found = fd::duplicate_above_stdio(stream);
            *place = Some(found.map_err(|found| failed(found).with_hint(&format!(" (descriptor {stream})")))?);
        }
    }
    let null = File::options().read(true).write(true).open("/dev/null").map_err(failed)?;
    let null = fd::duplicate_above_stdio(std::os::fd::AsRawFd::as_raw_fd(&null)).map_err(failed)?;
    for round in 0..2 {
        match fork().map_err(failed)? {
            Forked::Parent(_) => process::end_at_once(0),
            Forked::Child if round == 0 => process::begin_session(),
            Forked::Child => {}
        }
    }
    let stream = |n: usize| given[n].as_ref().map(AsFd::as_fd).or(if keep_streams { None } else { Some(null.as_fd()) });
    fd::set_stdio([stream(0), stream(1), stream(2)]).map_err(failed)?;
    if !keep_directory {
        std::env::set_current_dir("/").map_err(failed)?;
    }
    Ok(())
}

/// The processors this process (its calling thread, and what that makes later) may run on, by number. Errors: `InvalidParams` (none, or
/// one that does not exist or that it may not have).
pub fn set_affinity(processors: &[usize]) -> Result<()> {
    let mut wanted = processors.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let before = limits::allowed_cpus();
    let refused = |found: &dyn std::fmt::Display| {
        Error::new(
            ErrorKind::InvalidParams,
            format!("cannot tie this process to the processors {wanted:?}: {found}; it may run on {before:?} now"),
        )
    };
    if wanted.is_empty() {
        return Err(refused(&"at least one is needed"));
    }
    limits::allow_cpus(&wanted).map_err(|found| refused(&found))?;
    // The system takes those that there are and is silent about the others.
    if limits::allowed_cpus() != wanted {
        let _ = limits::allow_cpus(&before);
        return Err(refused(&"not all of them are there for it"));
    }
    Ok(())
}

/// See [`set_affinity`].
pub fn affinity() -> Result<Vec<usize>> {
    Ok(limits::allowed_cpus())
}

/// Whose priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(missing_docs)]
pub enum Whose {
    Process = 0,
    Group = 1,
    User = 2,
}

/// None is the caller's own.
fn number(who: i32) -> Result<Option<Pid>> {
    if who < 0 {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("there is no process, group or user of number {who}; 0 is the caller's own"),
        ));
    }
    Ok(Pid::from_raw(who))
}

/// Sets how nice something is to others, from -20 to 19. `who` 0: the calling process, its group or its user. Errors: EACCES, EPERM,
/// ESRCH, `InvalidParams`.
pub fn set_priority(whose: Whose, who: i32, priority: i32) -> Result<()> {
    if !(-20..=19).contains(&priority) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("a priority of {priority} was asked for; -20 (the first) to 19 (the last) are possible"),
        ));
    }
    let number = number(who)?;
    let set = match whose {
        Whose::Process => setpriority_process(number, priority),
        Whose::Group => setpriority_pgrp(number, priority),
        Whose::User => setpriority_user(Uid::from_raw(who as u32), priority),
    };
    set.map_err(|found| {
        Error::system(format_args!("cannot set the priority {priority} of {whose:?} {who}"), &found.into())
    })
}

/// See [`set_priority`].
pub fn priority(whose: Whose, who: i32) -> Result<i32> {
    let number = number(who)?;
    let found = match whose {
        Whose::Process => getpriority_process(number),
        Whose::Group => getpriority_pgrp(number),
        Whose::User => getpriority_user(Uid::from_raw(who as u32)),
    };
    found.map_err(|found| Error::system(format_args!("cannot tell the priority of {whose:?} {who}"), &found.into()))
}

/// Becomes another program: `file` is a path, which is also its first argument, `arguments` what follows. Returns only the error.
/// Descriptors of the engine's are closed by that; signals that the engine ignores are as before in the new program.
pub fn exec(file: &CString, arguments: &[CString]) -> Error {
    let ignored = signal::before_exec();
    let found = process::exec(file, arguments);
    ignored.ignore_again();
    Error::system(format_args!("cannot run the program {file:?}"), &found)
}
