//! `open_eof_split`: however the stream is cut, its packages are those of the oracle.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_fuzz::{Framing, Marked, Protocol, no_function, oracle};

fuzz_target!(|input: Marked| {
    let (eof, max_length) = (input.eof(), usize::from(input.max_length));
    let Ok(protocol) = Protocol::new(Framing::EofSplit { eof: eof.into() }, max_length) else {
        return assert!(eof.is_empty() || eof.len() > max_length);
    };
    let pieces = oracle::cut(input.stream, &input.cuts);
    let outcome = oracle::drive(&protocol, &pieces, &no_function);
    assert_eq!(outcome, oracle::eof_split(input.stream, eof, max_length));
});
