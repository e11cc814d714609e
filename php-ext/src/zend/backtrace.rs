//! What PHP code another process is running, read from outside: the process need not help, is not stopped, and notices nothing.
//!
//! The other process is a fork of the same image (a worker, seen from the manager), so the engine's globals lie at the same address
//! there. It goes on running while it is read: what is found may be in the middle of a change. So nothing found is trusted: an address
//! is only ever given to the kernel, lengths and depth have bounds, and what does not fit together is read again.

use super::protect::globals;
use ext_php_rs::ffi::{
    ZEND_ACC_STATIC, ZEND_INTERNAL_FUNCTION, ZEND_USER_FUNCTION, zend_class_entry, zend_execute_data,
    zend_executor_globals, zend_op, zend_op_array, zend_string,
};
use std::io;
use std::mem::offset_of;
use swoole_core::sys::process::read_memory;

/// Calls that are told of, from the innermost.
const DEPTH: usize = 64;
/// Longest name of a function, class or file that is shown whole, in bytes.
const LONGEST: usize = 4096;
/// How often it is tried to find the process in one state.
const TRIES: usize = 10;

/// What process `pid` is doing, one call a line, innermost first: `#0 sleep() at /srv/job.php:12`, with the line that the function itself
/// has reached (of a built-in function: the line that called it). Where it cannot be told, a sentence that says why.
///
/// A line may be that of the last call in a loop that calls nothing: PHP keeps it in a register of the processor.
pub fn backtrace(pid: i32) -> String {
    let memory = Memory { pid };
    // Taking the address of a field reads nothing of it.
    let current = globals().addr() + offset_of!(zend_executor_globals, current_execute_data);
    let mut best = Err(Unread::Changing);
    for _ in 0..TRIES {
        match memory.calls(current) {
            Ok((calls, true)) => return told(pid, &calls),
            Ok((calls, false)) => best = Ok(calls),
            // Memory that is not there belongs to a half-written state, unless it goes on so.
            Err(Unread::Failed(why)) if why.raw_os_error() != Some(libc::EFAULT) => return refused(pid, &why),
            Err(why) => best = best.or(Err(why)),
        }
    }
    match best {
        Ok(calls) => told(pid, &calls),
        Err(Unread::Failed(why)) => refused(pid, &why),
        Err(Unread::Changing) => {
            format!("The PHP code of process {pid} changed its place faster than it could be read.")
        }
    }
}

/// Why something could not be read.
enum Unread {
    Failed(io::Error),
    /// what was found makes no sense
    Changing,
}

impl From<io::Error> for Unread {
    fn from(why: io::Error) -> Self {
        Unread::Failed(why)
    }
}

struct Code {
    name: String,
    /// file and line; None in a built-in function
    place: Option<(String, u32)>,
}

/// The memory of another process. An address in it is a plain number here.
struct Memory {
    pid: i32,
}

impl Memory {
    fn bytes<const N: usize>(&self, address: usize) -> Result<[u8; N], Unread> {
        let mut bytes = [0; N];
        self.fill(address, &mut bytes)?;
        Ok(bytes)
    }

    fn fill(&self, address: usize, bytes: &mut [u8]) -> Result<(), Unread> {
        let got = read_memory(self.pid, address, bytes)?;
        if got == bytes.len() { Ok(()) } else { Err(Unread::Changing) }
    }

    fn number(&self, address: usize) -> Result<u32, Unread> {
        self.bytes(address).map(u32::from_ne_bytes)
    }

    fn word(&self, address: usize) -> Result<usize, Unread> {
        self.bytes(address).map(usize::from_ne_bytes)
    }

    /// The text of a `zend_string`; None if `address` is null.
    fn text(&self, address: usize) -> Result<Option<String>, Unread> {
        if address == 0 {
            return Ok(None);
        }
        let len = self.word(address.wrapping_add(offset_of!(zend_string, len)))?;
        let mut bytes = vec![0; len.min(LONGEST)];
        self.fill(address.wrapping_add(offset_of!(zend_string, val)), &mut bytes)?;
        // The name of an anonymous class goes on behind a zero byte, with its file; PHP does not show that part either.
        let shown = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        // One call is one line.
        let mut text = String::from_utf8_lossy(shown).replace(|c: char| c.is_control(), "?");
        if len > LONGEST {
            text.push('…');
        }
        Ok(Some(text))
    }

    /// The calls, innermost first, and whether the process was in the same ones before and after. `current`: where the address of its
    /// innermost frame is.
    fn calls(&self, current: usize) -> Result<(Vec<Code>, bool), Unread> {
        let frames = self.frames(current)?;
        let mut calls = Vec::new();
        for (number, frame) in frames.iter().enumerate() {
            calls.extend(self.code(*frame, number + 1 == frames.len())?);
        }
        if frames.len() == DEPTH {
            calls.push(Code { name: "(further calls are left out)".to_string(), place: None });
        }
        Ok((calls, self.frames(current)? == frames))
    }

    fn frames(&self, current: usize) -> Result<Vec<usize>, Unread> {
        let mut frames = Vec::new();
        let mut frame = self.word(current)?;
        while frame != 0 && frames.len() < DEPTH {
            frames.push(frame);
            frame = self.word(frame.wrapping_add(offset_of!(zend_execute_data, prev_execute_data)))?;
        }
        Ok(frames)
    }

    /// What runs in a frame. None: nothing does, it only holds others together.
    fn code(&self, frame: usize, outermost: bool) -> Result<Option<Code>, Unread> {
        let function = self.word(frame.wrapping_add(offset_of!(zend_execute_data, func)))?;
        if function == 0 {
            return Ok(None);
        }
        // All kinds of functions begin with the same fields; only those of a script have the rest of these.
        let [kind] = self.bytes(function.wrapping_add(offset_of!(zend_op_array, type_)))?;
        let flags = self.number(function.wrapping_add(offset_of!(zend_op_array, fn_flags)))?;
        let name = self.text(self.word(function.wrapping_add(offset_of!(zend_op_array, function_name)))?)?;
        let class = self.word(function.wrapping_add(offset_of!(zend_op_array, scope)))?;
        let class = if class == 0 {
            None
        } else {
            self.text(self.word(class.wrapping_add(offset_of!(zend_class_entry, name)))?)?
        };
        let built_in = u32::from(kind) == ZEND_INTERNAL_FUNCTION;
        let name = match (name, class) {
            // where a fiber begins
            (None, _) if built_in => return Ok(None),
            (None, _) if outermost => "{main}".to_string(),
            (None, _) if u32::from(kind) == ZEND_USER_FUNCTION => "{included file}".to_string(),
            (None, _) => "{eval}".to_string(),
            (Some(name), None) => format!("{name}()"),
            (Some(name), Some(class)) if flags & ZEND_ACC_STATIC != 0 => format!("{class}::{name}()"),
            (Some(name), Some(class)) => format!("{class}->{name}()"),
        };
        let place = if built_in { None } else { Some(self.place(frame, function)?) };
        Ok(Some(Code { name, place }))
    }

    /// File and line that a frame of a script's function has reached.
    fn place(&self, frame: usize, function: usize) -> Result<(String, u32), Unread> {
        let file = self
            .text(self.word(function.wrapping_add(offset_of!(zend_op_array, filename)))?)?
            .ok_or(Unread::Changing)?;
        let code = self.word(function.wrapping_add(offset_of!(zend_op_array, opcodes)))?;
        let length = self.number(function.wrapping_add(offset_of!(zend_op_array, last)))? as usize;
        let at = self.word(frame.wrapping_add(offset_of!(zend_execute_data, opline)))?;
        // A function that has called nothing yet has not written down where it is.
        let known = at.checked_sub(code).is_some_and(|offset| offset < length * size_of::<zend_op>());
        let line = if known {
            self.number(at.wrapping_add(offset_of!(zend_op, lineno)))?
        } else {
            self.number(function.wrapping_add(offset_of!(zend_op_array, line_start)))?
        };
        Ok((file, line))
    }
}

fn told(pid: i32, calls: &[Code]) -> String {
    if calls.is_empty() {
        return format!("No PHP code is running in process {pid}.");
    }
    let line = |(number, call): (usize, &Code)| match calls[number..].iter().find_map(|call| call.place.as_ref()) {
        Some((file, line)) => format!("#{number} {} at {file}:{line}", call.name),
        None => format!("#{number} {}", call.name),
    };
    calls.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn refused(pid: i32, why: &io::Error) -> String {
    match why.raw_os_error() {
        Some(libc::ESRCH) => format!("Process {pid} has ended."),
        Some(libc::EPERM) => format!(
            "The kernel does not let process {} read the memory of process {pid}: {why}. Both need the same user, and \
             kernel.yama.ptrace_scope, where there is such a thing, must be 0 or 1; or the reading process needs the capability \
             CAP_SYS_PTRACE (docker run --cap-add=SYS_PTRACE).",
            std::process::id(),
        ),
        Some(libc::ENOSYS) => {
            format!("The kernel cannot read the memory of process {pid}: it lacks process_vm_readv: {why}.")
        }
        _ => format!("The memory of process {pid} could not be read: {why}."),
    }
}
