use super::*;
use flag::{FIN, RSV1, RSV2, RSV3};

#[test]
fn a_frame_of_the_standard_is_read() {
    // RFC 6455, 5.7: a masked "Hello".
    let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(feed(SERVER, [&hello[..]]), [text("Hello")]);
}

#[test]
fn a_message_in_one_piece_is_not_copied() {
    let mut bytes = frame(Opcode::Binary, FIN, b"data");
    let range = bytes.as_ptr_range();
    let mut reader = Reader::new(SERVER);
    let Step::Message { used, message } = reader.next(&mut bytes) else { panic!("no message") };
    assert_eq!((used, message.data), (10, &b"data"[..]));
    assert!(range.contains(&message.data.as_ptr()));
}

#[test]
fn fragments_are_joined_and_control_frames_come_between() {
    let frames = [
        frame(Opcode::Text, 0, b"a"),
        frame(Opcode::Ping, FIN, b"p"),
        frame(Opcode::Continuation, 0, b""),
        frame(Opcode::Continuation, FIN, b"b"),
        frame(Opcode::Text, FIN, b"c"),
    ];
    let ping = Got::Message(Opcode::Ping, false, b"p".to_vec());
    assert_eq!(served(&frames), [ping, text("ab"), text("c")]);
}

#[test]
fn broken_frames_are_refused_with_1002() {
    for (what, bytes) in [
        ("first reserved bit", frame(Opcode::Text, FIN | RSV1, b"")),
        ("second reserved bit", frame(Opcode::Text, FIN | RSV2, b"")),
        ("third reserved bit", frame(Opcode::Ping, FIN | RSV3, b"")),
        ("opcode 3", vec![0x83, 0x80, 0, 0, 0, 0]),
        ("opcode 11", vec![0x8b, 0x80, 0, 0, 0, 0]),
        ("not masked", vec![0x81, 0]),
        ("a ping of 126 bytes", vec![0x89, 0xfe]),
        ("a ping in parts", vec![0x09, 0x80]),
        ("a length of 2 bytes that fits into one", vec![0x82, 0xfe, 0, 125, 0, 0, 0, 0]),
        ("a length of 8 bytes that fits into two", vec![0x82, 0xff, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0]),
        ("a length above 63 bits", vec![0x82, 0xff, 128, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        ("continues nothing", frame(Opcode::Continuation, FIN, b"")),
        ("begins twice", [frame(Opcode::Text, 0, b""), frame(Opcode::Text, FIN, b"")].concat()),
        ("a close of one byte", frame(Opcode::Close, FIN, b"1")),
        ("a close with 1005", frame(Opcode::Close, FIN, &1005u16.to_be_bytes())),
        ("a close with 2999", frame(Opcode::Close, FIN, &2999u16.to_be_bytes())),
    ] {
        assert_eq!(feed(SERVER, [bytes.as_slice()]), [Got::Refused(1002)], "{what}");
    }
}

#[test]
fn a_client_refuses_masked_frames() {
    let rules = Rules { masked: false, ..SERVER };
    assert_eq!(feed(rules, [frame(Opcode::Text, FIN, b"a").as_slice()]), [Got::Refused(1002)]);
    assert_eq!(feed(rules, [&[0x81, 1, b'a'][..]]), [text("a")]);
}

#[test]
fn text_that_is_not_utf8_is_refused_as_soon_as_that_is_seen() {
    assert_eq!(served(&[frame(Opcode::Text, FIN, b"a\xff")]), [Got::Refused(1007)]);
    assert_eq!(served(&[frame(Opcode::Text, 0, b"a\xff")]), [Got::Refused(1007)], "before the message ends");
    assert_eq!(served(&[frame(Opcode::Text, FIN, &[0xce])]), [Got::Refused(1007)], "a character is cut off");
    let long = frame(Opcode::Text, FIN, &[&b"\xed\xa0\x80"[..], &[b'a'; 100]].concat());
    assert_eq!(feed(SERVER, [&long[..12]]), [Got::Refused(1007)], "before the frame ends");
    assert_eq!(served(&[frame(Opcode::Binary, FIN, b"\xff")]).len(), 1, "binary data may be anything");
}

#[test]
fn a_character_may_lie_in_two_fragments() {
    let frames = [frame(Opcode::Text, 0, &[0xce]), frame(Opcode::Continuation, FIN, &[0xba])];
    assert_eq!(served(&frames), [text("κ")]);
}

#[test]
fn too_long_a_message_is_refused_before_its_data_came() {
    let rules = Rules { limit: 10, ..SERVER };
    assert_eq!(feed(rules, [frame(Opcode::Binary, FIN, &[0; 10]).as_slice()]).len(), 1);
    let head = &frame(Opcode::Binary, FIN, &[0; 11])[..6];
    assert_eq!(feed(rules, [head]), [Got::Refused(1009)]);
    let parts = [frame(Opcode::Binary, 0, &[0; 6]), frame(Opcode::Continuation, 0, &[0; 5])].concat();
    assert_eq!(feed(rules, [parts.as_slice()]), [Got::Refused(1009)]);
    // Control frames are of another kind.
    assert_eq!(feed(rules, [frame(Opcode::Ping, FIN, &[0; 20]).as_slice()]).len(), 1);
}

#[test]
fn nothing_is_read_behind_a_close() {
    let frames = [frame(Opcode::Close, FIN, &1000u16.to_be_bytes()), frame(Opcode::Text, FIN, b"a")];
    assert_eq!(served(&frames), [Got::Message(Opcode::Close, false, vec![3, 232])]);
}

#[test]
fn compressed_messages_come_as_they_are() {
    let rules = Rules { deflate: true, ..SERVER };
    let first = frame(Opcode::Text, RSV1, b"\xff");
    let last = frame(Opcode::Continuation, FIN, b"\xfe");
    let got = feed(rules, [[first.clone(), last].concat().as_slice()]);
    assert_eq!(got, [Got::Message(Opcode::Text, true, b"\xff\xfe".to_vec())]);
    let twice = [first, frame(Opcode::Continuation, FIN | RSV1, b"")].concat();
    assert_eq!(feed(rules, [twice.as_slice()]), [Got::Refused(1002)], "the bit stands in the first frame only");
    assert_eq!(feed(rules, [frame(Opcode::Ping, FIN | RSV1, b"").as_slice()]), [Got::Refused(1002)]);
}

#[test]
fn a_reader_keeps_no_buffer_when_a_message_is_done() {
    let mut bytes = [frame(Opcode::Binary, 0, &[7; 1000]), frame(Opcode::Continuation, FIN, &[7; 1000])].concat();
    let mut reader = Reader::new(SERVER);
    let Step::Message { used, .. } = reader.next(&mut bytes) else { panic!("no message") };
    assert_eq!(reader.next(&mut bytes[used..]), Step::More { used: 0 });
    assert_eq!(reader.pending(), 0);
    assert!(size_of::<Reader>() <= 112, "an idle connection has one: {} bytes", size_of::<Reader>());
}

#[test]
fn close_frames_are_taken_apart_and_made() {
    assert_eq!(close::parse(b""), Ok((1005, "")));
    assert_eq!(close::parse(&close::data(1001, "bye")), Ok((1001, "bye")));
    assert_eq!(close::parse(b"\x03\xe8\xff").map_err(|refusal| refusal.code), Err(1007));
    let cut = close::data(1000, &"ä".repeat(100));
    assert_eq!((cut.len(), close::parse(&cut).map(|(code, _)| code)), (124, Ok(1000)), "between two characters");
    assert_eq!(close::data(1005, "none"), b"");
}

#[test]
fn what_is_packed_is_unpacked() {
    use crate::error::ErrorKind;
    let bytes = pack(Opcode::Text, FIN | flag::MASK, b"Hello").expect("a frame");
    assert_eq!(bytes.len(), 11);
    let frame = unpack(&bytes, 100).expect("a frame");
    assert_eq!((frame.opcode, frame.flags, frame.data.as_slice()), (Opcode::Text, FIN | flag::MASK, &b"Hello"[..]));
    assert_eq!(unpack(&bytes[..10], 100).map_err(|e| e.kind()), Err(ErrorKind::WebsocketIncompletePacket));
    assert_eq!(unpack(&[0x83, 0], 100).map_err(|e| e.kind()), Err(ErrorKind::WebsocketUnpackFailed));
    assert_eq!(pack(Opcode::Ping, FIN, &[0; 126]).map_err(|e| e.kind()), Err(ErrorKind::WebsocketPackFailed));
    let long = pack(Opcode::Text, FIN | flag::COMPRESS, &[b'a'; 1000]).expect("a frame");
    assert!(long.len() < 30);
    let frame = unpack(&long, 1000).expect("a frame");
    assert_eq!((frame.flags, frame.data.len()), (FIN | flag::COMPRESS | RSV1, 1000));
}
