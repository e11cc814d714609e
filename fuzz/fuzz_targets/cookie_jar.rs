//! `Set-Cookie`: whatever a server sets, what goes back is one header, of cookies that may go to that target.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::time::{Duration, SystemTime};
use swoole_core::client::http::jar::{Jar, Site};

fuzz_target!(|input: (&str, &[u8], &[u8], bool, bool, &[u8])| {
    let (host, from, to, secure_then, secure_now, lines) = input;
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let mut jar = Jar::default();
    for line in lines.split(|byte| *byte == b'\n') {
        jar.take(line, Site { host, target: from, secure: secure_then }, now);
    }
    let pairs = jar.pairs(now);
    assert!(pairs.len() <= 256);
    if let Some(header) = jar.header(Site { host, target: to, secure: secure_now }, now) {
        assert!(!header.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'), "{header:?}");
        for part in header.split(|byte| *byte == b';') {
            let (name, _) = part.split_at(part.iter().position(|byte| *byte == b'=').expect("a cookie"));
            assert!(pairs.iter().any(|(known, _)| known == name.trim_ascii()), "{name:?}");
        }
    }
    // A later time has no more of them.
    assert!(jar.pairs(now + Duration::from_secs(100)).len() <= pairs.len());
});
