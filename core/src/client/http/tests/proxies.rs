//! Through proxies.

use super::*;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn through(option: &str, port: u16) -> HttpClient {
    let client = HttpClient::new("example.com", 8080, false).unwrap();
    client.set(&format!("{option}_host"), &Value::from("127.0.0.1")).unwrap();
    client.set(&format!("{option}_port"), &Value::from(i64::from(port))).unwrap();
    client
}

#[test]
fn an_http_proxy_is_asked_for_the_whole_address() {
    let (port, proxy) = server(vec![vec![OK, OK]]);
    let client = through("http_proxy", port);
    client.set("http_proxy_user", &Value::from("me")).unwrap();
    client.set("http_proxy_password", &Value::from("secret")).unwrap();
    let outcomes = all(&client, [get("/a?b"), get("/c")]);
    assert!(outcomes.iter().all(|outcome| short(outcome) == (200, "ok".into())));
    let requests = proxy.join().unwrap();
    let head = "GET http://example.com:8080/a?b HTTP/1.1\r\nHost: example.com:8080\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n";
    assert!(requests[0].starts_with(head), "{}", requests[0]);
    assert!(requests[1].starts_with("GET http://example.com:8080/c "));
}

#[test]
fn a_websocket_goes_through_an_http_proxy_by_connect() {
    let (port, proxy) = server(vec![vec![b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"]]);
    let client = through("http_proxy", port);
    let outcomes = Outcomes::default();
    let noted = outcomes.clone();
    let done = Box::new(move |_: &HttpClient, outcome| {
        noted.borrow_mut().push(outcome);
        Flow::Continue
    });
    client.upgrade(get("/chat"), done).unwrap();
    wait();
    assert_eq!(short(&outcomes.borrow()[0]), (403, String::new()));
    let requests = proxy.join().unwrap();
    assert!(requests[0].starts_with("CONNECT example.com:8080 HTTP/1.1\r\n"));
    assert!(requests[1].starts_with("GET /chat HTTP/1.1\r\nHost: example.com:8080\r\n"));
}

#[test]
fn a_socks5_proxy_is_told_the_name() {
    let (port, proxy) = peer(|mut stream| {
        let mut hello = [0; 3];
        stream.read_exact(&mut hello).unwrap();
        stream.write_all(b"\x05\x00").unwrap();
        let mut asked = [0; 18];
        stream.read_exact(&mut asked).unwrap();
        stream.write_all(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50").unwrap();
        let request = request(&mut stream);
        stream.write_all(OK).unwrap();
        (asked, request)
    });
    assert_eq!(short(&one(&through("socks5", port), get("/"))), (200, "ok".into()));
    let (asked, request) = proxy.join().unwrap();
    assert_eq!(&asked, b"\x05\x01\x00\x03\x0bexample.com\x1f\x90");
    assert!(request.starts_with("GET / HTTP/1.1\r\nHost: example.com:8080\r\n"));
}
