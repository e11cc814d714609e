//! Requests: however a stream is cut, they are those of the oracle, and httparse reads their heads in the same way.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use swoole_core::protocol::http1::Brief;
use swoole_core::server::Request;
use swoole_fuzz::http::oracle::{drive, requests};
use swoole_fuzz::http::{Limits, lex};
use swoole_fuzz::oracle::cut;

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    line: u8,
    head: u16,
    body: u8,
    upload: u16,
    cuts: Vec<u8>,
    stream: &'a [u8],
}

fuzz_target!(|input: Input| {
    let limits = Limits {
        line: input.line.into(),
        head: input.head.into(),
        body: input.body.into(),
        upload: input.upload.into(),
    };
    let expected = requests(input.stream, &limits);
    assert_eq!(drive(&[input.stream], &limits), expected);
    assert_eq!(drive(&cut(input.stream, &input.cuts), &limits), expected);
    for read in &expected.requests {
        // What a worker sees of it.
        let (head, body, trailer) = (read.head.len() as u32, read.body.len() as u64, &read.trailer);
        let brief = Brief { method: read.method, flags: read.flags, head, body, ..Brief::default() };
        let request = Request::detached(brief, [&read.head[..], &read.body, trailer].concat());
        assert!(request.headers().eq(lex::fields(&read.head)));
        for (name, _) in request.headers() {
            let first = lex::fields(&read.head).find(|(other, _)| other.eq_ignore_ascii_case(name));
            assert_eq!(request.header(name), first.map(|(_, value)| value));
        }
        let line = [request.method(), b" ", request.target(), b" HTTP/1."].concat();
        assert!(read.head.starts_with(&line));
        assert!(request.target().len() >= request.path().len() + request.query().len());
        assert!(request.body() == read.body && request.trailers().all(|(name, _)| !name.is_empty()));
        // It takes targets of UTF-8 only; there are clients that send others.
        let line = read.head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if std::str::from_utf8(line).is_err() {
            continue;
        }
        let mut headers = [httparse::EMPTY_HEADER; 256];
        let mut request = httparse::Request::new(&mut headers);
        assert_eq!(request.parse(&read.head), Ok(httparse::Status::Complete(read.head.len())));
        let theirs = request.headers.iter().map(|header| (header.name.as_bytes(), header.value));
        assert!(theirs.eq(lex::fields(&read.head)));
    }
});
