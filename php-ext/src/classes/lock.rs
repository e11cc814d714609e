//! `Swoole\Lock`: a lock among the processes forked after it was made. What a process held is free once it has ended.

use super::waiting::waiting;
use super::{construct_once, constructed, refuse, throw_exception, warn_of};
use crate::zend::{
    self, BOOL, Call, ClassSlot, Default, FLOAT, Handlers, LONG, Method, NONE, Payload, PropType, STRING, Thrown, end,
    int, method, opt, returns,
};
use std::cell::{OnceCell, RefCell};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult, set_last_code};
use swoole_core::shm::locks::{Hold, Lock, LockKind};

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// The kinds of locks, by the names that they have as constants of the class and, behind `SWOOLE_`, of PHP.
pub const KINDS: &[(&str, i64)] =
    &[("RWLOCK", RWLOCK), ("FILELOCK", FILELOCK), ("MUTEX", MUTEX), ("SEM", SEM), ("SPINLOCK", SPINLOCK)];
const RWLOCK: i64 = 1;
const FILELOCK: i64 = 2;
const MUTEX: i64 = 3;
const SEM: i64 = 4;
const SPINLOCK: i64 = 5;

// PHP's own constants, as flock() takes them.
const LOCK_SH: i64 = 1;
const LOCK_EX: i64 = 2;
const LOCK_NB: i64 = 4;

/// Number of the property `errCode`.
const ERR_CODE: usize = 0;

/// The Rust side: empty until the constructor has run. In it nothing is left once destroy() was called.
#[derive(std::default::Default)]
pub struct LockObject(OnceCell<RefCell<Option<Lock>>>);

impl Payload for LockObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

const METHODS: &[Method] = &[
    method(
        c"__construct",
        construct,
        &[returns(0, NONE), opt(c"type", LONG, c"Swoole\\Lock::MUTEX"), opt(c"filename", STRING, c"''")],
    ),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    method(c"lock", lock, &[returns(0, BOOL), opt(c"operation", LONG, c"LOCK_EX"), opt(c"timeout", FLOAT, c"-1.0")]),
    method(c"lockwait", lockwait, &[returns(0, BOOL), opt(c"timeout", FLOAT, c"1.0")]),
    method(c"trylock", trylock, &[returns(0, BOOL)]),
    method(c"lock_read", lock_read, &[returns(0, BOOL)]),
    method(c"trylock_read", trylock_read, &[returns(0, BOOL)]),
    method(c"unlock", unlock, &[returns(0, BOOL)]),
    method(c"destroy", destroy, &[returns(0, BOOL)]),
    end(),
];

pub fn register() {
    zend::register::<LockObject>(&CLASS, "Swoole\\Lock", Some("swoole_lock"), METHODS)
        .properties(&[("errCode", PropType::INT, Default::Int(0))])
        .constants(KINDS);
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(0, 2)?;
    let (kind, file) = (args.long_or(MUTEX)?, args.bytes()?);
    let lock = lock_kind(kind, file).and_then(Lock::new).map_err(throw_exception)?;
    construct_once(&call.payload::<LockObject>()?.0, RefCell::new(Some(lock)), "lock")
}

fn lock_kind(kind: i64, file: &[u8]) -> EngineResult<LockKind> {
    let invalid = |message: String| Err(Error::new(ErrorKind::InvalidParams, message));
    match kind {
        MUTEX => Ok(LockKind::Mutex),
        RWLOCK => Ok(LockKind::ReadWrite),
        SPINLOCK => Ok(LockKind::Spin),
        SEM => Ok(LockKind::Semaphore),
        FILELOCK if file.is_empty() => invalid(
            "a file lock needs the name of its file, as the second argument; it is made if it is missing".into(),
        ),
        FILELOCK => Ok(LockKind::File(PathBuf::from(OsStr::from_bytes(file)))),
        other => invalid(format!(
            "unknown type {other} of a lock; use SWOOLE_MUTEX (3), SWOOLE_RWLOCK (1), SWOOLE_SPINLOCK (5), SWOOLE_SEM (4) or \
             SWOOLE_FILELOCK (2)"
        )),
    }
}

/// The lock of `$this`. None: it was destroyed, which a warning has told.
fn handle(call: Call<'_>) -> Result<Option<Lock>, Thrown> {
    let lock = constructed(&call.payload::<LockObject>()?.0, "lock")?.borrow().clone();
    if lock.is_none() {
        call.this().set_property(ERR_CODE, int(libc::EINVAL));
        refuse(ErrorKind::WrongOperation, "this lock was destroyed; make a new Swoole\\Lock")?;
    }
    Ok(lock)
}

/// True, or false with `errCode` set: to `not_taken` if somebody else has the lock, which is no mistake; all else is one, and has a warning.
fn finish(call: Call<'_>, result: EngineResult<bool>, not_taken: i32) -> Result<bool, Thrown> {
    match result {
        Ok(true) => Ok(true),
        Ok(false) => {
            call.this().set_property(ERR_CODE, int(not_taken));
            set_last_code(not_taken);
            Ok(false)
        }
        Err(error) => {
            let error = error.remember();
            call.this().set_property(ERR_CODE, int(error.code()));
            warn_of(&error)?;
            Ok(false)
        }
    }
}

fn take(call: Call<'_>, hold: Hold, timeout: f64) -> Result<bool, Thrown> {
    let Some(lock) = handle(call)? else { return Ok(false) };
    let taken = waiting(timeout, |limit| match lock.lock(hold, Some(limit)) {
        Ok(()) => Ok(true),
        Err(error) if error.code() == libc::ETIMEDOUT => Ok(false),
        Err(error) => Err(error),
    })?;
    finish(call, taken, libc::ETIMEDOUT)
}

fn take_if_free(call: Call<'_>, hold: Hold) -> Result<bool, Thrown> {
    let Some(lock) = handle(call)? else { return Ok(false) };
    finish(call, lock.try_lock(hold), libc::EBUSY)
}

fn lock(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(0, 2)?;
    let (operation, timeout) = (args.long_or(LOCK_EX)?, args.float_or(-1.0)?);
    let hold = match operation & !LOCK_NB {
        LOCK_EX => Hold::Exclusive,
        LOCK_SH => Hold::Shared,
        _ => {
            call.this().set_property(ERR_CODE, int(libc::EINVAL));
            return refuse(
                ErrorKind::InvalidParams,
                format!(
                    "unknown operation {operation} on a lock; use LOCK_EX (2) or LOCK_SH (1), with LOCK_NB (4) not to wait"
                ),
            );
        }
    };
    if operation & LOCK_NB != 0 { take_if_free(call, hold) } else { take(call, hold, timeout) }
}

fn lockwait(call: Call<'_>) -> Result<bool, Thrown> {
    let timeout = call.args(0, 1)?.float_or(1.0)?;
    take(call, Hold::Exclusive, timeout)
}

fn trylock(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    take_if_free(call, Hold::Exclusive)
}

fn lock_read(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    take(call, Hold::Shared, -1.0)
}

fn trylock_read(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    take_if_free(call, Hold::Shared)
}

fn unlock(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    match handle(call)? {
        Some(lock) => finish(call, lock.unlock().map(|()| true), 0),
        None => Ok(false),
    }
}

/// Gives the lock up: this object can no longer be used. Other processes keep theirs.
fn destroy(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    if handle(call)?.is_none() {
        return Ok(false);
    }
    constructed(&call.payload::<LockObject>()?.0, "lock")?.borrow_mut().take();
    Ok(true)
}
