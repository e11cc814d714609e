//! Registering the callbacks of WebSocket ports.

use std::ffi::c_void;

use super::swoole_websocket_frame;
use crate::error::swoole_result;
use crate::http::{swoole_http_request, swoole_http_request_fn};
use crate::server::{on, on_port, swoole_buffer_fn, swoole_server};

/// A WebSocket was opened. `request` is never NULL; it is freed when the callback returns, unless it
/// is kept.
pub type swoole_websocket_open_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, request: *mut swoole_http_request)>;

/// A message came. `frame` and what it points to are never NULL and valid during the call only.
pub type swoole_websocket_message_fn = Option<
    unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, frame: *const swoole_websocket_frame),
>;

/// Runs in: worker, when a client has become a WebSocket by the library's own handshake. WebSocket ports
/// (option `open_websocket_protocol`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_open(
    server: *mut swoole_server,
    callback: swoole_websocket_open_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.open.set(callback, userdata)) }
}

/// As `swoole_server_on_open`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_open(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_websocket_open_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.open.set(callback, userdata)) }
}

/// Runs in: worker, when a message has come: whole, unmasked and uncompressed. WebSocket ports; each needs
/// one. Control frames come only if the options `open_websocket_close_frame`, `_ping_frame`, `_pong_frame` say so; else the library answers
/// them by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_message(
    server: *mut swoole_server,
    callback: swoole_websocket_message_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.message.set(callback, userdata)) }
}

/// As `swoole_server_on_message`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_message(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_websocket_message_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.message.set(callback, userdata)) }
}

/// Runs in: worker, when a client asks for a WebSocket, which this answers instead of the library: by
/// `swoole_http_response_upgrade`, or by a refusal. The open event is not called then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_handshake(
    server: *mut swoole_server,
    callback: swoole_http_request_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.handshake.set(callback, userdata)) }
}

/// As `swoole_server_on_handshake`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_handshake(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_http_request_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.handshake.set(callback, userdata)) }
}

/// Runs in: worker, before the library answers a client that asks for a WebSocket: headers may be
/// added to the response; another status than 101, or an answer that is ended here, refuses it. A copy of
/// the request is given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_before_handshake_response(
    server: *mut swoole_server,
    callback: swoole_http_request_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.before_handshake_response.set(callback, userdata)) }
}

/// As `swoole_server_on_before_handshake_response`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_before_handshake_response(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_http_request_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.before_handshake_response.set(callback, userdata)) }
}

/// Runs in: worker, when a connection of a WebSocket port has gone that never was a WebSocket, in the place
/// of the close event.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_disconnect(
    server: *mut swoole_server,
    callback: swoole_buffer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.disconnect.set(callback, userdata)) }
}

/// As `swoole_server_on_disconnect`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_disconnect(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_buffer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.disconnect.set(callback, userdata)) }
}
