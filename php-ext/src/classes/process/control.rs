//! Static methods of `Swoole\Process`: children, signals, alarms, the running process; and priorities.

use super::super::{answer_or_warn, refuse, value_or_warn, warn_of};
use super::state;
use crate::bridge::descriptor::descriptor;
use crate::bridge::looping;
use crate::bridge::settings;
use crate::bridge::signals::signal_fn;
use crate::zend::{self, Call, Kept, Number, Thrown, array, fill, int, list, no};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::os::fd::RawFd;
use std::time::Duration;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::event;
use swoole_core::process::control::{self, AlarmClock, Whose};

/// Waits for a child that has ended. How it did, or false if there is none.
pub fn wait(call: Call<'_>) -> Result<Zval, Thrown> {
    let blocking = call.args(0, 1)?.bool_or(true)?;
    loop {
        return match control::wait(blocking) {
            Ok(Some(ended)) => {
                let mut table = ZendHashTable::with_capacity(3);
                fill(
                    &mut table,
                    [("pid", int(ended.pid)), ("code", int(ended.exit_code())), ("signal", int(ended.signal()))],
                );
                Ok(array(table))
            }
            Ok(None) => Ok(no()),
            Err(error) if error.code() == libc::EINTR => {
                zend::dispatch_signals()?;
                continue;
            }
            Err(error) => {
                error.remember();
                Ok(no())
            }
        };
    }
}

/// Calls a function from the loop of this process when a signal arrives; null gives the signal back to the system.
pub fn signal(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (signo, callback) = (number(args.long()?), args.maybe_callback()?);
    let handler = callback.map(|callback| signal_fn(Kept::from(callback)));
    looping::attend();
    Ok(value_or_warn(event::signal(signo, handler))?.is_some())
}

/// Clamped: what does not fit is no signal and no process either way, and is refused further on.
fn number(given: i64) -> i32 {
    given.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

/// False, and a warning: for what the system has refused as well.
fn done<T>(result: EngineResult<T>) -> Result<bool, Thrown> {
    Ok(value_or_warn(result)?.is_some())
}

/// Sends this process a signal every `usec` microseconds; 0 or less ends that.
pub fn alarm(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (micros, clock) = (args.long()?, args.long_or(AlarmClock::Real as i64)?);
    let clock = match clock {
        0 => AlarmClock::Real,
        1 => AlarmClock::Virtual,
        2 => AlarmClock::Profile,
        other => {
            return refuse(
                ErrorKind::InvalidParams,
                format!(
                    "there is no clock {other} of an alarm; use 0 (the wall's, SIGALRM), 1 (this process's computing, SIGVTALRM) or 2 (and the system's for \
                     it, SIGPROF)"
                ),
            );
        }
    };
    done(control::alarm((micros > 0).then(|| Duration::from_micros(micros as u64)), clock))
}

/// Sends a signal. That there is no such process is no mistake if it was only asked for, by signal 0.
pub fn kill(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (pid, signal) = (args.long()?, args.long_or(libc::SIGTERM.into())?);
    match control::kill(number(pid), number(signal)) {
        Ok(()) => Ok(true),
        Err(error) => {
            let error = error.remember();
            if !(signal == 0 && error.code() == libc::ESRCH) {
                warn_of(&error)?;
            }
            Ok(false)
        }
    }
}

/// Makes this process a daemon.
pub fn daemon(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(0, 3)?;
    let (keep_directory, keep_streams) = (args.bool_or(true)?, args.bool_or(true)?);
    let mut streams = [None; 3];
    if let Some(pipes) = args.maybe_array()? {
        for (stream, (_, value)) in streams.iter_mut().zip(settings::pairs(pipes)) {
            match stream_of(value.dereference()) {
                Ok(fd) => *stream = fd,
                Err(error) => return answer_or_warn::<()>(Err(error)),
            }
        }
    }
    if event::local::is_running() {
        return refuse(
            ErrorKind::WrongOperation,
            "a process whose event loop runs cannot become a daemon: the loop would stay behind; call it before, or use a server's option daemonize",
        );
    }
    // The process that this was ends with what it has not printed.
    zend::flush_output()?;
    done(control::daemon(keep_directory, keep_streams, streams))
}

fn stream_of(value: &Zval) -> EngineResult<Option<RawFd>> {
    if value.is_null() { Ok(None) } else { descriptor(value).map(Some) }
}

/// On which processors this process may run, by number.
pub fn set_affinity(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.array()?;
    let processors: EngineResult<Vec<usize>> = settings::pairs(given)
        .map(|(_, value)| {
            let number = Number::of(value.dereference()).and_then(Number::whole);
            let number = number.and_then(|number| usize::try_from(number).ok());
            number.ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidParams,
                    "a processor is told by its number, 0 or more, as getAffinity() does",
                )
            })
        })
        .collect();
    done(processors.and_then(|processors| control::set_affinity(&processors)))
}

/// The processors on which this process may run.
pub fn get_affinity(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let processors = value_or_warn(control::affinity())?.unwrap_or_default();
    Ok(list(processors.into_iter().map(|processor| processor as i64)))
}

/// Whose priority is meant: `$who`, or, if it was left out, the process of `$this`.
fn whose(call: Call<'_>, which: i64, who: Option<i64>) -> Result<EngineResult<(Whose, i32)>, Thrown> {
    let state = state(call.this())?;
    let whose = match which {
        0 => Whose::Process,
        1 => Whose::Group,
        2 => Whose::User,
        other => {
            return Ok(Err(Error::new(
                ErrorKind::InvalidParams,
                format!("there is no kind {other} of priorities; use PRIO_PROCESS (0), PRIO_PGRP (1) or PRIO_USER (2)"),
            )));
        }
    };
    let own = || match whose {
        Whose::Process => state.with(|engine| Ok(engine.pid())).ok().flatten().unwrap_or(0),
        Whose::Group | Whose::User => 0,
    };
    Ok(Ok((whose, who.map_or_else(own, number))))
}

/// How nice something is to others.
pub fn set_priority(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 3)?;
    let (which, priority, who) = (args.long()?, args.long()?, args.nullable_long()?);
    let whose = whose(call, which, who)?;
    done(whose.and_then(|(whose, who)| control::set_priority(whose, who, number(priority))))
}

pub fn get_priority(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 2)?;
    let (which, who) = (args.long()?, args.nullable_long()?);
    let whose = whose(call, which, who)?;
    let found = whose.and_then(|(whose, who)| control::priority(whose, who));
    Ok(value_or_warn(found)?.map_or_else(no, int))
}
