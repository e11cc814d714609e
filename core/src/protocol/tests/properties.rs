//! However a stream is cut, its packages are those that the oracle finds in the whole of it.

use super::oracle::{self, DECIMAL_HEADER, LETTERS, Outcome, cut, drive};
use super::{ErrorKind, Framing, LengthField, LengthType, Progress, Protocol, Verdict};
use proptest::collection::vec;
use proptest::prelude::*;

/// Lengths of the pieces that a stream arrives in: all at once, byte by byte, or anything else.
fn cuts() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(vec![]), Just(vec![1]), vec(1..20u8, 1..40)]
}

/// A mark of few different bytes, so that it overlaps itself and the text around it.
fn mark() -> impl Strategy<Value = Vec<u8>> {
    vec(prop::sample::select(b"ab".as_slice()), 1..=8)
}

/// Text in which the mark, and parts of it, are frequent.
fn marked_text(eof: &[u8]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let parts = [eof.to_vec(), eof[..eof.len() - 1].to_vec(), b"a".to_vec(), b"cc".to_vec()];
    vec(prop::sample::select(parts.to_vec()), 0..60).prop_map(|parts| parts.concat())
}

fn marked_stream() -> impl Strategy<Value = (Vec<u8>, Vec<u8>, usize)> {
    mark().prop_flat_map(|eof| {
        let longest = eof.len()..60;
        (marked_text(&eof), Just(eof), longest)
    })
}

/// Packages with a length field, most of them right, with garbage behind them.
fn length_stream(letter: usize, offset: usize, body_offset: usize) -> impl Strategy<Value = Vec<u8>> {
    let written = LETTERS[letter];
    let header = offset + written.size;
    let package = (0..80usize, any::<u8>()).prop_map(move |(value, fill)| {
        let total = (body_offset + value).max(header);
        let mut package = vec![fill; total];
        package[offset..header].copy_from_slice(&written.encode(value));
        package
    });
    (vec(package, 0..12), vec(any::<u8>(), 0..20)).prop_map(|(packages, garbage)| {
        let mut stream = packages.concat();
        stream.extend(garbage);
        stream
    })
}

fn length_case() -> impl Strategy<Value = (usize, usize, usize, usize, Vec<u8>)> {
    (0..LETTERS.len(), 0..6usize, 0..12usize, 12..90usize).prop_flat_map(|(letter, offset, body_offset, max_length)| {
        let stream = length_stream(letter, offset, body_offset);
        (Just(letter), Just(offset), Just(body_offset), Just(max_length), stream)
    })
}

fn decimal_stream() -> impl Strategy<Value = Vec<u8>> {
    let package = (1..60usize).prop_map(|body| {
        let mut package = format!("{}:", body + 3).into_bytes();
        package.resize((body + 3).max(package.len()), b'.');
        package
    });
    let garbage = prop::sample::select(b"0123456789:x".as_slice());
    (vec(package, 0..12), vec(garbage, 0..20)).prop_map(|(packages, garbage)| {
        let mut stream = packages.concat();
        stream.extend(garbage);
        stream
    })
}

fn no_function(_: &[u8]) -> isize {
    panic!("this framing must not call the length function")
}

proptest! {
    #[test]
    fn raw_delivers_each_piece((stream, cuts) in (vec(any::<u8>(), 1..200), cuts())) {
        let protocol = Protocol::new(Framing::Raw, 4).unwrap();
        let mut pieces = cut(&stream, &cuts);
        pieces.retain(|piece| !piece.is_empty());
        let deliveries = pieces.iter().map(|piece| piece.to_vec()).collect();
        let expected = Outcome { deliveries, rejected: None };
        prop_assert_eq!(drive(&protocol, &pieces, &no_function), expected);
    }

    #[test]
    fn eof_split_agrees_with_the_oracle(
        (stream, eof, max_length) in marked_stream(), cuts in cuts(),
    ) {
        let framing = Framing::EofSplit { eof: eof.as_slice().into() };
        let protocol = Protocol::new(framing, max_length).unwrap();
        let outcome = drive(&protocol, &cut(&stream, &cuts), &no_function);
        prop_assert_eq!(outcome, oracle::eof_split(&stream, &eof, max_length));
    }

    #[test]
    fn eof_check_agrees_with_the_oracle(
        (stream, eof, max_length) in marked_stream(), cuts in cuts(),
    ) {
        let framing = Framing::EofCheck { eof: eof.as_slice().into() };
        let protocol = Protocol::new(framing, max_length).unwrap();
        let pieces = cut(&stream, &cuts);
        let outcome = drive(&protocol, &pieces, &no_function);
        for delivery in &outcome.deliveries {
            prop_assert!(delivery.ends_with(&eof) && delivery.len() <= max_length);
        }
        prop_assert!(stream.starts_with(&outcome.deliveries.concat()));
        prop_assert_eq!(outcome, oracle::eof_check(&pieces, &eof, max_length));
    }

    #[test]
    fn eof_check_never_rejects_a_peer_whose_packages_are_short_enough(
        lengths in vec(0..16usize, 0..40), cuts in cuts(),
    ) {
        let stream = lengths.iter().flat_map(|n| [vec![b'.'; *n], b"\r\n".to_vec()].concat());
        let stream: Vec<u8> = stream.collect();
        let framing = Framing::EofCheck { eof: b"\r\n".as_slice().into() };
        let protocol = Protocol::new(framing, 18).unwrap();
        let outcome = drive(&protocol, &cut(&stream, &cuts), &no_function);
        prop_assert_eq!(outcome.rejected, None);
        prop_assert_eq!(outcome.deliveries.concat(), stream);
    }

    #[test]
    fn length_agrees_with_the_oracle(
        (letter, offset, body_offset, max_length, stream) in length_case(), cuts in cuts(),
    ) {
        let written = LETTERS[letter];
        let kind = LengthType::from_char(written.letter).unwrap();
        let framing = Framing::Length(LengthField { kind, offset, body_offset });
        let protocol = Protocol::new(framing, max_length).unwrap();
        let outcome = drive(&protocol, &cut(&stream, &cuts), &no_function);
        let expected = oracle::length(&stream, written, offset, body_offset, max_length);
        prop_assert_eq!(outcome, expected);
    }

    #[test]
    fn length_func_agrees_with_the_oracle(
        stream in decimal_stream(), max_length in DECIMAL_HEADER..80, cuts in cuts(),
    ) {
        let protocol = Protocol::new(Framing::LengthFunc, max_length).unwrap();
        let outcome = drive(&protocol, &cut(&stream, &cuts), &oracle::decimal);
        prop_assert_eq!(outcome, oracle::length_func(&stream, max_length));
    }

    #[test]
    fn hostile_lengths_never_panic(
        letter in 0..LETTERS.len(),
        offset in 0..10usize,
        body_offset in prop_oneof![0..10usize, Just(usize::MAX), Just(usize::MAX - 1)],
        max_length in prop_oneof![14..100usize, Just(usize::MAX)],
        buf in vec(prop::sample::select(b"\x00\x01\x7f\x80\xff".as_slice()), 1..40),
        answer in any::<isize>(),
    ) {
        let kind = LengthType::from_char(LETTERS[letter].letter).unwrap();
        let framing = Framing::Length(LengthField { kind, offset, body_offset });
        for framing in [framing, Framing::LengthFunc] {
            let Ok(protocol) = Protocol::new(framing, max_length) else { continue };
            let verdict = protocol.next(&mut Progress::default(), &buf, &mut |_| answer);
            match verdict {
                Verdict::Deliver(n) => prop_assert!(n > 0 && n <= buf.len() && n <= max_length),
                Verdict::More { total } => prop_assert!(total.is_none_or(|total| total <= max_length)),
                Verdict::Reject(error) => prop_assert!(matches!(
                    error.kind(),
                    ErrorKind::PackageLengthTooLarge | ErrorKind::PackageLengthNotFound
                )),
            }
        }
    }
}
