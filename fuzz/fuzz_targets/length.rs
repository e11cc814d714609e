//! `open_length_check`: however the stream is cut, its packages are those of the oracle.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use swoole_fuzz::oracle::{self, LETTERS};
use swoole_fuzz::{Framing, LengthField, LengthType, Protocol, no_function};

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    letter: u8,
    offset: u8,
    body_offset: u8,
    max_length: u16,
    cuts: Vec<u8>,
    stream: &'a [u8],
}

fuzz_target!(|input: Input| {
    let written = LETTERS[usize::from(input.letter) % LETTERS.len()];
    let kind = LengthType::from_char(written.letter).expect("the letter is a documented one");
    let (offset, body_offset) = (usize::from(input.offset), usize::from(input.body_offset));
    let max_length = usize::from(input.max_length);
    let framing = Framing::Length(LengthField { kind, offset, body_offset });
    let Ok(protocol) = Protocol::new(framing, max_length) else {
        return assert!(max_length < (offset + written.size).max(body_offset));
    };
    let pieces = oracle::cut(input.stream, &input.cuts);
    let outcome = oracle::drive(&protocol, &pieces, &no_function);
    let expected = oracle::length(input.stream, written, offset, body_offset, max_length);
    assert_eq!(outcome, expected);
});
