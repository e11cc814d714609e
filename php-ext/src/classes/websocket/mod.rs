//! `Swoole\WebSocket\…`: a server of WebSockets and what goes over them.

pub mod frame;
pub mod server;

use swoole_core::protocol::websocket::{Opcode, flag};

/// Registers the classes, while the module starts.
pub fn register() {
    frame::register();
    server::register();
}

/// What stands in front of `WEBSOCKET_` in the names of the constants.
const BOTH: &[&str] = &["", "SWOOLE_"];
const NEW: &[&str] = &["SWOOLE_"];
const OLD: &[&str] = &[""];

/// The constants, with their spellings.
pub const CONSTANTS: &[(&str, i64, &[&str])] = &[
    ("STATUS_CONNECTION", 1, BOTH),
    ("STATUS_HANDSHAKE", 2, BOTH),
    ("STATUS_ACTIVE", 3, BOTH),
    ("STATUS_FRAME", 3, OLD),
    ("STATUS_CLOSING", 4, BOTH),
    ("STATUS_HANDSHAKE_FAILED", 5, OLD),
    ("OPCODE_CONTINUATION", Opcode::Continuation as i64, BOTH),
    ("OPCODE_TEXT", Opcode::Text as i64, BOTH),
    ("OPCODE_BINARY", Opcode::Binary as i64, BOTH),
    ("OPCODE_CLOSE", Opcode::Close as i64, BOTH),
    ("OPCODE_PING", Opcode::Ping as i64, BOTH),
    ("OPCODE_PONG", Opcode::Pong as i64, BOTH),
    ("FLAG_FIN", flag::FIN as i64, NEW),
    ("FLAG_COMPRESS", flag::COMPRESS as i64, NEW),
    ("FLAG_RSV1", flag::RSV1 as i64, NEW),
    ("FLAG_RSV2", flag::RSV2 as i64, NEW),
    ("FLAG_RSV3", flag::RSV3 as i64, NEW),
    ("FLAG_MASK", flag::MASK as i64, NEW),
    ("CLOSE_NORMAL", 1000, BOTH),
    ("CLOSE_GOING_AWAY", 1001, BOTH),
    ("CLOSE_PROTOCOL_ERROR", 1002, BOTH),
    ("CLOSE_DATA_ERROR", 1003, BOTH),
    ("CLOSE_STATUS_ERROR", 1005, BOTH),
    ("CLOSE_ABNORMAL", 1006, BOTH),
    ("CLOSE_MESSAGE_ERROR", 1007, BOTH),
    ("CLOSE_POLICY_ERROR", 1008, BOTH),
    ("CLOSE_MESSAGE_TOO_BIG", 1009, BOTH),
    ("CLOSE_EXTENSION_MISSING", 1010, BOTH),
    ("CLOSE_SERVER_ERROR", 1011, BOTH),
    // spelled so
    ("CLOSE_CLOSE_SERVICE_RESTART", 1012, BOTH),
    ("CLOSE_TRY_AGAIN_LATER", 1013, BOTH),
    ("CLOSE_BAD_GATEWAY", 1014, BOTH),
    ("CLOSE_TLS", 1015, BOTH),
];
