//! Methods of `Swoole\Server` that act on connections.

use super::super::{answer, answer_or_warn, refuse, value_or_false};
use super::{State, state};
use crate::zend::{Call, LongOrBytes, Thrown, array, fill, float, int, list, no, text};
use ext_php_rs::types::{ZendHashTable, Zval};
use swoole_core::error::{Error, ErrorKind};
use swoole_core::server::{ConnectionInfo, SessionId};

/// Most sessions that one call of getClientList gives.
const LIST_MAX: i64 = 100;

/// send(fd, data): to a session. send(path, data): a datagram to a Unix socket.
pub fn send(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 3)?;
    let target = args.long_or_bytes()?;
    let data = args.bytes()?;
    let server_socket = args.long_or(-1)?;
    let engine = &state(call)?.engine;
    if data.is_empty() {
        return refuse_empty();
    }
    match target {
        LongOrBytes::Long(session) => answer_or_warn(engine.send(session, data)),
        LongOrBytes::Bytes(name) => match number(name) {
            Some(session) => answer_or_warn(engine.send(session, data)),
            None => {
                answer_or_warn(engine.send_to(&String::from_utf8_lossy(name), 0, data, socket_argument(server_socket)))
            }
        },
    }
}

/// A session id in text.
fn number(text: &[u8]) -> Option<SessionId> {
    std::str::from_utf8(text).ok()?.trim().parse().ok()
}

/// -1 is how PHP says "any".
fn socket_argument(server_socket: i64) -> Option<i32> {
    i32::try_from(server_socket).ok().filter(|fd| *fd >= 0)
}

fn refuse_empty() -> Result<bool, Thrown> {
    refuse(ErrorKind::InvalidParams, "there is nothing to send: the data is empty")
}

pub fn send_to(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(3, 4)?;
    let (address, port, data) = (args.text()?, args.long()?, args.bytes()?);
    let server_socket = args.long_or(-1)?;
    let engine = &state(call)?.engine;
    if data.is_empty() {
        return refuse_empty();
    }
    match u16::try_from(port) {
        Ok(port) => answer_or_warn(engine.send_to(&address, port, data, socket_argument(server_socket))),
        Err(_) => refuse(
            ErrorKind::InvalidParams,
            format!("port {port} does not exist; ports are 1 to 65535 (0 for a Unix socket)"),
        ),
    }
}

pub fn send_wait(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (session, data) = (args.long()?, args.bytes()?);
    let engine = &state(call)?.engine;
    if data.is_empty() {
        return refuse_empty();
    }
    answer_or_warn(engine.send_wait(session, data))
}

pub fn send_file(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 4)?;
    let (session, path) = (args.long()?, args.bytes()?);
    let (offset, length) = (args.long_or(0)?, args.long_or(0)?);
    let engine = &state(call)?.engine;
    match (u64::try_from(offset), u64::try_from(length)) {
        (Ok(offset), Ok(length)) => answer_or_warn(engine.send_file(session, path, offset, length)),
        _ => refuse(
            ErrorKind::InvalidParams,
            format!("offset {offset} and length {length} must not be negative; length 0 means to the end of the file"),
        ),
    }
}

pub fn exists(call: Call<'_>) -> Result<bool, Thrown> {
    let session = call.args(1, 1)?.long()?;
    let there = state(call)?.engine.exists(session);
    Ok(answer(if there { Ok(()) } else { Err(Error::new(ErrorKind::SessionNotExist, "no such session")) }))
}

pub fn protect(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (session, on) = (args.long()?, args.bool_or(true)?);
    answer_or_warn(state(call)?.engine.protect(session, on))
}

pub fn close(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (session, reset) = (args.long()?, args.bool_or(false)?);
    answer_or_warn(state(call)?.engine.close(session, reset))
}

/// A method that takes a session and nothing else.
fn simple(call: Call<'_>, act: impl FnOnce(&State, SessionId) -> Result<(), Error>) -> Result<bool, Thrown> {
    let session = call.args(1, 1)?.long()?;
    answer_or_warn(act(state(call)?, session))
}

pub fn confirm(call: Call<'_>) -> Result<bool, Thrown> {
    simple(call, |state, session| state.engine.confirm(session))
}

pub fn pause(call: Call<'_>) -> Result<bool, Thrown> {
    simple(call, |state, session| state.engine.pause(session))
}

pub fn resume(call: Call<'_>) -> Result<bool, Thrown> {
    simple(call, |state, session| state.engine.resume(session))
}

pub fn bind(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (session, uid) = (args.long()?, args.long()?);
    Ok(answer(state(call)?.engine.bind(session, uid)))
}

/// The sessions that are silent for too long; closes them unless told not to. False without a heartbeat.
pub fn heartbeat(call: Call<'_>) -> Result<Zval, Thrown> {
    let close = call.args(0, 1)?.bool_or(true)?;
    Ok(value_or_false(state(call)?.engine.heartbeat(close), |sessions| list(sessions.into_iter())))
}

/// What is known about a session, or false. The second argument, a reactor, is not needed to find it.
pub fn get_client_info(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 3)?;
    let session = args.long()?;
    args.long_or(-1)?;
    let closed_too = args.bool_or(false)?;
    Ok(value_or_false(state(call)?.engine.connection_info(session, closed_too), |info| client_info(&info)))
}

/// A page of the open sessions: those behind `start_fd`; false if there are none.
pub fn get_client_list(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(0, 2)?;
    let (start, count) = (args.long_or(0)?, args.long_or(10)?);
    let engine = &state(call)?.engine;
    if !(1..=LIST_MAX).contains(&count) {
        refuse(ErrorKind::InvalidParams, format!("find_count {count} is out of bounds; it is 1 to {LIST_MAX}"))?;
        return Ok(no());
    }
    // Classic scripts turn the pages until they get false.
    let page = engine.connection_list(start, count as usize, None).and_then(|sessions| {
        let none = || Error::new(ErrorKind::SessionNotExist, "no further session is open");
        if sessions.is_empty() { Err(none()) } else { Ok(sessions) }
    });
    Ok(value_or_false(page, |sessions| list(sessions.into_iter())))
}

/// The array of getClientInfo. Times are seconds since 1970, those named by whole seconds in the classic API as int.
pub fn client_info(info: &ConnectionInfo) -> Zval {
    let mut table = ZendHashTable::with_capacity(18);
    fill(
        &mut table,
        [
            ("server_port", int(info.server_port)),
            ("server_fd", int(info.server_fd)),
            ("socket_fd", int(info.socket_fd)),
            ("socket_type", int(info.socket_type as i32)),
            ("remote_port", int(info.remote_port)),
            ("remote_ip", text(&info.remote_ip)),
            ("reactor_id", int(info.reactor_id)),
            ("connect_time", int(info.connect_time as i64)),
            ("last_time", int(info.last_recv_time as i64)),
            ("last_recv_time", float(info.last_recv_time)),
            ("last_send_time", float(info.last_send_time)),
            ("last_dispatch_time", float(info.last_dispatch_time)),
            ("close_errno", int(info.close_errno)),
            ("recv_queued_bytes", int(info.recv_queued_bytes as i64)),
            ("send_queued_bytes", int(info.send_queued_bytes as i64)),
            ("worker_id", int(info.worker_id)),
        ],
    );
    if let Some(uid) = info.uid {
        fill(&mut table, [("uid", int(uid))]);
    }
    if let Some(certificate) = &info.client_certificate {
        fill(&mut table, [("ssl_client_cert", text(certificate))]);
    }
    if let Some(status) = info.websocket_status {
        fill(&mut table, [("websocket_status", int(status as i32))]);
    }
    array(table)
}
