//! Connections that are kept.

use super::*;
use std::sync::mpsc;

fn kept(port: u16, id: &str) -> (Client, u32) {
    let mut client = Client::new(SocketType::Tcp);
    let uses = client.connect_kept("127.0.0.1", port, LONG, id).unwrap();
    (client, uses)
}

/// A peer that answers each connection with its number, and each byte with that byte, until the client leaves.
fn numbering() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            stream.write_all(&[number as u8]).unwrap();
            std::thread::spawn(move || {
                let mut echo = stream.try_clone().unwrap();
                let _ = std::io::copy(&mut stream, &mut echo);
            });
        }
    });
    port
}

#[test]
fn a_kept_connection_is_taken_up_again() {
    let port = numbering();
    let (mut client, uses) = kept(port, "a");
    assert_eq!((uses, recv(&mut client, 1)), (0, vec![0]));
    let own = client.local_address().unwrap();
    client.keep("a");
    assert!(!client.is_connected() && client.descriptor().is_none());
    for again in 1..4 {
        let (mut client, uses) = kept(port, "a");
        assert_eq!((uses, client.local_address().unwrap()), (again, own.clone()));
        client.send(b"x").unwrap();
        assert_eq!(recv(&mut client, 1), b"x");
        client.keep("a");
    }
}

#[test]
fn a_kept_connection_has_the_timeout_and_protocol_of_the_one_that_takes_it() {
    let port = numbering();
    let (mut client, _) = kept(port, "p");
    recv(&mut client, 1);
    client.keep("p");
    let mut client = with(SocketType::Tcp, &[("open_eof_split", Value::Bool(true)), ("package_eof", Value::from("."))]);
    assert_eq!(client.connect_kept("127.0.0.1", port, SHORT, "p").unwrap(), 1);
    client.send(b"a.b").unwrap();
    client.set_timeout(LONG);
    assert_eq!(recv(&mut client, 1), b"a.");
    client.set_timeout(SHORT);
    assert_eq!(recv_with(&mut client, 1, RecvFlags::default()).unwrap_err().code(), libc::EAGAIN);
}

#[test]
fn another_id_kind_or_peer_gets_a_connection_of_its_own() {
    let port = numbering();
    let other = numbering();
    let (mut client, _) = kept(port, "mine");
    recv(&mut client, 1);
    client.keep("mine");
    assert_eq!(kept(port, "yours").1, 0);
    assert_eq!(kept(other, "mine").1, 0);
    let mut by_name = Client::new(SocketType::Tcp);
    assert_eq!(by_name.connect_kept("localhost", port, LONG, "mine").unwrap(), 0);
    assert_eq!(kept(port, "mine").1, 1);
}

#[test]
fn two_are_kept_under_one_id() {
    let port = numbering();
    let (mut one, _) = kept(port, "two");
    let (mut two, _) = kept(port, "two");
    recv(&mut one, 1);
    recv(&mut two, 1);
    one.keep("two");
    two.keep("two");
    let (_first, uses) = kept(port, "two");
    let (_second, more) = kept(port, "two");
    assert_eq!((uses, more, kept(port, "two").1), (1, 1, 0));
}

#[test]
fn a_connection_with_bytes_in_it_is_not_kept() {
    let port = numbering();
    let (mut client, _) = kept(port, "b");
    assert_eq!(recv_with(&mut client, 1, PEEK).unwrap(), [0]);
    client.keep("b");
    let (mut client, uses) = kept(port, "b");
    assert_eq!((uses, recv(&mut client, 1)), (0, vec![1]));
}

#[test]
fn a_connection_of_which_one_side_was_ended_is_not_kept() {
    let port = numbering();
    let (mut client, _) = kept(port, "s");
    recv(&mut client, 1);
    client.shutdown(How::Write).unwrap();
    client.keep("s");
    assert_eq!(kept(port, "s").1, 0);
}

#[test]
fn a_connection_that_its_peer_has_closed_meanwhile_is_not_taken() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (close, closing) = mpsc::channel::<()>();
    let thread = std::thread::spawn(move || {
        let first = listener.accept().unwrap();
        closing.recv().unwrap_err();
        drop(first);
        listener.accept().unwrap();
    });
    kept(port, "c").0.keep("c");
    drop(close);
    // Its connection is accepted, and closed, when the first one has been closed.
    let mut probe = Client::new(SocketType::Tcp);
    probe.connect("127.0.0.1", port, LONG).unwrap();
    assert_eq!(recv(&mut probe, 1), b"");
    thread.join().unwrap();
    // Nobody listens any more: only the kept one could be had.
    let error = Client::new(SocketType::Tcp).connect_kept("127.0.0.1", port, LONG, "c").unwrap_err();
    assert_eq!(error.code(), libc::ECONNREFUSED);
}

#[test]
fn a_connected_client_takes_no_kept_one() {
    let port = numbering();
    let (mut client, _) = kept(port, "d");
    assert_eq!(client.connect_kept("127.0.0.1", port, LONG, "d").unwrap_err().kind(), ErrorKind::WrongOperation);
}
