//! Tests of the codec: what a peer may send, where its bytes are cut, and what both sides agree on.

mod deflating;
mod handshakes;
mod properties;
mod reading;

use super::*;

/// What a reader made of a connection's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Got {
    Message(Opcode, bool, Vec<u8>),
    Refused(u16),
}

const SERVER: Rules = Rules { masked: true, deflate: false, limit: 1 << 20 };
const KEY: Option<Mask> = Some([1, 2, 3, 250]);

/// Feeds pieces to a reader as the socket side does: what was not used stands in front of the next piece.
fn feed<'a>(rules: Rules, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Got> {
    let (mut reader, mut buffer, mut got) = (Reader::new(rules), Vec::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match reader.next(&mut buffer) {
                Step::More { used } => {
                    buffer.drain(..used);
                    assert!(buffer.len() < 140, "{} bytes are left in the buffer", buffer.len());
                    break;
                }
                Step::Message { used, message } => {
                    got.push(Got::Message(message.opcode, message.compressed, message.data.to_vec()));
                    assert!(used > 0);
                    buffer.drain(..used);
                }
                Step::Refuse(refusal) => {
                    got.push(Got::Refused(refusal.code));
                    assert!(reader.is_closed());
                    buffer.clear();
                    break;
                }
            }
        }
    }
    got
}

/// A client's frame.
fn frame(opcode: Opcode, flags: u8, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, opcode, flags, KEY, data);
    out
}

/// What a server makes of a client's bytes.
fn served(frames: &[Vec<u8>]) -> Vec<Got> {
    feed(SERVER, [frames.concat().as_slice()])
}

fn text(data: &str) -> Got {
    Got::Message(Opcode::Text, false, data.as_bytes().to_vec())
}
