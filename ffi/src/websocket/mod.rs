//! WebSockets: messages that come and go, and the callbacks of WebSocket ports.

mod on;

pub use on::*;

use std::ffi::c_void;

use swoole_core::client::http::Message;
use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::protocol::websocket::{Opcode, flag};
use swoole_core::server::Frame;

use crate::bytes::swoole_data;
use crate::error::swoole_result;
use crate::server::{ask, swoole_server, with};
use crate::support::args::{bytes, invalid};

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_websocket_opcode {
    /// a further part of a message
    SWOOLE_WEBSOCKET_OPCODE_CONTINUATION = 0,
    /// text in UTF-8
    SWOOLE_WEBSOCKET_OPCODE_TEXT = 1,
    /// bytes of any kind
    SWOOLE_WEBSOCKET_OPCODE_BINARY = 2,
    /// the end
    SWOOLE_WEBSOCKET_OPCODE_CLOSE = 8,
    /// asks for a pong
    SWOOLE_WEBSOCKET_OPCODE_PING = 9,
    /// answers a ping
    SWOOLE_WEBSOCKET_OPCODE_PONG = 10,
}

/// Bits of `flags`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_websocket_flag {
    /// the last, or only, frame of its message
    SWOOLE_WEBSOCKET_FLAG_FIN = 1,
    /// compressed; to be sent: if the peer takes that
    SWOOLE_WEBSOCKET_FLAG_COMPRESS = 2,
}

/// What came over a WebSocket: a whole message, or a control frame. It and what it points to are
/// valid during the call only.
#[repr(C)]
pub struct swoole_websocket_frame {
    /// the connection; 0 in a client
    pub session: i64,
    /// the port that it came in at; 0 in a client
    pub port_id: i32,
    /// a `swoole_websocket_opcode`
    pub opcode: i32,
    /// bits of `swoole_websocket_flag`
    pub flags: i32,
    /// of a close: its code, 1005 if it had none; else 0
    pub close_code: i32,
    /// its bytes; no final NUL, never NULL; text is UTF-8; of a close: nothing
    pub data: *const u8,
    /// number of bytes
    pub len: usize,
    /// of a close: its reason, in UTF-8
    pub close_reason: swoole_data,
}

impl From<Frame<'_>> for swoole_websocket_frame {
    fn from(frame: Frame<'_>) -> Self {
        let (code, reason) = frame.close.unwrap_or_default();
        swoole_websocket_frame {
            session: frame.session,
            port_id: 0,
            opcode: frame.opcode as i32,
            flags: frame.flags.into(),
            close_code: code.into(),
            data: frame.data.as_ptr(),
            len: frame.data.len(),
            close_reason: reason.as_bytes().into(),
        }
    }
}

impl swoole_websocket_frame {
    /// Of what has come to a client.
    pub(crate) fn of_message(message: Message<'_>) -> swoole_websocket_frame {
        let (close, data) = match message.opcode {
            Opcode::Close => (Some(close_of(message.data)), &[][..]),
            _ => (None, message.data),
        };
        let (code, reason) = close.unwrap_or_default();
        swoole_websocket_frame {
            session: 0,
            port_id: 0,
            opcode: message.opcode as i32,
            flags: message.flags.into(),
            close_code: code.into(),
            data: data.as_ptr(),
            len: data.len(),
            close_reason: reason.into(),
        }
    }
}

/// Code and reason in the data of a close.
fn close_of(data: &[u8]) -> (u16, &[u8]) {
    match data {
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        _ => (1005, &[]),
    }
}

/// What a program asks to be sent.
pub(crate) fn opcode_and_flags(opcode: i32, flags: i32) -> Result<(Opcode, u8)> {
    let opcode = u8::try_from(opcode).ok().and_then(Opcode::from_number).ok_or_else(|| {
        Error::new(
            ErrorKind::WebsocketBadOpcode,
            format!("there is no opcode {opcode}; pass a swoole_websocket_opcode, SWOOLE_WEBSOCKET_OPCODE_TEXT (1) for instance"),
        )
    })?;
    let known = flag::FIN | flag::COMPRESS;
    match u8::try_from(flags) {
        Ok(bits) if bits & !known == 0 => Ok((opcode, bits)),
        _ => Err(invalid(format!(
            "{flags} are no flags of a frame; pass SWOOLE_WEBSOCKET_FLAG_FIN (1), _COMPRESS (2), or both"
        ))),
    }
}

/// Sends a message over a WebSocket, from any process of the server to a connection of any worker. `opcode` is a `swoole_websocket_opcode`;
/// `flags`: `SWOOLE_WEBSOCKET_FLAG_FIN` for a whole message; a message in parts has it in the last of them only, and the further
/// ones are continuations.
///
/// `SWOOLE_ERROR_WEBSOCKET_UNCONNECTED` if it is no open WebSocket, `SWOOLE_ERROR_WEBSOCKET_PACK_FAILED` for text that is not UTF-8 and for a
/// control frame of more than 125 bytes; else as `swoole_server_send`. A close is sent by `swoole_server_disconnect`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_push(
    server: *mut swoole_server,
    session: i64,
    data: *const c_void,
    len: usize,
    opcode: i32,
    flags: i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let (opcode, flags) = opcode_and_flags(opcode, flags)?;
            server.engine.push(session, opcode, flags, bytes(data, len, "the message")?)
        })
    }
}

/// Ends a WebSocket in order: sends a close with `code` and a reason of `len` bytes (at most 123, UTF-8); the connection
/// is closed when the client has answered, or after a moment. `SWOOLE_ERROR_INVALID_PARAMS` for a code that may not be sent; 1000 is
/// the usual one, 1005 stands for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_disconnect(
    server: *mut swoole_server,
    session: i64,
    code: i32,
    reason: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let code = u16::try_from(code)
                .map_err(|_| invalid(format!("{code} cannot be the code of a close; pass 1000, or 3000 to 4999")))?;
            server.engine.disconnect(session, code, bytes(reason, len, "the reason")?)
        })
    }
}

/// Whether a connection is an open WebSocket. False if `server` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_is_established(server: *const swoole_server, session: i64) -> bool {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(server, false, |server| Ok(server.engine.is_established(session))) }
}
