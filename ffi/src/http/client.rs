//! The event-driven client of an HTTP server, which may become a WebSocket.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::ptr::NonNull;
use std::rc::Rc;

use swoole_core::client::http::{HttpClient, HttpEvents, Message, Outcome};
use swoole_core::error::{Error, Result};
use swoole_core::event::Flow;

use super::answer::swoole_http_answer;
use super::ask::{self, swoole_http_client_request};
use super::fields::{pairs, swoole_http_pair};
use crate::bytes::swoole_bytes;
use crate::client::wrong_thread;
use crate::error::{remember, swoole_result};
use crate::event::in_loop;
use crate::support::args::{Out, bytes, c_str, invalid, port_number, text};
use crate::support::boundary;
use crate::support::running::{in_callback, this_thread};
use crate::support::slot::{Slot, no_callback};
use crate::websocket::{opcode_and_flags, swoole_websocket_frame};

/// An event-driven client of one HTTP server. Made by `swoole_http_client_new`, freed by
/// `swoole_http_client_free`.
pub struct swoole_http_client {
    pub(super) engine: HttpClient,
    events: Rc<Events>,
    thread: libc::pthread_t,
}

/// An event of an HTTP client. `userdata` is what was given with the function.
pub type swoole_http_client_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_http_client)>;

/// An HTTP client could not connect. `result` says why, and so do `swoole_last_error` and
/// `swoole_last_error_message`.
pub type swoole_http_client_error_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_http_client, result: swoole_result)>;

/// A request of an HTTP client has ended. `answer` is never NULL and valid during the call only; when
/// there is none `swoole_http_answer_status` is below 0, and `swoole_last_error_message` tells why.
pub type swoole_http_answer_fn = Option<
    unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_http_client, answer: *const swoole_http_answer),
>;

/// A message has come over a WebSocket. `frame` and what it points to are never NULL and valid during
/// the call only.
pub type swoole_http_client_message_fn = Option<
    unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_http_client, frame: *const swoole_websocket_frame),
>;

/// What `swoole_http_answer_fn` may hold.
type AnswerFn = unsafe extern "C" fn(*mut c_void, *mut swoole_http_client, *const swoole_http_answer);

/// The callbacks of a client. The engine holds them as long as it may call one.
#[derive(Default)]
struct Events {
    /// what callbacks are given; none once it is freed
    handle: Cell<Option<NonNull<swoole_http_client>>>,
    connect: Slot<swoole_http_client_fn>,
    error: Slot<swoole_http_client_error_fn>,
    close: Slot<swoole_http_client_fn>,
    message: Slot<swoole_http_client_message_fn>,
}

impl Events {
    /// Calls a callback, if there is one and the client is not freed. Nothing of the client is touched after the call, which
    /// may have freed it.
    fn call<F: Copy>(
        &self,
        callback: Option<(F, *mut c_void)>,
        call: impl FnOnce(F, *mut c_void, *mut swoole_http_client),
    ) -> Flow {
        let (Some((function, userdata)), Some(handle)) = (callback, self.handle.get()) else {
            return Flow::Continue;
        };
        in_callback(|| call(function, userdata, handle.as_ptr()))
    }

    fn tell(&self, slot: &Slot<swoole_http_client_fn>) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(slot.get(), |function, userdata, handle| unsafe { function(userdata, handle) })
    }

    /// A request has ended.
    fn done(&self, function: AnswerFn, userdata: *mut c_void, outcome: Outcome) -> Flow {
        if let Err(failed) = &outcome {
            remember(&failed.error);
        }
        let answer = swoole_http_answer::new(outcome);
        // SAFETY: the program gave this function for this signature; the answer outlives the call.
        self.call(Some((function, userdata)), |function, userdata, handle| unsafe {
            function(userdata, handle, &answer);
        })
    }
}

impl HttpEvents for Events {
    fn connect(&self, _: &HttpClient) -> Flow {
        self.tell(&self.connect)
    }

    fn error(&self, _: &HttpClient, error: &Error) -> Flow {
        let result = remember(error);
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(self.error.get(), |function, userdata, handle| unsafe { function(userdata, handle, result) })
    }

    fn close(&self, _: &HttpClient) -> Flow {
        self.tell(&self.close)
    }

    fn message(&self, _: &HttpClient, message: Message<'_>) -> Flow {
        let record = swoole_websocket_frame::of_message(message);
        // SAFETY: the program registered this function for this signature; the record and what it
        // points to outlive the call.
        self.call(self.message.get(), |function, userdata, handle| unsafe { function(userdata, handle, &record) })
    }
}

/// # Safety
/// `client` is NULL, or what `swoole_http_client_new` gave and `swoole_http_client_free` has not taken back.
unsafe fn deref<'a>(client: *const swoole_http_client) -> Result<&'a swoole_http_client> {
    // SAFETY: NULL or a live handle, and only ever shared: what changes in it is in cells.
    let client = unsafe { client.as_ref() }.ok_or_else(|| {
        invalid("the client is NULL; pass what swoole_http_client_new gave, after checking that it succeeded")
    })?;
    if client.thread != this_thread() {
        return Err(wrong_thread());
    }
    Ok(client)
}

/// Runs `body` with the client behind the handle, inside the panic boundary.
///
/// # Safety
/// As for [`deref`].
pub(super) unsafe fn with(
    client: *const swoole_http_client,
    body: impl FnOnce(&swoole_http_client) -> Result<()>,
) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(unsafe { deref(client) }?))
}

/// The same for functions that answer with a value; `otherwise` on an error.
///
/// # Safety
/// As for [`deref`].
unsafe fn ask<T>(client: *const swoole_http_client, otherwise: T, body: impl FnOnce(&HttpClient) -> T) -> T {
    // SAFETY: passed on to the caller.
    boundary::value(otherwise, || Ok(body(&unsafe { deref(client) }?.engine)))
}

/// Makes a client of the HTTP server at `host` (a name, an address, or `unix:/path`) and `port` (0: 80, or 443 with TLS), with
/// TLS if `secure`. Nothing is connected yet.
///
/// `*client` then belongs to the caller, who gives it to `swoole_http_client_free`. It lives in the loop of this process (see
/// `swoole_event_wait`; in a process of a server it is that process's own loop), and all functions that take it are called from the
/// loop's thread. Its callbacks run there, never inside a function of the client, and may do anything with it, free it too.
///
/// Requests are done one after the other over one connection, which is kept between them and made anew if the server has closed
/// it. Cookies that the server sets are sent to it again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_new(
    host: *const c_char,
    port: i32,
    secure: bool,
    client: *mut *mut swoole_http_client,
) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (out, host) = unsafe { (Out::required(client, "the place for the client")?, text(host, "the host")?) };
        let engine = HttpClient::new(host, port_number(port)?, secure)?;
        let events = Rc::new(Events::default());
        engine.set_events(Some(Rc::clone(&events) as Rc<dyn HttpEvents>));
        let handle =
            Box::into_raw(Box::new(swoole_http_client { engine, events: Rc::clone(&events), thread: this_thread() }));
        events.handle.set(NonNull::new(handle));
        out.put(handle);
        Ok(())
    })
}

/// Frees a client. Its connection is closed at once, requests that were not answered are given up, and nothing of it is called any more.
/// Inside any of its callbacks too. NULL is allowed. Refused, with a last error, from another thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_free(client: *mut swoole_http_client) {
    if client.is_null() {
        return;
    }
    boundary::value((), || {
        // SAFETY: not NULL, so the caller's live handle.
        unsafe { deref(client) }?;
        // SAFETY: it came from Box::into_raw in swoole_http_client_new; what the engine still calls holds the events, not this.
        let freed = unsafe { Box::from_raw(client) };
        freed.events.handle.set(None);
        freed.engine.set_events(None);
        // Fails if there is nothing to close.
        let _ = freed.engine.close();
        Ok(())
    });
}

/// # Safety
/// As for [`deref`].
unsafe fn on(client: *mut swoole_http_client, register: impl FnOnce(&Events)) -> swoole_result {
    // SAFETY: passed on to the caller.
    unsafe {
        with(client, |client| {
            register(&client.events);
            Ok(())
        })
    }
}

/// Sets what is called when it has connected: before the first request, and whenever that connection had to be made
/// anew.
///
/// All `swoole_http_client_on_` functions: at any time, inside a callback too; NULL takes a callback
/// away, none is needed; registering again replaces. `userdata` may be NULL; it is kept, handed to each
/// call, and never freed by the library: it is not used after the client was freed. No C++ exception and
/// no longjmp may leave a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_on_connect(
    client: *mut swoole_http_client,
    callback: swoole_http_client_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.connect.set(callback, userdata)) }
}

/// Sets what is called when it could not connect. The request that waits first is told after it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_on_error(
    client: *mut swoole_http_client,
    callback: swoole_http_client_error_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.error.set(callback, userdata)) }
}

/// Sets what is called when its connection has ended, by either side.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_on_close(
    client: *mut swoole_http_client,
    callback: swoole_http_client_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.close.set(callback, userdata)) }
}

/// Sets what is called with each message of the WebSocket that it has become.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_on_message(
    client: *mut swoole_http_client,
    callback: swoole_http_client_message_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.message.set(callback, userdata)) }
}

/// Sets the `count` cookies that it sends; those that it had go.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_set_cookies(
    client: *mut swoole_http_client,
    cookies: *const swoole_http_pair,
    count: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(client, |client| client.engine.set_cookies(pairs(cookies, count, "the cookies")?)) }
}

/// Writes the value of a cookie that was set, or that the server has set, to `*value`, which then belongs to the
/// caller, who gives it to `swoole_bytes_free`; `data` is NULL if there is none of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_cookie(
    client: *mut swoole_http_client,
    name: *const c_char,
    value: *mut swoole_bytes,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            let out = Out::required(value, "the place for the value")?;
            let name = c_str(name, "the cookie's name")?;
            let found = client.engine.cookies().into_iter().find(|(known, _)| known == name);
            out.put(found.map(|(_, value)| value).into());
            Ok(())
        })
    }
}

/// Asks for `target` (path and query, percent-encoded) by GET. `done` is called once, with the answer or the failure, unless this fails
/// at once: then it is not called. Nothing is called inside of this.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_get(
    client: *mut swoole_http_client,
    target: *const c_char,
    done: swoole_http_answer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { execute(client, ask::bare(target), done, userdata, HttpClient::execute) }
}

/// Does any request, see `swoole_http_client_request`; all of that is copied. `done` as of
/// `swoole_http_client_get`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_execute(
    client: *mut swoole_http_client,
    request: *const swoole_http_client_request,
    done: swoole_http_answer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { execute(client, ask::request(request), done, userdata, HttpClient::execute) }
}

/// Asks the server to make the connection a WebSocket. `done` is called once: with the status 101 and then it is one; with
/// another, if the server refuses; or with the failure. `headers` (NULL if `count` is 0) are sent too, `Sec-WebSocket-Protocol` for instance.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_upgrade(
    client: *mut swoole_http_client,
    target: *const c_char,
    headers: *const swoole_http_pair,
    count: usize,
    done: swoole_http_answer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        let request = ask::bare(target)
            .and_then(|request| Ok(ask::Request { headers: pairs(headers, count, "the headers")?, ..request }));
        execute(client, request, done, userdata, HttpClient::upgrade)
    }
}

/// # Safety
/// As for [`deref`]; `done` is called with `userdata`.
unsafe fn execute(
    client: *mut swoole_http_client,
    request: Result<ask::Request>,
    done: swoole_http_answer_fn,
    userdata: *mut c_void,
    how: impl FnOnce(&HttpClient, ask::Request, swoole_core::client::http::Done) -> Result<()>,
) -> swoole_result {
    // SAFETY: passed on to the caller.
    unsafe {
        with(client, |client| {
            let function = done.ok_or_else(no_callback)?;
            let events = Rc::clone(&client.events);
            how(&client.engine, request?, Box::new(move |_, outcome| events.done(function, userdata, outcome)))
        })
    }
}

/// Sends a message over the WebSocket that it has become. `opcode` is a `swoole_websocket_opcode`, `flags` are as of
/// `swoole_server_push`. A close (two bytes of its code, big-endian, and a reason) begins the end of the connection.
///
/// `SWOOLE_ERROR_WEBSOCKET_UNCONNECTED` if it is no open WebSocket, `SWOOLE_ERROR_WEBSOCKET_PACK_FAILED` for text that is not UTF-8 and for a
/// control frame of more than 125 bytes; else as `swoole_async_client_send`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_push(
    client: *mut swoole_http_client,
    data: *const c_void,
    len: usize,
    opcode: i32,
    flags: i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            let (opcode, flags) = opcode_and_flags(opcode, flags)?;
            client.engine.push(bytes(data, len, "the message")?, opcode, flags)
        })
    }
}

/// Closes the connection, a WebSocket with a close of code 1000. Requests that were not answered fail, soon.
/// `SWOOLE_ERROR_CLIENT_NO_CONNECTION` if there is nothing to close.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_close(client: *mut swoole_http_client) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, |client| client.engine.close()) }
}

/// Whether there is a connection; false if `client` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_is_connected(client: *const swoole_http_client) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, false, HttpClient::is_connected) }
}

/// Whether it is an open WebSocket; false if `client` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_is_websocket(client: *const swoole_http_client) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, false, HttpClient::is_websocket) }
}

/// Number of requests that were not answered yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_pending(client: *const swoole_http_client) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, 0, HttpClient::pending) }
}

/// Number of its last error: errno or a `swoole_result`; 0 if the last request had none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_error(client: *const swoole_http_client) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, 0, HttpClient::error_code) }
}

/// The descriptor of its connection, not to be read, written or closed; -1 while it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_http_client_descriptor(client: *const swoole_http_client) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, -1, |client| client.descriptor().unwrap_or(-1)) }
}
