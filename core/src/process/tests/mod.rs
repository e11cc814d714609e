//! Processes at work. Each case runs in a process of its own: whoever waits for any child must not be given those of other tests, and
//! signals are the whole process's.

mod control;
mod pipes;
mod processes;
mod queues;
mod signals;

use super::{PipeType, Process, ProcessOptions};
use crate::sys::fd::{self, Asked};
use crate::sys::process::{self, Forked};
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// Nothing here takes that long on a machine that is busy with other things.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs `case` in a child, and panics as it did.
fn alone(case: impl FnOnce()) {
    let (mut said, mut say) = std::io::pipe().unwrap();
    let parent = process::pid();
    match process::fork_for_program().unwrap() {
        Forked::Parent(pid) => {
            drop(say);
            let ended = ended(pid);
            // A process that the case left behind may have the other end open still.
            fd::set_blocking(said.as_raw_fd(), false);
            let mut why = String::new();
            let _ = said.read_to_string(&mut why);
            assert!(ended == (0, 0), "it ended with {ended:?} (code, signal): {why}");
        }
        Forked::Child => {
            process::die_with_parent(parent);
            drop(said);
            process::end_at_once(guard(&mut say, || {
                case();
                0
            }));
        }
    }
}

/// What `role` gives; 101 and a line to `say` if it panics.
fn guard(say: &mut PipeWriter, role: impl FnOnce() -> i32) -> i32 {
    catch_unwind(AssertUnwindSafe(role)).unwrap_or_else(|why| {
        let why = why.downcast_ref::<String>().map(String::as_str).or(why.downcast_ref::<&str>().copied());
        let _ = writeln!(say, "{}", why.unwrap_or("?"));
        101
    })
}

/// How the child ended (code, signal). One that does not is killed.
fn ended(pid: i32) -> (i32, i32) {
    let began = Instant::now();
    loop {
        if let Some(ended) = process::reap(pid) {
            return (ended.exit_code(), ended.signal());
        }
        if began.elapsed() > LIMIT {
            let _ = process::kill(pid, libc::SIGKILL);
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Waits until `what` is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LIMIT, "{what}: not within {LIMIT:?}");
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Reads a line that another process writes.
fn line(from: &mut PipeReader) -> String {
    let mut line = Vec::new();
    loop {
        let mut asked = [Asked::new(from.as_raw_fd(), true, false, false)];
        assert_eq!(fd::poll(&mut asked, Some(LIMIT), fd::Interrupt::Never).unwrap(), 1, "nothing comes");
        let mut byte = [0];
        match from.read(&mut byte).unwrap() {
            1 if byte[0] != b'\n' => line.push(byte[0]),
            _ => return String::from_utf8(line).unwrap(),
        }
    }
}

fn with_pipe(kind: PipeType) -> ProcessOptions {
    ProcessOptions { redirected: false, pipe: Some(kind) }
}

const BOTH: [PipeType; 2] = [PipeType::Stream, PipeType::Datagram];

/// Starts a process that does `role` and ends with the code that it gives.
fn start(options: ProcessOptions, role: impl FnOnce(&mut Process) -> i32) -> Process {
    let process = Process::new(options).unwrap();
    start_it(process, role)
}

fn start_it(mut process: Process, role: impl FnOnce(&mut Process) -> i32) -> Process {
    let parent = process::pid();
    if process.fork().unwrap() == Forked::Child {
        process::die_with_parent(parent);
        run_child(process, role)
    }
    process
}

fn run_child(mut process: Process, role: impl FnOnce(&mut Process) -> i32) -> ! {
    let role = AssertUnwindSafe(|| role(&mut process));
    process::end_at_once(catch_unwind(role).unwrap_or(101))
}

/// One read.
fn read(process: &Process) -> Vec<u8> {
    let mut buffer = Vec::new();
    process.pipe().unwrap().read(1 << 16, &mut buffer).unwrap();
    buffer
}

fn write(process: &Process, data: &[u8]) {
    assert_eq!(process.pipe().unwrap().write(data).unwrap(), data.len());
}

fn end_of(process: &Process) -> (i32, i32) {
    ended(process.pid().unwrap())
}

fn kill(process: &Process) {
    process::kill(process.pid().unwrap(), libc::SIGKILL).unwrap();
}
