use crate::protocol::http1::{AnswerLimits, AnswerReader, AnswerStep};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What came of an answer: status, headers, body, trailer, whether the connection may be kept, and what was left; or an error.
type Outcome = Result<Option<(u16, Vec<u8>, Vec<u8>, Vec<u8>, bool, Vec<u8>)>, &'static str>;

const LIMITS: AnswerLimits = AnswerLimits { head: 200, body: 1000 };

fn read(pieces: &[&[u8]], is_head: bool, closes: bool) -> Outcome {
    let (mut reader, mut input) = (AnswerReader::new(is_head, true, LIMITS), Vec::new());
    let (mut status, mut head, mut body) = (0, Vec::new(), Vec::new());
    let (mut pieces, mut is_over) = (pieces.iter(), false);
    let mut end = None;
    while end.is_none() {
        let Some(piece) = pieces.next() else {
            is_over = true;
            break;
        };
        input.extend_from_slice(piece);
        let mut from = 0;
        loop {
            let (used, step) = reader.next(&input[from..]).map_err(|error| error.0)?;
            from += used;
            match step {
                AnswerStep::More => {
                    assert_eq!(from, input.len());
                    break;
                }
                AnswerStep::Interim(status) => assert!(head.is_empty() && (100..200).contains(&status)),
                AnswerStep::Head(of) => {
                    assert!(head.is_empty());
                    status = of.status;
                    head = of.headers().flat_map(|(name, value)| [name, b"=", value, b";"].concat()).collect();
                    head.push(b'.');
                }
                AnswerStep::Data(data) => {
                    assert!(!head.is_empty() && !data.is_empty());
                    body.extend_from_slice(data);
                }
                AnswerStep::End { trailer } => {
                    end = Some(trailer.to_vec());
                    break;
                }
            }
        }
        input.drain(..from);
    }
    if is_over {
        if !closes {
            return Ok(None);
        }
        let AnswerStep::End { trailer } = reader.end().map_err(|error| error.0)? else { panic!("not the end") };
        end = Some(trailer.to_vec());
    }
    for piece in pieces {
        input.extend_from_slice(piece);
    }
    Ok(end.map(|trailer| (status, head, body, trailer, reader.keeps(), input)))
}

fn text(outcome: Outcome) -> String {
    match outcome {
        Ok(Some((status, head, body, trailer, keeps, left))) => format!(
            "{status} {} {} {} {} {}",
            head.escape_ascii(),
            body.escape_ascii(),
            trailer.escape_ascii(),
            if keeps { "keep" } else { "close" },
            left.escape_ascii(),
        ),
        Ok(None) => "more".into(),
        Err(_) => "bad".into(),
    }
}

#[track_caller]
fn check(answer: &str, expected: &str) {
    let bytes: Vec<&[u8]> = answer.as_bytes().chunks(1).collect();
    assert_eq!(text(read(&[answer.as_bytes()], false, true)), expected);
    assert_eq!(text(read(&bytes, false, true)), expected);
}

#[test]
fn the_end_of_a_body_is_told_by_the_head() {
    check("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcX", "200 Content-Length=3;. abc  keep X");
    check(
        "HTTP/1.1 200 OK\r\nContent-Length: 3,3\r\nContent-Length:3\r\nConnection: Close\r\n\r\nabc",
        "200 Content-Length=3,3;Content-Length=3;Connection=Close;. abc  close ",
    );
    check("HTTP/1.1 200\r\n\r\nabc", "200 . abc  close ");
    check(
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
        "200 Connection=keep-alive;Content-Length=0;.   keep ",
    );
    check("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "200 Content-Length=0;.   close ");
    check("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nX", "204 Content-Length=5;.   keep X");
    check("HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n", "304 Content-Length=5;.   keep ");
    check(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nab\r\n1;x\r\nc\r\n0\r\nA: b\r\n\r\nX",
        "200 Transfer-Encoding=chunked;. abc A: b\\r\\n keep X",
    );
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nX";
    assert_eq!(text(read(&[head], true, false)), "200 Transfer-Encoding=chunked;.   keep X");
}

#[test]
fn answers_in_front_of_the_answer_are_passed_over() {
    check(
        "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 103 x\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
        "200 Content-Length=1;. a  keep ",
    );
    check("HTTP/1.1 101 Up\r\nUpgrade: websocket\r\n\r\n\x01", "101 Upgrade=websocket;.   keep \\x01");
    check(&"HTTP/1.1 100 C\r\n\r\n".repeat(33), "bad");
}

#[test]
fn folded_headers_are_unfolded() {
    check(
        "HTTP/1.1 200 OK\r\nA: b\r\n\t c\r\n d\r\nContent-Length: 0\r\n\r\n",
        "200 A=b  \\t c   d;Content-Length=0;.   keep ",
    );
    check("HTTP/1.1 200 OK\r\n A: b\r\n\r\n", "bad");
    check("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\n", "bad");
}

#[test]
fn what_is_no_answer_is_refused() {
    for bad in [
        "ICY 200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nabc",
        "",
    ] {
        check(bad, "bad");
    }
    check(&format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "a".repeat(200)), "bad");
    check(&format!("HTTP/1.1 200 OK\r\n\r\n{}", "a".repeat(1001)), "bad");
}

#[test]
fn a_packed_body_is_unpacked_up_to_the_bound() {
    use crate::protocol::http1::coding::{Encoding, Packer};
    for encoding in Encoding::ALL {
        for (length, is_good) in [(0, true), (1000, true), (1001, false), (1 << 20, false)] {
            let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {}\r\n\r\n", encoding.name()).into_bytes();
            Packer::new(encoding, 1).end(&vec![b'a'; length], &mut answer);
            for size in [1, 7, 1 << 20] {
                let pieces: Vec<&[u8]> = answer.chunks(size).collect();
                let outcome = read(&pieces, false, true);
                assert_eq!(outcome.is_ok(), is_good, "{encoding:?} {length} {size}");
                assert!(outcome.is_err() || outcome.is_ok_and(|answer| answer.unwrap().2 == vec![b'a'; length]));
            }
        }
    }
}

proptest! {
    #[test]
    fn an_answer_is_the_same_however_it_is_cut(
        parts in vec(select(vec![
            "HTTP/1.1 200 OK\r\n", "HTTP/1.0 404\r\n", "HTTP/1.1 100 C\r\n\r\n", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n",
            "Connection: keep-alive\r\n", "Content-Encoding: deflate\r\n", " folded\r\n", "\r\n", "abc", "3\r\nabc\r\n", "0\r\n\r\n", "A: b\r\n", "\n", ":",
        ]), 0..9),
        is_head in any::<bool>(), closes in any::<bool>(), cut in 1..9usize,
    ) {
        let answer = ["HTTP/1.1 200 OK\r\n", &parts.concat()].concat().into_bytes();
        let pieces: Vec<&[u8]> = answer.chunks(cut).collect();
        let (whole, cut) = (read(&[&answer], is_head, closes), read(&pieces, is_head, closes));
        prop_assert_eq!(text(whole), text(cut));
    }
}

#[test]
fn a_small_packed_body_makes_little_at_a_time() {
    use crate::protocol::http1::coding::{Encoding, Packer};
    for encoding in Encoding::ALL {
        let (mut body, size) = (Vec::new(), 2 << 20);
        Packer::new(encoding, 5).end(&vec![b'a'; size], &mut body);
        let head =
            format!("HTTP/1.1 200\r\nContent-Encoding: {}\r\nContent-Length: {}\r\n\r\n", encoding.name(), body.len());
        let (input, mut from, mut made) = ([head.as_bytes(), &body, b"HTTP"].concat(), 0, 0);
        let mut reader = AnswerReader::new(false, true, AnswerLimits::default());
        loop {
            let (used, step) = reader.next(&input[from..]).unwrap();
            from += used;
            match step {
                AnswerStep::Data(data) => {
                    assert!(data.len() < 100 << 10, "{encoding:?}: {} bytes at a time", data.len());
                    made += data.len();
                }
                AnswerStep::End { .. } => break,
                AnswerStep::Head(_) => {}
                step => panic!("{step:?}"),
            }
        }
        assert_eq!((made, &input[from..]), (size, &b"HTTP"[..]), "{encoding:?}");
    }
}
