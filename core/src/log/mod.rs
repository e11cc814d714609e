//! The engine's log: one for the whole process, usable from any thread.
//!
//! Who enters: everybody who has something to tell the operator. The server calls [`init`] before
//! it forks, [`set_identity`] in each process, and [`reopen`] on SIGRTMIN. Until `init`, lines go
//! to standard output.
//!
//! A record is one `write(2)` to a file that is opened for appending, so the lines of several
//! processes never mix:
//! `[2026-11-21 03:04:05 *4711.0]⇥WARNING⇥message`. Behind the date are the role's letter, the
//! process id and the worker's number. A line break within a message is followed by a tab, so a
//! line that does not begin with `[` belongs to the record before it; other control characters
//! are escaped.

mod format;
mod sink;

use crate::error::{self, Result};
use chrono::{DateTime, FixedOffset, Local, Utc};
use format::Format;
use sink::Sink;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use format::{MAX_DATE_FORMAT, check_date_format};

/// How important a line is. The numbers are those of `SWOOLE_LOG_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Level {
    Debug = 0,
    Trace = 1,
    #[default]
    Info = 2,
    Notice = 3,
    Warning = 4,
    Error = 5,
    /// nothing is logged
    None = 6,
}

impl Level {
    /// Every level, by number.
    pub const ALL: [Level; 7] =
        [Level::Debug, Level::Trace, Level::Info, Level::Notice, Level::Warning, Level::Error, Level::None];

    /// The level with that number.
    pub fn from_number(n: i64) -> Option<Level> {
        Level::ALL.into_iter().find(|level| *level as i64 == n)
    }

    /// Its name, as in a log line.
    pub fn name(self) -> &'static str {
        ["DEBUG", "TRACE", "INFO", "NOTICE", "WARNING", "ERROR", "NONE"][self as usize]
    }
}

/// How often a new file is begun. The numbers are those of `SWOOLE_LOG_ROTATION_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Rotation {
    /// one file for ever
    #[default]
    Single = 0,
    Monthly = 1,
    Daily = 2,
    Hourly = 3,
    EveryMinute = 4,
}

impl Rotation {
    /// Every rotation, by number.
    pub const ALL: [Rotation; 5] =
        [Rotation::Single, Rotation::Monthly, Rotation::Daily, Rotation::Hourly, Rotation::EveryMinute];

    /// The rotation with that number.
    pub fn from_number(n: i64) -> Option<Rotation> {
        Rotation::ALL.into_iter().find(|rotation| *rotation as i64 == n)
    }

    /// Its name, as in its PHP constant.
    pub fn name(self) -> &'static str {
        ["SINGLE", "MONTHLY", "DAILY", "HOURLY", "EVERY_MINUTE"][self as usize]
    }

    /// The date that a file's name ends in, as strftime writes it.
    fn suffix(self) -> &'static str {
        ["", ".%Y%m", ".%Y%m%d", ".%Y%m%d%H", ".%Y%m%d%H%M"][self as usize]
    }
}

/// Where lines go and what they look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// the file, created if need be; None: standard output
    pub file: Option<PathBuf>,
    /// least level that is logged
    pub level: Level,
    /// how often a new file is begun; means nothing for standard output
    pub rotation: Rotation,
    /// date of a line, as strftime writes it
    pub date_format: String,
    /// whether microseconds are added to the date
    pub microseconds: bool,
}

impl Default for LogConfig {
    fn default() -> Self {
        LogConfig {
            file: None,
            level: Level::Info,
            rotation: Rotation::Single,
            date_format: "%F %T".into(),
            microseconds: false,
        }
    }
}

/// One log. The process has one in [`LOG`]; tests make their own.
struct Logger {
    format: Format,
    sink: Sink,
    identity: Identity,
}

/// Which process writes.
#[derive(Clone, Copy)]
struct Identity {
    role: char,
    worker: i32,
    /// the time zone, where its file is out of reach
    offset: Option<FixedOffset>,
}

/// Not parking_lot's: that keeps those who wait in a table of the whole program, which another thread may have locked when this one forks
/// (see [`hold`]).
static LOG: Mutex<Option<Logger>> = Mutex::new(None);
/// [`LogConfig::level`] of [`LOG`], read before anything is formatted.
static LEVEL: AtomicU8 = AtomicU8::new(Level::Info as u8);
static DROPPED: AtomicU64 = AtomicU64::new(0);

impl Logger {
    fn new(config: &LogConfig) -> Result<Logger> {
        let format = Format::new(&config.date_format, config.microseconds)?;
        let sink = Sink::open(config.file.as_deref(), config.rotation)?;
        let identity = Identity { role: '-', worker: -1, offset: None };
        Ok(Logger { format, sink, identity })
    }

    fn now(&self) -> DateTime<FixedOffset> {
        match &self.identity.offset {
            Some(offset) => Utc::now().with_timezone(offset),
            None => Local::now().fixed_offset(),
        }
    }

    /// False if the line was not written as a whole.
    fn write(&mut self, now: &DateTime<FixedOffset>, level: Level, message: &str) -> bool {
        let line = self.format.line(now, self.identity, level, message);
        self.sink.write(now, line.as_bytes())
    }
}

/// Sets the log up. A relative path is taken from the present directory, also after the process
/// has left it. Errors: a file that cannot be opened, a date format that strftime would not
/// understand; the log is as before then.
pub fn init(config: &LogConfig) -> Result<()> {
    let mut logger = Logger::new(config)?;
    let mut log = log();
    if let Some(old) = &*log {
        logger.identity = old.identity;
    }
    *log = Some(logger);
    LEVEL.store(config.level as u8, Ordering::Relaxed);
    Ok(())
}

/// Opens the log file anew, under its name: after somebody moved it away, or, for standard output,
/// after that was redirected. Errors: it cannot be opened; lines go where they went.
pub fn reopen() -> Result<()> {
    match &mut *log() {
        Some(logger) => logger.sink.reopen(),
        None => Ok(()),
    }
}

/// From now on standard output and error go to the log file, and follow it when it is opened anew or rotated: for a
/// daemon. Errors: there is no log file, or the streams cannot be redirected.
pub fn take_output() -> Result<()> {
    match &mut *log() {
        Some(logger) => logger.sink.take_output(),
        None => Ok(()),
    }
}

/// Says which process this is. Each process calls it once, after it was forked.
/// `role` is a letter for people to read, `worker` the worker's number or -1.
pub fn set_identity(role: char, worker: i32) {
    if let Some(logger) = logger(&mut log()) {
        (logger.identity.role, logger.identity.worker) = (role, worker);
    }
}

/// Keeps the time zone's present offset for this process. To be called before `chroot`: the
/// zone's file is out of reach afterwards, and dates would fall back to UTC.
pub fn keep_time_zone() {
    if let Some(logger) = logger(&mut log()) {
        logger.identity.offset = Some(*Local::now().offset());
    }
}

/// Lines of this process that could not be written, or not as a whole.
pub fn dropped() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Sets the least level that is logged in this process and those forked from it later, until [`init`] sets it.
pub fn set_level(level: Level) {
    LEVEL.store(level as u8, Ordering::Relaxed);
}

/// Whether a line of that level would be logged.
pub fn is_enabled(level: Level) -> bool {
    level as u8 >= LEVEL.load(Ordering::Relaxed)
}

/// Logs a line. Never fails: what cannot be written is counted in [`dropped`].
pub fn write(level: Level, message: fmt::Arguments<'_>) {
    if level == Level::None || !is_enabled(level) {
        return;
    }
    // formatted without the lock: a value's Display is free to log
    let message = message.to_string();
    if let Some(logger) = logger(&mut log()) {
        let now = logger.now();
        if logger.write(&now, level, &message) {
            return;
        }
    }
    DROPPED.fetch_add(1, Ordering::Relaxed);
}

/// Logs a line that ends in the number of an error, unless that is one to be ignored (see [`error::ignore`]).
pub fn write_error(level: Level, code: i32, message: fmt::Arguments<'_>) {
    if !error::is_ignored(code) {
        write(level, format_args!("{message} (error {code})"));
    }
}

fn log() -> MutexGuard<'static, Option<Logger>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// No other thread logs as long as this is there.
#[must_use]
pub struct Held {
    _log: MutexGuard<'static, Option<Logger>>,
}

/// For a fork of a process that may have threads: one of them could be writing a line, and its lock would stay locked in the child.
pub fn hold() -> Held {
    Held { _log: log() }
}

/// The log, set up with the defaults where nobody did so before.
fn logger(log: &mut Option<Logger>) -> Option<&mut Logger> {
    if log.is_none() {
        *log = Logger::new(&LogConfig::default()).ok();
    }
    log.as_mut()
}

macro_rules! levels {
    ($($(#[$doc:meta])* $name:ident = $level:ident;)*) => {
        $(
            $(#[$doc])*
            pub fn $name(message: fmt::Arguments<'_>) {
                write(Level::$level, message);
            }
        )*
    };
}

levels! {
    /// For who works on the engine.
    debug = Debug;
    /// For who follows a single message through the engine.
    trace = Trace;
    /// Something ordinary happened.
    info = Info;
    /// Something ordinary happened that is worth knowing.
    notice = Notice;
    /// Something went wrong and the server goes on.
    warning = Warning;
    /// Something went wrong and somebody loses by it.
    error = Error;
}

#[cfg(test)]
mod tests;
