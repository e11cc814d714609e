//! `package_length_func`: with a sane function the packages are those of the oracle, and one that
//! answers anything at all does no harm.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use swoole_fuzz::oracle::{self, DECIMAL_HEADER};
use swoole_fuzz::{Framing, Protocol};

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    max_length: u8,
    cuts: Vec<u8>,
    answers: Vec<i16>,
    stream: &'a [u8],
}

fuzz_target!(|input: Input| {
    let max_length = usize::from(input.max_length).max(DECIMAL_HEADER);
    let protocol = Protocol::new(Framing::LengthFunc, max_length).expect("the limit is above 0");
    let pieces = oracle::cut(input.stream, &input.cuts);

    let outcome = oracle::drive(&protocol, &pieces, &oracle::decimal);
    assert_eq!(outcome, oracle::length_func(input.stream, max_length));

    // Keeps no promise about packages, but gives the same answer to the same bytes.
    let any = |buf: &[u8]| match input.answers.len() {
        0 => -1,
        count => input.answers[buf.len() % count].into(),
    };
    let outcome = oracle::drive(&protocol, &pieces, &any);
    assert!(input.stream.starts_with(&outcome.deliveries.concat()));
});
