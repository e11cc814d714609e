//! One test for each behaviour that an option promises; `properties` holds the framers to an
//! oracle on random streams.

mod oracle;
mod properties;

use super::*;

fn no_function(_: &[u8]) -> isize {
    panic!("this framing must not call the length function")
}

/// The verdict on a connection's first bytes.
fn first(protocol: &Protocol, buf: &[u8]) -> Verdict {
    protocol.next(&mut Progress::default(), buf, &mut no_function)
}

fn raw() -> Protocol {
    Protocol::new(Framing::Raw, 8).unwrap()
}

fn eof_check(eof: &[u8], max_length: usize) -> Protocol {
    Protocol::new(Framing::EofCheck { eof: eof.into() }, max_length).unwrap()
}

fn eof_split(eof: &[u8], max_length: usize) -> Protocol {
    Protocol::new(Framing::EofSplit { eof: eof.into() }, max_length).unwrap()
}

fn length(letter: char, offset: usize, body_offset: usize, max_length: usize) -> Protocol {
    let kind = LengthType::from_char(letter).unwrap();
    let field = LengthField { kind, offset, body_offset };
    Protocol::new(Framing::Length(field), max_length).unwrap()
}

fn length_func(max_length: usize) -> Protocol {
    Protocol::new(Framing::LengthFunc, max_length).unwrap()
}

const MORE: Verdict = Verdict::More { total: None };

/// The error of a rejection: its kind and text.
fn rejection(verdict: Verdict) -> (ErrorKind, String) {
    match verdict {
        Verdict::Reject(error) => (error.kind(), error.to_string()),
        other => panic!("not rejected: {other:?}"),
    }
}

#[test]
fn raw_delivers_all_that_arrived_and_has_no_limit() {
    assert_eq!(first(&raw(), b"more than eight bytes"), Verdict::Deliver(21));
}

#[test]
fn an_empty_buffer_needs_more_in_every_framing() {
    let all = [raw(), eof_check(b"\n", 8), eof_split(b"\n", 8), length('N', 0, 4, 8), length_func(8)];
    for protocol in all {
        assert_eq!(first(&protocol, b""), MORE, "{:?}", protocol.framing());
    }
}

#[test]
fn a_mark_of_no_bytes_or_of_nine_is_refused() {
    for eof in [&b""[..], b"123456789"] {
        for framing in [Framing::EofCheck { eof: eof.into() }, Framing::EofSplit { eof: eof.into() }] {
            let error = Protocol::new(framing, 100).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidParams);
            assert!(error.to_string().contains("package_eof"), "{error}");
        }
    }
    assert_eq!(first(&eof_split(b"12345678", 100), b"x12345678"), Verdict::Deliver(9));
}

#[test]
fn a_limit_that_no_package_can_keep_is_refused() {
    let field = |offset, body_offset| Framing::Length(LengthField { kind: LengthType::U32Be, offset, body_offset });
    let refused = [
        (Framing::EofSplit { eof: b"\r\n"[..].into() }, 1),
        (field(0, 101), 100),
        (field(97, 0), 100),
        (field(usize::MAX, 0), 100),
        (Framing::LengthFunc, 0),
    ];
    for (framing, max_length) in refused {
        let error = Protocol::new(framing, max_length).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams);
        assert!(error.to_string().contains("package_max_length"), "{error}");
    }
    assert!(Protocol::new(field(96, 100), 100).is_ok());
}

#[test]
fn eof_check_waits_until_the_buffer_ends_with_the_mark() {
    let protocol = eof_check(b"\r\n", 100);
    assert_eq!(first(&protocol, b"one"), MORE);
    assert_eq!(first(&protocol, b"one\r\ntwo"), MORE);
    assert_eq!(first(&protocol, b"one\r\ntwo\r\n"), Verdict::Deliver(10));
}

#[test]
fn eof_check_delivers_whole_packages_of_a_stream_without_a_pause() {
    let protocol = eof_check(b"\n", 8);
    assert_eq!(first(&protocol, b"1\n2\n3\n4\n5\n"), Verdict::Deliver(8));
    assert_eq!(first(&protocol, b"1\n2\n3\n456"), Verdict::Deliver(6));
}

#[test]
fn eof_split_delivers_one_package_with_its_mark() {
    let protocol = eof_split(b"\r\n", 100);
    assert_eq!(first(&protocol, b"one\r\ntwo\r\n"), Verdict::Deliver(5));
    assert_eq!(first(&protocol, b"\r\ntwo"), Verdict::Deliver(2));
    assert_eq!(first(&protocol, b"one\r"), MORE);
}

#[test]
fn eof_split_finds_a_mark_that_arrives_in_two_halves() {
    let protocol = eof_split(b"\r\n\r\n", 100);
    let mut progress = Progress::default();
    for end in 1..7 {
        let buf = &b"one\r\n\r\n"[..end];
        assert_eq!(protocol.next(&mut progress, buf, &mut no_function), MORE);
    }
    let verdict = protocol.next(&mut progress, b"one\r\n\r\n", &mut no_function);
    assert_eq!(verdict, Verdict::Deliver(7));
}

#[test]
fn eof_split_searches_no_byte_twice() {
    let protocol = eof_split(b"\r\n", 100);
    let mut progress = Progress::default();
    assert_eq!(protocol.next(&mut progress, b"......", &mut no_function), MORE);
    // No connection changes bytes that it has; a search that began again at the front would see it.
    let verdict = protocol.next(&mut progress, b"..\r\n....\r\n", &mut no_function);
    assert_eq!(verdict, Verdict::Deliver(10));
}

#[test]
fn a_package_as_long_as_the_limit_passes_and_one_byte_more_does_not() {
    for protocol in [eof_check(b"\n", 4), eof_split(b"\n", 4)] {
        assert_eq!(first(&protocol, b"123\n"), Verdict::Deliver(4));
        let (kind, _) = rejection(first(&protocol, b"1234\n"));
        assert_eq!(kind, ErrorKind::PackageLengthTooLarge);
    }
    assert_eq!(first(&length('C', 0, 1, 4), b"\x03123"), Verdict::Deliver(4));
    rejection(first(&length('C', 0, 1, 4), b"\x041234"));
}

#[test]
fn data_without_end_is_rejected_and_the_message_says_what_to_do() {
    for protocol in [eof_check(b"\n", 4), eof_split(b"\n", 4)] {
        assert_eq!(first(&protocol, b"1234"), MORE);
        let (kind, text) = rejection(first(&protocol, b"12345"));
        assert_eq!(kind, ErrorKind::PackageLengthTooLarge);
        for part in ["5 bytes", "allows 4 bytes", "raise package_max_length"] {
            assert!(text.contains(part), "{part:?} in {text:?}");
        }
    }
}

#[test]
fn a_length_counts_from_the_body_offset() {
    // type, 2 bytes of length, 3 bytes that the length does not count, body
    let protocol = length('n', 1, 6, 100);
    assert_eq!(first(&protocol, b"T\x00"), MORE);
    assert_eq!(first(&protocol, b"T\x00\x02"), Verdict::More { total: Some(8) });
    assert_eq!(first(&protocol, b"T\x00\x02---ab+"), Verdict::Deliver(8));
    assert_eq!(first(&protocol, b"T\x00\x00---ab+"), Verdict::Deliver(6));
}

#[test]
fn a_length_with_body_offset_zero_counts_the_header_too() {
    let protocol = length('n', 0, 0, 100);
    assert_eq!(first(&protocol, b"\x00\x04ab+"), Verdict::Deliver(4));
    assert_eq!(first(&protocol, b"\x00\x02+"), Verdict::Deliver(2));
}

#[test]
fn a_package_shorter_than_its_header_is_rejected() {
    for (body_offset, bytes) in [(0, b"\x00\x00"), (0, b"\x00\x01"), (1, b"\x00\x00")] {
        let (kind, text) = rejection(first(&length('n', 0, body_offset, 100), bytes));
        assert_eq!(kind, ErrorKind::PackageLengthNotFound);
        assert!(text.contains("length field says"), "{text}");
    }
}

#[test]
fn a_negative_length_is_rejected() {
    for (letter, bytes) in [('c', &b"\xff"[..]), ('s', b"\xff\xff"), ('l', b"\xff\xff\xff\xff")] {
        // A body offset that would make up for it changes nothing.
        let (kind, text) = rejection(first(&length(letter, 0, 50, 100), bytes));
        assert_eq!(kind, ErrorKind::PackageLengthNotFound, "{letter}");
        assert!(text.contains("-1"), "{text}");
    }
}

#[test]
fn a_length_above_the_limit_is_rejected_before_the_body_arrives() {
    let (kind, text) = rejection(first(&length('N', 0, 4, 100), b"\xff\xff\xff\xff"));
    assert_eq!(kind, ErrorKind::PackageLengthTooLarge);
    for part in ["4294967299 bytes", "allows 100 bytes", "raise package_max_length"] {
        assert!(text.contains(part), "{part:?} in {text:?}");
    }
}

#[test]
fn each_letter_reads_its_size_sign_and_byte_order() {
    for written in oracle::LETTERS {
        let kind = LengthType::from_char(written.letter).unwrap();
        assert_eq!(kind.size(), written.size, "{}", written.letter);
        let bytes = &[0x01, 0x02, 0x03, 0x04][..written.size];
        let expected = written.decode(bytes) as usize + written.size;
        let protocol = length(written.letter, 0, written.size, usize::MAX);
        let verdict = Verdict::More { total: Some(expected) };
        assert_eq!(first(&protocol, bytes), verdict, "{}", written.letter);
    }
}

#[test]
fn a_letter_that_is_no_length_type_is_refused_with_the_list_of_those_that_are() {
    for letter in ['q', 'Q', 'J', 'P', 'x', '\0', 'é'] {
        let error = LengthType::from_char(letter).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams);
        assert!(error.to_string().contains("l L N V"), "{error}");
    }
}

#[test]
fn the_length_function_is_asked_until_it_knows_and_once_a_package() {
    let protocol = length_func(100);
    let mut progress = Progress::default();
    let mut asked = Vec::new();
    let mut verdict = |buf: &[u8]| {
        protocol.next(&mut progress, buf, &mut |bytes| {
            asked.push(bytes.len());
            if bytes.len() < 2 { 0 } else { 4 }
        })
    };
    assert_eq!(verdict(b"1"), MORE);
    assert_eq!(verdict(b"12"), Verdict::More { total: Some(4) });
    assert_eq!(verdict(b"123"), Verdict::More { total: Some(4) });
    assert_eq!(verdict(b"1234+"), Verdict::Deliver(4));
    assert_eq!(verdict(b"+"), MORE);
    assert_eq!(asked, [1, 2, 1]);
}

#[test]
fn a_length_function_that_says_no_or_too_much_or_nothing_is_rejected() {
    let answers = [
        (-1, ErrorKind::PackageLengthNotFound),
        (isize::MIN, ErrorKind::PackageLengthNotFound),
        (5, ErrorKind::PackageLengthTooLarge),
        (isize::MAX, ErrorKind::PackageLengthTooLarge),
        (0, ErrorKind::PackageLengthTooLarge),
    ];
    for (answer, kind) in answers {
        let verdict = length_func(4).next(&mut Progress::default(), b"12345", &mut |_| answer);
        assert_eq!(rejection(verdict).0, kind, "{answer}");
    }
}
