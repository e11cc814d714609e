//! Packet protocols: one package a call, however it arrives.

use super::*;
use proptest::prelude::*;
use std::cell::Cell;

fn length_client() -> AsyncClient {
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("open_length_check", &Value::from(true)).unwrap();
    client.set("package_length_type", &Value::from("n")).unwrap();
    client.set("package_body_offset", &Value::from(2)).unwrap();
    client
}

fn package(body: &[u8]) -> Vec<u8> {
    [&(body.len() as u16).to_be_bytes(), body].concat()
}

/// Writes the pieces, each in a packet of its own as far as that can be had.
fn in_pieces(mut stream: TcpStream, pieces: impl IntoIterator<Item = Vec<u8>>) {
    stream.set_nodelay(true).unwrap();
    for piece in pieces {
        if stream.write_all(&piece).is_err() {
            return;
        }
    }
}

#[test]
fn packages_that_arrive_byte_by_byte_come_whole() {
    let bytes = [package(b"first"), package(b""), package(&[7; 300])].concat();
    let (port, peer) = peer(|stream| in_pieces(stream, bytes.into_iter().map(|byte| vec![byte])));
    let events = connect(&length_client(), port, Events::default());
    wait();
    assert_eq!(*events.received.borrow(), [package(b"first"), package(b""), package(&[7; 300])]);
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}

#[test]
fn a_package_that_is_too_long_closes_the_client_with_its_error() {
    let (port, peer) = peer(|mut stream| {
        stream.write_all(&[&package(b"good")[..], &u32::MAX.to_be_bytes()].concat()).unwrap();
        let _ = stream.read(&mut [0]);
    });
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("open_length_check", &Value::from(true)).unwrap();
    client.set("package_length_type", &Value::from("n")).unwrap();
    client.set("package_body_offset", &Value::from(2)).unwrap();
    client.set("package_max_length", &Value::from(65536)).unwrap();
    let events = connect(&client, port, Events { on_length: None, ..Events::default() });
    wait();
    // 0xffff and two bytes of header are more than 65536.
    assert_eq!(*events.received.borrow(), [package(b"good")]);
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    assert_eq!(client.error_code(), ErrorKind::PackageLengthTooLarge as i32);
    peer.join().unwrap();
}

#[test]
fn the_program_tells_the_length_of_a_package() {
    let (port, peer) = peer(|stream| in_pieces(stream, [b"3ab".to_vec(), b"c1x5hel".to_vec(), b"lo".to_vec()]));
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("open_length_check", &Value::from(true)).unwrap();
    client.set("package_length_func", &Value::Callable).unwrap();
    let length = |_: &AsyncClient, data: &[u8]| isize::from(data[0] - b'0') + 1;
    let events = connect(&client, port, Events { on_length: Some(Box::new(length)), ..Events::default() });
    wait();
    assert_eq!(*events.received.borrow(), [&b"3abc"[..], b"1x", b"5hello"]);
    peer.join().unwrap();
}

#[test]
fn a_length_function_that_refuses_or_closes_ends_the_connection() {
    for closes in [false, true] {
        let (port, peer) = peer(|mut stream| {
            stream.write_all(b"garbage").unwrap();
            let _ = stream.read(&mut [0]);
        });
        let client = AsyncClient::new(SocketType::Tcp);
        client.set("open_length_check", &Value::from(true)).unwrap();
        client.set("package_length_func", &Value::Callable).unwrap();
        let length = move |client: &AsyncClient, data: &[u8]| {
            if closes {
                client.close(false).unwrap();
                return data.len() as isize;
            }
            -1
        };
        let events = connect(&client, port, Events { on_length: Some(Box::new(length)), ..Events::default() });
        wait();
        assert_eq!(events.noted(), ["connect", "close"], "closes: {closes}");
        assert_eq!(client.error_code() == 0, closes);
        peer.join().unwrap();
    }
}

#[test]
fn packages_that_are_here_already_wait_while_it_is_paused() {
    let (port, peer) = peer(|mut stream| stream.write_all(&package(b"x").repeat(1000)).unwrap());
    let paused = Rc::new(Cell::new(false));
    let events = Events {
        on_receive: Some(Box::new(move |client, _| {
            assert!(!paused.replace(true));
            client.pause().unwrap();
            let (client, paused) = (client.clone(), paused.clone());
            let deferred = move || {
                paused.set(false);
                client.resume().unwrap();
                Flow::Continue
            };
            event::defer(Box::new(deferred)).unwrap();
            Flow::Continue
        })),
        ..Events::default()
    };
    let events = connect(&length_client(), port, events);
    wait();
    assert_eq!(events.received.borrow().len(), 1000);
    peer.join().unwrap();
}

#[test]
fn a_package_that_is_not_whole_when_the_peer_ends_is_dropped() {
    let (port, peer) = peer(|mut stream| stream.write_all(&[&package(b"whole")[..], &[0, 9, 1, 2]].concat()).unwrap());
    let events = connect(&length_client(), port, Events::default());
    wait();
    assert_eq!(*events.received.borrow(), [package(b"whole")]);
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn packages_come_whole_and_in_order_however_they_are_split(
        bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..20),
        cuts in prop::collection::vec(1..4000_usize, 1..30),
        pauses in prop::collection::vec(any::<bool>(), 1..20),
    ) {
        let sent: Vec<Vec<u8>> = bodies.iter().map(|body| package(body)).collect();
        let bytes = sent.concat();
        let mut pieces = Vec::new();
        let mut rest = &bytes[..];
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, behind) = rest.split_at((*cut).min(rest.len()));
            pieces.push(piece.to_vec());
            rest = behind;
        }
        let (port, peer) = peer(|stream| in_pieces(stream, pieces));
        let turn = Cell::new(0);
        let on_receive = move |client: &AsyncClient, _: &[u8]| {
            turn.set(turn.get() + 1);
            if pauses[turn.get() % pauses.len()] {
                client.pause().unwrap();
                let client = client.clone();
                event::defer(Box::new(move || { client.resume().unwrap(); Flow::Continue })).unwrap();
            }
            Flow::Continue
        };
        let events = connect(&length_client(), port, Events { on_receive: Some(Box::new(on_receive)), ..Events::default() });
        wait();
        prop_assert_eq!(&*events.received.borrow(), &sent);
        prop_assert!(events.noted().ends_with(&["close".to_string()]));
        peer.join().unwrap();
    }
}
