use super::{Limits, Method, Reader, Step, flag};

const LIMITS: Limits = Limits { line: 100, head: 300, body: 20, upload: 0 };

#[test]
fn a_request_in_one_piece_is_not_copied() {
    let input = b"\r\nPOST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET";
    let mut reader = Reader::default();
    let (used, Step::Request { brief, bytes }) = reader.next(input, &LIMITS, 7) else { panic!("no request") };
    assert_eq!((used, bytes.as_ptr()), (input.len() - 3, input[2..].as_ptr()));
    assert_eq!((brief.head, brief.body, brief.since), (48, 3, 7));
    assert_eq!(size_of::<Reader>(), 16);
    assert_eq!(reader.progress(), None);
}

#[test]
fn a_request_byte_by_byte_is_the_same() {
    let input = b"\r\nPOST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n1\r\nd\r\n0\r\nA: b\r\n\r\n";
    let mut reader = Reader::default();
    for byte in &input[..input.len() - 1] {
        assert_eq!(reader.next(&[*byte], &LIMITS, 7), (1, Step::More));
    }
    let (1, Step::Request { brief, bytes }) = reader.next(b"\n", &LIMITS, 9) else { panic!("no request") };
    assert_eq!(&bytes[brief.head as usize..], b"abcdA: b\r\n");
    assert_eq!((brief.body, brief.since), (4, 7));
}

#[test]
fn who_waits_for_it_is_told_to_continue() {
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n";
    let mut reader = Reader::default();
    assert_eq!(reader.next(head, &LIMITS, 0), (head.len(), Step::Continue));
    assert_eq!(reader.next(b"", &LIMITS, 0), (0, Step::More));
    assert!(matches!(reader.next(b"a", &LIMITS, 0), (1, Step::Request { .. })));
    let all = [&head[..], b"a"].concat();
    assert!(matches!(reader.next(&all, &LIMITS, 0).1, Step::Request { .. }));
}

#[test]
fn a_long_form_comes_in_pieces() {
    let limits = Limits { upload: 30, ..LIMITS };
    let head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n";
    let long = [&head[..], b"Content-Length: 25\r\n\r\n"].concat();
    let mut reader = Reader::default();
    assert_eq!(reader.next(&long, &limits, 0), (long.len(), Step::Upload { head: &long, boundary: b"x" }));
    assert_eq!(reader.next(&[b'a'; 24], &limits, 0), (24, Step::Piece(&[b'a'; 24])));
    assert_eq!(reader.next(b"", &limits, 0), (0, Step::More));
    assert_eq!(reader.next(b"bGET", &limits, 0), (1, Step::Piece(b"b")));
    let (0, Step::Uploaded { brief, .. }) = reader.next(b"GET", &limits, 0) else { panic!("not uploaded") };
    assert!(brief.has(flag::UPLOAD));
}

#[test]
fn a_chunked_form_that_turns_out_long_comes_in_pieces() {
    let limits = Limits { upload: 30, ..LIMITS };
    let input = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n\
        f\r\naaaaaaaaaaaaaaa\r\na\r\nbbbbbbbbbb\r\n1\r\nc\r\n0\r\nA: b\r\n\r\n";
    let (mut reader, mut from, mut pieces) = (Reader::default(), 0, Vec::new());
    loop {
        let (used, step) = reader.next(&input[from..], &limits, 0);
        from += used;
        match step {
            Step::Upload { boundary, .. } => assert_eq!((boundary, pieces.len()), (&b"x"[..], 0)),
            Step::Piece(piece) => pieces.extend_from_slice(piece),
            Step::Uploaded { trailer, .. } => {
                assert_eq!(trailer, b"A: b\r\n");
                break;
            }
            step => panic!("{step:?}"),
        }
    }
    assert_eq!(pieces, b"aaaaaaaaaaaaaaabbbbbbbbbbc");
    assert_eq!(from, input.len());
}

#[test]
fn what_is_refused_stays_refused() {
    let mut reader = Reader::default();
    let (0, Step::Refuse(refusal)) = reader.next(b"\x16\x03\x01", &LIMITS, 0) else { panic!("taken") };
    assert_eq!(refusal.status, 400);
    assert_eq!(reader.next(b"GET / HTTP/1.0\r\n\r\n", &LIMITS, 0), (0, Step::Refuse(refusal)));
}

#[test]
fn the_method_of_what_is_refused_is_known() {
    let long = format!("HEAD /{} HTTP/1.1\r\n", "a".repeat(100));
    let refused = [
        "HEAD / HTTP/1.1\r\n\r\n",
        "HEAD / HTTP/1.1\nHost: a\n\n",
        "HEAD / HTTP/3.0\r\nHost: a\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n",
        &long,
        &long[..100],
    ];
    for input in refused {
        let mut reader = Reader::default();
        assert!(matches!(reader.next(input.as_bytes(), &LIMITS, 0).1, Step::Refuse(_)), "{input}");
        assert_eq!(reader.method(), Method::Head, "{input}");
        let mut reader = Reader::default();
        let pieces = input.as_bytes().iter().any(|byte| matches!(reader.next(&[*byte], &LIMITS, 0).1, Step::Refuse(_)));
        assert_eq!((pieces, reader.method()), (true, Method::Head), "{input}, byte by byte");
    }
    for (input, method) in [("HEAD", Method::Other), ("HEAD ", Method::Head), ("HEAD / HTTP/1.1\r\nHo", Method::Head)] {
        let mut reader = Reader::default();
        assert_eq!(reader.next(input.as_bytes(), &LIMITS, 0).1, Step::More);
        assert_eq!(reader.method(), method, "{input}");
    }
}
