//! `open_eof_check`: deliveries end with the mark, keep the limit and lose nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_fuzz::{Framing, Marked, Protocol, no_function, oracle};

fuzz_target!(|input: Marked| {
    let (eof, max_length) = (input.eof(), usize::from(input.max_length));
    let Ok(protocol) = Protocol::new(Framing::EofCheck { eof: eof.into() }, max_length) else {
        return assert!(eof.is_empty() || eof.len() > max_length);
    };
    let pieces = oracle::cut(input.stream, &input.cuts);
    let outcome = oracle::drive(&protocol, &pieces, &no_function);
    for delivery in &outcome.deliveries {
        assert!(delivery.ends_with(eof) && delivery.len() <= max_length);
    }
    assert!(input.stream.starts_with(&outcome.deliveries.concat()));
    assert_eq!(outcome, oracle::eof_check(&pieces, eof, max_length));
});
