//! What comes.

use super::*;
use flate2::write::GzEncoder;

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n \r\n5\r\nworld\r\n0\r\nX-Sum: 7\r\n\r\n";

#[test]
fn an_answer_may_come_in_pieces_of_any_size() {
    let with_length = b"HTTP/1.1 404 Not  Here\r\nX-A: b\r\nx-a:c \r\nContent-Length: 5\r\n\r\nhello".to_vec();
    for size in [1, 2, 3, 7, 1000] {
        let answer = cut(with_length.clone(), size).unwrap();
        assert_eq!((answer.status, &answer.reason[..], &answer.body[..]), (404, &b"Not  Here"[..], &b"hello"[..]));
        assert_eq!(answer.all(b"x-a").collect::<Vec<_>>(), [b"b", b"c"]);
        let answer = cut(CHUNKED.to_vec(), size).unwrap();
        assert_eq!(answer.body, b"hello world");
        assert_eq!(answer.trailers, [(b"x-sum".to_vec(), b"7".to_vec())]);
    }
}

#[test]
fn answers_in_between_are_passed_over() {
    let answer = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".to_vec();
    for size in [1, 1000] {
        assert_eq!(short(&cut(answer.clone(), size)), (200, "x".into()));
    }
}

#[test]
fn some_answers_have_no_body_whatever_they_say() {
    const NO_CONTENT: &[u8] = b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n";
    const NOT_MODIFIED: &[u8] = b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n";
    const OF_HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n";
    let (port, server) = server(vec![vec![NO_CONTENT, NOT_MODIFIED, OF_HEAD, NO_CONTENT]]);
    let head = Request { method: b"HEAD".to_vec(), ..get("/") };
    let answers = all(&client(port), [get("/"), get("/"), head, get("/")]);
    let statuses: Vec<_> = answers.iter().map(short).collect();
    assert_eq!(statuses, [(204, String::new()), (304, String::new()), (200, String::new()), (204, String::new())]);
    server.join().unwrap();
}

#[test]
fn a_body_without_length_ends_with_the_connection() {
    assert_eq!(short(&cut(b"HTTP/1.0 200 OK\r\n\r\nall of it".to_vec(), 5)), (200, "all of it".into()));
}

#[test]
fn a_compressed_body_is_decompressed() {
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&b"again and ".repeat(1000)).unwrap();
    let body = gzip.finish().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    let answer = cut([head.as_bytes(), &body].concat(), 50).unwrap();
    assert_eq!(answer.body, b"again and ".repeat(1000));
}

#[test]
fn what_is_too_long_is_refused() {
    let long = [b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n", &[b'x'; 70000][..]].concat();
    let (port, server) = peer(move |mut stream| {
        request(&mut stream);
        let _ = stream.write_all(&long);
    });
    let client = client(port);
    client.set("package_max_length", &Value::from(65536)).unwrap();
    let failed = one(&client, get("/")).unwrap_err();
    assert_eq!((failed.failure, failed.error.kind()), (Failure::ServerReset, ErrorKind::PackageLengthTooLarge));
    assert_eq!(client.error_code(), ErrorKind::PackageLengthTooLarge as i32);
    server.join().unwrap();
}

#[test]
fn what_is_no_answer_is_refused() {
    let bad: &[&[u8]] = &[
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        b"HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    ];
    for answer in bad {
        let failed = cut(answer.to_vec(), 1000).expect_err(&String::from_utf8_lossy(answer));
        assert_eq!(failed.failure, Failure::ServerReset);
        assert_eq!(failed.error.kind(), ErrorKind::HttpInvalidProtocol, "{:?}", failed.error);
    }
    let endless = [b"HTTP/1.1 200 OK\r\nX: ", &[b'x'; 70 << 10][..]].concat();
    let failed = peer(move |mut stream| {
        request(&mut stream);
        let _ = stream.write_all(&endless);
    });
    assert!(short(&one(&client(failed.0), get("/"))).1.contains("head is too long"));
    failed.1.join().unwrap();
}

#[test]
fn a_download_goes_to_a_file_and_on_from_a_place() {
    const ALL: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";
    const REST: &[u8] =
        b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\n456789";
    const OTHER: &[u8] =
        b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\nabcdefghij";
    const MISSING: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let download = |offset| Request { download: Some(Download { path: path.clone(), offset }), ..get("/") };
    let (port, server) = server(vec![vec![ALL, REST, ALL, MISSING, OTHER]]);
    let client = client(port);
    let got = |offset| one(&client, download(offset)).map(|answer| (answer.status, answer.downloaded, answer.body));
    assert_eq!(got(0).unwrap(), (200, Some(10), vec![]));
    std::fs::write(&path, "0123xxxxyyyyzzzz").unwrap();
    assert_eq!(got(4).unwrap(), (206, Some(6), vec![]));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "0123456789", "what was behind is cut off");
    assert_eq!(got(4).unwrap(), (200, Some(10), vec![]), "a server that knows no ranges");
    assert_eq!(got(4).unwrap(), (404, None, b"gone".to_vec()));
    assert!(got(4).unwrap_err().error.to_string().contains("another part"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "0123456789");
    let requests = server.join().unwrap();
    assert!(requests[0].contains("Accept-Encoding: identity\r\n") && !requests[0].contains("Range"));
    assert!(requests[1].contains("Range: bytes=4-\r\n"));
    let nowhere = Request { download: Some(Download { path: dir.path().join("a/b"), offset: 0 }), ..get("/") };
    assert!(client.execute(nowhere, Box::new(|_, _| unreachable!())).is_err());
    assert!(client.execute(download(11), Box::new(|_, _| unreachable!())).is_err(), "the file is shorter");
}

#[test]
fn a_download_is_kept_as_it_was_asked_for() {
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&[0; 1 << 20]).unwrap();
    let body = gzip.finish().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let download = || Request { download: Some(Download { path: path.clone(), offset: 0 }), ..get("/") };
    let packed = Request { headers: vec![(b"accept-encoding".to_vec(), b"gzip".to_vec())], ..download() };
    for (request, length) in [(download(), body.len() as u64), (packed, 1 << 20)] {
        let answer = [head.as_bytes(), &body].concat();
        let (port, server) = peer(move |mut stream| {
            super::request(&mut stream);
            let _ = stream.write_all(&answer);
        });
        let answer = one(&client(port), request).unwrap();
        assert_eq!(answer.downloaded, Some(length), "a coding that was not asked for stays");
        assert_eq!(std::fs::metadata(&path).unwrap().len(), length);
        server.join().unwrap();
    }
}
