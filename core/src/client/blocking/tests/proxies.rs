//! Through proxies that stand in the test.

use super::*;
use std::net::SocketAddr;

/// A peer behind the proxy: it speaks first, then answers one byte at a time.
fn target() -> (u16, JoinHandle<()>) {
    peer(|mut stream| {
        stream.write_all(b"welcome").unwrap();
        let mut echo = stream.try_clone().unwrap();
        std::io::copy(&mut stream, &mut echo).unwrap();
    })
}

/// Sends what the target says first together with the proxy's answer, then what comes both ways.
fn relay(mut client: TcpStream, to: SocketAddr, answer: &[u8]) {
    let mut target = TcpStream::connect(to).unwrap();
    let first = read(&mut target, 7);
    client.write_all(&[answer, &first].concat()).unwrap();
    let (mut from, mut back) = (client.try_clone().unwrap(), target.try_clone().unwrap());
    let there = std::thread::spawn(move || {
        std::io::copy(&mut from, &mut back).unwrap();
        back.shutdown(Shutdown::Write).unwrap();
    });
    std::io::copy(&mut target, &mut client).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    there.join().unwrap();
}

fn socks5(login: Option<&'static str>) -> (u16, JoinHandle<()>) {
    peer(move |mut stream| {
        let greeting = read(&mut stream, 2);
        assert_eq!(greeting[0], 5);
        let methods = read(&mut stream, greeting[1].into());
        if let Some(login) = login {
            assert!(methods.contains(&2));
            stream.write_all(&[5, 2]).unwrap();
            let given = read(&mut stream, login.len());
            let status = u8::from(given != login.as_bytes());
            stream.write_all(&[1, status]).unwrap();
        } else {
            assert_eq!(methods, [0]);
            stream.write_all(&[5, 0]).unwrap();
        }
        let mut request = [0; 4];
        if stream.read_exact(&mut request).is_err() {
            return;
        }
        assert_eq!(request[..3], [5, 1, 0]);
        let host = match request[3] {
            1 => "127.0.0.1".to_owned().tap(|_| drop(read(&mut stream, 4))),
            _ => {
                let length = read(&mut stream, 1)[0];
                String::from_utf8(read(&mut stream, length.into())).unwrap()
            }
        };
        let port = u16::from_be_bytes(read(&mut stream, 2).try_into().unwrap());
        // The name is the proxy's to look up: the client's machine does not know it.
        assert!(["target.test", "127.0.0.1"].contains(&host.as_str()), "{host}");
        relay(stream, SocketAddr::new("127.0.0.1".parse().unwrap(), port), &[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]);
    })
}

trait Tap: Sized {
    fn tap(self, with: impl FnOnce(&Self)) -> Self {
        with(&self);
        self
    }
}

impl Tap for String {}

/// Answers the request with this, which is followed by the target if it grants it.
fn http(answer: &'static str) -> (u16, JoinHandle<String>) {
    peer(move |mut stream| {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(read(&mut stream, 1));
        }
        let head = String::from_utf8(head).unwrap();
        let port = head.split([':', ' ']).nth(2).unwrap().parse().unwrap();
        if answer.contains(" 200 ") {
            relay(stream, SocketAddr::new("127.0.0.1".parse().unwrap(), port), answer.as_bytes());
        } else {
            stream.write_all(answer.as_bytes()).unwrap();
        }
        head
    })
}

fn through_socks5(proxy: u16, login: Option<(&str, &str)>) -> Client {
    let mut options = vec![("socks5_host", Value::from("127.0.0.1")), ("socks5_port", Value::Int(proxy.into()))];
    if let Some((user, password)) = login {
        options.extend([("socks5_username", Value::from(user)), ("socks5_password", Value::from(password))]);
    }
    with(SocketType::Tcp, &options)
}

fn through_http(proxy: u16) -> Client {
    let options = [
        ("http_proxy_host", Value::from("localhost")),
        ("http_proxy_port", Value::Int(proxy.into())),
        ("http_proxy_user", Value::from("me")),
        ("http_proxy_password", Value::from("secret")),
    ];
    with(SocketType::Tcp, &options)
}

/// The target's first words came with the proxy's answer; then 1 MB goes there and back.
fn converse(mut client: Client) {
    assert!(client.has_pending());
    assert_eq!(recv_with(&mut client, 3, PEEK).unwrap(), b"wel");
    assert_eq!(recv(&mut client, 3), b"wel");
    assert_eq!(recv_with(&mut client, 4, WAIT_ALL).unwrap(), b"come");
    let data = pattern(100_000);
    client.send(&data).unwrap();
    assert!(recv_with(&mut client, data.len(), WAIT_ALL).unwrap() == data);
    client.close().unwrap();
}

#[test]
fn socks5_leads_to_the_target() {
    for (host, login) in [("target.test", None), ("127.0.0.1", Some(("me", "secret")))] {
        let (port, target) = target();
        let (proxy, thread) = socks5(login.map(|_| "\x01\x02me\x06secret"));
        let mut client = through_socks5(proxy, login);
        client.connect(host, port, LONG).unwrap();
        converse(client);
        thread.join().unwrap();
        target.join().unwrap();
    }
}

#[test]
fn http_leads_to_the_target() {
    let (port, target) = target();
    let (proxy, thread) = http("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n");
    let mut client = through_http(proxy);
    client.connect("target.test", port, LONG).unwrap();
    converse(client);
    let head = thread.join().unwrap();
    assert!(head.starts_with(&format!("CONNECT target.test:{port} HTTP/1.1\r\n")), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"), "{head}");
    target.join().unwrap();
}

#[test]
fn packages_begin_behind_the_proxys_answer() {
    let (port, target) = target();
    let (proxy, thread) = http("HTTP/1.1 200 OK\r\n\r\n");
    let mut client = through_http(proxy);
    client.settings().set("open_eof_split", &Value::Bool(true)).unwrap();
    client.settings().set("package_eof", &Value::from("e")).unwrap();
    client.connect("target.test", port, LONG).unwrap();
    assert_eq!(recv(&mut client, 1), b"we");
    assert_eq!(recv(&mut client, 1), b"lcome");
    client.close().unwrap();
    thread.join().unwrap();
    target.join().unwrap();
}

#[test]
fn a_refused_login_is_told() {
    let (proxy, thread) = socks5(Some("\x01\x02me\x06secret"));
    let mut client = through_socks5(proxy, Some(("me", "secreT")));
    let error = client.connect("target.test", 81, LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Socks5AuthFailed);
    assert!(!client.is_connected());
    thread.join().unwrap();
}

#[test]
fn a_proxy_that_says_no_is_told() {
    let (proxy, thread) = http("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let error = through_http(proxy).connect("target.test", 81, LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HttpProxyHandshakeFailed);
    let wanted = format!(
        "cannot connect to target.test:81 through the HTTP proxy localhost:{proxy}: the proxy answered 403 Forbidden"
    );
    assert_eq!(error.to_string(), wanted);
    thread.join().unwrap();
}

#[test]
fn a_proxy_that_says_nothing_is_given_up_in_time() {
    let (proxy, thread) = peer(all);
    let error = through_socks5(proxy, None).connect("target.test", 81, SHORT).unwrap_err();
    assert_eq!(error.code(), libc::ETIMEDOUT, "{error}");
    assert!(error.to_string().contains(&format!("target.test:81 through the SOCKS5 proxy 127.0.0.1:{proxy}")));
    assert_eq!(thread.join().unwrap(), [5, 1, 0]);
}

#[test]
fn a_proxy_that_hangs_up_is_told() {
    let (proxy, thread) = peer(|mut stream| drop(read(&mut stream, 3)));
    let error = through_socks5(proxy, None).connect("target.test", 81, LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Socks5ServerError, "{error}");
    thread.join().unwrap();
}

#[test]
fn a_proxy_that_is_not_there_is_told_with_the_target() {
    let (proxy, thread) = peer(drop);
    drop(TcpStream::connect(("127.0.0.1", proxy)).unwrap());
    thread.join().unwrap();
    let error = through_socks5(proxy, None).connect("target.test", 81, LONG).unwrap_err();
    let wanted =
        format!("cannot connect to target.test:81 through the SOCKS5 proxy 127.0.0.1:{proxy}: Connection refused");
    assert!(error.to_string().starts_with(&wanted), "{error}");
    assert_eq!(error.code(), libc::ECONNREFUSED);
}

#[test]
fn a_unix_client_takes_no_proxy() {
    let mut client = with(SocketType::UnixStream, &[("socks5_host", Value::from("127.0.0.1"))]);
    assert_eq!(client.connect("/tmp/x", 0, LONG).unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn kept_connections_through_a_proxy_are_not_taken_without_it() {
    let (port, target) = target();
    let (proxy, thread) = http("HTTP/1.1 200 OK\r\n\r\n");
    let mut client = through_http(proxy);
    assert_eq!(client.connect_kept("127.0.0.1", port, LONG, "k").unwrap(), 0);
    assert_eq!(recv_with(&mut client, 7, WAIT_ALL).unwrap(), b"welcome");
    client.keep("k");
    let mut direct = Client::new(SocketType::Tcp);
    assert!(direct.connect_kept("127.0.0.1", port, LONG, "k").map_or(true, |uses| uses == 0));
    assert_eq!(client.connect_kept("127.0.0.1", port, LONG, "k").unwrap(), 1);
    client.close().unwrap();
    thread.join().unwrap();
    target.join().unwrap();
}
