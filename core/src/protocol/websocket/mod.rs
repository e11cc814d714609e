//! WebSocket (RFC 6455) with compression of messages (RFC 7692), without sockets: frames, messages and handshakes as bytes, for servers and clients.
//!
//! [`Reader`] makes messages of what came over a connection, [`write()`] makes a frame of a message, [`handshake`] has what is said before. A compressed message is
//! handed on as it came: [`deflate`] is for whoever looks into it.

pub mod close;
pub mod deflate;
pub mod frame;
pub mod handshake;
mod mask;
mod reader;
#[cfg(test)]
mod tests;

pub use frame::{Unpacked, pack, unpack, write};
pub use mask::{Mask, mask, random_mask};
pub use reader::{Message, Reader, Rules, Step};

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Opcode {
    Continuation = 0,
    #[default]
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Opcode {
    /// The opcode of that number; None: the standard has none.
    pub fn from_number(number: u8) -> Option<Opcode> {
        [Opcode::Continuation, Opcode::Text, Opcode::Binary, Opcode::Close, Opcode::Ping, Opcode::Pong]
            .into_iter()
            .find(|opcode| *opcode as u8 == number)
    }

    /// Whether it is a close, ping or pong.
    pub fn is_control(self) -> bool {
        self as u8 >= 8
    }
}

/// Bits that PHP and C know as `SWOOLE_WEBSOCKET_FLAG_*`.
pub mod flag {
    /// the last frame of its message
    pub const FIN: u8 = 1;
    /// compress it, if the client takes that
    pub const COMPRESS: u8 = 2;
    /// the first reserved bit
    pub const RSV1: u8 = 4;
    /// the second
    pub const RSV2: u8 = 8;
    /// the third
    pub const RSV3: u8 = 16;
    /// it is masked, as those of clients are
    pub const MASK: u8 = 32;
}

/// Most bytes that a close, ping or pong may carry.
pub const MAX_CONTROL: usize = 125;

/// Why a peer is refused: a close frame with this goes out, then the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// the code of the close frame, see [`close`]
    pub code: u16,
    /// what it did
    pub reason: &'static str,
}

/// The peer broke the protocol.
fn broken<T>(reason: &'static str) -> Result<T, Refusal> {
    Err(Refusal { code: close::PROTOCOL_ERROR, reason })
}
