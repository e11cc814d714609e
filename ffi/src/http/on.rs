//! Registering the callbacks of HTTP ports.

use std::ffi::c_void;

use super::{swoole_http_request, swoole_http_response};
use crate::error::swoole_result;
use crate::server::{on, on_port, swoole_server};

/// A request came. Neither pointer is NULL. The callback ends the response, or keeps it
/// (`swoole_http_response_keep`) to end it later: if it does neither, the client is answered 500.
pub type swoole_http_request_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        server: *mut swoole_server,
        request: *mut swoole_http_request,
        response: *mut swoole_http_response,
    ),
>;

/// Runs in: worker, when a request has come. HTTP ports (options `open_http_protocol`,
/// `open_websocket_protocol`); one that is no WebSocket port needs it. A connection is given its next
/// request when the one before was answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_request(
    server: *mut swoole_server,
    callback: swoole_http_request_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.request.set(callback, userdata)) }
}

/// As `swoole_server_on_request`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_request(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_http_request_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.request.set(callback, userdata)) }
}
