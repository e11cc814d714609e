//! TLS of both clients, on a connection that there is.

use std::ffi::c_void;
use std::rc::Rc;

use super::asynchronous::{self, swoole_async_client, swoole_async_client_fn};
use super::blocking::{self, swoole_client};
use crate::bytes::swoole_bytes;
use crate::error::swoole_result;
use crate::support::args::Out;
use crate::support::slot::no_callback;

/// Goes over to TLS on the present connection (as after STARTTLS), within the client's timeout. A client that is to begin with TLS is made with
/// `SWOOLE_SSL`.
///
/// `SWOOLE_ERROR_WRONG_OPERATION` if it has TLS already, or if something that came in the clear was not received yet;
/// `SWOOLE_ERROR_SSL_VERIFY_FAILED` if the peer's certificate is not trusted. After an error of the handshake the connection is of no
/// use: close it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_start_tls(client: *mut swoole_client) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { blocking::with(client, |client| client.start_tls()) }
}

/// Writes the peer's certificate, as text (PEM), to `*certificate`, which then belongs to the caller, who gives it to
/// `swoole_bytes_free`. `SWOOLE_ERROR_SSL_NOT_READY` if the connection has no TLS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_peer_certificate(
    client: *mut swoole_client,
    certificate: *mut swoole_bytes,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        blocking::with(client, |client| {
            let out = Out::required(certificate, "the place for the certificate")?;
            out.put(Some(client.peer_certificate()?.into_bytes()).into());
            Ok(())
        })
    }
}

/// Checks the peer's certificate as the option `ssl_verify_peer` does, after the handshake:
/// `SWOOLE_ERROR_SSL_VERIFY_FAILED`, and the message says why. `allow_self_signed`: one that vouches for itself is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_client_verify_peer(
    client: *mut swoole_client,
    allow_self_signed: bool,
) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { blocking::with(client, |client| client.verify_peer(allow_self_signed)) }
}

/// Goes over to TLS on the present connection (as after STARTTLS) and calls `ready` when the handshake is over; what is sent meanwhile goes out
/// then. If it fails the close event is called, and `swoole_async_client_error` has the reason. A client that is to begin with TLS is made with `SWOOLE_SSL`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_start_tls(
    client: *mut swoole_async_client,
    ready: swoole_async_client_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        asynchronous::with(client, |client| {
            let function = ready.ok_or_else(no_callback)?;
            let events = Rc::clone(&client.events);
            client.engine.start_tls(Box::new(move |_| events.ready(function, userdata)))
        })
    }
}

/// As `swoole_client_peer_certificate`. `SWOOLE_ERROR_SSL_NOT_READY` also while the handshake goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_peer_certificate(
    client: *mut swoole_async_client,
    certificate: *mut swoole_bytes,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        asynchronous::with(client, |client| {
            let out = Out::required(certificate, "the place for the certificate")?;
            out.put(Some(client.engine.peer_certificate()?.into_bytes()).into());
            Ok(())
        })
    }
}

/// As `swoole_client_verify_peer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_async_client_verify_peer(
    client: *mut swoole_async_client,
    allow_self_signed: bool,
) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { asynchronous::with(client, |client| client.engine.verify_peer(allow_self_signed)) }
}
