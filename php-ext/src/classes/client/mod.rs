//! `Swoole\Client` and `Swoole\Async\Client`: a client that waits for what it is asked for, or, with SWOOLE_SOCK_ASYNC, one that
//! tells by callbacks.
//!
//! Runs in: any process, on the thread that runs PHP.

mod address;
mod events;
mod methods;
mod secure;
mod state;
mod transfer;

use super::{client_exception, constructed, destruct};
use crate::zend::{
    self, ARRAY, BOOL, CALLABLE, ClassSlot, Default, FALSE, FLOAT, Gc, Handlers, LONG, Method, NONE, NULL, Object,
    Payload, PropType, STRING, Thrown, arg, end, method, opt, returns, returns_class,
};
use state::State;
use std::cell::OnceCell;
use std::os::fd::RawFd;

/// The class.
pub static CLASS: ClassSlot = ClassSlot::new();
/// The class of clients that always tell by callbacks.
static ASYNC_CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const ERR_CODE: usize = 0;
    pub const SOCK: usize = 1;
    pub const REUSE: usize = 2;
    pub const REUSE_COUNT: usize = 3;
    pub const TYPE: usize = 4;
    pub const ID: usize = 5;
    pub const SETTING: usize = 6;
    pub const ERR_MSG: usize = 7;
    /// the first of the callbacks, in the order of `Event::ALL`
    pub const ON: usize = 8;
}

/// The Rust side of a client object: empty until its constructor has run.
#[derive(std::default::Default)]
pub struct ClientObject(OnceCell<State>);

impl Payload for ClientObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    fn trace(&self, gc: &mut Gc) {
        if let Some(state) = self.0.get() {
            state.trace(gc);
        }
    }
}

const METHODS: &[Method] = &[
    method(
        c"__construct",
        methods::construct,
        &[returns(1, NONE), arg(c"type", LONG), opt(c"async", BOOL, c"false"), opt(c"id", STRING, c"\"\"")],
    ),
    method(c"__destruct", destruct, &[returns(0, NONE)]),
    method(c"set", methods::set, &[returns(1, BOOL), arg(c"settings", ARRAY)]),
    method(c"on", methods::on, &[returns(2, BOOL), arg(c"event_name", STRING), arg(c"callback", CALLABLE)]),
    method(
        c"connect",
        methods::connect,
        &[
            returns(1, BOOL),
            arg(c"host", STRING),
            opt(c"port", LONG, c"0"),
            opt(c"timeout", FLOAT, c"0.5"),
            opt(c"sock_flag", LONG, c"0"),
        ],
    ),
    method(
        c"recv",
        transfer::recv,
        &[returns(0, STRING | FALSE), opt(c"size", LONG, c"65536"), opt(c"flag", LONG, c"0")],
    ),
    method(c"send", transfer::send, &[returns(1, LONG | FALSE), arg(c"data", STRING), opt(c"flag", LONG, c"0")]),
    method(
        c"sendfile",
        transfer::send_file,
        &[returns(1, BOOL), arg(c"filename", STRING), opt(c"offset", LONG, c"0"), opt(c"length", LONG, c"0")],
    ),
    method(
        c"sendto",
        transfer::send_to,
        &[returns(3, BOOL), arg(c"ip", STRING), arg(c"port", LONG), arg(c"data", STRING)],
    ),
    method(c"pipe", transfer::pipe, &[returns(1, BOOL), arg(c"dst_socket", NONE)]),
    method(c"shutdown", methods::shutdown, &[returns(1, BOOL), arg(c"how", LONG)]),
    method(c"sleep", methods::pause, &[returns(0, BOOL)]),
    method(c"wakeup", methods::resume, &[returns(0, BOOL)]),
    method(c"pause", methods::pause, &[returns(0, BOOL)]),
    method(c"resume", methods::resume, &[returns(0, BOOL)]),
    method(c"isConnected", methods::is_connected, &[returns(0, BOOL)]),
    method(c"getsockname", methods::local_address, &[returns(0, ARRAY | FALSE)]),
    method(c"getpeername", methods::peer_address, &[returns(0, ARRAY | FALSE)]),
    method(c"getSocket", methods::get_socket, &[returns_class(0, c"Socket", FALSE)]),
    method(c"enableSSL", secure::enable, &[returns(0, BOOL), opt(c"onSslReady", CALLABLE | NULL, c"null")]),
    method(c"getPeerCert", secure::peer_certificate, &[returns(0, STRING | BOOL)]),
    method(c"verifyPeerCert", secure::verify_peer, &[returns(0, BOOL), opt(c"allow_self_signed", BOOL, c"false")]),
    method(c"close", methods::close, &[returns(0, BOOL), opt(c"force", BOOL, c"false")]),
    end(),
];

/// What the child declares anew, with the types it is known with.
const ASYNC_METHODS: &[Method] = &[
    method(c"__construct", methods::construct_async, &[returns(1, NONE), arg(c"type", LONG)]),
    method(c"__destruct", destruct, &[returns(0, NONE)]),
    method(c"on", methods::on, &[returns(2, BOOL), arg(c"host", STRING), arg(c"callback", CALLABLE)]),
    method(
        c"connect",
        methods::connect,
        &[
            returns(1, BOOL),
            arg(c"host", STRING),
            opt(c"port", LONG, c"0"),
            opt(c"timeout", FLOAT, c"0.5"),
            opt(c"sock_flag", LONG, c"0"),
        ],
    ),
    method(c"sleep", methods::pause, &[returns(0, BOOL)]),
    method(c"wakeup", methods::resume, &[returns(0, BOOL)]),
    method(c"pause", methods::pause, &[returns(0, BOOL)]),
    method(c"resume", methods::resume, &[returns(0, BOOL)]),
    method(c"isConnected", methods::is_connected, &[returns(0, BOOL)]),
    method(c"enableSSL", secure::enable, &[returns(0, BOOL), opt(c"onSslReady", CALLABLE | NULL, c"null")]),
    method(c"close", methods::close, &[returns(0, BOOL), opt(c"force", BOOL, c"false")]),
    end(),
];

pub fn register() {
    zend::register::<ClientObject>(&CLASS, "Swoole\\Client", Some("swoole_client"), METHODS)
        .properties(&[
            ("errCode", PropType::INT, Default::Int(0)),
            ("sock", PropType::INT, Default::Int(-1)),
            ("reuse", PropType::BOOL, Default::Bool(false)),
            ("reuseCount", PropType::INT, Default::Int(0)),
            ("type", PropType::INT, Default::Int(0)),
            ("id", PropType::NULLABLE_STRING, Default::Null),
            ("setting", PropType::NULLABLE_ARRAY, Default::Null),
            ("errMsg", PropType::STRING, Default::EmptyString),
            ("onConnect", PropType::MIXED, Default::Null),
            ("onReceive", PropType::MIXED, Default::Null),
            ("onError", PropType::MIXED, Default::Null),
            ("onClose", PropType::MIXED, Default::Null),
            ("onBufferFull", PropType::MIXED, Default::Null),
            ("onBufferEmpty", PropType::MIXED, Default::Null),
        ])
        .constants(&[
            ("MSG_OOB", libc::MSG_OOB.into()),
            ("MSG_PEEK", libc::MSG_PEEK.into()),
            ("MSG_DONTWAIT", libc::MSG_DONTWAIT.into()),
            ("MSG_WAITALL", libc::MSG_WAITALL.into()),
            ("SHUT_RD", libc::SHUT_RD.into()),
            ("SHUT_WR", libc::SHUT_WR.into()),
            ("SHUT_RDWR", libc::SHUT_RDWR.into()),
        ]);
    zend::register_child(&ASYNC_CLASS, "Swoole\\Async\\Client", None, &CLASS, ASYNC_METHODS);
    client_exception::register();
}

/// The Rust side of a client object; throws if the constructor has not run.
fn state(object: Object<'_>) -> Result<&State, Thrown> {
    constructed(&object.payload_or_throw::<ClientObject>()?.0, "client")
}

/// The descriptor of a client object. None: `object` is no client. Some(None): it has no descriptor.
pub fn descriptor(object: Object<'_>) -> Option<Option<RawFd>> {
    Some(object.payload::<ClientObject>()?.0.get().and_then(State::descriptor))
}

/// Whether `object` is a client that can give what it has received without asking its socket.
pub fn has_pending(object: Object<'_>) -> bool {
    object.payload::<ClientObject>().and_then(|payload| payload.0.get()).is_some_and(State::has_pending)
}
