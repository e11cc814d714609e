//! What a client and a server say before the first frame.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::protocol::websocket::handshake::{Asked, ClientHandshake};

fuzz_target!(|input: (u16, &[u8])| {
    let (status, text) = input;
    let mut headers: Vec<(&[u8], &[u8])> = text
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            Some((&line[..colon], line[colon + 1..].trim_ascii()))
        })
        .collect();
    // Most of what makes a handshake is given, so that the rest is looked at too.
    let given: [(&[u8], &[u8]); 2] = [(b"connection", b"upgrade"), (b"upgrade", b"websocket")];
    headers.extend(given);
    let client = ClientHandshake::new(&["chat"], true);
    if let Ok(agreed) = client.check(status, headers.iter().copied()) {
        assert_eq!(status, 101);
        assert!(agreed.protocol.is_none_or(|protocol| protocol == "chat"));
    }
    let more: [(&[u8], &[u8]); 2] =
        [(b"sec-websocket-version", b"13"), (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==")];
    headers.extend(more);
    if let Ok(asked) = Asked::check(headers.iter().copied())
        && let Some(deflate) = asked.deflate
    {
        assert!((8..=15).contains(&deflate.server_window));
        assert!(deflate.answer().starts_with("permessage-deflate; "));
    }
});
