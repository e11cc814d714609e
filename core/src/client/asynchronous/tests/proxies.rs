//! Connections through proxies.

use super::*;

/// Answers each of what is expected with what belongs to it, then greets as the target.
fn proxy(dialog: &'static [(&'static [u8], &'static [u8])]) -> (u16, JoinHandle<()>) {
    peer(move |mut stream| {
        for (expected, answer) in dialog {
            let mut got = vec![0; expected.len()];
            stream.read_exact(&mut got).unwrap();
            assert_eq!(got, *expected);
            // Byte by byte: the answer may come in any pieces.
            stream.set_nodelay(true).unwrap();
            answer.iter().for_each(|byte| stream.write_all(&[*byte]).unwrap());
        }
        echo(stream);
    })
}

fn socks5(port: u16) -> AsyncClient {
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("socks5_host", &Value::from("127.0.0.1")).unwrap();
    client.set("socks5_port", &Value::from(i64::from(port))).unwrap();
    client
}

#[test]
fn the_target_is_reached_through_a_socks5_proxy_and_its_first_bytes_are_not_lost() {
    let (port, peer) = proxy(&[
        (b"\x05\x01\x00", b"\x05\x00"),
        (b"\x05\x01\x00\x03\x0bexample.com\x00\x51", b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50hello"),
    ]);
    let events = Rc::new(Events {
        on_connect: sends(b" back"),
        on_receive: Some(Box::new(|client, data| {
            if data.ends_with(b"back") {
                client.close(false).unwrap();
            }
            Flow::Continue
        })),
        ..Events::default()
    });
    socks5(port).connect("example.com", 81, TIME, events.clone()).unwrap();
    wait();
    assert_eq!(events.bytes(), b"hello back");
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}

#[test]
fn the_target_is_reached_through_an_http_proxy() {
    let (port, peer) = peer(|mut stream| {
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            asked.push(byte[0]);
        }
        assert!(asked.starts_with(b"CONNECT example.com:81 HTTP/1."));
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\nhello").unwrap();
    });
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("http_proxy_host", &Value::from("127.0.0.1")).unwrap();
    client.set("http_proxy_port", &Value::from(i64::from(port))).unwrap();
    let events = Rc::new(Events::default());
    client.connect("example.com", 81, TIME, events.clone()).unwrap();
    wait();
    assert_eq!(
        (events.noted(), events.bytes()),
        (vec!["connect".into(), "receive".into(), "close".into()], b"hello".to_vec())
    );
    peer.join().unwrap();
}

#[test]
fn a_proxy_that_refuses_closes_or_is_silent_is_an_error() {
    type Serve = fn(TcpStream);
    let cases: [(Serve, i32); 3] = [
        (|mut stream| stream.write_all(b"\x05\xff").unwrap(), ErrorKind::Socks5UnsupportedMethod as i32),
        (|mut stream| stream.read_exact(&mut [0; 3]).unwrap(), ErrorKind::Socks5ServerError as i32),
        (|mut stream| drop(stream.read(&mut [0; 100]).and_then(|_| stream.read(&mut [0]))), libc::ETIMEDOUT),
    ];
    for (serve, code) in cases {
        let (port, peer) = peer(serve);
        let client = socks5(port);
        let events = Rc::new(Events::default());
        client.connect("example.com", 81, Duration::from_millis(200), events.clone()).unwrap();
        wait();
        assert_eq!(client.error_code(), code, "{:?}", events.noted());
        let route = format!("error cannot connect to example.com:81 through the SOCKS5 proxy 127.0.0.1:{port}");
        assert!(events.noted()[0].starts_with(&route), "{:?}", events.noted());
        assert_eq!(events.noted().len(), 1);
        peer.join().unwrap();
    }
}
