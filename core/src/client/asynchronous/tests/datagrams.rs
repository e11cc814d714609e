//! UDP and Unix datagrams.

use super::*;
use std::net::UdpSocket;
use std::os::unix::net::UnixDatagram;

/// Answers one datagram with what it was.
fn answers(bind: &str) -> (u16, JoinHandle<()>) {
    let socket = UdpSocket::bind(bind).unwrap();
    let port = socket.local_addr().unwrap().port();
    let answer = move || {
        let mut buffer = [0; 65536];
        let (count, from) = socket.recv_from(&mut buffer).unwrap();
        socket.send_to(&buffer[..count], from).unwrap();
    };
    (port, std::thread::spawn(answer))
}

/// Closes when a datagram has come.
fn closes() -> Option<ReceiveCall> {
    Some(Box::new(|client, _| {
        client.close(false).unwrap();
        Flow::Continue
    }))
}

#[test]
fn a_datagram_comes_back_with_its_sender() {
    for (kind, host) in [(SocketType::Udp, "127.0.0.1"), (SocketType::Udp6, "::1")] {
        let (port, peer) = answers(if kind == SocketType::Udp { "127.0.0.1:0" } else { "[::1]:0" });
        let client = AsyncClient::new(kind);
        let events = Rc::new(Events {
            on_connect: sends(b"ping"),
            on_receive: Some(Box::new(move |client, data| {
                assert_eq!(data, b"ping");
                assert_eq!(client.peer_address().unwrap(), Address { host: host.into(), port });
                client.close(false).unwrap();
                Flow::Continue
            })),
            ..Events::default()
        });
        client.connect(host, port, TIME, events.clone()).unwrap();
        assert!(events.noted().is_empty());
        wait();
        assert_eq!(events.noted(), ["connect", "receive", "close"]);
        peer.join().unwrap();
    }
}

#[test]
fn a_datagram_client_to_an_address_in_text_sends_at_once_and_is_told_of_the_answer_after_connect() {
    let (port, peer) = answers("127.0.0.1:0");
    let client = AsyncClient::new(SocketType::Udp);
    let events = connect(&client, port, Events { on_receive: closes(), ..Events::default() });
    assert!(client.is_connected());
    client.send(b"at once").unwrap();
    assert!(events.noted().is_empty());
    peer.join().unwrap();
    wait();
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    assert_eq!(events.bytes(), b"at once");
}

#[test]
fn a_datagram_client_that_is_closed_before_connect_is_told_gets_no_event() {
    let client = AsyncClient::new(SocketType::Udp);
    let events = connect(&client, 9, Events::default());
    client.close(false).unwrap();
    assert!(!client.is_connected());
    wait();
    assert!(events.noted().is_empty());
}

#[test]
fn an_answer_may_come_from_another_address_that_was_asked() {
    let (port, peer) = answers("127.0.0.1:0");
    let (other_port, other) = answers("127.0.0.1:0");
    let client = AsyncClient::new(SocketType::Udp);
    let on_connect = move |client: &AsyncClient| client.send_to("127.0.0.1", other_port, b"other").unwrap();
    let on_receive = move |client: &AsyncClient, data: &[u8]| {
        let from = client.peer_address().unwrap().port;
        if data == b"other" {
            assert_eq!(from, other_port);
            client.send(b"peer").unwrap();
        } else {
            assert_eq!((data, from), (&b"peer"[..], port));
            client.close(false).unwrap();
        }
        Flow::Continue
    };
    let events = Events { on_connect: calls(on_connect), on_receive: Some(Box::new(on_receive)), ..Events::default() };
    let events = connect(&client, port, events);
    wait();
    assert_eq!(events.received.borrow().len(), 2);
    peer.join().unwrap();
    other.join().unwrap();
}

#[test]
fn each_datagram_is_one_call_and_an_empty_one_is_one_too() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let client = AsyncClient::new(SocketType::Udp);
    let events = connect(
        &client,
        socket.local_addr().unwrap().port(),
        Events {
            on_connect: sends(b"go"),
            on_receive: Some(Box::new(|client, data| {
                if data == b"end" {
                    client.close(false).unwrap();
                }
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    let peer = std::thread::spawn(move || {
        let (_, from) = socket.recv_from(&mut [0; 10]).unwrap();
        for data in [&b"one"[..], b"", &[9; 60_000], b"end"] {
            socket.send_to(data, from).unwrap();
        }
    });
    wait();
    assert_eq!(*events.received.borrow(), [b"one".to_vec(), vec![], vec![9; 60_000], b"end".to_vec()]);
    peer.join().unwrap();
}

#[test]
fn sending_to_an_address_needs_no_connect_and_its_answer_comes_after_one() {
    let (port, peer) = answers("127.0.0.1:0");
    let client = AsyncClient::new(SocketType::Udp);
    client.send_to("127.0.0.1", port, b"early").unwrap();
    peer.join().unwrap();
    let own = client.local_address().unwrap();
    let events = connect(&client, port, Events { on_receive: closes(), ..Events::default() });
    assert_eq!(client.local_address().unwrap(), own);
    wait();
    assert_eq!(
        (events.noted(), events.bytes()),
        (vec!["connect".into(), "receive".into(), "close".into()], b"early".to_vec())
    );
}

#[test]
fn what_is_no_datagram_is_refused() {
    let client = AsyncClient::new(SocketType::Udp);
    assert_eq!(client.send_to("localhost", 9, b"x").unwrap_err().kind(), ErrorKind::InvalidParams);
    assert_eq!(client.send_to("127.0.0.1", 9, &[0; 70_000]).unwrap_err().kind(), ErrorKind::DataLengthTooLarge);
    let stream = AsyncClient::new(SocketType::Tcp);
    assert_eq!(stream.send_to("127.0.0.1", 9, b"x").unwrap_err().kind(), ErrorKind::OperationNotSupport);
    let on_connect = |client: &AsyncClient| {
        assert_eq!(client.send(&[0; 70_000]).unwrap_err().kind(), ErrorKind::DataLengthTooLarge);
        assert_eq!(client.shutdown(How::Write).unwrap_err().kind(), ErrorKind::OperationNotSupport);
        let file = Path::new("/etc/passwd");
        assert_eq!(client.send_file(file, 0, 0).unwrap_err().kind(), ErrorKind::OperationNotSupport);
        client.close(false).unwrap();
    };
    let events = connect(&client, 9, Events { on_connect: calls(on_connect), ..Events::default() });
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
}

#[test]
fn nothing_is_lost_of_datagrams_that_come_while_it_is_paused() {
    let (port, peer) = answers("127.0.0.1:0");
    let on_connect = |client: &AsyncClient| {
        client.send(b"ping").unwrap();
        client.pause().unwrap();
        let client = client.clone();
        let resume = move |_| {
            client.resume().unwrap();
            Flow::Continue
        };
        event::after(Duration::from_millis(20), Rc::new(resume)).unwrap();
    };
    let events = Events { on_connect: calls(on_connect), on_receive: closes(), ..Events::default() };
    let events = connect(&AsyncClient::new(SocketType::Udp), port, events);
    wait();
    assert_eq!(events.bytes(), b"ping");
    peer.join().unwrap();
}

#[test]
fn a_unix_datagram_client_can_be_answered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("server");
    let server = UnixDatagram::bind(&path).unwrap();
    let client = AsyncClient::new(SocketType::UnixDgram);
    let shown = path.to_str().unwrap().to_owned();
    let expected = Address { host: shown.clone(), port: 0 };
    let on_receive = move |client: &AsyncClient, _: &[u8]| {
        assert_eq!(client.peer_address().unwrap(), expected);
        client.close(false).unwrap();
        Flow::Continue
    };
    let events =
        Rc::new(Events { on_connect: sends(b"ping"), on_receive: Some(Box::new(on_receive)), ..Events::default() });
    client.connect(&shown, 0, TIME, events.clone()).unwrap();
    let peer = std::thread::spawn(move || {
        let mut buffer = [0; 10];
        let (count, from) = server.recv_from(&mut buffer).unwrap();
        server.send_to_addr(&buffer[..count], &from).unwrap();
    });
    wait();
    assert_eq!(events.bytes(), b"ping");
    peer.join().unwrap();
}
