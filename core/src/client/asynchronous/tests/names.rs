//! Hosts that are given by name.

use super::*;
use crate::aio;
use socket2::{Domain, Type};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

/// A name server that answers one question with these addresses; none: it does not answer.
fn name_server(addresses: &'static [[u8; 4]]) -> JoinHandle<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    aio::set_name_server(Some(&socket.local_addr().unwrap().to_string())).unwrap();
    std::thread::spawn(move || {
        let mut asked = [0; 512];
        let (count, from) = socket.recv_from(&mut asked).unwrap();
        if addresses.is_empty() {
            return socket;
        }
        // The name behind the header ends with a zero byte; type and class follow it.
        let end = 12 + asked[12..count].iter().position(|byte| *byte == 0).unwrap() + 5;
        let mut answer = asked[..end].to_vec();
        answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, addresses.len() as u8, 0, 0, 0, 0]);
        for address in addresses {
            answer.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
            answer.extend(address);
        }
        socket.send_to(&answer, from).unwrap();
        socket
    })
}

fn begin(port: u16, timeout: Duration) -> (AsyncClient, Rc<Events>) {
    let client = AsyncClient::new(SocketType::Tcp);
    let events = Rc::new(Events::default());
    client.connect("host.example", port, timeout, events.clone()).unwrap();
    (client, events)
}

#[test]
fn a_host_may_be_a_name() {
    let (port, peer) = peer(drop);
    let events = Rc::new(Events::default());
    AsyncClient::new(SocketType::Tcp).connect("localhost", port, TIME, events.clone()).unwrap();
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn the_addresses_of_a_name_are_tried_in_turn() {
    let server = name_server(&[[127, 0, 0, 8], [127, 0, 0, 9], [127, 0, 0, 1]]);
    let (port, peer) = peer(drop);
    let (client, events) = begin(port, TIME);
    wait();
    assert_eq!((events.noted(), client.error_code()), (vec!["connect".into(), "close".into()], 0));
    peer.join().unwrap();
    server.join().unwrap();
}

#[test]
fn the_end_of_one_attempt_is_not_taken_for_that_of_the_next() {
    let server = name_server(&[[127, 0, 0, 8], [127, 0, 0, 1]]);
    let (port, peer) = peer(echo);
    let client = AsyncClient::new(SocketType::Tcp);
    let events = Rc::new(Events {
        on_connect: calls(|client| {
            assert!(!client.current().unwrap().link.borrow().hangup, "or each read would be tried twice");
            client.close(false).unwrap();
        }),
        ..Events::default()
    });
    client.connect("host.example", port, TIME, events.clone()).unwrap();
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
    server.join().unwrap();
}

#[test]
fn an_address_that_does_not_answer_leaves_time_for_the_others() {
    let server = name_server(&[[127, 0, 0, 8], [127, 0, 0, 1]]);
    let (port, peer) = peer(drop);
    // Its queue is full: the kernel drops the packet that opens another connection.
    let silent = socket2::Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let address = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 8), port));
    silent.bind(&address.into()).unwrap();
    silent.listen(0).unwrap();
    let _first = TcpStream::connect(address).unwrap();
    let (_client, events) = begin(port, Duration::from_millis(400));
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
    server.join().unwrap();
}

#[test]
fn none_of_the_addresses_is_an_error_with_the_last_reason() {
    let server = name_server(&[[127, 0, 0, 8], [127, 0, 0, 9]]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (client, events) = begin(port, TIME);
    wait();
    let expected = format!("error cannot connect to host.example:{port}: Connection refused (os error 111)");
    assert_eq!((events.noted(), client.error_code()), (vec![expected], libc::ECONNREFUSED));
    server.join().unwrap();
}

#[test]
fn a_name_that_is_looked_up_for_too_long_is_an_error_after_the_timeout() {
    let server = name_server(&[]);
    let (client, events) = begin(80, Duration::from_millis(50));
    wait();
    let noted = events.noted();
    assert_eq!(client.error_code(), ErrorKind::DnsResolveTimeout as i32, "{noted:?}");
    assert!(noted[0].starts_with("error cannot connect to host.example:80: "), "{noted:?}");
    assert!(noted[0].contains("no name server answered within 50 ms"), "{noted:?}");
    server.join().unwrap();
}

#[test]
fn closing_while_the_name_is_looked_up_gives_up_without_any_event() {
    let server = name_server(&[[127, 0, 0, 1]]);
    let (client, events) = begin(80, TIME);
    client.close(false).unwrap();
    wait();
    assert!(events.noted().is_empty());
    server.join().unwrap();
}

#[test]
fn a_name_that_is_no_hosts_name_is_refused_at_once() {
    let client = AsyncClient::new(SocketType::Tcp);
    let error = client.connect("no host", 80, TIME, Rc::new(Events::default())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
    assert!(event::is_idle());
}
