//! What the socket side has found out about a request, so that the worker need not parse it again.

/// A request's method. One that is not among them goes by its name in the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Method {
    #[default]
    Other = 0,
    Get = 1,
    Head = 2,
    Post = 3,
    Put = 4,
    Delete = 5,
    Options = 6,
    Patch = 7,
    Trace = 8,
    Connect = 9,
}

/// Bits of [`Brief::flags`].
pub mod flag {
    /// HTTP/1.1; else 1.0
    pub const HTTP_11: u16 = 1;
    /// the client wants the connection to stay after the answer
    pub const KEEP_ALIVE: u16 = 2;
    /// the client takes gzip
    pub const GZIP: u16 = 4;
    /// the client takes deflate
    pub const DEFLATE: u16 = 8;
    /// the client takes br
    pub const BROTLI: u16 = 16;
    /// it asks for a WebSocket (RFC 6455, 4.1), and may
    pub const WEBSOCKET: u16 = 32;
    /// the body was chunked; what is handed on is its data
    pub const CHUNKED: u16 = 64;
    /// the body was a multipart form that is longer than `package_max_length`: its files are on disk already, and the body is a list
    /// of its parts, see `multipart`
    pub const UPLOAD: u16 = 128;
    /// it has a `Range` header
    pub const RANGE: u16 = 256;
}

/// In front of a request's bytes on the way to a worker, which are: the head as it came, with its blank line; the body, without chunks; the
/// lines of the trailer, if there are any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Brief {
    /// its method
    pub method: Method,
    /// which request of its connection it is, counted without carry; whoever answers says it again, so that a late answer is
    /// never taken for one to the next request
    pub turn: u8,
    /// see [`flag`]
    pub flags: u16,
    /// bytes of the head
    pub head: u32,
    /// bytes of the body
    pub body: u64,
    /// when its first byte came, microseconds since 1970
    pub since: u64,
}

impl Brief {
    /// Its size in bytes.
    pub const SIZE: usize = 24;

    /// Whether a bit of [`flag`] is set.
    pub fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// What who answers must know of it, as a number that is not 0: flags, turn and method.
    pub fn to_word(&self) -> u32 {
        1 << 31 | u32::from(self.turn) << 16 | (self.method as u32) << 24 | u32::from(self.flags)
    }

    /// The brief of which [`Brief::to_word`] made that number; its lengths and its time are 0. None: it made no such number.
    pub fn from_word(word: u32) -> Option<Brief> {
        let method = Method::ALL.get((word >> 24 & 0x7f) as usize)?.0;
        (word >> 31 == 1).then(|| Brief { method, turn: (word >> 16) as u8, flags: word as u16, ..Brief::default() })
    }

    /// Its bytes.
    pub fn to_bytes(self) -> [u8; Brief::SIZE] {
        let mut bytes = [0; Brief::SIZE];
        bytes[0] = self.method as u8;
        bytes[1] = self.turn;
        bytes[2..4].copy_from_slice(&self.flags.to_ne_bytes());
        bytes[4..8].copy_from_slice(&self.head.to_ne_bytes());
        bytes[8..16].copy_from_slice(&self.body.to_ne_bytes());
        bytes[16..].copy_from_slice(&self.since.to_ne_bytes());
        bytes
    }

    /// Splits a message into brief and request; None if it is none.
    pub fn parse(message: &[u8]) -> Option<(Brief, &[u8])> {
        let (bytes, rest) = message.split_at_checked(Brief::SIZE)?;
        let brief = Brief {
            method: Method::ALL.get(usize::from(bytes[0])).map(|(method, _)| *method)?,
            turn: bytes[1],
            flags: u16::from_ne_bytes(bytes[2..4].try_into().ok()?),
            head: u32::from_ne_bytes(bytes[4..8].try_into().ok()?),
            body: u64::from_ne_bytes(bytes[8..16].try_into().ok()?),
            since: u64::from_ne_bytes(bytes[16..].try_into().ok()?),
        };
        let whole = u64::from(brief.head).checked_add(brief.body)?;
        (whole <= rest.len() as u64).then_some((brief, rest))
    }
}

impl Method {
    /// All with their names; [`Method::Other`] has none.
    pub const ALL: &'static [(Method, &'static str)] = &[
        (Method::Other, ""),
        (Method::Get, "GET"),
        (Method::Head, "HEAD"),
        (Method::Post, "POST"),
        (Method::Put, "PUT"),
        (Method::Delete, "DELETE"),
        (Method::Options, "OPTIONS"),
        (Method::Patch, "PATCH"),
        (Method::Trace, "TRACE"),
        (Method::Connect, "CONNECT"),
    ];

    /// The method of that name, which is case-sensitive (RFC 9110, 9.1).
    pub fn of(name: &[u8]) -> Method {
        Method::ALL[1..].iter().find(|(_, known)| known.as_bytes() == name).map_or(Method::Other, |(method, _)| *method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brief_survives_the_way() {
        let brief =
            Brief { method: Method::Post, turn: 200, flags: flag::HTTP_11 | flag::RANGE, head: 3, body: 2, since: 7 };
        let message = [&brief.to_bytes()[..], b"abcde, trailer"].concat();
        assert_eq!(Brief::parse(&message), Some((brief, &b"abcde, trailer"[..])));
        assert_eq!(Brief::parse(&message[..28]), None, "it is cut off");
        assert_eq!(Brief::parse(&message[..20]), None, "it is no brief");
    }
}
