//! Why a WebSocket is closed: codes and reasons.

use super::{MAX_CONTROL, Refusal, broken};

/// All is well.
pub const NORMAL: u16 = 1000;
/// The server goes down, or the page is left.
pub const GOING_AWAY: u16 = 1001;
/// The peer broke the protocol.
pub const PROTOCOL_ERROR: u16 = 1002;
/// Nothing can be done with data of that kind.
pub const UNSUPPORTED: u16 = 1003;
/// Never sent: the close frame had no code.
pub const NO_CODE: u16 = 1005;
/// Never sent: the connection ended without a close frame.
pub const ABNORMAL: u16 = 1006;
/// Text that is not UTF-8, or a compressed message that cannot be read.
pub const BAD_DATA: u16 = 1007;
/// A message is longer than `package_max_length`.
pub const TOO_BIG: u16 = 1009;
/// The server failed.
pub const SERVER_ERROR: u16 = 1011;

/// Most bytes of a reason.
pub const MAX_REASON: usize = MAX_CONTROL - 2;

/// Whether a code may stand in a close frame (RFC 6455, 7.4; 1012 to 1014 were registered later).
pub fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Code and reason of a close frame's data; [`NO_CODE`] if it is empty. Refused: a code that must not be sent, a reason that is not UTF-8.
pub fn parse(data: &[u8]) -> Result<(u16, &str), Refusal> {
    let Some((code, reason)) = data.split_first_chunk::<2>() else {
        return if data.is_empty() { Ok((NO_CODE, "")) } else { broken("a close frame has one byte of data") };
    };
    let code = u16::from_be_bytes(*code);
    if !may_be_sent(code) {
        return broken("a close frame has a code that must not be sent");
    }
    match std::str::from_utf8(reason) {
        Ok(reason) => Ok((code, reason)),
        Err(_) => Err(Refusal { code: BAD_DATA, reason: "the reason of a close frame is not UTF-8" }),
    }
}

/// The data of a close frame. A reason that is too long is cut, between two characters.
pub fn data(code: u16, reason: &str) -> Vec<u8> {
    if code == NO_CODE {
        return Vec::new();
    }
    let most = reason.len().min(MAX_REASON);
    let end = (0..=most).rev().find(|end| reason.is_char_boundary(*end)).unwrap_or(0);
    [&code.to_be_bytes()[..], &reason.as_bytes()[..end]].concat()
}
