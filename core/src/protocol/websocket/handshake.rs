//! What is said before the first frame: a request of HTTP that asks for a WebSocket, and its answer 101.

use super::deflate::{LARGEST_WINDOW, SMALLEST_WINDOW};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// What a server makes of a client's key (RFC 6455, 4.2.2).
pub fn accept(key: &[u8]) -> String {
    let digest = Sha1::new().chain_update(key).chain_update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").finalize();
    STANDARD.encode(digest)
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<'a> {
    /// the client's key
    pub key: &'a [u8],
    /// the subprotocols that it offers, the one it likes best first
    pub protocols: Vec<&'a [u8]>,
    /// how messages may be compressed, if it offers what we take
    pub deflate: Option<Deflate>,
}

/// Why a request for a WebSocket is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// 400, or 426: then the answer has `Sec-WebSocket-Version: 13`
    pub status: u16,
    /// what is wrong
    pub reason: &'static str,
}

/// Whether a request with these headers asks for a WebSocket, rightly or not: `Connection` names `Upgrade`, and that is `websocket`.
pub fn is_asked<'a>(headers: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> bool {
    let (mut connection, mut upgrade) = (false, false);
    for (name, value) in headers {
        connection |= name.eq_ignore_ascii_case(b"Connection") && has_token(value, b"upgrade");
        upgrade |= name.eq_ignore_ascii_case(b"Upgrade") && has_token(value, b"websocket");
    }
    connection && upgrade
}

impl<'a> Asked<'a> {
    /// Looks at the headers of a request. Its method and version (GET, 1.1) are the caller's to check.
    pub fn check(headers: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone) -> Result<Asked<'a>, Refused> {
        let refused = |reason| Err(Refused { status: 400, reason });
        if !is_asked(headers.clone()) {
            return refused("there is no `Connection: Upgrade` with `Upgrade: websocket`");
        }
        let values = |wanted: &'static str| {
            headers.clone().filter(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes())).map(|(_, value)| value)
        };
        let mut versions = values("Sec-WebSocket-Version");
        if versions.next() != Some(b"13") || versions.next().is_some() {
            return Err(Refused { status: 426, reason: "Sec-WebSocket-Version is not 13" });
        }
        let mut keys = values("Sec-WebSocket-Key");
        let (Some(key), None) = (keys.next(), keys.next()) else {
            return refused("there is not one Sec-WebSocket-Key");
        };
        if !STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16) {
            return refused("Sec-WebSocket-Key is not 16 bytes in base64");
        }
        let protocols = values("Sec-WebSocket-Protocol").flat_map(list).collect();
        let deflate = values("Sec-WebSocket-Extensions").flat_map(list).find_map(Deflate::of_offer);
        Ok(Asked { key, protocols, deflate })
    }
}

/// Compression as agreed on, each message by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deflate {
    /// bits of the window that the server compresses with, 8 to 15
    pub server_window: u8,
    /// the client asked for it, so it is repeated
    window_asked: bool,
}

impl Deflate {
    /// Ours, with the largest window.
    pub const PLAIN: Deflate = Deflate { server_window: LARGEST_WINDOW, window_asked: false };

    /// What is agreed on in an answer's header; None: no compression is.
    pub fn parse(value: &[u8]) -> Option<Deflate> {
        list(value).find_map(Deflate::of_offer)
    }

    /// What is agreed on if this is what a client offers; None: we do not take it.
    fn of_offer(offer: &[u8]) -> Option<Deflate> {
        let mut deflate = Deflate::PLAIN;
        for (name, value) in parameters(offer)? {
            match (name, value) {
                // Both are what we do anyway, and the last is what we could ask for.
                (b"server_no_context_takeover" | b"client_no_context_takeover", None) => {}
                (b"client_max_window_bits", None) => {}
                (b"client_max_window_bits", Some(bits)) => drop(window(bits)?),
                (b"server_max_window_bits", Some(bits)) => {
                    deflate = Deflate { server_window: window(bits)?, window_asked: true };
                }
                _ => return None,
            }
        }
        Some(deflate)
    }

    /// The value of `Sec-WebSocket-Extensions` in a server's answer.
    pub fn answer(&self) -> String {
        let mut answer = String::from("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        if self.window_asked {
            answer += &format!("; server_max_window_bits={}", self.server_window);
        }
        answer
    }
}

/// A client's handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientHandshake {
    key: String,
    protocols: Vec<String>,
    deflate: bool,
}

/// What a server agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// the subprotocol that it chose
    pub protocol: Option<String>,
    /// messages may be compressed
    pub deflate: bool,
}

impl ClientHandshake {
    /// A new one, which offers `protocols` and, if wanted, compression.
    pub fn new(protocols: &[&str], deflate: bool) -> ClientHandshake {
        let key: Vec<u8> = (0..4).flat_map(|_| super::random_mask()).collect();
        let protocols = protocols.iter().map(|protocol| protocol.to_string()).collect();
        ClientHandshake { key: STANDARD.encode(key), protocols, deflate }
    }

    /// The headers of its request, a GET of HTTP/1.1.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Connection", "Upgrade".to_owned()),
            ("Upgrade", "websocket".to_owned()),
            ("Sec-WebSocket-Version", "13".to_owned()),
            ("Sec-WebSocket-Key", self.key.clone()),
        ];
        if !self.protocols.is_empty() {
            headers.push(("Sec-WebSocket-Protocol", self.protocols.join(", ")));
        }
        if self.deflate {
            let offer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
            headers.push(("Sec-WebSocket-Extensions", offer.to_owned()));
        }
        headers
    }

    /// Checks the answer. Errors say what is wrong with it (RFC 6455, 4.1): then the connection is of no use.
    pub fn check<'a>(
        &self,
        status: u16,
        headers: impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone,
    ) -> Result<Agreed, &'static str> {
        if status != 101 {
            return Err("the server's answer is not 101");
        }
        if !is_asked(headers.clone()) {
            return Err("the answer has no `Connection: Upgrade` with `Upgrade: websocket`");
        }
        let values = |wanted: &'static str| {
            headers.clone().filter(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes())).map(|(_, value)| value)
        };
        let mut accepted = values("Sec-WebSocket-Accept");
        if accepted.next() != Some(accept(self.key.as_bytes()).as_bytes()) || accepted.next().is_some() {
            return Err("the answer's Sec-WebSocket-Accept does not fit our key");
        }
        let mut chosen = values("Sec-WebSocket-Protocol");
        let protocol = match (chosen.next(), chosen.next()) {
            (None, _) => None,
            (Some(one), None) => match self.protocols.iter().find(|offered| offered.as_bytes() == one) {
                Some(offered) => Some(offered.clone()),
                None => return Err("the server chose a subprotocol that was not offered"),
            },
            _ => return Err("the server chose more than one subprotocol"),
        };
        let mut extensions = values("Sec-WebSocket-Extensions").flat_map(list);
        let deflate = match (extensions.next(), extensions.next()) {
            (None, _) => false,
            (Some(one), None) if self.deflate && is_ours(one) => true,
            _ => return Err("the server answered with an extension that was not offered"),
        };
        Ok(Agreed { protocol, deflate })
    }
}

/// Whether a server's answer is compression as we offer it: it must begin each message afresh.
fn is_ours(extension: &[u8]) -> bool {
    let Some(found) = parameters(extension) else { return false };
    let fresh = found.contains(&(b"server_no_context_takeover".as_slice(), None));
    fresh
        && found.into_iter().all(|(name, value)| match (name, value) {
            (b"server_no_context_takeover" | b"client_no_context_takeover", None) => true,
            (b"server_max_window_bits", Some(bits)) => window(bits).is_some(),
            _ => false,
        })
}

/// The parameters of an extension if it is permessage-deflate and names none twice.
fn parameters(extension: &[u8]) -> Option<Vec<Parameter<'_>>> {
    let mut parts = extension.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    if parts.next() != Some(b"permessage-deflate") {
        return None;
    }
    let found: Vec<_> = parts
        .map(|part| match part.iter().position(|byte| *byte == b'=') {
            Some(at) => (part[..at].trim_ascii_end(), Some(unquoted(part[at + 1..].trim_ascii_start()))),
            None => (part, None),
        })
        .collect();
    let twice = found.iter().enumerate().any(|(at, (name, _))| found[..at].iter().any(|(before, _)| before == name));
    (!twice).then_some(found)
}

/// A parameter's name, and its value if it has one.
type Parameter<'a> = (&'a [u8], Option<&'a [u8]>);

/// What stands between quotes; the value itself if there are none.
fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
}

/// Bits of a window, 8 to 15, without leading zeros (RFC 7692, 7.1.2).
fn window(bits: &[u8]) -> Option<u8> {
    (SMALLEST_WINDOW..=LARGEST_WINDOW).find(|window| window.to_string().as_bytes() == bits)
}

/// What stands between commas.
fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|part| !part.is_empty())
}

/// Whether a list has that token, in any letter case.
fn has_token(value: &[u8], token: &[u8]) -> bool {
    list(value).any(|part| part.eq_ignore_ascii_case(token))
}
