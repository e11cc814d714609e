//! The client that tells by callbacks.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::ptr::NonNull;
use std::rc::Rc;

use swoole_core::client::{AsyncClient, AsyncEvents};
use swoole_core::error::{Error, Result};
use swoole_core::event::Flow;
use swoole_core::log;

use super::{at_work, how_of, swoole_address, this_thread, wrong_thread};
use crate::error::{remember, swoole_result};
use crate::event::in_loop;
use crate::support::args::{self, Out, bytes, invalid, port_number, seconds, socket_type, text};
use crate::support::boundary;
use crate::support::running::in_callback;
use crate::support::slot::Slot;

/// An event-driven client. Made by `swoole_async_client_new`, freed by `swoole_async_client_free`.
pub struct swoole_async_client {
    pub(super) engine: AsyncClient,
    pub(super) events: Rc<Events>,
    thread: libc::pthread_t,
}

/// An event of a client. `userdata` is what was given with the function.
pub type swoole_async_client_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_async_client)>;

/// A client has received: bytes, one package as its protocol says, or one datagram. `data` has `len`
/// bytes and no final NUL, is never NULL, and is valid during the call only.
pub type swoole_async_receive_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_async_client, data: *const u8, len: usize)>;

/// A client could not connect. `result` says why, and so do `swoole_last_error` (the errno of
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL`) and `swoole_last_error_message`, which names host, port and reason.
pub type swoole_async_error_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_async_client, result: swoole_result)>;

/// Tells the length in bytes, header included, of the package at the front of `data`; 0 if more bytes
/// are needed to tell; negative if the data is bad, which closes the connection. `data` has `len` bytes
/// and is valid during the call only. It must not call a function of its client.
pub type swoole_async_length_fn = Option<
    unsafe extern "C" fn(userdata: *mut c_void, client: *mut swoole_async_client, data: *const u8, len: usize) -> isize,
>;

/// The callbacks of a client. The engine holds them as long as it may call one.
#[derive(Default)]
pub(super) struct Events {
    /// what callbacks are given; none once it is freed
    handle: Cell<Option<NonNull<swoole_async_client>>>,
    connect: Slot<swoole_async_client_fn>,
    receive: Slot<swoole_async_receive_fn>,
    error: Slot<swoole_async_error_fn>,
    close: Slot<swoole_async_client_fn>,
    buffer_full: Slot<swoole_async_client_fn>,
    buffer_empty: Slot<swoole_async_client_fn>,
    pub(super) package_length: Slot<swoole_async_length_fn>,
    /// while that is on the stack
    measuring: Cell<bool>,
}

impl Events {
    /// Calls a callback, if there is one and the client is not freed. Nothing of the client is touched after the call, which
    /// may have freed it.
    fn call<F: Copy>(
        &self,
        slot: &Slot<Option<F>>,
        call: impl FnOnce(F, *mut c_void, *mut swoole_async_client),
    ) -> Flow {
        let (Some((function, userdata)), Some(handle)) = (slot.get(), self.handle.get()) else {
            return Flow::Continue;
        };
        in_callback(|| call(function, userdata, handle.as_ptr()))
    }

    fn tell(&self, slot: &Slot<swoole_async_client_fn>) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(slot, |function, userdata, handle| unsafe { function(userdata, handle) })
    }

    /// The handshake that `function` waits for is over.
    pub(super) fn ready(
        &self,
        function: unsafe extern "C" fn(*mut c_void, *mut swoole_async_client),
        userdata: *mut c_void,
    ) -> Flow {
        let slot = Slot::default();
        slot.set(Some(function), userdata);
        self.tell(&slot)
    }
}

impl AsyncEvents for Events {
    fn connect(&self, _: &AsyncClient) -> Flow {
        self.tell(&self.connect)
    }

    fn receive(&self, _: &AsyncClient, data: &[u8]) -> Flow {
        // SAFETY: the program registered this function for this signature; the data outlives the call.
        self.call(&self.receive, |function, userdata, handle| unsafe {
            function(userdata, handle, data.as_ptr(), data.len());
        })
    }

    fn error(&self, _: &AsyncClient, error: &Error) -> Flow {
        if !self.error.is_set() && self.handle.get().is_some() {
            log::warning(format_args!("{error}"));
        }
        let result = remember(error);
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(&self.error, |function, userdata, handle| unsafe { function(userdata, handle, result) })
    }

    fn close(&self, _: &AsyncClient) -> Flow {
        self.tell(&self.close)
    }

    fn buffer_full(&self, _: &AsyncClient) -> Flow {
        self.tell(&self.buffer_full)
    }

    fn buffer_empty(&self, _: &AsyncClient) -> Flow {
        self.tell(&self.buffer_empty)
    }

    fn package_length(&self, _: &AsyncClient, data: &[u8]) -> isize {
        let (Some((function, userdata)), Some(handle)) = (self.package_length.get(), self.handle.get()) else {
            return -1;
        };
        self.measuring.set(true);
        // SAFETY: the program registered this function for this signature; the data outlives the call.
        let length = unsafe { function(userdata, handle.as_ptr(), data.as_ptr(), data.len()) };
        self.measuring.set(false);
        length
    }
}

/// # Safety
/// `client` is NULL, or what `swoole_async_client_new` gave and `swoole_async_client_free` has not taken back.
unsafe fn deref<'a>(client: *const swoole_async_client) -> Result<&'a swoole_async_client> {
    // SAFETY: NULL or a live handle, and only ever shared: what changes in it is in cells.
    let client = unsafe { client.as_ref() }.ok_or_else(|| {
        invalid("the client is NULL; pass what swoole_async_client_new gave, after checking that it succeeded")
    })?;
    if client.thread != this_thread() {
        return Err(wrong_thread());
    }
    if client.events.measuring.get() {
        return Err(at_work());
    }
    Ok(client)
}

/// Runs `body` with the client behind the handle, inside the panic boundary.
///
/// # Safety
/// As for [`deref`].
pub(super) unsafe fn with(
    client: *const swoole_async_client,
    body: impl FnOnce(&swoole_async_client) -> Result<()>,
) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(unsafe { deref(client) }?))
}

/// The same for functions that answer with a value; `otherwise` on an error.
///
/// # Safety
/// As for [`deref`].
unsafe fn ask<T>(client: *const swoole_async_client, otherwise: T, body: impl FnOnce(&AsyncClient) -> T) -> T {
    // SAFETY: passed on to the caller.
    boundary::value(otherwise, || Ok(body(&unsafe { deref(client) }?.engine)))
}

/// Makes an event-driven client that is not connected. `kind` is a `swoole_socket_type`; with `SWOOLE_SSL` added the connect event is called
/// after a TLS handshake.
///
/// `*client` then belongs to the caller, who gives it to `swoole_async_client_free`. It lives in the loop
/// of this process (see `swoole_event_wait`; in a process of a server it is that process's own loop), and
/// all functions that take it are called from the loop's thread. Its callbacks run there, never inside a
/// function of the client, and may do anything with it: send, close, connect again, free it. A forked
/// process has no part in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_new(kind: i32, client: *mut *mut swoole_async_client) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(client, "the place for the client") }?;
        let (kind, tls) = socket_type(kind)?;
        let engine = AsyncClient::new(kind);
        if tls {
            engine.secure()?;
        }
        let events = Rc::new(Events::default());
        let handle =
            Box::into_raw(Box::new(swoole_async_client { engine, events: Rc::clone(&events), thread: this_thread() }));
        events.handle.set(NonNull::new(handle));
        out.put(handle);
        Ok(())
    })
}

/// Frees a client. If it is connecting or connected that is ended at once: what waits to be sent is
/// dropped, and no event is called any more, the close event neither. To have everything sent, call
/// `swoole_async_client_close` and free it in the close event. Inside any of its events too. NULL is allowed. Refused, with a last
/// error, from another thread and inside its package-length function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_free(client: *mut swoole_async_client) {
    if client.is_null() {
        return;
    }
    boundary::value((), || {
        // SAFETY: not NULL, so the caller's live handle.
        unsafe { deref(client) }?;
        // SAFETY: it came from Box::into_raw in swoole_async_client_new; what the engine still calls holds the events, not this.
        let freed = unsafe { Box::from_raw(client) };
        freed.events.handle.set(None);
        // Fails if there is nothing to close.
        let _ = freed.engine.close(true);
        Ok(())
    });
}

/// # Safety
/// As for [`deref`].
unsafe fn on(client: *mut swoole_async_client, register: impl FnOnce(&Events)) -> swoole_result {
    // SAFETY: passed on to the caller.
    unsafe {
        with(client, |client| {
            register(&client.events);
            Ok(())
        })
    }
}

/// Sets what is called when it has connected: send now.
///
/// All `swoole_async_client_on_` functions: at any time, inside a callback too; NULL takes a callback
/// away, none is needed; registering again replaces. `userdata` may be NULL; it is kept, handed to each
/// call, and never freed by the library: it is not used after the client was freed. No C++ exception and
/// no longjmp may leave a callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_on_connect(
    client: *mut swoole_async_client,
    callback: swoole_async_client_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.connect.set(callback, userdata)) }
}

/// Sets what is called when it has received something. Without one what comes is dropped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_on_receive(
    client: *mut swoole_async_client,
    callback: swoole_async_receive_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.receive.set(callback, userdata)) }
}

/// Sets what is called when it could not connect; without one the reason is logged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_on_error(
    client: *mut swoole_async_client,
    callback: swoole_async_error_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.error.set(callback, userdata)) }
}

/// Sets what is called when its connection has ended: by the peer, by an error
/// (`swoole_async_client_error`), or by `swoole_async_client_close`. Once for each connection that was told.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_on_close(
    client: *mut swoole_async_client,
    callback: swoole_async_client_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.close.set(callback, userdata)) }
}

/// Sets what is called when more than `buffer_high_watermark` bytes wait to be sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_on_buffer_full(
    client: *mut swoole_async_client,
    callback: swoole_async_client_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.buffer_full.set(callback, userdata)) }
}

/// Sets what is called when they have fallen to `buffer_low_watermark` again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_on_buffer_empty(
    client: *mut swoole_async_client,
    callback: swoole_async_client_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(client, |events| events.buffer_empty.set(callback, userdata)) }
}

/// Begins to connect to `host` (an address, a name, or the path of a Unix socket) and `port` (0 for a
/// Unix socket), through a proxy if one is set, and returns. The name is looked up without holding up the
/// loop. Then exactly one of two is called: the connect event, or the error event, within `timeout` seconds
/// in all (0: as long as the system tries).
///
/// `SWOOLE_ERROR_WRONG_OPERATION` if it is connecting or connected; at once also if no socket can be made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_connect(
    client: *mut swoole_async_client,
    host: *const c_char,
    port: i32,
    timeout: f64,
) -> swoole_result {
    in_loop(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (client, host) = unsafe { (deref(client)?, text(host, "the host")?) };
        let events = Rc::clone(&client.events) as Rc<dyn AsyncEvents>;
        client.engine.connect(host, port_number(port)?, seconds(timeout)?, events)
    })
}

/// Sends all of `len` bytes, which are copied, as the peer takes them. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` unless it is
/// connected; `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` when more than `socket_buffer_size` would wait: nothing of it is sent then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_send(
    client: *mut swoole_async_client,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(client, |client| client.engine.send(bytes(data, len, "the data")?).map(drop)) }
}

/// Sends one datagram to an address (a path and 0 for a Unix socket); needs no connect. A name is
/// refused: see `swoole_aio_resolve`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_send_to(
    client: *mut swoole_async_client,
    host: *const c_char,
    port: i32,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            client.engine.send_to(text(host, "the host")?, port_number(port)?, bytes(data, len, "the data")?)
        })
    }
}

/// Sends `length` bytes of a file from `offset` on behind what waits; a `length` of 0 means to its end.
/// The file must stay until it is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_send_file(
    client: *mut swoole_async_client,
    path: *const c_char,
    offset: u64,
    length: u64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(client, |client| client.engine.send_file(args::path(path)?, offset, length)) }
}

/// Hands what it receives from now on straight to the descriptor `fd` of a stream, and reads no faster
/// than that takes it; its receive event is not called meanwhile. -1 ends that. `fd` stays the caller's
/// and open until then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_pipe(client: *mut swoole_async_client, fd: i32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, |client| client.engine.pipe((fd != -1).then_some(fd))) }
}

/// Reads no more until `swoole_async_client_resume`; TCP slows the peer down.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_pause(client: *mut swoole_async_client) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, |client| client.engine.pause()) }
}

/// Reads again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_resume(client: *mut swoole_async_client) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, |client| client.engine.resume()) }
}

/// Ends one direction, after what waits has been sent, or both: `how` is SHUT_RD, SHUT_WR or SHUT_RDWR.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_shutdown(client: *mut swoole_async_client, how: i32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, |client| client.engine.shutdown(how_of(how)?)) }
}

/// Closes: what waits is sent first unless `force`, then, soon, the close event is called; nothing is
/// received any more. While it is connecting: gives that up, and no event follows. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` if
/// there is nothing to close.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_close(client: *mut swoole_async_client, force: bool) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, |client| client.engine.close(force)) }
}

/// Whether it is connected; false if `client` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_is_connected(client: *const swoole_async_client) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, false, AsyncClient::is_connected) }
}

/// Number of its last error: errno or a `swoole_result`; 0 if there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_error(client: *const swoole_async_client) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, 0, AsyncClient::error_code) }
}

/// Bytes that wait to be sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_queued(client: *const swoole_async_client) -> u64 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, 0, AsyncClient::queued) }
}

/// Its descriptor, not to be read, written or closed; -1 while it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_descriptor(client: *const swoole_async_client) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, -1, |client| client.descriptor().unwrap_or(-1)) }
}

/// Writes its own address to `*address`. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` before it has one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_local_address(
    client: *mut swoole_async_client,
    address: *mut swoole_address,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            let out = Out::required(address, "the place for the address")?;
            out.put(client.engine.local_address()?.into());
            Ok(())
        })
    }
}

/// Writes the peer's address to `*address`; of a datagram client: that of the sender of what was
/// received last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_peer_address(
    client: *mut swoole_async_client,
    address: *mut swoole_address,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            let out = Out::required(address, "the place for the address")?;
            out.put(client.engine.peer_address()?.into());
            Ok(())
        })
    }
}
