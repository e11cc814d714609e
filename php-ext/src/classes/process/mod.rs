//! `Swoole\Process`: a process of the script's own, which the script forks itself, or a server or a pool does, and the ways to talk to it.

mod child;
mod control;
mod pipe;
mod queue;

pub use child::enter;

use super::{constructed, throw_exception};
use crate::zend::{
    self, ARRAY, BOOL, CALLABLE, Call, Callback, ClassSlot, Default, FALSE, FLOAT, Gc, Handlers, LONG, Method, NONE,
    NULL, Object, Payload, PropType, STRING, Thrown, VOID, arg, end, int, method, opt, returns, static_method,
};
use ext_php_rs::types::Zval;
use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::CStr;
use std::os::fd::{AsRawFd, RawFd};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::process::{PipeType, Process, ProcessOptions};

/// The class's name in signatures.
pub const NAME: &CStr = c"Swoole\\Process";

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const PIPE: usize = 0;
    pub const MSG_QUEUE_ID: usize = 1;
    pub const MSG_QUEUE_KEY: usize = 2;
    pub const PID: usize = 3;
    pub const ID: usize = 4;
}

/// The Rust side of a process object: empty until its constructor has run.
#[derive(std::default::Default)]
pub struct ProcessObject(OnceCell<State>);

struct State {
    /// what it does; None: a worker of a pool
    callback: Option<Callback>,
    /// Never borrowed while PHP code runs.
    engine: RefCell<Process>,
    /// whose it is to start
    owner: Cell<Owner>,
    /// for whom messages of a directed queue are
    number: i32,
}

/// Who starts a process.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// the script
    Script,
    /// a server that it was added to
    Server,
    /// a pool
    Pool,
}

impl Payload for ProcessObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    fn trace(&self, gc: &mut Gc) {
        if let Some(callback) = self.0.get().and_then(|state| state.callback.as_ref()) {
            callback.trace(gc);
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
    method(c"set", child::set, &[returns(1, VOID), arg(c"settings", ARRAY)]),
    method(c"start", child::start, &[returns(0, LONG | BOOL)]),
    method(c"exit", child::exit, &[returns(0, VOID), opt(c"exit_code", LONG, c"0")]),
    method(c"exec", child::exec, &[returns(2, BOOL), arg(c"exec_file", STRING), arg(c"args", ARRAY)]),
    method(c"name", child::name, &[returns(1, BOOL), arg(c"process_name", STRING)]),
    method(c"write", pipe::write, &[returns(1, LONG | FALSE), arg(c"data", STRING)]),
    method(c"read", pipe::read, &[returns(0, STRING | FALSE), opt(c"size", LONG, c"8192")]),
    method(c"close", pipe::close, &[returns(0, BOOL), opt(c"which", LONG, c"0")]),
    method(c"setTimeout", pipe::set_timeout, &[returns(1, BOOL), arg(c"seconds", FLOAT)]),
    method(c"setBlocking", pipe::set_blocking, &[returns(1, BOOL), arg(c"blocking", BOOL)]),
    method(
        c"useQueue",
        queue::use_queue,
        &[returns(0, BOOL), opt(c"key", LONG, c"0"), opt(c"mode", LONG, c"2"), opt(c"capacity", LONG, c"-1")],
    ),
    method(c"push", queue::push, &[returns(1, BOOL), arg(c"data", STRING)]),
    method(c"pop", queue::pop, &[returns(0, STRING | FALSE), opt(c"size", LONG, c"65536")]),
    method(c"statQueue", queue::stat, &[returns(0, ARRAY | FALSE)]),
    method(c"freeQueue", queue::free, &[returns(0, BOOL)]),
    static_method(c"wait", control::wait, &[returns(0, ARRAY | FALSE), opt(c"blocking", BOOL, c"true")]),
    static_method(
        c"signal",
        control::signal,
        &[returns(1, BOOL), arg(c"signal_no", LONG), opt(c"callback", CALLABLE | NULL, c"null")],
    ),
    static_method(c"alarm", control::alarm, &[returns(1, BOOL), arg(c"usec", LONG), opt(c"type", LONG, c"0")]),
    static_method(c"kill", control::kill, &[returns(1, BOOL), arg(c"pid", LONG), opt(c"signal_no", LONG, c"SIGTERM")]),
    static_method(
        c"daemon",
        control::daemon,
        &[
            returns(0, BOOL),
            opt(c"nochdir", BOOL, c"true"),
            opt(c"noclose", BOOL, c"true"),
            opt(c"pipes", ARRAY, c"[]"),
        ],
    ),
    static_method(c"setAffinity", control::set_affinity, &[returns(1, BOOL), arg(c"cpu_settings", ARRAY)]),
    static_method(c"getAffinity", control::get_affinity, &[returns(0, ARRAY)]),
    method(
        c"setPriority",
        control::set_priority,
        &[returns(2, BOOL), arg(c"which", LONG), arg(c"priority", LONG), opt(c"who", LONG | NULL, c"null")],
    ),
    method(
        c"getPriority",
        control::get_priority,
        &[returns(1, LONG | FALSE), arg(c"which", LONG), opt(c"who", LONG | NULL, c"null")],
    ),
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
            ("IPC_NOWAIT", queue::NOWAIT),
            ("PIPE_MASTER", pipe::MASTER),
            ("PIPE_WORKER", pipe::WORKER),
            ("PIPE_READ", pipe::READ),
            ("PIPE_WRITE", pipe::WRITE),
            ("PIPE_TYPE_NONE", 0),
            ("PIPE_TYPE_STREAM", PipeType::Stream as i64),
            ("PIPE_TYPE_DGRAM", PipeType::Datagram as i64),
        ]);
}

thread_local! {
    /// Process objects that were made so far.
    static MADE: Cell<i32> = const { Cell::new(0) };
}

impl State {
    fn new(engine: Process, callback: Option<Callback>, owner: Owner) -> State {
        let number = MADE.get();
        MADE.set(number.wrapping_add(1));
        State { callback, engine: RefCell::new(engine), owner: Cell::new(owner), number }
    }

    /// Whether the running process is the one that this stands for.
    fn is_running_process(&self) -> bool {
        self.engine.try_borrow().is_ok_and(|engine| engine.pid().is_some_and(|pid| pid as u32 == std::process::id()))
    }

    /// Does something with the engine's process.
    fn with<T>(&self, act: impl FnOnce(&Process) -> EngineResult<T>) -> EngineResult<T> {
        act(&*self.engine.try_borrow().map_err(|_| busy())?)
    }

    /// As [`State::with`], for what changes it.
    fn change<T>(&self, act: impl FnOnce(&mut Process) -> EngineResult<T>) -> EngineResult<T> {
        act(&mut *self.engine.try_borrow_mut().map_err(|_| busy())?)
    }
}

/// A destructor that runs while the engine forks asks for something.
fn busy() -> Error {
    Error::new(
        ErrorKind::WrongOperation,
        "this process is being started at this moment; use it when start() has returned",
    )
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
    let engine = pipe_kind(redirected, pipe_type).and_then(|pipe| Process::new(ProcessOptions { redirected, pipe }));
    let engine = engine.map_err(throw_exception)?;
    let state = State::new(engine, Some(callback), Owner::Script);
    show_pipe(call.this(), &state);
    let _ = payload.0.set(state);
    Ok(())
}

fn pipe_kind(redirected: bool, pipe_type: i64) -> EngineResult<Option<PipeType>> {
    Ok(match pipe_type {
        // Standard streams have no borders between what is written to them.
        0..=2 if redirected => Some(PipeType::Stream),
        0 => None,
        1 => Some(PipeType::Stream),
        2 => Some(PipeType::Datagram),
        other => {
            return Err(Error::new(
                ErrorKind::InvalidParams,
                format!(
                    "unknown pipe type {other} of a process; use Swoole\\Process::PIPE_TYPE_NONE (0), PIPE_TYPE_STREAM (1) or \
                     PIPE_TYPE_DGRAM (2)"
                ),
            ));
        }
    })
}

/// The object of a pool's worker. `is_own`: it is the running process.
pub fn of_pool(engine: Process, worker: usize, is_own: bool) -> Zval {
    CLASS.make(|object| {
        let state = State::new(engine, None, Owner::Pool);
        show_pipe(object, &state);
        if is_own {
            object.set_property(slot::PID, int(std::process::id()));
        }
        object.set_property(slot::ID, int(worker as i64));
        if let Some(payload) = object.payload::<ProcessObject>() {
            let _ = payload.0.set(state);
        }
    })
}

/// The process number of a worker, which changes when it is replaced.
pub fn show_pid(object: Object<'_>, pid: Option<i32>) {
    object.set_property(slot::PID, pid.map_or_else(Zval::new, int));
}

/// The property `pipe` is the descriptor of the end that this process uses.
fn show_pipe(object: Object<'_>, state: &State) {
    let fd = state.with(|engine| Ok(engine.pipe()?.descriptor()?.as_raw_fd()));
    object.set_property(slot::PIPE, fd.map_or_else(|_| Zval::new(), int));
}

/// The Rust side of a process object; throws if the constructor has not run.
fn state(object: Object<'_>) -> Result<&State, Thrown> {
    constructed(&object.payload_or_throw::<ProcessObject>()?.0, "process")
}

/// Makes the process a server's. Errors: it is one already, or the script has started it.
pub fn take(object: Object<'_>) -> Result<EngineResult<()>, Thrown> {
    let state = state(object)?;
    let refusal = match state.owner.get() {
        Owner::Script if state.with(|engine| Ok(engine.pid())).is_ok_and(|pid| pid.is_none()) => None,
        Owner::Script => Some("this process was started already; add one that was not"),
        Owner::Server => Some("this process was added to a server already; make a Swoole\\Process for each one"),
        Owner::Pool => Some("this process is a pool's worker; make a Swoole\\Process for the server"),
    };
    Ok(match refusal {
        Some(why) => Err(Error::new(ErrorKind::InvalidParams, why)),
        None => {
            state.owner.set(Owner::Server);
            Ok(())
        }
    })
}

/// The descriptor of the end of the pipe that this process uses. None if `object` is no process. Errors: it has no pipe.
pub fn descriptor(object: Object<'_>) -> Option<EngineResult<RawFd>> {
    let process = object.payload::<ProcessObject>()?;
    Some(match process.0.get() {
        Some(state) => state.with(|engine| Ok(engine.pipe()?.descriptor()?.as_raw_fd())),
        None => Err(Error::new(ErrorKind::InvalidParams, "this process was not constructed, so it has no pipe")),
    })
}
