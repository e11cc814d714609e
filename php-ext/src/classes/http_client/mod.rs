//! `Swoole\Http\Client`: an event-driven client of HTTP and WebSocket.
//!
//! Runs in: any process, on the thread that runs PHP.

mod data;
mod events;
mod methods;
mod requests;
mod show;
mod state;

use super::websocket::frame;
use super::{constructed, destruct};
use crate::zend::{
    self, ARRAY, BOOL, CALLABLE, ClassSlot, Default, Gc, Handlers, LONG, Method, NONE, Object, Payload, PropType,
    STRING, Thrown, arg, arg_class, end, method, opt, returns,
};
use state::State;
use std::cell::OnceCell;
use swoole_core::client::http::Failure;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Why there is no answer, as the property statusCode has it.
pub const STATUSES: &[(&str, i64)] = &[
    ("SWOOLE_HTTP_CLIENT_ESTATUS_CONNECT_FAILED", Failure::ConnectFailed as i64),
    ("SWOOLE_HTTP_CLIENT_ESTATUS_REQUEST_TIMEOUT", Failure::RequestTimeout as i64),
    ("SWOOLE_HTTP_CLIENT_ESTATUS_SERVER_RESET", Failure::ServerReset as i64),
    ("SWOOLE_HTTP_CLIENT_ESTATUS_SEND_FAILED", Failure::SendFailed as i64),
];

/// Numbers of the declared properties.
mod slot {
    pub const TYPE: usize = 0;
    pub const ERR_CODE: usize = 1;
    pub const ERR_MSG: usize = 2;
    pub const SOCK: usize = 3;
    pub const STATUS_CODE: usize = 4;
    pub const HOST: usize = 5;
    pub const PORT: usize = 6;
    pub const SSL: usize = 7;
    pub const SETTING: usize = 8;
    pub const REQUEST_METHOD: usize = 9;
    pub const REQUEST_HEADERS: usize = 10;
    pub const REQUEST_BODY: usize = 11;
    pub const UPLOAD_FILES: usize = 12;
    pub const DOWNLOAD_FILE: usize = 13;
    pub const SET_COOKIE_HEADERS: usize = 14;
    pub const HEADERS: usize = 15;
    pub const COOKIES: usize = 16;
    pub const BODY: usize = 17;
    /// the first of the callbacks, in the order of `Event::ALL`
    pub const ON: usize = 18;
}

/// The Rust side of a client object: empty until its constructor has run.
#[derive(std::default::Default)]
pub struct HttpClientObject(OnceCell<State>);

impl Payload for HttpClientObject {
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
        &[returns(1, NONE), arg(c"host", STRING), opt(c"port", LONG, c"0"), opt(c"ssl", BOOL, c"false")],
    ),
    method(c"__destruct", destruct, &[returns(0, NONE)]),
    method(c"set", methods::set, &[returns(1, BOOL), arg(c"settings", ARRAY)]),
    method(c"setMethod", methods::set_method, &[returns(1, BOOL), arg(c"method", STRING)]),
    method(c"setHeaders", methods::set_headers, &[returns(1, BOOL), arg(c"headers", ARRAY)]),
    method(c"setCookies", methods::set_cookies, &[returns(1, BOOL), arg(c"cookies", ARRAY)]),
    method(c"setData", methods::set_data, &[returns(1, BOOL), arg(c"data", ARRAY | STRING)]),
    method(
        c"addFile",
        methods::add_file,
        &[
            returns(2, BOOL),
            arg(c"path", STRING),
            arg(c"name", STRING),
            opt(c"type", STRING, c"\"\""),
            opt(c"filename", STRING, c"\"\""),
            opt(c"offset", LONG, c"0"),
            opt(c"length", LONG, c"0"),
        ],
    ),
    method(c"execute", requests::execute, &[returns(2, BOOL), arg(c"path", STRING), arg(c"callback", CALLABLE)]),
    method(c"get", requests::get, &[returns(2, BOOL), arg(c"path", STRING), arg(c"callback", CALLABLE)]),
    method(
        c"post",
        requests::post,
        &[returns(3, BOOL), arg(c"path", STRING), arg(c"data", ARRAY | STRING), arg(c"callback", CALLABLE)],
    ),
    method(c"upgrade", requests::upgrade, &[returns(2, BOOL), arg(c"path", STRING), arg(c"callback", CALLABLE)]),
    method(
        c"download",
        requests::download,
        &[
            returns(3, BOOL),
            arg(c"path", STRING),
            arg(c"file", STRING),
            arg(c"callback", CALLABLE),
            opt(c"offset", LONG, c"0"),
        ],
    ),
    method(
        c"push",
        methods::push,
        &[
            returns(1, BOOL),
            arg_class(c"data", frame::NAME, STRING),
            opt(c"opcode", LONG, c"SWOOLE_WEBSOCKET_OPCODE_TEXT"),
            opt(c"finish", LONG, c"SWOOLE_WEBSOCKET_FLAG_FIN"),
        ],
    ),
    method(c"isConnected", methods::is_connected, &[returns(0, BOOL)]),
    method(c"close", methods::close, &[returns(0, BOOL)]),
    method(c"on", methods::on, &[returns(2, BOOL), arg(c"event_name", STRING), arg(c"callback", CALLABLE)]),
    end(),
];

pub fn register() {
    zend::register::<HttpClientObject>(&CLASS, "Swoole\\Http\\Client", Some("swoole_http_client"), METHODS).properties(
        &[
            ("type", PropType::INT, Default::Int(0)),
            ("errCode", PropType::INT, Default::Int(0)),
            ("errMsg", PropType::STRING, Default::EmptyString),
            ("sock", PropType::INT, Default::Int(-1)),
            ("statusCode", PropType::INT, Default::Int(0)),
            ("host", PropType::STRING, Default::EmptyString),
            ("port", PropType::INT, Default::Int(0)),
            ("ssl", PropType::BOOL, Default::Bool(false)),
            ("setting", PropType::NULLABLE_ARRAY, Default::Null),
            ("requestMethod", PropType::NULLABLE_STRING, Default::Null),
            ("requestHeaders", PropType::NULLABLE_ARRAY, Default::Null),
            ("requestBody", PropType::MIXED, Default::Null),
            ("uploadFiles", PropType::NULLABLE_ARRAY, Default::Null),
            ("downloadFile", PropType::NULLABLE_STRING, Default::Null),
            ("set_cookie_headers", PropType::NULLABLE_ARRAY, Default::Null),
            ("headers", PropType::NULLABLE_ARRAY, Default::Null),
            ("cookies", PropType::NULLABLE_ARRAY, Default::Null),
            ("body", PropType::STRING, Default::EmptyString),
            ("onConnect", PropType::MIXED, Default::Null),
            ("onError", PropType::MIXED, Default::Null),
            ("onMessage", PropType::MIXED, Default::Null),
            ("onClose", PropType::MIXED, Default::Null),
        ],
    );
}

/// The Rust side of a client object; throws if the constructor has not run.
fn state(object: Object<'_>) -> Result<&State, Thrown> {
    constructed(&object.payload_or_throw::<HttpClientObject>()?.0, "HTTP client")
}
