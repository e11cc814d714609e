//! What a peer sends over a WebSocket: it makes no difference how it is cut, no message is longer than allowed, text is UTF-8, and
//! what was read makes a frame from which the same is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::protocol::websocket::{Opcode, Reader, Rules, Step, close, flag, unpack, write};

type Got = (Vec<(Opcode, bool, Vec<u8>)>, Option<u16>);

fn read<'a>(rules: Rules, parts: impl Iterator<Item = &'a [u8]>) -> Got {
    let (mut reader, mut buffer, mut messages) = (Reader::new(rules), Vec::new(), Vec::new());
    for part in parts {
        buffer.extend_from_slice(part);
        loop {
            match reader.next(&mut buffer) {
                Step::More { used } => {
                    buffer.drain(..used);
                    assert!(buffer.len() < 140);
                    break;
                }
                Step::Message { used, message } => {
                    messages.push((message.opcode, message.compressed, message.data.to_vec()));
                    buffer.drain(..used);
                }
                Step::Refuse(refusal) => return (messages, Some(refusal.code)),
            }
        }
    }
    (messages, None)
}

fuzz_target!(|input: (bool, bool, u16, u8, &[u8])| {
    let (masked, deflate, limit, cut, bytes) = input;
    let rules = Rules { masked, deflate, limit: limit.into() };
    let whole = read(rules, std::iter::once(bytes));
    assert_eq!(whole, read(rules, bytes.chunks(usize::from(cut) + 1)));
    assert!(whole.1.is_none_or(close::may_be_sent));
    for (opcode, compressed, data) in whole.0 {
        if opcode.is_control() {
            assert!(data.len() <= 125);
        } else {
            assert!(data.len() <= rules.limit);
        }
        assert!(deflate || !compressed);
        assert!(compressed || opcode != Opcode::Text || std::str::from_utf8(&data).is_ok());
        let mut frame = Vec::new();
        let rsv = if compressed { flag::RSV1 } else { 0 };
        write(&mut frame, opcode, flag::FIN | rsv, masked.then_some([cut, 1, 2, 3]), &data);
        assert_eq!(read(rules, std::iter::once(frame.as_slice())), (vec![(opcode, compressed, data)], None));
    }
    let _ = unpack(bytes, limit.into());
});
