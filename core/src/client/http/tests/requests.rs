//! What is sent.

use super::*;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// What a server gets.
fn sent(requests: Vec<Request>) -> Vec<String> {
    let (port, server) = server(vec![vec![OK; requests.len()]]);
    for outcome in all(&client(port), requests) {
        assert_eq!(short(&outcome), (200, "ok".into()));
    }
    let requests = server.join().unwrap();
    requests.into_iter().map(|request| request.replace(&port.to_string(), "PORT")).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec())).collect()
}

#[test]
fn a_get_has_its_host() {
    let expected = "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: keep-alive\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n";
    assert_eq!(sent(vec![get("/a?b=c#d")]), [expected]);
    assert!(sent(vec![get("?q=\u{e4}")])[0].starts_with("GET /?q=%C3%A4 HTTP/1.1\r\n"));
}

#[test]
fn headers_of_the_program_rule() {
    let headers = [
        ("Host", "x"),
        ("User-Agent", "me"),
        ("accept-encoding", "br"),
        ("X", "1"),
        ("X", "2"),
        ("Content-Length", "9"),
        ("Transfer-Encoding", "chunked"),
    ];
    let request = Request { method: b"DELETE".to_vec(), headers: pairs(&headers), ..get("/") };
    let expected = "DELETE / HTTP/1.1\r\nHost: x\r\nUser-Agent: me\r\naccept-encoding: br\r\nX: 1\r\nX: 2\r\nConnection: keep-alive\r\n\r\n";
    assert_eq!(sent(vec![request.clone()])[0].replace("Host: x\r\n", ""), expected.replace("Host: x\r\n", ""));
    assert_eq!(sent(vec![request])[0].matches("Host:").count(), 1);
}

#[test]
fn a_body_makes_a_post_with_its_length() {
    let found = sent(vec![post("/", b"a=b"), Request { method: b"POST".to_vec(), ..get("/") }]);
    assert!(
        found[0].starts_with("POST / HTTP/1.1\r\n") && found[0].ends_with("Content-Length: 3\r\n\r\na=b"),
        "{found:?}"
    );
    assert!(found[1].ends_with("Content-Length: 0\r\n\r\n"), "{found:?}");
}

#[test]
fn a_form_is_encoded() {
    let body = Body::Form(pairs(&[("a b", "1&2"), ("\u{e4}", "~x-._*/")]));
    let found = sent(vec![Request { target: b"/".to_vec(), body, ..Request::default() }]);
    let (head, body) = found[0].split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Content-Type: application/x-www-form-urlencoded\r\n"));
    assert_eq!(body, "a+b=1%262&%C3%A4=%7Ex-._*%2F");
}

#[test]
fn files_and_fields_go_as_a_multipart_form() {
    let dir = tempfile::tempdir().unwrap();
    let (path, empty) = (dir.path().join("a \"b\".txt"), dir.path().join("empty.bin"));
    std::fs::write(&path, "0123456789").unwrap();
    std::fs::write(&empty, "").unwrap();
    let files = vec![
        Upload { path: path.clone(), name: b"one".to_vec(), ..Upload::default() },
        Upload {
            path: path.clone(),
            name: b"two".to_vec(),
            media_type: b"x/y".to_vec(),
            file_name: b"z\r\n".to_vec(),
            offset: 2,
            length: 3,
        },
        Upload { path: empty, name: b"three".to_vec(), ..Upload::default() },
    ];
    let body = Body::Multipart { fields: pairs(&[("f\"", "v")]), files };
    let found = sent(vec![Request { target: b"/".to_vec(), body, ..Request::default() }]);
    let (head, body) = found[0].split_once("\r\n\r\n").unwrap();
    let boundary = head.split("boundary=").nth(1).unwrap().lines().next().unwrap();
    let expected = "--B\r\nContent-Disposition: form-data; name=\"f%22\"\r\n\r\nv\r\n\
        --B\r\nContent-Disposition: form-data; name=\"one\"; filename=\"a %22b%22.txt\"\r\nContent-Type: text/plain\r\n\r\n0123456789\r\n\
        --B\r\nContent-Disposition: form-data; name=\"two\"; filename=\"z%0D%0A\"\r\nContent-Type: x/y\r\n\r\n234\r\n\
        --B\r\nContent-Disposition: form-data; name=\"three\"; filename=\"empty.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--B--\r\n";
    assert_eq!(body.replace(boundary, "B"), expected);
}

#[test]
fn what_could_become_another_request_is_refused() {
    let client = client(1);
    let header = |name: &str, value: &str| Request { headers: pairs(&[(name, value)]), ..get("/") };
    let method = |method: &str| Request { method: method.into(), ..get("/") };
    let bad = [
        get("/ HTTP/1.1\r\nX: y"),
        get("/a b"),
        get("/\0"),
        get("a"),
        get("http://x/"),
        header("X", "a\r\nY: b"),
        header("X", "a\nb"),
        header("X\r\n", ""),
        header("", "x"),
        header("a b", ""),
        header("X", "\0"),
        method("GET /"),
        method("CONNECT"),
        method("G\r\n"),
    ];
    for request in bad {
        let shown = format!("{request:?}");
        let error = client.execute(request, Box::new(|_, _| unreachable!())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams, "{shown}");
    }
    assert!(client.set_cookies(pairs(&[("a", "b\r\nX: y")])).is_err());
    assert_eq!(client.pending(), 0);
    for host in ["", "a b", "a\r\nb", "http://a", "a/b", "a:80", "unix:"] {
        assert!(HttpClient::new(host, 80, false).is_err(), "{host:?}");
    }
}

#[test]
fn an_upload_that_is_not_there_is_refused_at_once() {
    let client = client(1);
    let files = vec![Upload { path: "/nowhere/at/all".into(), name: b"x".to_vec(), ..Upload::default() }];
    let request = Request { body: Body::Multipart { fields: Pairs::new(), files }, ..get("/") };
    let error = client.execute(request, Box::new(|_, _| unreachable!())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileNotExist);
}

#[test]
fn cookies_of_answers_are_sent_back() {
    const SETS: &[u8] = b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2; Path=/x\r\n\r\n";
    const DROPS: &[u8] = b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=; Path=/; Max-Age=0\r\n\r\n";
    let (port, server) = server(vec![vec![SETS, DROPS, OK, OK]]);
    let client = client(port);
    client.set_cookies(pairs(&[("mine", "0")])).unwrap();
    let own = Request { headers: pairs(&[("Cookie", "own")]), ..get("/") };
    let answers = all(&client, [get("/"), get("/x/y"), get("/"), own]);
    let set: Vec<_> = answers[0].as_ref().unwrap().all(b"set-cookie").collect();
    assert_eq!(set, [&b"a=1"[..], b"b=2; Path=/x"]);
    let cookies =
        |request: &String| request.lines().find_map(|line| line.strip_prefix("Cookie: ")).unwrap_or("").to_owned();
    let sent: Vec<_> = server.join().unwrap().iter().map(cookies).collect();
    assert_eq!(sent, ["mine=0", "b=2; mine=0; a=1", "mine=0", "own"]);
    assert_eq!(client.cookies(), pairs(&[("mine", "0"), ("b", "2")]));
}
