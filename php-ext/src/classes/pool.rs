//! `Swoole\Process\Pool`: workers that a master keeps alive.

use super::process;
use super::{answer_or_warn, constructed, did_you_mean, refuse, throw_exception, value_or_warn};
use crate::bridge::pool::{EVENTS, Event, PoolBridge};
use crate::bridge::{self, looping, settings};
use crate::classes::server::host_text;
use crate::zend::{
    self, ARRAY, BOOL, CALLABLE, Call, Callback, ClassSlot, Default, FALSE, Gc, Handlers, LONG, Live, Method, NONE,
    NULL, Number, Object, Payload, PropType, STRING, Thrown, VOID, arg, array, boolean, end, int, method, no, opt,
    returns, returns_class, warning,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::event;
use swoole_core::process::{Pool, PoolEnded, PoolIpc, PoolSettings};
use swoole_core::sys::process::generation;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const MASTER_PID: usize = 0;
    pub const WORKER_PID: usize = 1;
    pub const WORKER_ID: usize = 2;
    pub const WORKERS: usize = 3;
    pub const WORKER_RUNNING: usize = 4;
    pub const RUNNING: usize = 5;
}

/// Keys of `set()` that change nothing here: nothing runs in coroutines, and messages of any length travel as they are.
const IGNORED: [&str; 2] = ["enable_coroutine", "enable_message_bus"];
const MAX_PACKAGE_SIZE: &str = "max_package_size";
const MAX_WAIT_TIME: &str = "max_wait_time";

/// The Rust side of a pool object: empty until its constructor has run.
#[derive(std::default::Default)]
pub struct PoolObject(OnceCell<State>);

struct State {
    engine: Pool,
    takes_messages: bool,
    callbacks: [RefCell<Option<Callback>>; EVENTS.len()],
    settings: RefCell<PoolSettings>,
    /// process objects by worker, as they were asked for
    workers: RefCell<Vec<Option<Zval>>>,
    /// the fork that they belong to
    generation: Cell<u32>,
}

impl Payload for PoolObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    fn trace(&self, gc: &mut Gc) {
        let Some(state) = self.0.get() else { return };
        for callback in &state.callbacks {
            bridge::trace(callback, gc);
        }
        if let Ok(workers) = state.workers.try_borrow() {
            workers.iter().flatten().for_each(|worker| gc.add(worker));
        }
    }
}

impl Live for PoolObject {
    /// Workers come and go, and a signal may have told this process to leave.
    fn refresh(&self, object: Object<'_>, name: Option<&[u8]>) {
        let Some(state) = self.0.get() else { return };
        show(object, &state.engine);
        if name.is_none_or(|name| name == b"workers") {
            state.show_workers(object);
        }
    }
}

const METHODS: &[Method] = &[
    method(
        c"__construct",
        construct,
        &[
            returns(1, NONE),
            arg(c"worker_num", LONG),
            opt(c"ipc_type", LONG, c"SWOOLE_IPC_NONE"),
            opt(c"msgqueue_key", LONG, c"0"),
            opt(c"enable_coroutine", BOOL, c"false"),
        ],
    ),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    method(c"set", set, &[returns(1, VOID), arg(c"settings", ARRAY)]),
    method(c"on", on, &[returns(2, BOOL), arg(c"name", STRING), arg(c"callback", CALLABLE)]),
    method(c"getProcess", get_process, &[returns_class(0, process::NAME, FALSE), opt(c"work_id", LONG, c"-1")]),
    method(
        c"listen",
        listen,
        &[returns(1, BOOL), arg(c"host", STRING), opt(c"port", LONG, c"0"), opt(c"backlog", LONG, c"2048")],
    ),
    method(c"write", write, &[returns(1, BOOL), arg(c"data", STRING)]),
    method(c"sendMessage", send_message, &[returns(2, BOOL), arg(c"data", STRING), arg(c"dst_worker_id", LONG)]),
    method(c"detach", detach, &[returns(0, BOOL)]),
    method(c"start", start, &[returns(0, FALSE | NULL)]),
    method(c"stop", stop, &[returns(0, VOID)]),
    method(c"shutdown", shutdown, &[returns(0, BOOL)]),
    end(),
];

pub fn register() {
    zend::register_live::<PoolObject>(&CLASS, "Swoole\\Process\\Pool", Some("swoole_process_pool"), METHODS)
        .properties(&[
            ("master_pid", PropType::INT, Default::Int(-1)),
            ("workerPid", PropType::INT, Default::Int(-1)),
            ("workerId", PropType::INT, Default::Int(-1)),
            ("workers", PropType::NULLABLE_ARRAY, Default::Null),
            ("workerRunning", PropType::BOOL, Default::Bool(true)),
            ("running", PropType::BOOL, Default::Bool(true)),
        ]);
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(1, 4)?;
    let (workers, ipc, key) = (args.long()?, args.long_or(0)?, args.long_or(0)?);
    // Coroutines are none of this engine's.
    args.bool_or(false)?;
    let payload = call.payload::<PoolObject>()?;
    if payload.0.get().is_some() {
        zend::throw_error("this pool is constructed already; a constructor runs once");
        return Err(Thrown);
    }
    let made = ipc_of(ipc, key).and_then(|ipc| {
        let workers = usize::try_from(workers).map_err(|_| {
            Error::new(
                ErrorKind::InvalidParams,
                format!("a pool of {workers} workers was asked for; ask for 1 or more"),
            )
        })?;
        Pool::new(workers, ipc)
    });
    let engine = made.map_err(throw_exception)?;
    let _ = payload.0.set(State {
        engine,
        takes_messages: ipc != 0,
        callbacks: std::default::Default::default(),
        settings: RefCell::default(),
        workers: RefCell::default(),
        generation: Cell::new(generation()),
    });
    Ok(())
}

fn ipc_of(number: i64, key: i64) -> EngineResult<PoolIpc> {
    let refused = |message: String| Err(Error::new(ErrorKind::InvalidParams, message));
    Ok(match number {
        0 => PoolIpc::None,
        1 => PoolIpc::UnixSocket,
        2 => match u32::try_from(key) {
            Ok(key) => PoolIpc::MessageQueue(key),
            Err(_) => {
                return refused(format!(
                    "{key} is no key of a message queue; keys have 32 bits, and 0 is a queue of the pool's own"
                ));
            }
        },
        3 => PoolIpc::Socket,
        other => {
            return refused(format!(
                "unknown way {other} for messages to come to a pool; use SWOOLE_IPC_NONE (0), SWOOLE_IPC_UNIXSOCK (1), SWOOLE_IPC_MSGQUEUE (2) or \
                 SWOOLE_IPC_SOCKET (3)"
            ));
        }
    })
}

/// The Rust side of `$this`; throws if the constructor has not run.
fn state<'c>(call: Call<'c>) -> Result<&'c State, Thrown> {
    constructed(&call.payload::<PoolObject>()?.0, "pool")
}

/// The properties that differ from process to process, once it has started.
fn show(object: Object<'_>, engine: &Pool) {
    let Some(master) = engine.master_pid() else { return };
    object.set_property(slot::MASTER_PID, int(master));
    if let Some(worker) = engine.worker_id() {
        object.set_property(slot::WORKER_ID, int(worker as i64));
        object.set_property(slot::WORKER_PID, int(std::process::id()));
    }
    object.set_property(slot::WORKER_RUNNING, boolean(engine.is_running()));
    object.set_property(slot::RUNNING, boolean(engine.is_running()));
}

impl State {
    /// The process object of a worker. Errors: there is none.
    fn process(&self, worker: usize) -> EngineResult<Zval> {
        if self.generation.replace(generation()) != generation() {
            // Those of the process that this one was forked from say which end of a pipe was its own.
            let before = self.workers.take();
            before.into_iter().flatten().for_each(zend::release);
        }
        if let Some(Some(known)) = self.workers.borrow().get(worker) {
            return Ok(known.shallow_clone());
        }
        let made = process::of_pool(self.engine.process(worker)?, worker, self.engine.worker_id() == Some(worker));
        let mut workers = self.workers.borrow_mut();
        if workers.len() <= worker {
            workers.resize_with(worker + 1, || None);
        }
        workers[worker] = Some(made.shallow_clone());
        Ok(made)
    }

    /// The process objects that were asked for, with their numbers as they are now.
    fn show_workers(&self, object: Object<'_>) {
        if self.generation.get() != generation() {
            return;
        }
        let mut table = ZendHashTable::new();
        for (worker, value) in self.workers.borrow().iter().enumerate() {
            if let Some(process) = value.as_ref().and_then(Object::of) {
                process::show_pid(process, self.engine.worker_pid(worker));
                // Inserting a zval cannot fail: there is nothing to convert.
                let _ = table.insert_at_index(worker as i64, process.value());
            }
        }
        if !table.is_empty() {
            object.set_property(slot::WORKERS, array(table));
        }
    }

    fn is_started(&self) -> bool {
        self.engine.master_pid().is_some()
    }
}

fn refuse_started(what: &str) -> Result<bool, Thrown> {
    refuse(
        ErrorKind::WrongOperation,
        format!("the pool has been started, so its {what} can no longer be changed; do it before start()"),
    )
}

/// Sets options. What is wrong with one is said in a warning, and the others are set.
fn set(call: Call<'_>) -> Result<(), Thrown> {
    let given = call.args(1, 1)?.array()?;
    let state = state(call)?;
    if state.is_started() {
        return refuse_started("settings").map(drop);
    }
    let mut settings = state.settings.borrow().clone();
    for (key, value) in settings::pairs(given) {
        let (name, value) = (settings::name(&key), value.dereference());
        match name.as_str() {
            MAX_PACKAGE_SIZE => {
                match Number::of(value)
                    .and_then(Number::whole)
                    .and_then(|size| u32::try_from(size).ok())
                    .filter(|size| *size > 0)
                {
                    Some(size) => settings.max_package_size = size,
                    None => wrong(&name, "a number of bytes, 1 or more")?,
                }
            }
            MAX_WAIT_TIME => {
                let seconds = Number::of(value).and_then(|seconds| Duration::try_from_secs_f64(seconds.float()).ok());
                match seconds {
                    Some(time) => settings.max_wait_time = time,
                    None => wrong(&name, "a number of seconds, 0 or more")?,
                }
            }
            known if IGNORED.contains(&known) => {}
            _ => {
                let known = [MAX_PACKAGE_SIZE, MAX_WAIT_TIME].into_iter().chain(IGNORED);
                warning(&format!("unknown setting \"{name}\" of a pool{}", did_you_mean(&name, known)))?;
            }
        }
    }
    if value_or_warn(state.engine.set(settings.clone()))?.is_some() {
        state.settings.replace(settings);
    }
    Ok(())
}

fn wrong(name: &str, wanted: &str) -> Result<(), Thrown> {
    refuse(ErrorKind::InvalidParams, format!("the setting \"{name}\" of a pool is {wanted}")).map(drop)
}

/// Sets the callback for an event.
fn on(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (name, callback) = (args.text()?, args.callback()?);
    let state = state(call)?;
    let Some((event, name)) = EVENTS.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(&name)) else {
        let near = did_you_mean(&name, EVENTS.iter().map(|(_, known)| *known));
        return refuse(ErrorKind::InvalidParams, format!("unknown event \"{name}\" of a pool{near}"));
    };
    if state.is_started() {
        return refuse_started(&format!("callback for {name}"));
    }
    if event == Event::Message && !state.takes_messages {
        return refuse(
            ErrorKind::InvalidParams,
            "no messages come to a pool that was made with SWOOLE_IPC_NONE; make it with SWOOLE_IPC_UNIXSOCK, SWOOLE_IPC_MSGQUEUE or SWOOLE_IPC_SOCKET",
        );
    }
    let before = state.callbacks[event as usize].replace(Some(callback));
    // Only now, when the cell is free again: dropping a closure may run a destructor in PHP.
    drop(before);
    Ok(true)
}

/// A worker's process object; -1 is this worker. The same one each time.
fn get_process(call: Call<'_>) -> Result<Zval, Thrown> {
    let wanted = call.args(0, 1)?.long_or(-1)?;
    let state = state(call)?;
    let worker = match usize::try_from(wanted) {
        Ok(worker) => Ok(worker),
        Err(_) if wanted == -1 => state.engine.worker_id().ok_or_else(|| {
            Error::new(
                ErrorKind::WrongOperation,
                "this process is no worker of the pool; say which worker's process is wanted",
            )
        }),
        Err(_) => {
            Err(Error::new(ErrorKind::InvalidParams, format!("there is no worker {wanted}; workers count from 0")))
        }
    };
    let Some((worker, process)) = value_or_warn(worker.and_then(|worker| Ok((worker, state.process(worker)?))))? else {
        return Ok(no());
    };
    if let Some(object) = Object::of(&process) {
        process::show_pid(object, state.engine.worker_pid(worker));
    }
    Ok(process)
}

/// Listens for connections that bring messages.
fn listen(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 3)?;
    let (host, port, backlog) = (args.bytes()?, args.long_or(0)?, args.long_or(2048)?);
    let state = state(call)?;
    let bound = host_text(host).and_then(|host| {
        let port = u16::try_from(port).map_err(|_| {
            Error::new(ErrorKind::InvalidParams, format!("there is no port {port}; ports are 0 to 65535"))
        })?;
        state.engine.listen(host, port, backlog.clamp(0, i32::MAX.into()) as i32)
    });
    Ok(value_or_warn(bound)?.is_some())
}

/// Answers the message that is being handled.
fn write(call: Call<'_>) -> Result<bool, Thrown> {
    let data = call.args(1, 1)?.bytes()?;
    answer_or_warn(state(call)?.engine.write(data))
}

/// Sends a message to a worker.
fn send_message(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (data, worker) = (args.bytes()?, args.long()?);
    let state = state(call)?;
    match usize::try_from(worker) {
        Ok(worker) => answer_or_warn(state.engine.send_message(worker, data)),
        Err(_) => refuse(ErrorKind::InvalidParams, format!("there is no worker {worker}; workers count from 0")),
    }
}

/// This worker goes its own way, and another takes its place.
fn detach(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    answer_or_warn(state(call)?.engine.detach())
}

/// This worker ends after the present callback.
fn stop(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    answer_or_warn(state(call)?.engine.stop()).map(drop)
}

/// Ends the pool.
fn shutdown(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    answer_or_warn(state(call)?.engine.shutdown())
}

/// Runs the pool. Null in the master when it is over; false with a warning if it could not start. A worker does not come back: it ends as by exit().
fn start(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    // What is still in a buffer would otherwise be printed by each forked process.
    zend::flush_output()?;
    let bridge =
        Rc::new(PoolBridge::new(call.this().value(), |event| state.callbacks[event as usize].borrow().clone()));
    let before = looping::enter(bridge.host().clone());
    let ended = state.engine.start(bridge.clone());
    match &ended {
        Ok(ended) => {
            // What PHP values the engine holds must go while PHP is alive.
            event::local::close();
            looping::leave(!matches!(ended, PoolEnded::Worker { .. }));
        }
        Err(_) => looping::go_back(before),
    }
    bridge.release();
    let code = match ended {
        Err(error) => {
            super::warn_of(&error.remember())?;
            return Ok(no());
        }
        Ok(PoolEnded::Worker { exit_code }) => Some(exit_code),
        // exit() in a callback of the master ends the script there, when the pool is over.
        Ok(PoolEnded::Master { .. }) => bridge.host().exited(),
    };
    match code {
        Some(code) => {
            zend::leave_process(code);
            Err(Thrown)
        }
        None => Ok(Zval::new()),
    }
}
