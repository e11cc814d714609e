//! Against plain versions of the same, and wherever the bytes are cut.

use super::*;
use flag::FIN;
use proptest::collection::vec;
use proptest::prelude::*;

/// A message in its frames, with pings between them.
fn message() -> impl Strategy<Value = (Vec<Vec<u8>>, Vec<Got>)> {
    let part = vec(any::<u8>(), 0..200);
    (any::<bool>(), vec((part, any::<bool>()), 1..4), any::<[u8; 4]>()).prop_map(|(is_text, parts, key)| {
        let opcode = if is_text { Opcode::Text } else { Opcode::Binary };
        let (mut frames, mut got, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        let count = parts.len();
        for (number, (mut data, ping)) in parts.into_iter().enumerate() {
            if is_text {
                data.iter_mut().for_each(|byte| *byte &= 0x7f);
            }
            let opcode = if number == 0 { opcode } else { Opcode::Continuation };
            let flags = if number + 1 == count { FIN } else { 0 };
            let mut out = Vec::new();
            write(&mut out, opcode, flags, Some(key), &data);
            whole.extend_from_slice(&data);
            frames.push(out);
            if ping && flags == 0 {
                frames.push(frame(Opcode::Ping, FIN, &data[..data.len().min(125)]));
                got.push(Got::Message(Opcode::Ping, false, data[..data.len().min(125)].to_vec()));
            }
        }
        got.push(Got::Message(opcode, false, whole));
        (frames, got)
    })
}

proptest! {
    #[test]
    fn cuts_change_nothing(messages in vec(message(), 1..4), cuts in vec(1usize..60, 1..40)) {
        let bytes: Vec<u8> = messages.iter().flat_map(|(frames, _)| frames.concat()).collect();
        let expected: Vec<Got> = messages.into_iter().flat_map(|(_, got)| got).collect();
        prop_assert_eq!(&feed(SERVER, [bytes.as_slice()]), &expected);
        let (mut pieces, mut rest) = (Vec::new(), bytes.as_slice());
        for cut in cuts.into_iter().cycle() {
            let (piece, behind) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = behind;
            if rest.is_empty() { break; }
        }
        prop_assert_eq!(&feed(SERVER, pieces), &expected);
    }

    #[test]
    fn whatever_comes_the_same_is_made_of_it_however_it_is_cut(bytes in vec(any::<u8>(), 0..300), cut in 0usize..300, deflate: bool) {
        let rules = Rules { deflate, masked: bytes.first().is_some_and(|byte| byte & 1 == 0), limit: 100 };
        let (first, second) = bytes.split_at(cut.min(bytes.len()));
        prop_assert_eq!(feed(rules, [bytes.as_slice()]), feed(rules, [first, second]));
    }

    #[test]
    fn text_is_judged_as_the_standard_library_does(data in vec(prop_oneof![any::<u8>(), 0x80u8..0xc0, Just(0xf0u8), Just(b'a')], 0..12), cut in 0usize..12) {
        let expected = match std::str::from_utf8(&data) {
            Ok(data) => text(data),
            Err(_) => Got::Refused(1007),
        };
        let (first, second) = data.split_at(cut.min(data.len()));
        let frames = [frame(Opcode::Text, 0, first), frame(Opcode::Continuation, FIN, second)];
        prop_assert_eq!(served(&frames), [expected.clone()]);
        prop_assert_eq!(served(&[frame(Opcode::Text, FIN, &data)]), [expected]);
    }

    #[test]
    fn masking_is_what_the_plain_way_does(data in vec(any::<u8>(), 0..70), key: [u8; 4], offset in 0usize..9) {
        let plain: Vec<u8> = data.iter().enumerate().map(|(at, byte)| byte ^ key[(at + offset) % 4]).collect();
        let mut fast = data;
        mask(&mut fast, key, offset);
        prop_assert_eq!(fast, plain);
    }

    #[test]
    fn what_was_compressed_comes_back(data in vec(prop_oneof![Just(b'a'), Just(b'b'), any::<u8>()], 0..3000), window in 8u8..16) {
        let mut small = Vec::new();
        prop_assert!(deflate::compress(&data, window, &mut small));
        let mut out = Vec::new();
        prop_assert_eq!(deflate::inflate(&small, data.len(), &mut out), Ok(()));
        prop_assert_eq!(out, data);
    }
}
