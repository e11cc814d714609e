//! `Swoole\Server\Port`: a listening port, with settings and callbacks of its own.

use super::{connection_iterator, refuse_running};
use crate::bridge::{self, Callbacks, settings};
use crate::zend::{
    self, ARRAY, BOOL, CALLABLE, Call, Callback, ClassSlot, Default, Gc, Handlers, Method, NONE, NULL, Object, Payload,
    PropType, STRING, Thrown, VOID, arg, boolean, end, int, method, no, returns, returns_class, text,
};
use ext_php_rs::types::Zval;
use std::cell::{Cell, OnceCell, RefCell};
use swoole_core::config::Value;
use swoole_core::error::Error;
use swoole_core::server::{Event, PortId, PortInfo, Server};

/// The class.
pub static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const HOST: usize = 0;
    pub const PORT: usize = 1;
    pub const TYPE: usize = 2;
    pub const SOCK: usize = 3;
    pub const SSL: usize = 4;
    pub const SETTING: usize = 5;
    pub const CONNECTIONS: usize = 6;
    /// the first of the callbacks, in the order of `EVENTS`
    pub const ON: usize = 7;
}

/// What a port can have callbacks for.
const EVENTS: [Event; 12] = [
    Event::Connect,
    Event::Receive,
    Event::Packet,
    Event::Close,
    Event::BufferFull,
    Event::BufferEmpty,
    Event::Request,
    Event::Handshake,
    Event::BeforeHandshakeResponse,
    Event::Open,
    Event::Message,
    Event::Disconnect,
];

/// A port of a server. Belongs to the port object, which the server object keeps.
pub struct Port {
    engine: Server,
    id: PortId,
    pub callbacks: Callbacks,
    /// `package_length_func`
    pub length_func: RefCell<Option<Callback>>,
    /// Whether it was given settings of its own.
    pub has_settings: Cell<bool>,
}

/// The Rust side of a port object; empty if a script made the object by itself.
#[derive(std::default::Default)]
pub struct PortObject(OnceCell<Port>);

impl Payload for PortObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    fn trace(&self, gc: &mut Gc) {
        if let Some(port) = self.0.get() {
            port.callbacks.trace(gc);
            bridge::trace(&port.length_func, gc);
        }
    }
}

const METHODS: &[Method] = &[
    method(c"__construct", construct, &[returns(0, NONE)]),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    method(c"set", set, &[returns(1, VOID), arg(c"settings", ARRAY)]),
    method(c"on", on, &[returns(2, BOOL), arg(c"event_name", STRING), arg(c"callback", CALLABLE)]),
    method(c"getCallback", get_callback, &[returns_class(1, c"Closure", NULL), arg(c"event_name", STRING)]),
    method(c"getSocket", get_socket, &[returns_class(0, c"Socket", zend::FALSE)]),
    end(),
];

pub fn register() {
    let declared = zend::register::<PortObject>(&CLASS, "Swoole\\Server\\Port", Some("swoole_server_port"), METHODS);
    declared.properties(&[
        ("host", PropType::NULLABLE_STRING, Default::Null),
        ("port", PropType::INT, Default::Int(0)),
        ("type", PropType::INT, Default::Int(0)),
        ("sock", PropType::INT, Default::Int(-1)),
        ("ssl", PropType::BOOL, Default::Bool(false)),
        ("setting", PropType::NULLABLE_ARRAY, Default::Null),
        ("connections", PropType::NullableClass("Swoole\\Connection\\Iterator"), Default::Null),
    ]);
    for event in EVENTS {
        declared.properties(&[(&format!("on{}", event.name()), PropType::MIXED, Default::Null)]);
    }
}

/// The port object for a port that the engine has just bound.
pub fn make(engine: &Server, info: &PortInfo) -> Zval {
    let port = Port {
        engine: engine.clone(),
        id: info.id,
        callbacks: Callbacks::default(),
        length_func: RefCell::new(None),
        has_settings: Cell::new(false),
    };
    CLASS.make(|object| {
        object.set_property(slot::HOST, text(&info.host));
        object.set_property(slot::PORT, int(info.port));
        object.set_property(slot::TYPE, int(info.kind as i32));
        object.set_property(slot::SOCK, int(info.socket));
        object.set_property(slot::SSL, boolean(info.tls));
        object.set_property(slot::CONNECTIONS, connection_iterator::make(engine, Some(info.id)));
        if let Some(payload) = object.payload::<PortObject>() {
            let _ = payload.0.set(port);
        }
    })
}

/// The port of a port object that `make` has made.
pub fn of(object: &Zval) -> Option<&Port> {
    Object::of(object)?.payload::<PortObject>()?.0.get()
}

/// Shows settings that were given through the server in the property of its primary port.
pub fn show_settings(port: &Zval, setting: Zval) {
    if let Some(object) = Object::of(port) {
        object.set_property(slot::SETTING, setting);
    }
}

impl Port {
    /// Keeps a function among the settings.
    pub fn keep(&self, callback: Callback) {
        let before = self.length_func.replace(Some(callback));
        drop(before);
    }
}

/// Ports come from `listen()`; one made by hand has no socket.
fn construct(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()
}

fn port(call: Call<'_>) -> Result<&Port, Thrown> {
    match call.payload::<PortObject>()?.0.get() {
        Some(port) => Ok(port),
        None => {
            zend::throw_error("this port belongs to no server; ports are made by Swoole\\Server::listen()");
            Err(Thrown)
        }
    }
}

/// Sets options of this port. One that is not taken is warned of, and the server's start() refuses.
fn set(call: Call<'_>) -> Result<(), Thrown> {
    let settings = call.args(1, 1)?.array()?;
    let port = port(call)?;
    if port.engine.is_started() {
        refuse_running("settings")?;
        return Ok(());
    }
    port.has_settings.set(true);
    let object = call.this();
    object.set_property(slot::SETTING, settings::merged(&object.property(slot::SETTING), settings));
    if settings.is_empty() {
        // The engine learns from a call that the port has settings of its own; null is an option's default.
        let _ = port.engine.set_port(port.id, "package_eof", &Value::Null);
    }
    let set = |name: &str, value: &Value| port.engine.set_port(port.id, name, value);
    settings::apply(settings, set, |_, callback| port.keep(callback)).map(drop)
}

fn on(call: Call<'_>) -> Result<bool, Thrown> {
    let port = port(call)?;
    let slot = |event| slot::ON + EVENTS.iter().position(|e| *e == event).unwrap_or(0);
    super::on(call, &port.engine, &port.callbacks, EVENTS.into_iter(), slot)
}

/// The port's own callback, as a Closure.
fn get_callback(call: Call<'_>) -> Result<Zval, Thrown> {
    let callback = super::get_callback(call, &port(call)?.callbacks)?;
    if callback.is_null() { Ok(callback) } else { zend::closure(&callback) }
}

fn get_socket(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let port = port(call)?;
    socket_of(port.engine.port_info(port.id))
}

/// A `Socket` object of ext/sockets for a port, or false.
pub fn socket_of(port: Result<PortInfo, Error>) -> Result<Zval, Thrown> {
    match port.map_err(Error::remember) {
        Ok(port) => super::socket_object(port.socket),
        Err(_) => Ok(no()),
    }
}
