//! Receiving by a packet protocol: exactly one package a call, however it came.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::mpsc;

fn eof() -> [(&'static str, Value); 2] {
    [("open_eof_split", Value::Bool(true)), ("package_eof", Value::from("\r\n"))]
}

fn length() -> [(&'static str, Value); 3] {
    [
        ("open_length_check", Value::Bool(true)),
        ("package_length_type", Value::from("n")),
        ("package_body_offset", Value::Int(2)),
    ]
}

fn package(body: &[u8]) -> Vec<u8> {
    [&(body.len() as u16).to_be_bytes(), body].concat()
}

/// A peer that sends piece by piece, the next one when told to.
fn in_pieces(options: &[(&str, Value)], pieces: &[&[u8]]) -> (Client, mpsc::Sender<()>) {
    let pieces: Vec<Vec<u8>> = pieces.iter().map(|p| p.to_vec()).collect();
    let (go, gone) = mpsc::channel();
    let (client, _) = connected(options, move |mut stream| {
        for piece in pieces {
            stream.write_all(&piece).unwrap();
            if gone.recv().is_err() {
                return;
            }
        }
    });
    (client, go)
}

#[test]
fn several_packages_in_one_read_are_given_one_at_a_time() {
    let (mut client, thread) = connected(&eof(), |mut stream| stream.write_all(b"a\r\nbc\r\n\r\nrest").unwrap());
    thread.join().unwrap();
    assert_eq!(recv(&mut client, 1), b"a\r\n");
    assert!(client.has_pending());
    assert_eq!(recv(&mut client, 1), b"bc\r\n");
    assert_eq!(recv(&mut client, 1), b"\r\n");
    assert!(!client.has_pending());
    // What the peer left unfinished when it closed is no package.
    assert_eq!(recv(&mut client, 1), b"");
}

#[test]
fn eof_check_gives_one_package_a_call_too() {
    let options = [("open_eof_check", Value::Bool(true)), ("package_eof", Value::from("\r\n"))];
    let (mut client, thread) = connected(&options, |mut stream| stream.write_all(b"a\r\nbc\r\nrest").unwrap());
    thread.join().unwrap();
    assert_eq!(recv(&mut client, 1), b"a\r\n");
    assert_eq!(recv(&mut client, 1), b"bc\r\n");
    assert_eq!(recv(&mut client, 1), b"");
}

#[test]
fn a_timeout_in_the_middle_of_a_package_loses_nothing() {
    let whole = package(b"hello world");
    let (mut client, go) = in_pieces(&length(), &[&whole[..1], &whole[1..7], &whole[7..]]);
    for _ in 0..2 {
        client.set_timeout(SHORT);
        assert_eq!(recv_with(&mut client, 1, RecvFlags::default()).unwrap_err().code(), libc::EAGAIN);
        assert_eq!(recv_with(&mut client, 1, DONT_WAIT).unwrap_err().code(), libc::EAGAIN);
        assert!(client.is_connected());
        go.send(()).unwrap();
    }
    client.set_timeout(LONG);
    assert_eq!(recv(&mut client, 1), whole);
}

#[test]
fn peeking_gives_the_package_without_taking_it() {
    let (mut client, thread) = connected(&eof(), |mut stream| stream.write_all(b"a\r\nb\r\n").unwrap());
    for _ in 0..2 {
        assert_eq!(recv_with(&mut client, 1, PEEK).unwrap(), b"a\r\n");
    }
    assert_eq!(recv(&mut client, 1), b"a\r\n");
    assert_eq!(recv(&mut client, 1), b"b\r\n");
    thread.join().unwrap();
}

#[test]
fn a_function_tells_the_length() {
    let mut client = with(SocketType::Tcp, &[("open_length_check", Value::Bool(true))]);
    client.set_length_func(Some(Box::new(|bytes| isize::from(bytes[0] - b'0'))));
    let (port, thread) = peer(|mut stream| stream.write_all(b"3ab5cdef1-").unwrap());
    client.connect("127.0.0.1", port, LONG).unwrap();
    thread.join().unwrap();
    assert_eq!(recv(&mut client, 1), b"3ab");
    assert_eq!(recv(&mut client, 1), b"5cdef");
    assert_eq!(recv(&mut client, 1), b"1");
    // '-' is below '0' in ASCII: the function must not be asked in vain after an error.
    client.length = Some(Box::new(|_| -1));
    let error = recv_with(&mut client, 1, RecvFlags::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PackageLengthNotFound, "{error}");
    assert!(!client.is_connected());
}

#[test]
fn a_package_that_is_too_long_ends_the_connection() {
    let mut options = length().to_vec();
    options[1].1 = Value::from("N");
    options.push(("package_max_length", Value::Int(100_000)));
    let (mut client, thread) = connected(&options, |mut stream| {
        stream.write_all(&200_000u32.to_be_bytes()).unwrap();
        read(&mut stream, 1)
    });
    let error = recv_with(&mut client, 1, RecvFlags::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PackageLengthTooLarge);
    assert!(error.to_string().starts_with("127.0.0.1:"), "{error}");
    assert!(!client.is_connected());
    assert_eq!(client.close().unwrap_err().kind(), ErrorKind::ClientNoConnection);
    thread.join().unwrap_err();
}

#[test]
fn a_long_package_is_received_whole() {
    let body = pattern(10 << 20);
    let options = [("open_length_check", Value::Bool(true)), ("package_max_length", Value::Int(16 << 20))];
    let sent = body.clone();
    let (mut client, thread) = connected(&options, move |mut stream| {
        stream.write_all(&(sent.len() as u32).to_be_bytes()).unwrap();
        stream.write_all(&sent).unwrap();
        stream.write_all(&[0, 0, 0, 1, b'!']).unwrap();
    });
    assert!(recv(&mut client, 1)[4..] == body);
    assert_eq!(recv(&mut client, 1), [0, 0, 0, 1, b'!']);
    thread.join().unwrap();
}

#[test]
fn what_is_left_of_one_connection_is_not_given_by_the_next() {
    let (mut client, thread) = connected(&eof(), |mut stream| stream.write_all(b"a\r\nold").unwrap());
    thread.join().unwrap();
    assert_eq!(recv(&mut client, 1), b"a\r\n");
    client.close().unwrap();
    let (port, thread) = peer(|mut stream| stream.write_all(b"new\r\n").unwrap());
    client.connect("127.0.0.1", port, LONG).unwrap();
    assert_eq!(recv(&mut client, 1), b"new\r\n");
    thread.join().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn packages_come_out_exactly_however_they_are_cut(
        bodies in vec(vec(any::<u8>(), 0..300), 1..20), cuts in vec(1..400usize, 1..20), peeks in vec(any::<bool>(), 1..8)
    ) {
        let packages: Vec<Vec<u8>> = bodies.iter().map(|body| package(body)).collect();
        let stream = packages.concat();
        let (mut client, thread) = connected(&length(), move |mut to| {
            to.set_nodelay(true).unwrap();
            let mut rest = stream.as_slice();
            for cut in cuts.iter().cycle() {
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                to.write_all(piece).unwrap();
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
        });
        for (package, peek) in packages.iter().zip(peeks.iter().cycle()) {
            if *peek {
                prop_assert_eq!(&recv_with(&mut client, 1, PEEK).unwrap(), package);
            }
            prop_assert_eq!(&recv(&mut client, 1), package);
        }
        prop_assert_eq!(recv(&mut client, 1), b"");
        thread.join().unwrap();
    }
}
