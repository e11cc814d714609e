//! `package_length_func`: with a sane function the packages are those of the oracle, and one that
//! answers anything at all does no harm.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
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

    // A function without a memory would be asked the same again after a rejection; so this one
    // repeats its last answer for ever.
    let answers = RefCell::new(input.answers.into_iter().peekable());
    let any = |_: &[u8]| {
        let mut answers = answers.borrow_mut();
        let answer = answers.peek().copied().unwrap_or(-1).into();
        if answer >= 0 && answer <= max_length as isize {
            answers.next();
        }
        answer
    };
    let outcome = oracle::drive(&protocol, &pieces, &any);
    assert!(input.stream.starts_with(&outcome.deliveries.concat()));
});
