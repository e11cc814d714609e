//! `metrics_port`: any head is awaited, answered or refused; an answer never depends on what follows the head.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_fuzz::metrics::{LONGEST_HEAD, answer};

fuzz_target!(|head: &[u8]| {
    let ask = |head: &[u8]| answer(head, || "swoole_x 1\n".into());
    let Some(found) = ask(head) else { return assert!(head.len() < LONGEST_HEAD) };
    let text = String::from_utf8(found).expect("text");
    let (status, body) = text.split_once("\r\n\r\n").expect("a whole head");
    assert!(status.starts_with("HTTP/1.1 ") && status.contains("\r\nConnection: close"));
    assert!(
        body != "swoole_x 1\n" || status.starts_with("HTTP/1.1 200 ") && head.trim_ascii_start().starts_with(b"GET ")
    );
    // Byte by byte the first answer is the same.
    let first = (0..=head.len()).find_map(|length| ask(&head[..length]));
    if let Some(first) = first.filter(|_| text.starts_with("HTTP/1.1 200 ")) {
        assert_eq!(first, text.as_bytes());
    }
});
