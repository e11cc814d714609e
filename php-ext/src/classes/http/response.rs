//! `Swoole\Http\Response`: the answer to a request.

use super::cookie;
use crate::bridge::http::{self as open, Place, running};
use crate::classes::{self, answer_or_warn, refuse};
use crate::zend::{
    self, ARRAY, ArgInfo, BOOL, Call, ClassSlot, Default, FALSE, Gc, Handlers, LONG, Lazy, Made, Method, NONE, NULL,
    Object, Payload, PropType, STRING, Thrown, arg, arg_class, end, int, method, no, opt, returns, returns_class,
    static_method,
};
use ext_php_rs::types::array::ArrayKey;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::server::{Cookie, Response, Server};

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const FD: usize = 0;
    pub const HEADER: usize = 2;
    pub const COOKIE: usize = 3;
    pub const TRAILER: usize = 4;
}

/// The Rust side: the place of the answer, if it is one of a running server.
#[derive(std::default::Default)]
pub struct ResponseObject {
    place: Cell<Option<Place>>,
    made: Made,
    /// what was set, for the properties that show it
    noted: RefCell<Vec<Noted>>,
}

/// What was set.
enum Noted {
    /// a value in one of the properties
    Value {
        property: usize,
        key: Zval,
        value: Zval,
    },
    Cookie(Cookie),
}

impl Noted {
    /// The property that shows it.
    fn property(&self) -> usize {
        match self {
            Noted::Value { property, .. } => *property,
            Noted::Cookie(_) => slot::COOKIE,
        }
    }

    /// Whether both stand under the same key.
    fn is_of(&self, other: &Noted) -> bool {
        match (self, other) {
            (Noted::Value { property: a, key, .. }, Noted::Value { property: b, key: other, .. }) if a == b => {
                key.zend_str().zip(other.zend_str()).is_some_and(|(a, b)| a.as_bytes() == b.as_bytes())
            }
            _ => false,
        }
    }
}

impl Payload for ResponseObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }

    fn trace(&self, gc: &mut Gc) {
        if let Ok(noted) = self.noted.try_borrow() {
            for noted in &*noted {
                if let Noted::Value { value, .. } = noted {
                    gc.add(value);
                }
            }
        }
    }
}

impl Lazy for ResponseObject {
    const LAZY: Range<usize> = slot::HEADER..slot::TRAILER + 1;

    fn made(&self) -> &Made {
        &self.made
    }

    fn make(&self, object: Object<'_>, number: usize) {
        let noted = self.noted.borrow();
        let mut table = None;
        for noted in noted.iter().filter(|noted| noted.property() == number) {
            let table = table.get_or_insert_with(ZendHashTable::new);
            // Inserting a zval cannot fail: there is nothing to convert.
            let _ = match noted {
                // It was sent, so it has a line.
                Noted::Cookie(cookie) => table.push(zend::bytes(&cookie.line().unwrap_or_default())),
                Noted::Value { key, value, .. } => match key.zend_str() {
                    Some(key) => table.insert(ArrayKey::ZendString(key), value.shallow_clone()),
                    None => Ok(()),
                },
            };
        }
        drop(noted);
        object.fill(self, number, table.map_or_else(Zval::new, zend::array));
    }
}

impl Drop for ResponseObject {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            // What was not ended is answered by 500.
            drop(open::close(place));
        }
    }
}

const COOKIE: &[ArgInfo] = &[
    returns(1, BOOL),
    arg_class(c"name_or_object", cookie::NAME, STRING),
    opt(c"value", STRING, c"''"),
    opt(c"expires", LONG, c"0"),
    opt(c"path", STRING, c"'/'"),
    opt(c"domain", STRING, c"''"),
    opt(c"secure", BOOL, c"false"),
    opt(c"httponly", BOOL, c"false"),
    opt(c"samesite", STRING, c"''"),
    opt(c"priority", STRING, c"''"),
    opt(c"partitioned", BOOL, c"false"),
];
const STATUS: &[ArgInfo] = &[returns(1, BOOL), arg(c"http_code", LONG), opt(c"reason", STRING, c"''")];
const HEADER: &[ArgInfo] =
    &[returns(2, BOOL), arg(c"key", STRING), arg(c"value", ARRAY | STRING), opt(c"format", BOOL, c"true")];

const METHODS: &[Method] = &[
    method(c"initHeader", init_header, &[returns(0, BOOL)]),
    method(c"isWritable", is_writable, &[returns(0, BOOL)]),
    method(c"cookie", encoded_cookie, COOKIE),
    method(c"setCookie", encoded_cookie, COOKIE),
    method(c"rawcookie", raw_cookie, COOKIE),
    method(c"setRawCookie", raw_cookie, COOKIE),
    method(c"status", status, STATUS),
    method(c"setStatusCode", status, STATUS),
    method(c"header", header, HEADER),
    method(c"setHeader", header, HEADER),
    method(c"trailer", trailer, &[returns(2, BOOL), arg(c"key", STRING), arg(c"value", STRING)]),
    method(c"gzip", gzip, &[returns(0, BOOL), opt(c"compress_level", LONG, c"1")]),
    method(c"write", write, &[returns(1, BOOL), arg(c"content", STRING)]),
    method(c"end", end_answer, &[returns(0, BOOL), opt(c"content", STRING | NULL, c"null")]),
    method(
        c"sendfile",
        send_file,
        &[returns(1, BOOL), arg(c"filename", STRING), opt(c"offset", LONG, c"0"), opt(c"length", LONG, c"0")],
    ),
    method(c"redirect", redirect, &[returns(1, BOOL), arg(c"location", STRING), opt(c"http_code", LONG, c"302")]),
    method(c"detach", detach, &[returns(0, BOOL)]),
    static_method(
        c"create",
        create,
        &[
            returns_class(0, c"Swoole\\Http\\Response", FALSE),
            opt(c"server", ARRAY | LONG | zend::OBJECT, c"-1"),
            opt(c"fd", LONG, c"-1"),
        ],
    ),
    method(c"upgrade", upgrade, &[returns(0, BOOL)]),
    method(
        c"push",
        push,
        &[
            returns(1, BOOL),
            arg_class(c"data", classes::websocket::frame::NAME, STRING),
            opt(c"opcode", LONG, c"SWOOLE_WEBSOCKET_OPCODE_TEXT"),
            opt(c"flags", LONG, c"SWOOLE_WEBSOCKET_FLAG_FIN"),
        ],
    ),
    method(c"ping", ping, &[returns(0, BOOL), opt(c"data", STRING, c"''")]),
    method(
        c"disconnect",
        disconnect,
        &[returns(0, BOOL), opt(c"code", LONG, c"SWOOLE_WEBSOCKET_CLOSE_NORMAL"), opt(c"reason", STRING, c"''")],
    ),
    method(c"close", close, &[returns(0, BOOL)]),
    method(c"__destruct", classes::destruct, &[returns(0, NONE)]),
    end(),
];

pub fn register() {
    zend::register_lazy::<ResponseObject>(&CLASS, "Swoole\\Http\\Response", Some("swoole_http_response"), METHODS)
        .without_destructor()
        .properties(&[
            ("fd", PropType::INT, Default::Int(0)),
            ("socket", PropType::MIXED, Default::Null),
            ("header", PropType::MIXED, Default::Null),
            ("cookie", PropType::MIXED, Default::Null),
            ("trailer", PropType::MIXED, Default::Null),
        ]);
}

/// The object for an answer.
pub fn make(response: Response) -> Zval {
    CLASS.make(|object| {
        object.set_property(slot::FD, int(response.session()));
        if let Some(payload) = object.payload::<ResponseObject>() {
            payload.place.set(Some(open::open(response)));
        }
    })
}

/// Takes the answer out of its object; None: it was ended, or the script has kept the object for later.
pub fn take(value: &Zval) -> Option<Response> {
    let payload = Object::of(value)?.payload::<ResponseObject>()?;
    open::close(payload.place.take()?)
}

fn gone() -> Error {
    Error::new(
        ErrorKind::HttpContextUnavailable,
        "this answer was ended or detached, or belongs to no request of this process",
    )
}

/// Does something with the answer. Its misuse is warned of.
fn act(call: Call<'_>, act: impl FnOnce(&mut Response) -> EngineResult<()>) -> Result<bool, Thrown> {
    let place = call.payload::<ResponseObject>()?.place.get();
    match place.and_then(|place| open::with(place, act)) {
        Some(Ok(())) => Ok(true),
        Some(failed) => answer_or_warn(failed),
        None => answer_or_warn::<()>(Err(gone())),
    }
}

/// Does what ends the answer: its object has none any more if that succeeds, or the client has gone.
fn conclude(call: Call<'_>, conclude: impl FnOnce(&mut Response) -> EngineResult<()>) -> Result<bool, Thrown> {
    let done = act(call, conclude)?;
    let place = &call.payload::<ResponseObject>()?.place;
    if let Some(at) = place.get()
        && (done || open::with(at, |response| !response.is_writable()) == Some(true))
    {
        place.set(None);
        drop(open::close(at));
    }
    Ok(done)
}

impl ResponseObject {
    /// Notes something for a property that shows what was set; what has the same key goes.
    fn note(&self, object: Object<'_>, new: Noted) {
        let property = new.property();
        let mut before = None;
        if let Ok(mut noted) = self.noted.try_borrow_mut() {
            match noted.iter_mut().find(|noted| noted.is_of(&new)) {
                Some(found) => before = Some(std::mem::replace(found, new)),
                None => noted.push(new),
            }
        }
        drop(before);
        object.forget(self, property);
    }

    fn note_value(&self, object: Object<'_>, property: usize, key: &ZendStr, value: Zval) {
        self.note(object, Noted::Value { property, key: zend::string_value(key), value });
    }
}

/// Nothing is to be done: headers are there from the beginning.
fn init_header(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    is_open(call)
}

fn is_open(call: Call<'_>) -> Result<bool, Thrown> {
    let place = call.payload::<ResponseObject>()?.place.get();
    Ok(place.and_then(|place| open::with(place, |response| response.is_writable())).unwrap_or(false))
}

fn is_writable(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    is_open(call)
}

fn status(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (code, reason) = (args.long()?, args.maybe_bytes()?.unwrap_or_default());
    // What is no status the engine refuses.
    act(call, |response| response.status(u16::try_from(code).unwrap_or(0), reason))
}

/// header(name, value): a string, a list for a line each, null to take it away.
fn header(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 3)?;
    let Some(name) = args.maybe_string()? else { return Ok(false) };
    let value = args.any().dereference();
    let format = args.bool_or(true)?;
    if let Some(text) = value.zend_str() {
        let done = act(call, |response| response.header(name.as_bytes(), &[text.as_bytes()], format))?;
        return shown(call, done, name, value);
    }
    if let Some(list) = value.array() {
        let mut texts = Vec::with_capacity(list.len());
        for (_, item) in crate::bridge::settings::pairs(list) {
            texts.push(zend::to_string(item.dereference())?);
        }
        let lines: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
        let done = act(call, |response| response.header(name.as_bytes(), &lines, format))?;
        return shown(call, done, name, value);
    }
    if value.is_null() {
        let done = act(call, |response| response.header(name.as_bytes(), &[], format))?;
        return shown(call, done, name, value);
    }
    let text = zend::to_string(value)?;
    let done = act(call, |response| response.header(name.as_bytes(), &[text.as_bytes()], format))?;
    shown(call, done, name, value)
}

/// Shows a header that was set in the property `header`.
fn shown(call: Call<'_>, done: bool, name: &ZendStr, value: &Zval) -> Result<bool, Thrown> {
    if done {
        call.payload::<ResponseObject>()?.note_value(call.this(), slot::HEADER, name, value.shallow_clone());
    }
    Ok(done)
}

fn trailer(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (name, value) = (args.maybe_string()?, args.maybe_string()?);
    let (Some(name), Some(value)) = (name, value) else { return Ok(false) };
    let done = act(call, |response| response.trailer(name.as_bytes(), value.as_bytes()))?;
    if done {
        let value = zend::string_value(value);
        call.payload::<ResponseObject>()?.note_value(call.this(), slot::TRAILER, name, value);
    }
    Ok(done)
}

fn encoded_cookie(call: Call<'_>) -> Result<bool, Thrown> {
    set_cookie(call, false)
}

fn raw_cookie(call: Call<'_>) -> Result<bool, Thrown> {
    set_cookie(call, true)
}

fn set_cookie(call: Call<'_>, raw: bool) -> Result<bool, Thrown> {
    let Some(cookie) = cookie::read(call, raw)? else { return Ok(false) };
    let done = act(call, |response| response.cookie(&cookie))?;
    if done {
        call.payload::<ResponseObject>()?.note(call.this(), Noted::Cookie(cookie));
    }
    Ok(done)
}

fn gzip(call: Call<'_>) -> Result<bool, Thrown> {
    let level = call.args(0, 1)?.long_or(1)?;
    match u8::try_from(level) {
        Ok(level @ 0..=9) => act(call, |response| {
            response.compress(level > 0, level);
            Ok(())
        }),
        _ => refuse(ErrorKind::InvalidParams, format!("there is no level {level}; levels are 1 (fast) to 9 (small)")),
    }
}

fn write(call: Call<'_>) -> Result<bool, Thrown> {
    let part = call.args(1, 1)?.bytes()?;
    act(call, |response| response.write(part))
}

fn end_answer(call: Call<'_>) -> Result<bool, Thrown> {
    let body = call.args(0, 1)?.nullable_string()?;
    conclude(call, |response| response.end(body.map_or(&[], |body| body.as_bytes())))
}

fn send_file(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 3)?;
    let (path, offset, length) = (args.bytes()?, args.long_or(0)?, args.long_or(0)?);
    match (u64::try_from(offset), u64::try_from(length)) {
        (Ok(offset), Ok(length)) => conclude(call, |response| response.send_file(path, offset, length)),
        _ => refuse(
            ErrorKind::InvalidParams,
            format!("offset {offset} and length {length} must not be negative; length 0 means to the end of the file"),
        ),
    }
}

fn redirect(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (location, code) = (args.bytes()?, args.long_or(302)?);
    conclude(call, |response| response.redirect(location, u16::try_from(code).unwrap_or(0)))
}

fn detach(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    conclude(call, Response::detach)
}

/// create(fd) or create(server, fd): another object for the request that is being answered, in any process of the server.
fn create(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(0, 2)?;
    let first = args.any();
    let session = match first.long() {
        Some(session) => session,
        None => args.long_or(-1)?,
    };
    let made = match running() {
        Some(running) => Response::create(&running.engine, session),
        None => Err(Error::new(
            ErrorKind::WrongOperation,
            "no server is running in this process that could answer a request",
        )),
    };
    match classes::value_or_warn(made)? {
        Some(response) => Ok(make(response)),
        None => Ok(no()),
    }
}

/// Makes the connection of the request a WebSocket.
fn upgrade(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    conclude(call, |response| response.upgrade(&[]))
}

/// Does something with the connection, which is one of the running server.
fn on_connection(call: Call<'_>, act: impl FnOnce(&Server, i64) -> EngineResult<()>) -> Result<bool, Thrown> {
    let session = call.this().property(slot::FD).long().unwrap_or(0);
    answer_or_warn(match running() {
        Some(running) => act(&running.engine, session),
        None => Err(gone()),
    })
}

fn push(call: Call<'_>) -> Result<bool, Thrown> {
    let message = classes::websocket::frame::read(call.args(1, 3)?)?;
    on_connection(call, |engine, session| message.push(engine, session))
}

fn ping(call: Call<'_>) -> Result<bool, Thrown> {
    let data = call.args(0, 1)?.maybe_bytes()?.unwrap_or_default();
    on_connection(call, |engine, session| classes::websocket::server::send_ping(engine, session, data))
}

fn disconnect(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(0, 2)?;
    let (code, reason) = (args.long_or(1000)?, args.maybe_bytes()?.unwrap_or_default());
    on_connection(call, |engine, session| classes::websocket::server::send_close(engine, session, code, reason))
}

/// Closes the connection.
fn close(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    on_connection(call, |engine, session| engine.close(session, false))
}
