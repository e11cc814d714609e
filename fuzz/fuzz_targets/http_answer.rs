//! Answers: any bytes are one or are refused, in one piece as byte by byte, and no more of a body is given out than allowed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::protocol::http1::{AnswerLimits, AnswerReader, AnswerStep};

const LIMITS: AnswerLimits = AnswerLimits { head: 300, body: 2000 };

/// Head, body, trailer; whether the connection may be kept, and what is left of the stream.
type Answer = (Vec<u8>, Vec<u8>, Vec<u8>, bool, usize);

fn read(stream: &[u8], size: usize, is_head: bool, closes: bool) -> Result<Option<Answer>, ()> {
    let mut reader = AnswerReader::new(is_head, true, LIMITS);
    let (mut head, mut body, mut from) = (Vec::new(), Vec::new(), 0);
    for to in (0..stream.len()).step_by(size).map(|at| (at + size).min(stream.len())) {
        loop {
            let (used, step) = reader.next(&stream[from..to]).map_err(drop)?;
            from += used;
            match step {
                AnswerStep::More => break,
                AnswerStep::Interim(_) => {}
                AnswerStep::Head(answer) => head = answer.bytes.to_vec(),
                AnswerStep::Data(data) => body.extend_from_slice(data),
                AnswerStep::End { trailer } => {
                    let trailer = trailer.to_vec();
                    return Ok(Some((head, body, trailer, reader.keeps(), stream.len() - from)));
                }
            }
        }
        assert!(from == to && body.len() as u64 <= LIMITS.body);
    }
    if !closes {
        return Ok(None);
    }
    let AnswerStep::End { trailer } = reader.end().map_err(drop)? else { panic!("neither end nor error") };
    let trailer = trailer.to_vec();
    Ok(Some((head, body, trailer, reader.keeps(), 0)))
}

fuzz_target!(|input: (bool, bool, &[u8])| {
    let (is_head, closes, stream) = input;
    assert_eq!(read(stream, usize::MAX >> 1, is_head, closes), read(stream, 1, is_head, closes));
});
