//! Unix sockets, streams and datagrams.

use super::*;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::PathBuf;
use std::time::Instant;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }
}

#[test]
fn a_unix_stream_goes_both_ways() {
    let place = Place::new();
    let listener = UnixListener::bind(place.path("a")).unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = [0; 5];
        stream.read_exact(&mut bytes).unwrap();
        stream.write_all(&bytes).unwrap();
    });
    let mut client = Client::new(SocketType::UnixStream);
    client.connect(&place.text("a"), 0, LONG).unwrap();
    client.send(b"hello").unwrap();
    assert_eq!(recv_with(&mut client, 5, WAIT_ALL).unwrap(), b"hello");
    assert_eq!(client.peer_address().unwrap(), Address { host: place.text("a"), port: 0 });
    assert_eq!(client.local_address().unwrap(), Address { host: String::new(), port: 0 });
    thread.join().unwrap();
    assert_eq!(recv(&mut client, 5), b"");
}

#[test]
fn a_path_where_nobody_is_is_named() {
    let place = Place::new();
    let error = Client::new(SocketType::UnixStream).connect(&place.text("none"), 0, LONG).unwrap_err();
    assert_eq!(error.code(), libc::ENOENT);
    let wanted = format!("cannot connect to {}: No such file", place.text("none"));
    assert!(error.to_string().starts_with(&wanted), "{error}");
    drop(UnixListener::bind(place.path("left")).unwrap());
    let error = Client::new(SocketType::UnixStream).connect(&place.text("left"), 0, LONG).unwrap_err();
    assert_eq!(error.code(), libc::ECONNREFUSED);
    Client::new(SocketType::UnixStream).connect(&"a".repeat(200), 0, LONG).unwrap_err();
}

#[test]
fn a_listener_whose_queue_is_full_is_waited_for() {
    let place = Place::new();
    let listener = UnixListener::bind(place.path("full")).unwrap();
    socket2::SockRef::from(&listener).listen(0).unwrap();
    let host = place.text("full");
    let mut waiting = Vec::new();
    let error = loop {
        let mut client = Client::new(SocketType::UnixStream);
        let begun = Instant::now();
        match client.connect(&host, 0, SHORT) {
            Ok(()) => waiting.push(client),
            Err(e) => {
                assert!(begun.elapsed() >= SHORT);
                break e;
            }
        }
    };
    assert_eq!(error.code(), libc::ETIMEDOUT, "{error}");
    let more = waiting.len() + 1;
    let thread = std::thread::spawn(move || (0..more).for_each(|_| drop(listener.accept().unwrap())));
    let mut client = Client::new(SocketType::UnixStream);
    client.connect(&host, 0, LONG).unwrap();
    thread.join().unwrap();
    // It does not block afterwards.
    assert_eq!(recv_with(&mut client, 1, RecvFlags::default()).unwrap(), b"");
}

#[test]
fn a_datagram_client_has_a_name_and_can_be_answered() {
    let place = Place::new();
    let peer = UnixDatagram::bind(place.path("peer")).unwrap();
    let mut client = Client::new(SocketType::UnixDgram);
    client.connect(&place.text("peer"), 0, LONG).unwrap();
    client.send(b"hello").unwrap();
    let mut buffer = [0; 10];
    let (length, from) = peer.recv_from(&mut buffer).unwrap();
    assert_eq!(&buffer[..length], b"hello");
    peer.send_to_addr(b"answer", &from).unwrap();
    assert_eq!(recv(&mut client, 100), b"answer");
    assert_eq!(client.peer_address().unwrap(), Address { host: place.text("peer"), port: 0 });
}

#[test]
fn two_datagram_clients_answer_one_another_by_their_names() {
    let mut one = Client::new(SocketType::UnixDgram);
    let mut two = Client::new(SocketType::UnixDgram);
    assert_eq!(recv_with(&mut one, 1, DONT_WAIT).unwrap_err().code(), libc::EAGAIN);
    let name = one.local_address().unwrap().host;
    assert!(name.starts_with('@'), "{name}");
    two.send_to(&name, 0, b"question").unwrap();
    one.set_timeout(LONG);
    two.set_timeout(LONG);
    assert_eq!(recv(&mut one, 100), b"question");
    let asker = one.peer_address().unwrap().host;
    one.send_to(&asker, 0, b"answer").unwrap();
    assert_eq!(recv(&mut two, 100), b"answer");
}

#[test]
fn a_bound_client_has_a_file_as_long_as_it_lives() {
    let place = Place::new();
    let peer = UnixDatagram::bind(place.path("peer")).unwrap();
    let mut client = with(SocketType::UnixDgram, &[("bind_address", Value::Str(place.text("own").into_bytes()))]);
    for _ in 0..2 {
        client.connect(&place.text("peer"), 0, LONG).unwrap();
        assert_eq!(client.local_address().unwrap().host, place.text("own"));
        peer.send_to(b"to you", place.path("own")).unwrap();
        assert_eq!(recv(&mut client, 100), b"to you");
        client.close().unwrap();
        assert!(!place.path("own").exists());
    }
}

#[test]
fn a_datagram_waits_for_room_in_the_queue_of_its_peer() {
    let place = Place::new();
    let peer = UnixDatagram::bind(place.path("peer")).unwrap();
    let host = place.text("peer");
    for is_connected in [false, true] {
        let mut client = Client::new(SocketType::UnixDgram);
        client.set_timeout(SHORT);
        if is_connected {
            client.connect(&host, 0, SHORT).unwrap();
        }
        let send = |client: &mut Client| match is_connected {
            true => client.send(b"a").map(drop),
            false => client.send_to(&host, 0, b"a"),
        };
        let mut sent = 0;
        let error = loop {
            match send(&mut client) {
                Ok(()) => sent += 1,
                Err(e) => break e,
            }
        };
        assert_eq!(error.code(), libc::EAGAIN, "{error}");
        client.set_timeout(LONG);
        let reader = peer.try_clone().unwrap();
        let thread =
            std::thread::spawn(move || (0..=sent).for_each(|_| assert_eq!(reader.recv(&mut [0; 1]).unwrap(), 1)));
        send(&mut client).unwrap();
        thread.join().unwrap();
    }
}
