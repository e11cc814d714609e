//! `Swoole\Process`: a process of the script's own, which a server forks and keeps alive, and the pipe to it.

use super::exception;
use super::{refuse, value_or_warn, warn_of};
use crate::bridge::looping;
use crate::bridge::signals::signal_fn;
use crate::zend::{
    self, BOOL, CALLABLE, Call, Callback, ClassSlot, Default, FALSE, Gc, Handlers, Kept, LONG, Method, NONE, NULL,
    Object, Payload, PropType, STRING, Thrown, arg, end, int, method, no, opt, returns, static_method,
};
use ext_php_rs::types::Zval;
use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::CStr;
use std::os::fd::{AsRawFd, RawFd};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::event;
use swoole_core::log;
use swoole_core::process::{Pipe, PipeType};
use swoole_core::sys::fd::take_stdin_and_stdout;

/// The class's name in signatures.
pub const NAME: &CStr = c"Swoole\\Process";

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const PIPE: usize = 0;
    pub const PID: usize = 3;
    pub const ID: usize = 4;
}

/// The Rust side of a process object: empty until its constructor has run.
#[derive(std::default::Default)]
pub struct ProcessObject(OnceCell<State>);

struct State {
    callback: Callback,
    /// the callback's standard input and output are the pipe
    redirected: bool,
    pipe: RefCell<Option<Pipe>>,
    /// a server has it
    taken: Cell<bool>,
}

impl Payload for ProcessObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    fn trace(&self, gc: &mut Gc) {
        if let Some(state) = self.0.get() {
            state.callback.trace(gc);
        }
    }
}

const METHODS: &[Method] = &[
    method(
        c"__construct",
        construct,
        &[
            returns(1, NONE),
            arg(c"callback", CALLABLE),
            opt(c"redirect_stdin_and_stdout", BOOL, c"false"),
            opt(c"pipe_type", LONG, c"Swoole\\Process::PIPE_TYPE_DGRAM"),
            opt(c"enable_coroutine", BOOL, c"false"),
        ],
    ),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    method(c"write", write, &[returns(1, LONG | FALSE), arg(c"data", STRING)]),
    static_method(
        c"signal",
        signal,
        &[returns(1, BOOL), arg(c"signal_no", LONG), opt(c"callback", CALLABLE | NULL, c"null")],
    ),
    method(c"read", read, &[returns(0, STRING | FALSE), opt(c"size", LONG, c"8192")]),
    end(),
];

pub fn register() {
    zend::register::<ProcessObject>(&CLASS, "Swoole\\Process", Some("swoole_process"), METHODS)
        .properties(&[
            ("pipe", PropType::NULLABLE_INT, Default::Null),
            ("msgQueueId", PropType::NULLABLE_INT, Default::Null),
            ("msgQueueKey", PropType::NULLABLE_INT, Default::Null),
            ("pid", PropType::NULLABLE_INT, Default::Null),
            ("id", PropType::NULLABLE_INT, Default::Null),
        ])
        .constants(&[
            ("IPC_NOWAIT", 256),
            ("PIPE_MASTER", 1),
            ("PIPE_WORKER", 2),
            ("PIPE_READ", 3),
            ("PIPE_WRITE", 4),
            ("PIPE_TYPE_NONE", 0),
            ("PIPE_TYPE_STREAM", PipeType::Stream as i64),
            ("PIPE_TYPE_DGRAM", PipeType::Datagram as i64),
        ]);
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(1, 4)?;
    let callback = args.callback()?;
    let redirected = args.bool_or(false)?;
    let pipe_type = args.long_or(PipeType::Datagram as i64)?;
    // Coroutines are none of this engine's; the callback runs as any function does.
    args.bool_or(false)?;
    let payload = call.payload::<ProcessObject>()?;
    if payload.0.get().is_some() {
        zend::throw_error("this process is constructed already; a constructor runs once");
        return Err(Thrown);
    }
    let pipe = make_pipe(redirected, pipe_type).map_err(|error| {
        let error = error.remember();
        zend::throw(&exception::CLASS, &error.to_string(), error.code().into());
        Thrown
    })?;
    show_pipe(call.this(), pipe.as_ref());
    let state = State { callback, redirected, pipe: RefCell::new(pipe), taken: Cell::new(false) };
    let _ = payload.0.set(state);
    Ok(())
}

fn make_pipe(redirected: bool, pipe_type: i64) -> EngineResult<Option<Pipe>> {
    // Standard streams have no borders between what is written to them.
    let kind = match pipe_type {
        0..=2 if redirected => PipeType::Stream,
        0 => return Ok(None),
        1 => PipeType::Stream,
        2 => PipeType::Datagram,
        other => {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "unknown pipe type {other} of a process; use Swoole\\Process::PIPE_TYPE_NONE (0), PIPE_TYPE_STREAM (1) or \
                     PIPE_TYPE_DGRAM (2)"
                ),
            ));
        }
    };
    Pipe::new(kind).map(Some)
}

/// The property `pipe` is the descriptor of the end that this process uses.
fn show_pipe(object: Object<'_>, pipe: Option<&Pipe>) {
    if let Some(fd) = pipe.and_then(|pipe| pipe.descriptor().ok()) {
        object.set_property(slot::PIPE, int(fd.as_raw_fd()));
    }
}

/// The Rust side of a process object; throws if the constructor has not run.
fn state(object: Object<'_>) -> Result<&State, Thrown> {
    object.payload::<ProcessObject>().and_then(|payload| payload.0.get()).ok_or_else(|| {
        zend::throw_error(
            "this process was not constructed; a subclass that has a constructor must call parent::__construct() first",
        );
        Thrown
    })
}

/// Makes the process a server's. Errors: it is one already.
pub fn take(object: Object<'_>) -> Result<EngineResult<()>, Thrown> {
    Ok(if state(object)?.taken.replace(true) {
        Err(Error::new(
            ErrorKind::InvalidParams,
            "this process was added to a server already; make a Swoole\\Process for each one",
        ))
    } else {
        Ok(())
    })
}

/// The running process becomes the one that `object` stands for: sets its properties, and redirects the standard streams if that was asked
/// for. What is to be called in it. Runs in: user process.
pub fn enter(object: Object<'_>, worker_id: Option<i32>) -> Option<Callback> {
    let state = object.payload::<ProcessObject>()?.0.get()?;
    if let Some(pipe) = &mut *state.pipe.borrow_mut() {
        pipe.become_worker();
        show_pipe(object, Some(pipe));
        if state.redirected
            && let Ok(end) = pipe.descriptor()
            && let Err(found) = take_stdin_and_stdout(end)
        {
            log::error(format_args!("cannot make the pipe of a user process its standard input and output: {found}"));
        }
    }
    object.set_property(slot::PID, int(std::process::id()));
    if let Some(id) = worker_id {
        object.set_property(slot::ID, int(id));
    }
    Some(state.callback.clone())
}

/// Does something with the pipe of `$this`.
fn with_pipe<T>(state: &State, act: impl FnOnce(&Pipe) -> EngineResult<T>) -> EngineResult<T> {
    match &*state.pipe.borrow() {
        Some(pipe) => act(pipe),
        None => Err(Error::new(
            ErrorKind::WrongOperation,
            "this process was made without a pipe; make it with Swoole\\Process::PIPE_TYPE_STREAM (1) or PIPE_TYPE_DGRAM (2)",
        )),
    }
}

/// The descriptor of the end of the pipe that this process uses. None if `object` is no process. Errors: it has no pipe.
pub fn descriptor(object: Object<'_>) -> Option<EngineResult<RawFd>> {
    let process = object.payload::<ProcessObject>()?;
    Some(match process.0.get() {
        Some(state) => with_pipe(state, |pipe| pipe.descriptor().map(|end| end.as_raw_fd())),
        None => Err(Error::new(ErrorKind::InvalidParams, "this process was not constructed, so it has no pipe")),
    })
}

/// Calls a function from the loop of this process when a signal arrives; null gives the signal back to the system.
fn signal(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (signo, callback) = (args.long()?, args.maybe_callback()?);
    let handler = callback.map(|callback| signal_fn(Kept::from(callback)));
    looping::attend();
    // What does not fit is no signal either way, and is refused there.
    let signo = signo.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    Ok(value_or_warn(event::signal(signo, handler))?.is_some())
}

fn failed(error: Error) -> Result<Zval, Thrown> {
    let error = error.remember();
    if super::is_misuse(error.kind()) {
        warn_of(&error)?;
    }
    Ok(no())
}

/// Writes to the other end of the pipe, and waits while it is full.
fn write(call: Call<'_>) -> Result<Zval, Thrown> {
    let data = call.args(1, 1)?.bytes()?;
    match with_pipe(state(call.this())?, |pipe| pipe.write(data)) {
        Ok(written) => Ok(int(written as i64)),
        Err(error) => failed(error),
    }
}

/// Reads what the other end wrote, and waits for it. A signal's handler runs meanwhile.
fn read(call: Call<'_>) -> Result<Zval, Thrown> {
    let size = call.args(0, 1)?.long_or(8192)?;
    let state = state(call.this())?;
    let Ok(size) = usize::try_from(size) else {
        refuse(ErrorKind::InvalidParams, format!("reading {size} bytes was asked for; ask for 1 or more"))?;
        return Ok(no());
    };
    let mut buffer = Vec::new();
    loop {
        match with_pipe(state, |pipe| pipe.read(size, &mut buffer)) {
            Ok(()) => return Ok(zend::bytes(&buffer)),
            Err(error) if error.code() == libc::EINTR => zend::dispatch_signals()?,
            Err(error) => return failed(error),
        }
    }
}
