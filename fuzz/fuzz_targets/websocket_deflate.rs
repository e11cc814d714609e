//! Compressed messages: those of a client, and our own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::protocol::websocket::deflate::{compress, inflate};

fuzz_target!(|input: (u16, u8, &[u8])| {
    let (limit, window, bytes) = input;
    let mut out = Vec::new();
    let found = inflate(bytes, limit.into(), &mut out);
    assert!(found.is_err() || out.len() <= limit.into());
    let mut small = Vec::new();
    assert!(compress(bytes, 8 + window % 8, &mut small));
    let mut back = Vec::new();
    assert_eq!(inflate(&small, bytes.len(), &mut back), Ok(()));
    assert_eq!(back, bytes);
});
