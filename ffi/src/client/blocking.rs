//! The client that waits.

use std::cell::RefCell;
use std::ffi::{c_char, c_void};

use swoole_core::client::{Client, RecvFlags};
use swoole_core::error::Result;

use super::{at_work, how_of, swoole_address, this_thread, wrong_thread};
use crate::error::swoole_result;
use crate::support::args::{self, Out, bytes, invalid, port_number, seconds, socket_type, text};
use crate::support::boundary;

/// A client that waits for what it is asked for. Made by `swoole_client_new`, freed by
/// `swoole_client_free`.
pub struct swoole_client {
    engine: RefCell<Client>,
    /// what the last receive gave
    received: RefCell<Vec<u8>>,
    thread: libc::pthread_t,
}

/// Tells the length in bytes, header included, of the package at the front of `data`; 0 if more bytes
/// are needed to tell; negative if the data is bad, which closes the connection. `data` has `len` bytes
/// and is valid during the call only. It must not call a function of its client.
pub type swoole_client_length_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, data: *const u8, len: usize) -> isize>;

/// Most bytes that one receive may ask for.
const MOST: usize = 1 << 30;
/// Bytes that it asks for if it does not say.
const USUAL: usize = 64 << 10;

/// # Safety
/// `client` is NULL, or what `swoole_client_new` gave and `swoole_client_free` has not taken back.
unsafe fn deref<'a>(client: *const swoole_client) -> Result<&'a swoole_client> {
    // SAFETY: NULL or a live handle, and only ever shared: what changes in it is in cells.
    let client = unsafe { client.as_ref() }.ok_or_else(|| {
        invalid("the client is NULL; pass what swoole_client_new gave, after checking that it succeeded")
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
pub(super) unsafe fn with(client: *const swoole_client, body: impl FnOnce(&mut Client) -> Result<()>) -> swoole_result {
    boundary::result(|| {
        // SAFETY: passed on to the caller.
        let client = unsafe { deref(client) }?;
        body(&mut *client.engine.try_borrow_mut().map_err(|_| at_work())?)
    })
}

/// The same for functions that answer with a value; `otherwise` on an error.
///
/// # Safety
/// As for [`deref`].
unsafe fn ask<T>(client: *const swoole_client, otherwise: T, body: impl FnOnce(&Client) -> T) -> T {
    boundary::value(otherwise, || {
        // SAFETY: passed on to the caller.
        let client = unsafe { deref(client) }?;
        Ok(body(&*client.engine.try_borrow().map_err(|_| at_work())?))
    })
}

/// Makes a client that is not connected. `kind` is a `swoole_socket_type`; with `SWOOLE_SSL` added each connection begins with a TLS
/// handshake.
///
/// `*client` then belongs to the caller, who gives it to `swoole_client_free`. It needs no loop and no
/// server. All functions that take it must be called from the thread that called this one; they wait
/// for as long as they need, at most the client's timeout, and hold up that thread: in callbacks of a
/// server or a loop `swoole_async_client` is the better one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_new(kind: i32, client: *mut *mut swoole_client) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(client, "the place for the client") }?;
        let (kind, tls) = socket_type(kind)?;
        let mut engine = Client::new(kind);
        if tls {
            engine.secure()?;
        }
        out.put(Box::into_raw(Box::new(swoole_client {
            engine: RefCell::new(engine),
            received: RefCell::default(),
            thread: this_thread(),
        })));
        Ok(())
    })
}

/// Closes a client's connection and frees it. NULL is allowed. Refused, with a last error, from another
/// thread and inside its own package-length function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_free(client: *mut swoole_client) {
    if client.is_null() {
        return;
    }
    boundary::value((), || {
        // SAFETY: not NULL, so the caller's live handle.
        drop(unsafe { deref(client) }?.engine.try_borrow_mut().map_err(|_| at_work())?);
        // SAFETY: it came from Box::into_raw in swoole_client_new, and no call is at work in it.
        drop(unsafe { Box::from_raw(client) });
        Ok(())
    });
}

/// Connects to `host` (an address, a name, or the path of a Unix socket) and `port` (0 for a Unix
/// socket), through a proxy if one is set, within `timeout` seconds in all, looking the name up included.
/// Each later call waits for as long at most; 0: without end. With a datagram socket there is nothing to
/// wait for but the name: it gets a peer that it sends to and receives from.
///
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ETIMEDOUT, ECONNREFUSED and so on in `swoole_last_error`,
/// `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED`, a proxy's, or `SWOOLE_ERROR_WRONG_OPERATION` if it is connected. The message
/// names host, port and reason.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_connect(
    client: *mut swoole_client,
    host: *const c_char,
    port: i32,
    timeout: f64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(client, |client| client.connect(text(host, "the host")?, port_number(port)?, seconds(timeout)?)) }
}

/// As `swoole_client_connect`, but takes a connection to the same peer that this process has kept under
/// `id` by `swoole_client_keep`, if there is one that the peer has not closed. `uses` may be NULL; it
/// gets how often that connection has been taken up again by now, 0: it is a new one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_connect_kept(
    client: *mut swoole_client,
    host: *const c_char,
    port: i32,
    timeout: f64,
    id: *const c_char,
    uses: *mut u32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            let (host, id) = (text(host, "the host")?, text(id, "the id")?);
            let found = client.connect_kept(host, port_number(port)?, seconds(timeout)?, id)?;
            Out::optional(uses).put(found);
            Ok(())
        })
    }
}

/// Begins to connect, to the first address of `host`, and waits for nothing but the answer about its name,
/// `timeout` seconds at most. The descriptor becomes writable (`swoole_select`) when it is connected or
/// could not be; the next call tells. From then on no call waits until the client is closed: what would
/// have to wait is `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN, and a send may go in part only
/// (`swoole_client_sent`). `SWOOLE_ERROR_OPERATION_NOT_SUPPORT` if a proxy is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_connect_nowait(
    client: *mut swoole_client,
    host: *const c_char,
    port: i32,
    timeout: f64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| client.connect_nowait(text(host, "the host")?, port_number(port)?, seconds(timeout)?))
    }
}

/// Gives the connection to this process, which keeps it open under `id` for a later
/// `swoole_client_connect_kept`; the client is not connected any more. It is closed instead if bytes wait
/// in it or it has failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_keep(client: *mut swoole_client, id: *const c_char) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            client.keep(text(id, "the id")?);
            Ok(())
        })
    }
}

/// From now on each call waits for `timeout` seconds at most; 0: without end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_set_timeout(client: *mut swoole_client, timeout: f64) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(client, |client| {
            client.set_timeout(seconds(timeout)?);
            Ok(())
        })
    }
}

/// Sends all of `len` bytes, waiting while the peer takes none; of a datagram socket, one datagram.
///
/// `SWOOLE_ERROR_CLIENT_NO_CONNECTION`; or `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN when the timeout was over
/// (`swoole_client_sent` says how much went), EPIPE, ECONNRESET and so on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_send(
    client: *mut swoole_client,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(client, |client| client.send(bytes(data, len, "the data")?).map(drop)) }
}

/// Bytes that the last `swoole_client_send` or `swoole_client_send_file` got through, also one that
/// failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_sent(client: *const swoole_client) -> u64 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, 0, Client::sent) }
}

/// Sends one datagram to an address or name (a path and 0 for a Unix socket); needs no connect.
/// `SWOOLE_ERROR_OPERATION_NOT_SUPPORT` for a stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_send_to(
    client: *mut swoole_client,
    host: *const c_char,
    port: i32,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            client.send_to(text(host, "the host")?, port_number(port)?, bytes(data, len, "the data")?)
        })
    }
}

/// Sends `length` bytes of a file from `offset` on; a `length` of 0 means to its end.
/// `SWOOLE_ERROR_FILE_NOT_EXIST`, `SWOOLE_ERROR_FILE_EMPTY` (nothing there), or as `swoole_client_send`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_send_file(
    client: *mut swoole_client,
    path: *const c_char,
    offset: u64,
    length: u64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { with(client, |client| client.send_file(args::path(path)?, offset, length).map(drop)) }
}

fn recv_flags(flags: i32) -> Result<RecvFlags> {
    let known = libc::MSG_PEEK | libc::MSG_WAITALL | libc::MSG_DONTWAIT | libc::MSG_OOB;
    if flags & !known != 0 {
        return Err(invalid(format!(
            "receiving with the flags {flags:#x} is not possible; pass 0, MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, MSG_OOB or several of them"
        )));
    }
    let has = |flag| flags & flag != 0;
    Ok(RecvFlags {
        peek: has(libc::MSG_PEEK),
        wait_all: has(libc::MSG_WAITALL),
        dont_wait: has(libc::MSG_DONTWAIT),
        out_of_band: has(libc::MSG_OOB),
    })
}

/// Receives. With a packet protocol (`open_eof_check`, `open_length_check`): exactly one package, however
/// long (with `open_eof_check` one or more, with `open_eof_split` one); `size` and all flags but MSG_PEEK and MSG_DONTWAIT mean nothing then. Without one: what is
/// there, at least a byte and at most `size` (0: 65536, 1 GiB at most), or one datagram. `flags` are those of recv(2):
/// MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, MSG_OOB, or 0.
///
/// `*data` then points to `*len` bytes, without a final NUL, that belong to the client: they are valid
/// until the next `swoole_client_recv` on it, successful or not, or its end. A `*len` of 0: the peer has
/// closed the connection (or the datagram was empty); `*data` is not NULL then either.
///
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN when the timeout was over: what has come of a package is kept for the
/// next call. `SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE` closes the connection. `SWOOLE_ERROR_CLIENT_NO_CONNECTION`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_recv(
    client: *mut swoole_client,
    size: usize,
    flags: i32,
    data: *mut *const u8,
    len: *mut usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (this, data, len) = unsafe {
            let data = Out::required(data, "the place for the data")?;
            (deref(client)?, data, Out::required(len, "the place for the length")?)
        };
        if size > MOST {
            return Err(invalid(format!("receiving {size} bytes at once was asked for; {MOST} are the most")));
        }
        let flags = recv_flags(flags)?;
        let mut engine = this.engine.try_borrow_mut().map_err(|_| at_work())?;
        let mut received = this.received.borrow_mut();
        engine.recv(if size == 0 { USUAL } else { size }, flags, &mut received)?;
        data.put(received.as_ptr());
        len.put(received.len());
        Ok(())
    })
}

/// Ends one direction of a connection or both: `how` is SHUT_RD, SHUT_WR or SHUT_RDWR of shutdown(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_shutdown(client: *mut swoole_client, how: i32) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, |client| client.shutdown(how_of(how)?)) }
}

/// Closes the connection; the client may connect again. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_close(client: *mut swoole_client) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(client, Client::close) }
}

/// Whether it is connected, as far as is known here; false if `client` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_is_connected(client: *const swoole_client) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, false, Client::is_connected) }
}

/// Whether `swoole_client_recv` has something to give that was read already with the package before, so
/// that its descriptor is not ready for it: ask before waiting for that. Only with a packet protocol.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_has_pending(client: *mut swoole_client) -> bool {
    boundary::value(false, || {
        // SAFETY: the caller's handle, as the header asks.
        let client = unsafe { deref(client) }?;
        let mut engine = client.engine.try_borrow_mut().map_err(|_| at_work())?;
        Ok(engine.has_pending())
    })
}

/// Its descriptor, for `swoole_select` for instance: not to be closed, and -1 before it is connected (a
/// datagram client has one from its first use). It never blocks. See `swoole_client_has_pending`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_descriptor(client: *const swoole_client) -> i32 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(client, -1, |client| client.descriptor().unwrap_or(-1)) }
}

/// Writes its own address to `*address`. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` before it has one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_local_address(
    client: *mut swoole_client,
    address: *mut swoole_address,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            let out = Out::required(address, "the place for the address")?;
            out.put(client.local_address()?.into());
            Ok(())
        })
    }
}

/// Writes the peer's address to `*address`; of a datagram client: that of the sender of what was
/// received last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_peer_address(
    client: *mut swoole_client,
    address: *mut swoole_address,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(client, |client| {
            let out = Out::required(address, "the place for the address")?;
            out.put(client.peer_address()?.into());
            Ok(())
        })
    }
}

type EngineLengthFn = Box<dyn FnMut(&[u8]) -> isize>;

/// The function that the engine calls for the program's.
pub(super) fn length_func(function: swoole_client_length_fn, userdata: *mut c_void) -> Option<EngineLengthFn> {
    let function = function?;
    // SAFETY: the program gave this function with its userdata for this; the data outlives the call.
    Some(Box::new(move |data| unsafe { function(userdata, data.as_ptr(), data.len()) }))
}
