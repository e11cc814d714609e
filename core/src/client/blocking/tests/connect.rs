//! Connecting, and what a connection is then.

use super::*;
use crate::client::blocking::dial;
use socket2::{Domain, Socket, Type};
use std::net::SocketAddr;
use std::time::Instant;

/// A port that refuses as long as the socket lives.
fn refusing() -> (Socket, u16) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&"127.0.0.1:0".parse::<SocketAddr>().unwrap().into()).unwrap();
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    (socket, port)
}

#[test]
fn a_connected_client_has_both_addresses_and_a_descriptor() {
    let (port, thread) = peer(|stream| stream.peer_addr().unwrap());
    let mut client = Client::new(SocketType::Tcp);
    assert!(!client.is_connected() && client.descriptor().is_none());
    client.connect("127.0.0.1", port, LONG).unwrap();
    assert!(client.is_connected() && client.descriptor().is_some());
    assert_eq!(client.peer_address().unwrap(), Address { host: "127.0.0.1".into(), port });
    let own = client.local_address().unwrap();
    assert_eq!(thread.join().unwrap(), SocketAddr::new("127.0.0.1".parse().unwrap(), own.port));
}

#[test]
fn names_are_looked_up() {
    for timeout in [LONG, Duration::ZERO] {
        let (port, thread) = peer(all);
        let mut client = Client::new(SocketType::Tcp);
        client.connect("localhost", port, timeout).unwrap();
        client.close().unwrap();
        thread.join().unwrap();
    }
}

#[test]
fn ipv6_works_with_and_without_brackets() {
    let listener = TcpListener::bind("[::1]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in ["::1", "[::1]"] {
        let mut client = Client::new(SocketType::Tcp6);
        client.connect(host, port, LONG).unwrap();
        assert_eq!(client.peer_address().unwrap(), Address { host: "::1".into(), port });
    }
}

#[test]
fn a_refused_connect_names_host_port_and_reason() {
    let (_refusing, port) = refusing();
    let mut client = Client::new(SocketType::Tcp);
    let error = client.connect("127.0.0.1", port, LONG).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot connect to 127.0.0.1:{port}: Connection refused (os error 111)"));
    assert_eq!(error.code(), libc::ECONNREFUSED);
    assert!(!client.is_connected());
}

#[test]
fn a_client_can_connect_after_it_could_not() {
    let (_refusing, refused) = refusing();
    let (port, thread) = peer(all);
    let mut client = Client::new(SocketType::Tcp);
    client.connect("127.0.0.1", refused, LONG).unwrap_err();
    client.connect("127.0.0.1", port, LONG).unwrap();
    client.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn a_host_that_does_not_answer_is_given_up_in_time() {
    let (_silent, address) = dial::tests::silent();
    let port = address.as_socket().unwrap().port();
    let begun = Instant::now();
    let error = Client::new(SocketType::Tcp).connect("127.0.0.1", port, Duration::from_millis(200)).unwrap_err();
    let took = begun.elapsed();
    assert_eq!(error.code(), libc::ETIMEDOUT, "{error}");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}: Connection timed out")), "{error}");
    assert!(took >= Duration::from_millis(200) && took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn a_name_that_does_not_exist_is_named() {
    let error = Client::new(SocketType::Tcp).connect("no such name.invalid", 81, LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DnsResolveFailed);
    let text = error.to_string();
    assert!(text.starts_with("cannot connect to no such name.invalid:81: the host name"), "{text}");
}

#[test]
fn hosts_that_are_none_are_refused() {
    for host in ["", "a\0b", "::1"] {
        let error = Client::new(SocketType::Tcp).connect(host, 81, LONG).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams, "{error}");
    }
}

#[test]
fn what_needs_a_connection_says_so() {
    let mut client = Client::new(SocketType::Tcp);
    let kinds = [
        client.send(b"a").unwrap_err(),
        recv_with(&mut client, 1, RecvFlags::default()).unwrap_err(),
        client.send_file(Path::new("/etc/passwd"), 0, 0).unwrap_err(),
        client.shutdown(How::Both).unwrap_err(),
        client.local_address().unwrap_err(),
        client.peer_address().unwrap_err(),
        client.close().unwrap_err(),
    ];
    assert!(kinds.iter().all(|e| e.kind() == ErrorKind::ClientNoConnection), "{kinds:?}");
}

#[test]
fn a_client_is_closed_once_and_can_connect_again() {
    let (mut client, thread) = connected(&[], all);
    client.close().unwrap();
    assert!(!client.is_connected() && client.descriptor().is_none());
    assert_eq!(client.close().unwrap_err().kind(), ErrorKind::ClientNoConnection);
    thread.join().unwrap();
    let (port, thread) = peer(all);
    client.connect("127.0.0.1", port, LONG).unwrap();
    drop(client);
    thread.join().unwrap();
}

#[test]
fn a_second_connect_is_refused_and_changes_nothing() {
    let (mut client, thread) = connected(&[], all);
    let error = client.connect("127.0.0.1", 1, LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongOperation);
    client.send(b"still there").unwrap();
    client.close().unwrap();
    assert_eq!(thread.join().unwrap(), b"still there");
}

#[test]
fn it_comes_from_the_address_and_port_that_are_set() {
    let (_held, own) = refusing();
    drop(_held);
    let options = [("bind_address", Value::from("127.0.0.2")), ("bind_port", Value::Int(i64::from(own)))];
    let (client, thread) = connected(&options, |stream| stream.peer_addr().unwrap());
    assert_eq!(thread.join().unwrap().to_string(), format!("127.0.0.2:{own}"));
    assert_eq!(client.local_address().unwrap(), Address { host: "127.0.0.2".into(), port: own });
}

#[test]
fn an_address_that_is_not_of_this_machine_is_named() {
    let mut client = with(SocketType::Tcp, &[("bind_address", Value::from("192.0.2.1"))]);
    let error = client.connect("127.0.0.1", 81, LONG).unwrap_err();
    assert_eq!(error.code(), libc::EADDRNOTAVAIL);
    assert!(error.to_string().starts_with("cannot connect to 127.0.0.1:81: cannot bind to 192.0.2.1:0"), "{error}");
}

#[test]
fn the_options_of_the_socket_are_set() {
    let options = [
        ("open_tcp_nodelay", Value::Bool(false)),
        ("open_tcp_keepalive", Value::Bool(true)),
        ("tcp_keepidle", Value::Int(7)),
        ("tcp_user_timeout", Value::Int(4000)),
        ("kernel_socket_recv_buffer_size", Value::Int(100_000)),
        ("kernel_socket_send_buffer_size", Value::Int(90_000)),
    ];
    let (client, _) = connected(&options, drop);
    let socket = &client.link.as_ref().unwrap().socket;
    assert!(!socket.tcp_nodelay().unwrap());
    assert!(socket.keepalive().unwrap());
    assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(7));
    assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(4)));
    // The kernel doubles them, for its own use.
    assert_eq!(socket.recv_buffer_size().unwrap(), 200_000);
    assert_eq!(socket.send_buffer_size().unwrap(), 180_000);
    let (client, _) = connected(&[], drop);
    assert!(client.link.as_ref().unwrap().socket.tcp_nodelay().unwrap());
}

#[test]
fn options_that_exclude_one_another_are_told_before_anything_is_sent() {
    let mut client =
        with(SocketType::Tcp, &[("open_length_check", Value::Bool(true)), ("package_length_func", Value::Callable)]);
    let error = client.connect("127.0.0.1", 81, LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCallback);
}

#[test]
fn without_waiting_it_becomes_connected_later() {
    let (port, thread) = peer(all);
    let mut client = Client::new(SocketType::Tcp);
    client.connect_nowait("127.0.0.1", port, LONG).unwrap();
    assert!(Deadline::after(LONG).wait(&*client.link.as_ref().unwrap().socket, Ready::Write).unwrap());
    assert!(client.is_connected());
    assert_eq!(client.send(b"hello").unwrap(), 5);
    let error = recv_with(&mut client, 10, RecvFlags::default()).unwrap_err();
    assert_eq!(error.code(), libc::EAGAIN);
    client.close().unwrap();
    assert_eq!(thread.join().unwrap(), b"hello");
}

#[test]
fn without_waiting_the_next_call_tells_that_it_could_not_connect() {
    let (_refusing, port) = refusing();
    let mut client = Client::new(SocketType::Tcp);
    client.connect_nowait("127.0.0.1", port, LONG).unwrap();
    assert!(Deadline::after(LONG).wait(&*client.link.as_ref().unwrap().socket, Ready::Write).unwrap());
    assert!(!client.is_connected());
    let error = client.send(b"a").unwrap_err();
    assert_eq!(error.to_string(), format!("cannot connect to 127.0.0.1:{port}: Connection refused (os error 111)"));
    assert!(!client.is_connected());
    client.close().unwrap();
}

#[test]
fn without_waiting_calls_say_that_it_is_still_connecting() {
    let (_silent, address) = dial::tests::silent();
    let mut client = Client::new(SocketType::Tcp);
    client.connect_nowait("127.0.0.1", address.as_socket().unwrap().port(), LONG).unwrap();
    assert!(!client.is_connected());
    let error = client.send(b"a").unwrap_err();
    assert_eq!(error.code(), libc::EAGAIN);
    assert!(error.to_string().starts_with("still connecting to 127.0.0.1:"), "{error}");
    assert_eq!(client.connect("127.0.0.1", 1, LONG).unwrap_err().kind(), ErrorKind::WrongOperation);
}

#[test]
fn without_waiting_and_a_proxy_do_not_go_together() {
    let mut client = with(SocketType::Tcp, &[("socks5_host", Value::from("127.0.0.1"))]);
    let error = client.connect_nowait("127.0.0.1", 81, LONG).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationNotSupport);
}
