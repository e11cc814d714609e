//! What a program does to processes, itself included.

use crate::error::{Error, Result};
use crate::sys::process::Reaped;
use std::ffi::CString;
use std::os::fd::RawFd;
use std::time::Duration;

/// Waits for a child that has ended, any. None: none has ended yet (with `blocking` false). Errors: ECHILD (there are no children), EINTR (a signal's handler has
/// run: call again).
pub fn wait(blocking: bool) -> Result<Option<Reaped>> {
    let _ = blocking;
    todo!()
}

/// Sends a signal; 0 only asks. Errors: ESRCH, EPERM, EINVAL.
pub fn kill(pid: i32, signal: i32) -> Result<()> {
    let _ = (pid, signal);
    todo!()
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

/// Sends this process a signal every so often; None ends it.
pub fn alarm(period: Option<Duration>, clock: AlarmClock) -> Result<()> {
    let _ = (period, clock);
    todo!()
}

/// Makes this process a daemon: a new session, no terminal, its parent gone; returns in the daemon only. `keep_directory`: else `/` becomes its directory.
/// `keep_streams`: else standard streams go to /dev/null, or to the descriptors in `streams` (input, output, error; None: /dev/null).
pub fn daemon(keep_directory: bool, keep_streams: bool, streams: [Option<RawFd>; 3]) -> Result<()> {
    let _ = (keep_directory, keep_streams, streams);
    todo!()
}

/// The processors this process may run on, by number. Errors: `InvalidParams` (none, or one that does not exist).
pub fn set_affinity(processors: &[usize]) -> Result<()> {
    let _ = processors;
    todo!()
}

/// See [`set_affinity`].
pub fn affinity() -> Result<Vec<usize>> {
    todo!()
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

/// Sets how nice something is to others, from -20 to 19. `who` 0: the calling process, its group or its user. Errors: EACCES, EPERM, ESRCH.
pub fn set_priority(whose: Whose, who: i32, priority: i32) -> Result<()> {
    let _ = (whose, who, priority);
    todo!()
}

/// See [`set_priority`].
pub fn priority(whose: Whose, who: i32) -> Result<i32> {
    let _ = (whose, who);
    todo!()
}

/// Becomes another program: `file` is a path, `arguments` what follows its name. Returns only the error. Descriptors of the engine's are closed by that; signals that the engine ignores
/// or blocks are as by default in the new program.
pub fn exec(file: &CString, arguments: &[CString]) -> Error {
    let _ = (file, arguments);
    todo!()
}
