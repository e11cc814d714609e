//! Methods of `Swoole\Http\Client` but those that ask for something.

use super::events::Events;
use super::show::{self, answer};
use super::state::{Data, Event, State};
use super::{HttpClientObject, data, slot, state};
use crate::bridge::settings;
use crate::classes::websocket::frame;
use crate::classes::{construct_once, did_you_mean, server, throw_exception};
use crate::zend::{self, Call, Object, Thrown, array, boolean, bytes, int, weak_getter};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::rc::Rc;
use swoole_core::client::HttpClient;
use swoole_core::client::http::Upload;
use swoole_core::error::{Error, ErrorKind};
use swoole_core::net::SocketType;

pub fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let mut args = call.args(1, 3)?;
    let (host, port, ssl) = (args.bytes()?, args.long_or(0)?, args.bool_or(false)?);
    let payload = call.payload::<HttpClientObject>()?;
    let object = call.this();
    let invalid = |message: String| Error::new(ErrorKind::InvalidParams, message);
    let made = server::host_text(host).and_then(|host| {
        let number = u16::try_from(port)
            .map_err(|_| invalid(format!("{host} was to be reached at port {port}; ports are 1 to 65535")))?;
        HttpClient::new(host, number, ssl)
    });
    let client = match made {
        _ if !zend::is_command_line() => Err(Error::new(
            ErrorKind::WrongOperation,
            "event-driven clients need the event loop, which runs under the PHP command line only",
        )),
        made => made,
    };
    let client = client.map_err(throw_exception)?;
    let kind = if host.starts_with(b"unix:") {
        SocketType::UnixStream
    } else if host.contains(&b':') {
        SocketType::Tcp6
    } else {
        SocketType::Tcp
    };
    object.set_property(slot::TYPE, int(kind as i32));
    object.set_property(slot::HOST, bytes(host));
    object.set_property(
        slot::PORT,
        int(if port == 0 && ssl {
            443
        } else if port == 0 {
            80
        } else {
            port
        }),
    );
    object.set_property(slot::SSL, boolean(ssl));
    client.set_events(Some(Rc::new(Events::new(weak_getter(object)?))));
    construct_once(&payload.0, State::new(client), "HTTP client")
}

/// Sets options, for what is asked for from now on. False if one was not taken.
pub fn set(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.array()?;
    let object = call.this();
    let state = state(object)?;
    object.set_property(slot::SETTING, settings::merged(&object.property(slot::SETTING), given));
    settings::apply(given, |name, value| state.client.set(name, value), |_, _| ())
}

/// The method of the next request.
pub fn set_method(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.bytes()?;
    let object = call.this();
    state(object)?.next.borrow_mut().method = given.to_vec();
    object.set_property(slot::REQUEST_METHOD, bytes(given));
    Ok(true)
}

/// The headers of all requests from now on.
pub fn set_headers(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.array()?;
    let object = call.this();
    let state = state(object)?;
    let headers = data::headers(given)?;
    state.next.borrow_mut().headers = headers;
    show_array(object, slot::REQUEST_HEADERS, given);
    Ok(true)
}

fn show_array(object: Object<'_>, slot: usize, given: &ZendHashTable) {
    object.set_property(slot, array(given.to_owned()));
}

/// The cookies from now on; those that answers have set go.
pub fn set_cookies(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.array()?;
    let object = call.this();
    let state = state(object)?;
    let cookies = data::cookies(given)?;
    let taken = answer(object, state.client.set_cookies(cookies))?;
    show::cookies(object, &state.client);
    Ok(taken)
}

/// The data of the next request.
pub fn set_data(call: Call<'_>) -> Result<bool, Thrown> {
    let given = call.args(1, 1)?.any();
    let object = call.this();
    let state = state(object)?;
    let data = read_data(given)?;
    state.next.borrow_mut().data = Some(data);
    object.set_property(slot::REQUEST_BODY, given.shallow_clone());
    Ok(true)
}

/// Fields of a form, or bytes.
pub fn read_data(given: &Zval) -> Result<Data, Thrown> {
    match given.array() {
        Some(fields) => data::fields(fields).map(Data::Fields),
        None => Ok(Data::Bytes(zend::to_string(given)?.as_bytes().to_vec())),
    }
}

/// A file of the next request.
pub fn add_file(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 6)?;
    let (path, name) = (args.bytes()?, args.bytes()?);
    let (media_type, file_name) = (args.maybe_bytes()?.unwrap_or_default(), args.maybe_bytes()?.unwrap_or_default());
    let (offset, length) = (args.long_or(0)?, args.long_or(0)?);
    let object = call.this();
    let state = state(object)?;
    let (Ok(from), Ok(count)) = (u64::try_from(offset), u64::try_from(length)) else {
        let message = format!("{length} bytes of a file from offset {offset} were to be sent; both must be 0 or more");
        return answer::<()>(object, Err(Error::new(ErrorKind::InvalidParams, message)));
    };
    let upload = Upload {
        path: PathBuf::from(OsStr::from_bytes(path)),
        name: name.to_vec(),
        media_type: media_type.to_vec(),
        file_name: file_name.to_vec(),
        offset: from,
        length: count,
    };
    if let Err(error) = upload.check() {
        return answer::<()>(object, Err(error));
    }
    state.next.borrow_mut().files.push(upload);
    let mut list = match object.property(slot::UPLOAD_FILES).array() {
        Some(list) => list.to_owned(),
        None => ZendHashTable::new(),
    };
    let mut shown = ZendHashTable::with_capacity(6);
    let pairs = [
        ("path", bytes(path)),
        ("name", bytes(name)),
        ("type", bytes(media_type)),
        ("filename", bytes(file_name)),
        ("offset", int(offset)),
        ("length", int(length)),
    ];
    zend::fill(&mut shown, pairs);
    // Pushing a zval cannot fail: there is nothing to convert.
    let _ = list.push(array(shown));
    object.set_property(slot::UPLOAD_FILES, array(list));
    Ok(true)
}

/// Sends a frame over the WebSocket.
pub fn push(call: Call<'_>) -> Result<bool, Thrown> {
    let message = frame::read(call.args(1, 3)?)?;
    let object = call.this();
    let state = state(object)?;
    let sent = message.parts().and_then(|(opcode, flags, data)| state.client.push(&data, opcode, flags));
    answer(object, sent)
}

pub fn is_connected(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    Ok(state(call.this())?.client.is_connected())
}

/// Closes the connection; what was asked for and is not answered fails.
pub fn close(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let object = call.this();
    let state = state(object)?;
    let closed = answer(object, state.client.close())?;
    show::descriptor(object);
    Ok(closed)
}

/// Sets the callback for an event.
pub fn on(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (name, callback) = (args.text()?, args.callback()?);
    let object = call.this();
    let state = state(object)?;
    let lower = name.to_ascii_lowercase();
    let bare = lower.strip_prefix("on").unwrap_or(&lower);
    let Some((event, _)) = Event::ALL.into_iter().find(|(_, known)| *known == bare) else {
        let near = did_you_mean(&name, Event::ALL.iter().map(|(_, known)| *known));
        return answer::<()>(
            object,
            Err(Error::new(ErrorKind::InvalidParams, format!("unknown event \"{name}\"{near}"))),
        );
    };
    object.set_property(slot::ON + event as usize, callback.value());
    state.set_callback(event, callback);
    Ok(true)
}
