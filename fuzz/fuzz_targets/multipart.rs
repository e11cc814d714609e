//! Forms: any bytes are one or are refused, in one piece as however they are cut, in bounded memory; the whole form is seen as the stream is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::protocol::http1::multipart::{Content, Disposition, Event, Limits, Malformed, Parser, listed, parts};
use swoole_fuzz::oracle::cut;

const LIMITS: Limits = Limits { parts: 6, head: 200 };

type Parts = Vec<(Disposition, Vec<u8>)>;

fn parse(boundary: &[u8], pieces: &[&[u8]]) -> (Parts, Result<bool, Malformed>) {
    let (mut parser, mut parts) = (Parser::new(boundary, LIMITS), Parts::new());
    for piece in pieces {
        let mut from = 0;
        loop {
            let (used, event) = match parser.next(&piece[from..]) {
                Ok(next) => next,
                Err(error) => return (parts, Err(error)),
            };
            from += used;
            match event {
                Event::More => break,
                Event::Part(part) => parts.push((part, Vec::new())),
                Event::Data(data) => parts.last_mut().expect("a part").1.extend_from_slice(data),
                Event::PartEnd => {}
                Event::End => return (parts, Ok(true)),
            }
        }
    }
    (parts, Ok(parser.is_ended()))
}

fuzz_target!(|input: (u8, Vec<u8>, &[u8])| {
    let (length, cuts, body) = input;
    let boundary = &b"xxyxxyxz"[..1 + usize::from(length) % 8];
    let whole = parse(boundary, &[body]);
    assert_eq!(whole, parse(boundary, &cut(body, &cuts)));
    let seen: Result<Vec<_>, _> = parts(body, boundary, LIMITS).collect();
    assert_eq!(seen.is_ok(), whole.1 == Ok(true));
    for (entry, (part, data)) in seen.into_iter().flatten().zip(&whole.0) {
        assert_eq!((&entry.part, entry.content), (part, Content::Bytes(data)));
    }
    // What a process gives to another one.
    let _ = listed(body).count();
});
