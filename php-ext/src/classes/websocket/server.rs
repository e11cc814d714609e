//! `Swoole\WebSocket\Server`: a server of HTTP whose connections may become WebSockets.

use super::frame;
use crate::classes::{self, answer_or_warn};
use crate::zend::{
    ArgInfo, BOOL, Call, ClassSlot, LONG, Method, STRING, Thrown, arg, arg_class, end, method, opt, register_child,
    returns, static_method,
};
use swoole_core::error::Result as EngineResult;
use swoole_core::protocol::websocket::{Opcode, flag};
use swoole_core::server::{Server, SessionId};

/// The class. Objects of it, and of what extends it, have ports of WebSocket, see `Server::__construct()`.
pub static CLASS: ClassSlot = ClassSlot::new();

const FD: ArgInfo = arg(c"fd", LONG);

const METHODS: &[Method] = &[
    method(
        c"push",
        push,
        &[
            returns(2, BOOL),
            FD,
            arg_class(c"data", frame::NAME, STRING),
            opt(c"opcode", LONG, c"SWOOLE_WEBSOCKET_OPCODE_TEXT"),
            opt(c"flags", LONG, c"SWOOLE_WEBSOCKET_FLAG_FIN"),
        ],
    ),
    method(
        c"disconnect",
        disconnect,
        &[returns(1, BOOL), FD, opt(c"code", LONG, c"SWOOLE_WEBSOCKET_CLOSE_NORMAL"), opt(c"reason", STRING, c"''")],
    ),
    method(c"ping", ping, &[returns(1, BOOL), FD, opt(c"data", STRING, c"''")]),
    method(c"isEstablished", is_established, &[returns(1, BOOL), FD]),
    static_method(c"pack", frame::pack, frame::PACK),
    static_method(c"unpack", frame::unpack, frame::UNPACK),
    end(),
];

pub fn register() {
    let (name, classic) = ("Swoole\\WebSocket\\Server", "swoole_websocket_server");
    register_child(&CLASS, name, Some(classic), &classes::http::server::CLASS, METHODS);
}

/// push(fd, data): a string, or a frame that has opcode and flags by itself.
fn push(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 4)?;
    let session = args.long()?;
    let message = frame::read(args)?;
    answer_or_warn(message.push(classes::server::engine(call)?, session))
}

fn disconnect(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 3)?;
    let (session, code) = (args.long()?, args.long_or(1000)?);
    let reason = args.maybe_bytes()?.unwrap_or_default();
    answer_or_warn(send_close(classes::server::engine(call)?, session, code, reason))
}

fn ping(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(1, 2)?;
    let (session, data) = (args.long()?, args.maybe_bytes()?.unwrap_or_default());
    answer_or_warn(send_ping(classes::server::engine(call)?, session, data))
}

fn is_established(call: Call<'_>) -> Result<bool, Thrown> {
    let session = call.args(1, 1)?.long()?;
    Ok(classes::server::engine(call)?.is_established(session))
}

/// Begins to close a WebSocket.
pub fn send_close(engine: &Server, session: SessionId, code: i64, reason: &[u8]) -> EngineResult<()> {
    engine.disconnect(session, frame::close_code(code)?, reason)
}

/// Pings the client of a WebSocket.
pub fn send_ping(engine: &Server, session: SessionId, data: &[u8]) -> EngineResult<()> {
    engine.push(session, Opcode::Ping, flag::FIN, data)
}
