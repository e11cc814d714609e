//! `Swoole\Server`: its table, its properties, and its life until `start()` returns.

mod connections;
mod methods;
mod processes;
mod tasks;
mod timers;

pub use connections::client_info;

use super::server_port::{self, Port};
use super::{connection_iterator, constructed, http, refuse, refuse_running, throw_exception, warn_of, websocket};
use crate::bridge::http::{Reading, Running, set_running};
use crate::bridge::timers::Intervals;
use crate::bridge::{self, Bridge, Callbacks, PortCallbacks, Style, looping, settings};
use crate::functions::async_set;
use crate::zend::{
    self, Call, Callback, ClassSlot, Default, Gc, Handlers, Object, Payload, PropType, Thrown, boolean, int, no, text,
    warning,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use swoole_core::config::Value;
use swoole_core::error::{Error, ErrorKind};
use swoole_core::server::{Event, Mode, PortInfo, Role, Server, SocketType};

/// The class. Its subclasses have the same Rust side.
pub static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const SETTING: usize = 0;
    pub const CONNECTIONS: usize = 1;
    pub const HOST: usize = 2;
    pub const PORT: usize = 3;
    pub const TYPE: usize = 4;
    pub const SSL: usize = 5;
    pub const MODE: usize = 6;
    pub const PORTS: usize = 7;
    pub const MASTER_PID: usize = 8;
    pub const MANAGER_PID: usize = 9;
    pub const WORKER_ID: usize = 10;
    pub const TASKWORKER: usize = 11;
    pub const WORKER_PID: usize = 12;
    /// the first of the callbacks, in the order of `Event::ALL`
    pub const ON: usize = 14;
}

/// The Rust side of a server object: empty until its constructor has run.
#[derive(std::default::Default)]
pub struct ServerObject(OnceCell<State>);

/// What a constructed server object has.
pub struct State {
    pub engine: Server,
    callbacks: Callbacks,
    dispatch_func: RefCell<Option<Callback>>,
    /// the port objects; the script may take them out of the property `ports`
    ports: RefCell<Vec<Zval>>,
    /// while the server runs
    bridge: RefCell<Option<Rc<Bridge>>>,
    intervals: Intervals,
    /// the process objects of `addProcess`, in their order
    user_processes: RefCell<Vec<Zval>>,
}

impl State {
    /// What carries the engine's events into PHP; None unless the server runs.
    fn bridge(&self) -> Option<Rc<Bridge>> {
        self.bridge.borrow().clone()
    }
}

impl Payload for ServerObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    // The ports' callbacks are shown by the port objects, which own them.
    fn trace(&self, gc: &mut Gc) {
        if let Some(state) = self.0.get() {
            state.callbacks.trace(gc);
            bridge::trace(&state.dispatch_func, gc);
            for objects in [&state.ports, &state.user_processes] {
                if let Ok(objects) = objects.try_borrow() {
                    objects.iter().for_each(|object| gc.add(object));
                }
            }
        }
    }
}

pub fn register() {
    let declared = zend::register::<ServerObject>(&CLASS, "Swoole\\Server", Some("swoole_server"), methods::TABLE);
    declared.properties(&[
        ("setting", PropType::NULLABLE_ARRAY, Default::Null),
        ("connections", PropType::NullableClass("Swoole\\Connection\\Iterator"), Default::Null),
        ("host", PropType::STRING, Default::EmptyString),
        ("port", PropType::INT, Default::Int(0)),
        ("type", PropType::INT, Default::Int(0)),
        ("ssl", PropType::BOOL, Default::Bool(false)),
        ("mode", PropType::INT, Default::Int(0)),
        ("ports", PropType::NULLABLE_ARRAY, Default::Null),
        ("master_pid", PropType::INT, Default::Int(0)),
        ("manager_pid", PropType::INT, Default::Int(0)),
        ("worker_id", PropType::INT, Default::Int(-1)),
        ("taskworker", PropType::BOOL, Default::Bool(false)),
        ("worker_pid", PropType::INT, Default::Int(0)),
        ("stats_timer", PropType::MIXED, Default::Null),
    ]);
    for (_, name) in Event::ALL {
        declared.properties(&[(&format!("on{name}"), PropType::MIXED, Default::Null)]);
    }
}

/// The Rust side of `$this`; throws if the constructor has not run.
fn state(call: Call<'_>) -> Result<&State, Thrown> {
    constructed(&call.payload::<ServerObject>()?.0, "server")
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(0, 4)?;
    let host = args.maybe_bytes()?.unwrap_or(b"0.0.0.0");
    let port = args.long_or(0)?;
    let mode = args.long_or(Mode::Process as i64)?;
    let sock_type = args.long_or(SocketType::Tcp as i64)?;
    let payload = call.payload::<ServerObject>()?;
    if payload.0.get().is_some() {
        zend::throw_error("this server is constructed already; a constructor runs once");
        return Err(Thrown);
    }
    if !zend::is_command_line() {
        zend::throw_error(&format!("a server needs PHP's command line (SAPI cli), this is {}", zend::sapi_name()));
        return Err(Thrown);
    }
    let mode = [Mode::Process, Mode::Base].into_iter().find(|m| *m as i64 == mode).ok_or_else(|| {
        let message = format!(
            "unknown server mode {mode}; use SWOOLE_PROCESS ({}) or SWOOLE_BASE ({})",
            Mode::Process as i64,
            Mode::Base as i64
        );
        throw_exception(Error::new(ErrorKind::InvalidParams, message))
    })?;
    let (kind, tls) = secure_type(sock_type).map_err(throw_exception)?;
    let host = host_text(host).map_err(throw_exception)?;
    let engine = Server::new(mode).map_err(throw_exception)?;
    if async_set::reuses_ports() {
        engine.set("enable_reuse_port", &Value::Bool(true)).map_err(throw_exception)?;
    }
    let id = engine.listen(host, port, kind).map_err(throw_exception)?;
    if tls {
        engine.secure(id).map_err(throw_exception)?;
    }
    let info = engine.port_info(id).map_err(throw_exception)?;
    speak(call.this(), &engine).map_err(throw_exception)?;
    for found in buffer_size_from_ini(&engine).map_err(throw_exception)? {
        warning(&found.message)?;
    }

    let object = call.this();
    object.set_property(slot::HOST, text(&info.host));
    object.set_property(slot::PORT, int(info.port));
    object.set_property(slot::TYPE, int(info.kind as i32));
    object.set_property(slot::SSL, boolean(info.tls));
    object.set_property(slot::MODE, int(mode as i32));
    object.set_property(slot::CONNECTIONS, connection_iterator::make(&engine, None));
    let state = State {
        engine,
        callbacks: Callbacks::default(),
        dispatch_func: RefCell::default(),
        ports: RefCell::default(),
        bridge: RefCell::default(),
        intervals: Intervals::new(),
        user_processes: RefCell::default(),
    };
    add_port(&state, object, &info);
    let _ = payload.0.set(state);
    Ok(())
}

/// A server of HTTP or WebSocket has ports that speak it; further ones inherit that like all settings.
fn speak(object: Object<'_>, engine: &Server) -> Result<(), Error> {
    if object.is_a(&http::server::CLASS) {
        engine.set("open_http_protocol", &Value::Bool(true))?;
    }
    if object.is_a(&websocket::server::CLASS) {
        engine.set("open_websocket_protocol", &Value::Bool(true))?;
    }
    Ok(())
}

/// The engine's side of `$this`.
pub fn engine(call: Call<'_>) -> Result<&Server, Thrown> {
    state(call).map(|state| &state.engine)
}

/// The INI directive swoole.unixsock_buffer_size is the default of socket_buffer_size.
fn buffer_size_from_ini(engine: &Server) -> Result<Vec<swoole_core::config::Warning>, Error> {
    const BUILT_IN: i64 = 8 << 20;
    match zend::ini_int("swoole.unixsock_buffer_size") {
        BUILT_IN => Ok(Vec::new()),
        size => engine.set("socket_buffer_size", &Value::Int(size)),
    }
}

/// Bit that is or-ed to a socket type: connections begin with a TLS handshake.
pub const SSL: i64 = 512;

/// A socket type, and whether SWOOLE_SSL was or-ed to it.
fn secure_type(number: i64) -> Result<(SocketType, bool), Error> {
    let (kind, tls) = (socket_type(number & !SSL)?, number & SSL != 0);
    if tls && kind.is_datagram() {
        return Err(Error::new(
            ErrorKind::OperationNotSupport,
            "SWOOLE_SSL was given with a datagram socket; TLS over datagrams (DTLS) is not to be had: use a TCP or Unix stream socket",
        ));
    }
    Ok((kind, tls))
}

pub fn socket_type(number: i64) -> Result<SocketType, Error> {
    SocketType::from_number(number).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidParams,
            format!(
                "unknown socket type {number}; use SWOOLE_SOCK_TCP, SWOOLE_SOCK_TCP6, SWOOLE_SOCK_UDP, SWOOLE_SOCK_UDP6, \
                 SWOOLE_SOCK_UNIX_STREAM or SWOOLE_SOCK_UNIX_DGRAM"
            ),
        )
    })
}

/// A host or the path of a Unix socket. Cutting one short or replacing bytes would bind something else than was asked for.
pub fn host_text(host: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(host).ok().filter(|host| !host.contains('\0')).ok_or_else(|| {
        let found = String::from_utf8_lossy(host).into_owned();
        Error::new(
            ErrorKind::InvalidParams,
            format!(
                "the host or path {found:?} has a zero byte or is not UTF-8; give an address, a host name or a path"
            ),
        )
    })
}

/// Makes the port object and puts it into the property `ports`.
fn add_port(state: &State, object: Object<'_>, info: &PortInfo) -> Zval {
    let value = server_port::make(&state.engine, info);
    state.ports.borrow_mut().push(value.shallow_clone());
    let ports = object.property(slot::PORTS);
    let mut table = ports.array().map_or_else(ZendHashTable::new, ToOwned::to_owned);
    // Pushing a zval cannot fail: there is nothing to convert.
    let _ = table.push(value.shallow_clone());
    object.set_property(slot::PORTS, zend::array(table));
    value
}

/// Binds a further port. The port object, or false with a warning.
fn listen(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(3, 3)?;
    let (host, port, sock_type) = (args.bytes()?, args.long()?, args.long()?);
    let state = state(call)?;
    if state.engine.is_started() {
        refuse_running("ports")?;
        return Ok(no());
    }
    let bound = secure_type(sock_type).and_then(|(kind, tls)| {
        let id = state.engine.listen(host_text(host)?, port, kind)?;
        if tls {
            state.engine.secure(id)?;
        }
        state.engine.port_info(id)
    });
    match bound {
        Ok(info) => Ok(add_port(state, call.this(), &info)),
        Err(error) => {
            warn_of(&error.remember())?;
            Ok(no())
        }
    }
}

fn on(call: Call<'_>) -> Result<bool, Thrown> {
    let state = state(call)?;
    let events = Event::ALL.iter().map(|(event, _)| *event);
    super::on(call, &state.engine, &state.callbacks, events, |event| slot::ON + event as usize)
}

fn get_callback(call: Call<'_>) -> Result<Zval, Thrown> {
    super::get_callback(call, &state(call)?.callbacks)
}

/// Sets options; those of a port go to the primary port. False if one was not taken: then start() refuses.
fn set(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.array()?;
    let state = state(call)?;
    if state.engine.is_started() {
        return refuse_running("settings");
    }
    let object = call.this();
    let merged = settings::merged(&object.property(slot::SETTING), given);
    object.set_property(slot::SETTING, merged.shallow_clone());
    let primary = state.ports.borrow().first().map(Zval::shallow_clone);
    if let Some(primary) = &primary {
        server_port::show_settings(primary, merged);
    }
    let keep = |name: &str, callback: Callback| {
        if name == "dispatch_func" {
            let before = state.dispatch_func.replace(Some(callback));
            drop(before);
        } else if let Some(primary) = primary.as_ref().and_then(server_port::of) {
            primary.keep(callback);
        }
    };
    settings::apply(given, |name, value| state.engine.set(name, value), keep)
}

/// Runs the server. True in the master when it has shut down; false with a warning if it could not
/// start. A forked process does not come back: it ends as by exit().
fn start(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    let engine = &state.engine;
    if engine.is_started() {
        return refuse(ErrorKind::OnlyStartOne, "the server was started already; a server starts once");
    }
    // What is still in a buffer would otherwise be printed by each forked process.
    zend::flush_output()?;
    if let Err(error) = name_message_queue(call.this(), engine) {
        return super::answer_or_warn::<()>(Err(error));
    }
    let bridge = Rc::new(make_bridge(call.this(), state));
    state.bridge.replace(Some(bridge.clone()));
    let reading = Reading::of(call.this().property(slot::SETTING).array(), Reading::SETTINGS);
    set_running(Some(Running { engine: engine.clone(), reading }));
    let before = looping::enter(bridge.host().clone());
    let ended = engine.start(bridge.clone());
    let is_master = ended.as_ref().is_ok_and(|ended| ended.role == Role::Master);
    if ended.is_ok() {
        // What PHP values the engine holds must go while PHP is alive.
        swoole_core::event::local::close();
        looping::leave(is_master);
    } else {
        looping::go_back(before);
    }
    bridge.release();
    set_running(None);
    let running = state.bridge.take();
    drop(running);
    match ended {
        Err(error) => {
            warn_of(&error.remember())?;
            Ok(false)
        }
        Ok(ended) if ended.role != Role::Master => {
            zend::leave_process(ended.exit_code);
            Err(Thrown)
        }
        Ok(_) => match bridge.host().exited() {
            // exit() in a callback of the master ends the script there, when the server has shut down.
            Some(code) => {
                zend::leave_process(code);
                Err(Thrown)
            }
            None => {
                show_process(call.this(), engine);
                Ok(true)
            }
        },
    }
}

/// The option message_queue_key, if the script has left it out: what `ftok($script, '1')` gives, so that a program outside
/// finds the queue, and the server finds it again after its restart.
fn name_message_queue(object: Object<'_>, engine: &Server) -> Result<(), Error> {
    const KEY: &str = "message_queue_key";
    let setting = object.property(slot::SETTING);
    if setting.array().and_then(|setting| setting.get(KEY)).is_some_and(|given| !given.is_null()) {
        return Ok(());
    }
    match zend::script_key(b'1') {
        Some(key) => engine.set(KEY, &Value::Int(key.into())).map(drop),
        None => Ok(()),
    }
}

/// The process object that `addProcess` gave that index.
pub fn user_process(object: Object<'_>, index: usize) -> Option<Zval> {
    let state = object.payload::<ServerObject>()?.0.get()?;
    state.user_processes.borrow().get(index).map(Zval::shallow_clone)
}

fn make_bridge(object: Object<'_>, state: &State) -> Bridge {
    let ports = state.ports.borrow();
    let ports: Vec<&Port> = ports.iter().filter_map(server_port::of).collect();
    let primary_length = ports.first().and_then(|port| port.length_func.borrow().clone());
    let ports: Vec<_> = ports
        .iter()
        .map(|port| PortCallbacks {
            own: &port.callbacks,
            length_func: if port.has_settings.get() {
                port.length_func.borrow().clone()
            } else {
                primary_length.clone()
            },
        })
        .collect();
    let setting = object.property(slot::SETTING);
    let on = |name| setting.array().and_then(|s| s.get(name)).is_some_and(|v| v.coerce_to_bool());
    let event_object = on("event_object");
    let style = Style { event_object, task_object: event_object || on("task_use_object") || on("task_object") };
    Bridge::new(object.value(), &state.callbacks, &ports, state.dispatch_func.borrow().clone(), style)
}

/// Brings the properties that tell of processes up to date.
pub fn show_process(object: Object<'_>, engine: &Server) {
    object.set_property(slot::MASTER_PID, int(engine.master_pid()));
    object.set_property(slot::MANAGER_PID, int(engine.manager_pid()));
    if let Some(id) = engine.worker_id() {
        object.set_property(slot::WORKER_ID, int(id));
        object.set_property(slot::WORKER_PID, int(std::process::id()));
    }
    let mut taskworker = Zval::new();
    taskworker.set_bool(matches!(engine.role(), Role::TaskWorker(_)));
    object.set_property(slot::TASKWORKER, taskworker);
    show_worker_num(object, engine);
}

/// `setting['worker_num']` is there even if the script left it to the engine: scripts go by it.
fn show_worker_num(object: Object<'_>, engine: &Server) {
    const KEY: &str = "worker_num";
    let setting = object.property(slot::SETTING);
    if setting.array().is_some_and(|setting| setting.get(KEY).is_some()) {
        return;
    }
    if let Some(stat) = engine.stats().into_iter().find(|stat| stat.name == KEY) {
        let mut table = setting.array().map_or_else(ZendHashTable::new, ToOwned::to_owned);
        zend::fill(&mut table, [(KEY, int(stat.value))]);
        object.set_property(slot::SETTING, zend::array(table));
    }
}

/// A `Socket` object for the port with that number (0: the primary port), or false.
fn get_socket(call: Call<'_>) -> Result<Zval, Thrown> {
    let wanted = call.args(0, 1)?.long_or(0)?;
    let ports = state(call)?.engine.ports();
    let found = ports.into_iter().find(|port| wanted == 0 || i64::from(port.port) == wanted);
    server_port::socket_of(
        found
            .ok_or_else(|| Error::new(ErrorKind::InvalidListenPort, format!("the server listens on no port {wanted}"))),
    )
}
