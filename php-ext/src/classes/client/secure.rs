//! Methods of `Swoole\\Client` about TLS.

use super::state;
use super::state::{Side, answer, borrow, show_success, value_or_false};
use crate::bridge::looping;
use crate::zend::{Arg, Call, Callback, Kept, Thrown, release, text};
use ext_php_rs::types::Zval;
use std::mem;
use swoole_core::client::AsyncClient;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::event::Flow;

/// Goes over to TLS on a connection that there is. A client that waits comes back when the handshake is over; an event-driven one calls the callback then.
pub fn enable(call: Call<'_>) -> Result<bool, Thrown> {
    let callback = call.args(0, 1)?.maybe_callback()?;
    let object = call.this();
    let state = state(object)?;
    let started = match (&state.side, callback) {
        (Side::Waiting(client), None) => borrow(client).and_then(|mut client| client.start_tls()),
        (Side::Waiting(_), Some(_)) => Err(Error::new(
            ErrorKind::InvalidParams,
            "enableSSL() of a client that waits takes no callback: it comes back when the handshake is over",
        )),
        (Side::Telling(client), Some(callback)) => {
            let told = Told { object: object.value(), callback: Some(callback) };
            client.start_tls(Box::new(move |_: &AsyncClient| told.tell()))
        }
        (Side::Telling(_), None) => Err(Error::new(
            ErrorKind::InvalidParams,
            "enableSSL() of an event-driven client needs a callback, which is called when the handshake is over",
        )),
    };
    if started.is_ok() {
        show_success(object);
    }
    answer(object, started)
}

/// Who is to be told that the handshake is over.
struct Told {
    object: Zval,
    callback: Option<Callback>,
}

impl Told {
    fn tell(mut self) -> Flow {
        let Some(callback) = self.callback.take() else { return Flow::Continue };
        looping::run_once(Kept::from(callback), &[Arg::Value(&self.object)])
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        release(mem::take(&mut self.object));
    }
}

/// The peer's certificate in PEM, or false.
pub fn peer_certificate(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let object = call.this();
    let found = match &state(object)?.side {
        Side::Telling(client) => client.peer_certificate(),
        Side::Waiting(client) => borrow(client).and_then(|mut client| client.peer_certificate()),
    };
    value_or_false(object, found, |certificate| text(&certificate))
}

/// Whether the peer's certificate is one to be trusted.
pub fn verify_peer(call: Call<'_>) -> Result<bool, Thrown> {
    let allow_self_signed = call.args(0, 1)?.bool_or(false)?;
    let object = call.this();
    let checked: EngineResult<()> = match &state(object)?.side {
        Side::Telling(client) => client.verify_peer(allow_self_signed),
        Side::Waiting(client) => borrow(client).and_then(|mut client| client.verify_peer(allow_self_signed)),
    };
    answer(object, checked)
}
