use super::oracle::{Outcome, drive, requests};
use super::{Limits, flag};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Small, so that they are met.
const LIMITS: Limits = Limits { line: 90, head: 400, body: 20, upload: 60 };

const LINES: &[&str] = &[
    "GET / HTTP/1.1",
    "POST /a?b=c HTTP/1.1",
    "HEAD * HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "GET /a HTTP/1.0",
    "PROPFIND http://h:80/a HTTP/1.1",
    "GET http://@/ HTTP/1.1",
    "GET  / HTTP/1.1",
    "GET / HTTP/2.0",
    "GET / http/1.1",
    "GET /",
    "CONNECT a:80 HTTP/1.1",
    "G(T / HTTP/1.1",
    "GET /#a HTTP/1.1",
    "GET / HTTP/1.1 ",
];

const HEADERS: &[&str] = &[
    "Content-Length: 3",
    "content-length:0",
    "Content-Length: 25",
    "Content-Length: 70",
    "Content-Length: +3",
    "Content-Length: 3, 3",
    "Content-Length : 3",
    "Transfer-Encoding: chunked",
    "transfer-encoding:\tChunked ",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding:",
    "Transfer-Encoding: xchunked",
    "Host: b",
    "Host: a/b",
    "Expect: 100-continue",
    "Expect: 200-ok",
    "Connection: close",
    "Connection: Keep-Alive, Upgrade",
    "Upgrade: h2c, WebSocket",
    "Content-Type: multipart/form-data; boundary=x",
    "X: \u{e4}\ty",
    " folded",
    "no colon",
    "X\0: y",
    "X: \u{b}chunked",
];

const BODIES: &[&str] = &[
    "abc",
    "3\r\nabc\r\n0\r\n\r\n",
    "3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nA: b\r\n\r\n",
    "03 ; x\r\nabc\r\n00\r\n\r\n",
    "19\r\naaaaaaaaaaaaaaaaaaaaaaaaa\r\n0\r\n\r\n",
    "46\r\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "3\nabc\n0\n\n",
    "0x3\r\nabc\r\n0\r\n\r\n",
    "3 \r\nabc\r\n0\r\n\r\n",
    "ffffffffffffffff\r\nabc",
    "2\r\nabc\r\n0\r\n\r\n",
    "0\r\nContent-Length: 1\r\n\r\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaa",
    "\r\n",
];

fn request() -> impl Strategy<Value = Vec<u8>> {
    // Mostly right, so that what is behind a line's check is reached.
    let line = prop_oneof![4 => select(&LINES[..6]), 1 => select(LINES)];
    let header = prop_oneof![3 => Just("Accept: x"), 2 => select(HEADERS)];
    let host = prop_oneof![9 => Just("Host: a\r\n"), 1 => Just("")];
    let body = prop_oneof![2 => Just(""), 3 => select(BODIES)];
    (line, host, vec(header, 0..4), body).prop_map(|(line, host, headers, body)| {
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        format!("{line}\r\n{host}{headers}\r\n{body}").chars().map(|c| c as u8).collect()
    })
}

/// A request that is right but for what was done to it: a byte is put in the place of another one, or between two, or a piece is taken out.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let byte = select(b"\r\n\t :;,\0\x7fx0/".as_slice());
    (request(), vec((0..3u8, any::<prop::sample::Index>(), byte), 0..3)).prop_map(|(mut bytes, damages)| {
        for (kind, at, byte) in damages {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![Just(vec![1]), vec(1..40usize, 1..30)]
}

fn cut<'a>(mut stream: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let (mut pieces, mut cuts) = (Vec::new(), cuts.iter().cycle());
    while !stream.is_empty() {
        let (piece, rest) = stream.split_at(stream.len().min(*cuts.next().unwrap()));
        pieces.push(piece);
        stream = rest;
    }
    pieces
}

/// What another parser makes of the heads that were let in: the same, if it lets them in.
fn second_opinion(outcome: &Outcome) {
    for read in &outcome.requests {
        // It takes targets of UTF-8 only; there are clients that send others.
        if std::str::from_utf8(read.head.split(|byte| *byte == b'\n').next().unwrap()).is_err() {
            continue;
        }
        let mut headers = [httparse::EMPTY_HEADER; 256];
        let mut request = httparse::Request::new(&mut headers);
        assert_eq!(
            request.parse(&read.head),
            Ok(httparse::Status::Complete(read.head.len())),
            "{}",
            read.head.escape_ascii()
        );
        assert_eq!(request.version, Some((read.flags & flag::HTTP_11 != 0).into()));
        let mut ours = super::super::lex::fields(&read.head);
        for header in request.headers.iter() {
            assert_eq!(ours.next(), Some((header.name.as_bytes(), header.value)));
        }
        assert_eq!(ours.next(), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn requests_are_read_as_the_oracle_reads_them(parts in vec(damaged(), 1..4), cuts in cuts()) {
        let stream = parts.concat();
        let expected = requests(&stream, &LIMITS);
        prop_assert_eq!(&drive(&[&stream], &LIMITS), &expected);
        prop_assert_eq!(&drive(&cut(&stream, &cuts), &LIMITS), &expected);
        second_opinion(&expected);
    }

    #[test]
    fn any_bytes_are_read_as_the_oracle_reads_them(stream in vec(any::<u8>(), 0..300), cuts in cuts()) {
        let expected = requests(&stream, &LIMITS);
        prop_assert_eq!(&drive(&[&stream], &LIMITS), &expected);
        prop_assert_eq!(&drive(&cut(&stream, &cuts), &LIMITS), &expected);
    }
}

#[test]
fn too_many_headers_are_refused() {
    let limits = Limits::default();
    let of = |count: usize| ["GET / HTTP/1.0\r\n", &"a:\r\n".repeat(count), "\r\n"].concat().into_bytes();
    assert_eq!(drive(&[&of(256)], &limits).requests.len(), 1);
    assert_eq!(drive(&[&of(257)], &limits).refused, Some(431));
    assert_eq!(drive(&cut(&of(257), &[7]), &limits).refused, Some(431));
}

#[test]
fn extensions_of_chunks_have_a_bound() {
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = [b"1;", &[b'x'; 255][..], b"\r\na\r\n"].concat();
    for (count, refused) in [(64, None), (65, Some(400))] {
        let stream = [&head[..], &chunk.repeat(count)].concat();
        assert_eq!(drive(&[&stream], &Limits::default()).refused, refused);
        assert_eq!(requests(&stream, &Limits::default()).refused, refused);
    }
}
