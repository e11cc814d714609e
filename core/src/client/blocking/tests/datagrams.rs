//! UDP over IPv4 and IPv6.

use super::*;
use std::net::UdpSocket;

fn other(address: &str) -> (UdpSocket, u16) {
    let socket = UdpSocket::bind(address).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

#[test]
fn datagrams_go_to_the_peer_and_come_back() {
    for (kind, host) in [(SocketType::Udp, "127.0.0.1"), (SocketType::Udp6, "::1")] {
        let (peer, port) = other(if kind == SocketType::Udp { "127.0.0.1:0" } else { "[::1]:0" });
        let mut client = Client::new(kind);
        client.connect(host, port, LONG).unwrap();
        assert_eq!(client.send(b"hello").unwrap(), 5);
        let mut buffer = [0; 10];
        let (length, from) = peer.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"hello");
        peer.send_to(b"one", from).unwrap();
        peer.send_to(b"two", from).unwrap();
        assert_eq!(recv(&mut client, 100), b"one");
        assert_eq!(recv(&mut client, 100), b"two");
        assert_eq!(client.peer_address().unwrap(), Address { host: host.into(), port });
    }
}

#[test]
fn sending_to_an_address_needs_no_connect() {
    let (peer, port) = other("127.0.0.1:0");
    let mut client = Client::new(SocketType::Udp);
    client.send_to("localhost", port, b"hello").unwrap();
    assert!(client.descriptor().is_some() && !client.is_connected());
    let mut buffer = [0; 10];
    let (_, from) = peer.recv_from(&mut buffer).unwrap();
    assert_eq!(from.port(), client.local_address().unwrap().port);
    assert_eq!(client.send(b"a").unwrap_err().kind(), ErrorKind::ClientNoConnection);
    peer.send_to(b"answer", from).unwrap();
    assert_eq!(recv(&mut client, 100), b"answer");
    assert_eq!(client.peer_address().unwrap(), Address { host: "127.0.0.1".into(), port });
    client.close().unwrap();
}

#[test]
fn the_sender_of_the_last_datagram_is_told() {
    let (first, first_port) = other("127.0.0.1:0");
    let (second, second_port) = other("127.0.0.1:0");
    let mut client = with(SocketType::Udp, &[("bind_address", Value::from("127.0.0.1"))]);
    client.send_to("127.0.0.1", first_port, b"a").unwrap();
    let own = ("127.0.0.1", client.local_address().unwrap().port);
    for (socket, port) in [(first, first_port), (second, second_port)] {
        socket.send_to(b"b", own).unwrap();
        assert_eq!(recv(&mut client, 10), b"b");
        assert_eq!(client.peer_address().unwrap().port, port);
    }
}

#[test]
fn a_bound_client_can_receive_first() {
    let (peer, _) = other("127.0.0.1:0");
    let (free, port) = other("127.0.0.1:0");
    drop(free);
    let mut client =
        with(SocketType::Udp, &[("bind_address", Value::from("127.0.0.1")), ("bind_port", Value::Int(port.into()))]);
    assert_eq!(recv_with(&mut client, 10, DONT_WAIT).unwrap_err().code(), libc::EAGAIN);
    peer.send_to(b"first", ("127.0.0.1", port)).unwrap();
    client.set_timeout(LONG);
    assert_eq!(recv(&mut client, 10), b"first");
}

#[test]
fn packet_protocols_do_not_concern_datagrams() {
    let (peer, port) = other("127.0.0.1:0");
    let mut client = with(SocketType::Udp, &[("open_eof_split", Value::Bool(true))]);
    client.connect("127.0.0.1", port, LONG).unwrap();
    peer.send_to(b"no end mark", ("127.0.0.1", client.local_address().unwrap().port)).unwrap();
    assert_eq!(recv(&mut client, 100), b"no end mark");
}

#[test]
fn peeking_leaves_a_datagram_and_what_is_longer_than_asked_is_lost() {
    let (peer, port) = other("127.0.0.1:0");
    let mut client = Client::new(SocketType::Udp);
    client.connect("127.0.0.1", port, LONG).unwrap();
    let own = ("127.0.0.1", client.local_address().unwrap().port);
    peer.send_to(b"abcdef", own).unwrap();
    peer.send_to(b"", own).unwrap();
    peer.send_to(b"next", own).unwrap();
    assert_eq!(recv_with(&mut client, 100, PEEK).unwrap(), b"abcdef");
    assert_eq!(recv(&mut client, 3), b"abc");
    assert_eq!(recv(&mut client, 100), b"");
    assert_eq!(recv(&mut client, 100), b"next");
}

#[test]
fn nobody_there_is_told_by_the_next_call() {
    let (peer, port) = other("127.0.0.1:0");
    let mut client = Client::new(SocketType::Udp);
    client.connect("127.0.0.1", port, LONG).unwrap();
    drop(peer);
    client.send(b"a").unwrap();
    let error = recv_with(&mut client, 10, RecvFlags::default()).unwrap_err();
    assert_eq!(error.code(), libc::ECONNREFUSED, "{error}");
    assert!(client.is_connected());
}

#[test]
fn a_silent_peer_is_waited_for_as_long_as_said() {
    let (_peer, port) = other("127.0.0.1:0");
    let mut client = Client::new(SocketType::Udp);
    client.connect("127.0.0.1", port, SHORT).unwrap();
    assert_eq!(recv_with(&mut client, 10, RecvFlags::default()).unwrap_err().code(), libc::EAGAIN);
}

#[test]
fn what_is_no_datagram_is_refused() {
    let mut client = Client::new(SocketType::Udp);
    let long = vec![0; 65508];
    assert_eq!(client.send_to("127.0.0.1", 9, &long).unwrap_err().kind(), ErrorKind::DataLengthTooLarge);
    let path = Path::new("/etc/passwd");
    assert_eq!(client.send_file(path, 0, 0).unwrap_err().kind(), ErrorKind::OperationNotSupport);
    let error = Client::new(SocketType::Tcp).send_to("127.0.0.1", 9, b"a").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationNotSupport);
}

#[test]
fn addresses_of_the_other_family_are_refused() {
    let error = Client::new(SocketType::Udp).send_to("::1", 9, b"a").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
    assert!(error.to_string().starts_with("cannot send to [::1]:9: "), "{error}");
}
