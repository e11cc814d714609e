//! Values of headers, and forms: any bytes are read without harm, and what is made of them is in bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::protocol::http1::coding::{Accepted, Encoding, Unpacker};
use swoole_core::protocol::http1::{Brief, Range, Target, date, multipart, pairs};

fuzz_target!(|input: (u64, &[u8])| {
    let (size, bytes) = input;
    if let Range::Part { offset, length } = Range::parse(bytes, size) {
        assert!(length > 0 && offset.checked_add(length).is_some_and(|end| end <= size));
    }
    for (name, value) in pairs::urlencoded(bytes) {
        assert!(!name.is_empty() && name.len() + value.len() <= bytes.len());
    }
    for (name, _) in pairs::cookies(bytes) {
        assert!(!name.is_empty());
    }
    if let Some(boundary) = multipart::boundary(bytes) {
        assert!((1..=70).contains(&boundary.len()));
    }
    if let Some(target) = Target::parse(bytes) {
        assert!(target.path == b"*" || target.path.starts_with(b"/"));
    }
    if let Some(seconds) = date::parse(bytes) {
        assert_eq!(date::parse(&date::format(seconds)), Some(seconds));
    }
    let _ = Encoding::choose(Accepted::parse(bytes).flags());
    if let Some((brief, rest)) = Brief::parse(bytes) {
        assert!(u64::from(brief.head) + brief.body <= rest.len() as u64);
    }
    for encoding in Encoding::ALL {
        let limit = size % 5000;
        let (mut whole, mut cut) = (Vec::new(), Vec::new());
        let (mut first, mut second) = (Unpacker::new(encoding, limit), Unpacker::new(encoding, limit));
        let result = first.part(bytes, &mut whole).and_then(|()| first.end());
        let result_cut = bytes.chunks(3).try_for_each(|part| second.part(part, &mut cut)).and_then(|()| second.end());
        // What comes in front of an error may be more or less.
        assert_eq!(result.is_ok(), result_cut.is_ok());
        assert!(result.is_err() || whole == cut);
        assert!(whole.len().max(cut.len()) as u64 <= limit);
    }
});
