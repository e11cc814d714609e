//! `Swoole\Http\Request`: a request, whose properties are made when a script looks at them.

use super::{fields, form, parsing};
use crate::bridge::http::{Reading, running};
use crate::classes;
use crate::zend::{
    self, ARRAY, BOOL, Call, ClassSlot, Default, FALSE, Handlers, LONG, Lazy, Made, Method, NONE, Object, Payload,
    PropType, Repeated, STRING, Thrown, Variables, boolean, bytes, end, float, forget_upload, int, method, no, opt,
    returns, returns_class, static_method, url_decoded,
};
use ext_php_rs::types::Zval;
use parsing::Parsing;
use std::cell::{Cell, OnceCell, RefCell};
use std::net::IpAddr;
use std::ops::Range;
use std::path::PathBuf;
use swoole_core::protocol::http1::brief::flag;
use swoole_core::server::{ConnectionInfo, Request};
use swoole_core::sys::process::generation;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Numbers of the declared properties.
mod slot {
    pub const FD: usize = 0;
    pub const HEADER: usize = 2;
    pub const SERVER: usize = 3;
    pub const COOKIE: usize = 4;
    pub const GET: usize = 5;
    pub const FILES: usize = 6;
    pub const POST: usize = 7;
    pub const TMPFILES: usize = 8;
    pub const TRAILER: usize = 9;
}

/// The Rust side: the request, once it is whole.
#[derive(std::default::Default)]
pub struct RequestObject {
    request: OnceCell<Request>,
    made: Made,
    /// of one that the script parses by itself
    parsing: RefCell<Option<Box<Parsing>>>,
    /// what was put on disk, in which process
    files: RefCell<Vec<PathBuf>>,
    of: Cell<u32>,
}

impl Payload for RequestObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

impl Drop for RequestObject {
    fn drop(&mut self) {
        // A child of this process has a copy; the files are its parent's.
        if self.of.get() == generation() {
            for file in self.files.take() {
                use std::os::unix::ffi::OsStrExt;
                if forget_upload(file.as_os_str().as_bytes()) {
                    let _ = std::fs::remove_file(&file);
                }
            }
        }
    }
}

const CONTENT: &[crate::zend::ArgInfo] = &[returns(0, STRING | FALSE)];

const METHODS: &[Method] = &[
    method(c"getContent", raw_content, CONTENT),
    method(c"rawContent", raw_content, CONTENT),
    method(c"getData", get_data, CONTENT),
    static_method(c"create", create, &[returns_class(0, c"Swoole\\Http\\Request", 0), opt(c"options", ARRAY, c"[]")]),
    method(c"parse", parse, &[returns(1, LONG | FALSE), zend::arg(c"data", STRING)]),
    method(c"isCompleted", is_completed, &[returns(0, BOOL)]),
    method(c"getMethod", get_method, CONTENT),
    method(c"__destruct", classes::destruct, &[returns(0, NONE)]),
    end(),
];

pub fn register() {
    let lazy = |name| (name, PropType::MIXED, Default::Null);
    zend::register_lazy::<RequestObject>(&CLASS, "Swoole\\Http\\Request", Some("swoole_http_request"), METHODS)
        .without_destructor()
        .properties(&[
            ("fd", PropType::INT, Default::Int(0)),
            ("streamId", PropType::INT, Default::Int(0)),
            lazy("header"),
            lazy("server"),
            lazy("cookie"),
            lazy("get"),
            lazy("files"),
            lazy("post"),
            lazy("tmpfiles"),
            lazy("trailer"),
        ]);
}

/// The object for a request of a connection.
pub fn make(request: Request) -> Zval {
    CLASS.make(|object| {
        object.set_property(slot::FD, int(request.session()));
        if let Some(payload) = object.payload::<RequestObject>() {
            let _ = payload.request.set(request);
        }
    })
}

impl Lazy for RequestObject {
    const LAZY: Range<usize> = slot::HEADER..slot::TRAILER + 1;

    fn made(&self) -> &Made {
        &self.made
    }

    fn make(&self, object: Object<'_>, number: usize) {
        let Some(request) = self.request.get() else { return };
        let give = |value: Variables| {
            if !value.is_empty() {
                object.fill(self, number, value.into_value());
            }
        };
        match number {
            slot::HEADER => object.fill(self, number, headers(request.headers()).into_value()),
            slot::TRAILER => give(headers(request.trailers())),
            slot::SERVER => object.fill(self, number, server(request)),
            slot::GET => {
                let query = request.query();
                if !query.is_empty() {
                    let mut get = Variables::new(8);
                    let all = fields::read(&mut get, query);
                    give(get);
                    complain(all);
                }
            }
            slot::COOKIE if self.reading(|reading| reading.cookie) => {
                let mut cookie = Variables::new(8);
                let mut all = Ok(());
                for (_, value) in request.headers().filter(|(name, _)| name.eq_ignore_ascii_case(b"cookie")) {
                    all = all.and(fields::read_cookies(&mut cookie, value));
                }
                give(cookie);
                complain(all);
            }
            slot::POST | slot::FILES | slot::TMPFILES => self.make_form(object, request),
            _ => {}
        }
    }
}

/// Warns of fields that were left out. What a handler of the warning throws is thrown where the script looked.
fn complain(all: Result<(), String>) {
    if let Err(why) = all {
        let _ = zend::warning(&why);
    }
}

impl RequestObject {
    fn reading<T>(&self, look: impl FnOnce(&Reading) -> T) -> T {
        if let Some(parsing) = &*self.parsing.borrow() {
            return look(&parsing.reading);
        }
        match running() {
            Some(running) => look(&running.reading),
            None => look(&Reading::default()),
        }
    }

    /// The properties that come from a form in the body, all at once.
    fn make_form(&self, object: Object<'_>, request: &Request) {
        let reading = self.reading(Reading::clone);
        let form = form::read(request, &reading);
        self.of.set(generation());
        for (number, value) in [(slot::POST, form.post), (slot::FILES, form.files), (slot::TMPFILES, form.tmpfiles)] {
            object.fill(self, number, value.unwrap_or_default());
        }
        self.files.replace(form.paths);
        complain(form.all);
    }
}

/// Names in lower case; the values of one that is repeated are joined, as RFC 9110 (5.3) allows.
fn headers<'r>(fields: impl Iterator<Item = (&'r [u8], &'r [u8])>) -> Variables {
    let mut table = Variables::new(16);
    for (name, value) in fields {
        let between: &[u8] = if name.eq_ignore_ascii_case(b"cookie") { b"; " } else { b", " };
        table.header(name, value, Repeated::Joined(between));
    }
    table
}

fn server(request: &Request) -> Zval {
    let mut table = Variables::new(16);
    let mut text = |name: &str, value: &[u8]| table.plain(name.as_bytes(), value, Repeated::Replaces);
    let (path, query, mut room) = (request.path(), request.query(), Vec::new());
    if !query.is_empty() {
        text("query_string", query);
    }
    text("request_method", request.method());
    text("request_uri", path);
    text("path_info", url_decoded(path, false, &mut room));
    text("server_protocol", if request.is_http_11() { b"HTTP/1.1" } else { b"HTTP/1.0" });
    text("server_software", b"swoole-http-server");
    let micros = request.brief().since as i64;
    table.set("request_time", int(micros / 1_000_000));
    table.set("request_time_float", float(micros as f64 / 1e6));
    if request.session() != 0 {
        // Of a connection that has gone since the handler returned nothing is known any more. The keys are there all the same.
        let (info, address) = connection(request).unzip();
        let (info, address) = (info.as_ref(), address.flatten().map(|address| address.to_string()));
        table.plain(b"server_addr", address.unwrap_or_default().as_bytes(), Repeated::Replaces);
        table.set("server_port", int(info.map_or(0, |info| info.server_port)));
        table.set("remote_port", int(info.map_or(0, |info| info.remote_port)));
        table.plain(b"remote_addr", info.map_or("", |info| &info.remote_ip).as_bytes(), Repeated::Replaces);
        table.set("master_time", int(info.map_or(micros / 1_000_000, |info| info.last_recv_time as i64)));
    }
    table.into_value()
}

/// The connection that it came over, and the address that its client connected to.
fn connection(request: &Request) -> Option<(ConnectionInfo, Option<IpAddr>)> {
    let engine = &running()?.engine;
    let info = engine.connection_info(request.session(), true).ok()?;
    Some((info, engine.local_ip(request.session())))
}

/// The request; throws if the script parses it and it is not whole yet.
fn request(call: Call<'_>) -> Result<Option<&Request>, Thrown> {
    Ok(call.payload::<RequestObject>()?.request.get())
}

/// The body. False: there is no whole request, or the body was an upload that went to disk as it came.
fn raw_content(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(match request(call)? {
        Some(request) if !request.brief().has(flag::UPLOAD) => bytes(request.body()),
        _ => no(),
    })
}

/// Head and body as they came, but for chunks, which are joined.
fn get_data(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(match request(call)? {
        Some(request) if !request.brief().has(flag::UPLOAD) => bytes(request.data()),
        _ => no(),
    })
}

fn get_method(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(request(call)?.map_or_else(no, |request| bytes(request.method())))
}

/// A request that the script parses by itself.
fn create(call: Call<'_>) -> Result<Zval, Thrown> {
    let options = call.args(0, 1)?.maybe_array()?;
    let reading = Reading::of(options, ["parse_body", "parse_cookie", "parse_files"]);
    Ok(CLASS.make(|object| {
        if let Some(payload) = object.payload::<RequestObject>() {
            payload.parsing.replace(Some(Box::new(Parsing::new(reading))));
        }
    }))
}

/// Takes the next bytes; how many of them belong to the request. False: it is refused.
fn parse(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    let data = call.args(1, 1)?.bytes()?;
    let payload = call.payload::<RequestObject>()?;
    if payload.request.get().is_some() {
        return Ok(None);
    }
    let step = match payload.parsing.borrow_mut().as_mut() {
        Some(parsing) => parsing.take(data),
        None => {
            zend::throw_error("only a request that was made by Swoole\\Http\\Request::create() can be parsed");
            return Err(Thrown);
        }
    };
    match step {
        Ok((used, whole)) => {
            if let Some(request) = whole {
                let _ = payload.request.set(request);
                // What a script has looked at before was null.
                for number in RequestObject::LAZY {
                    call.this().forget(payload, number);
                }
            }
            Ok(Some(used as i64))
        }
        Err(error) => {
            error.remember();
            Ok(None)
        }
    }
}

fn is_completed(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(boolean(request(call)?.is_some()))
}
