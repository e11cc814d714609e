//! Names, with name servers of the tests' own.

use super::super::names::PATIENCE;
use super::*;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const A: u16 = 1;
const AAAA: u16 = 28;

/// A name server that gives the datagrams which `answer` makes of a question, and counts the questions. It serves as long as the
/// test's process lives.
struct Server {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Server {
    fn new(answer: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> Server {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let server = Server { address: socket.local_addr().unwrap(), asked: Arc::default() };
        let asked = server.asked.clone();
        std::thread::spawn(move || {
            let mut question = [0; 1024];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                asked.fetch_add(1, Ordering::SeqCst);
                for message in answer(&question[..length]) {
                    socket.send_to(&message, from).unwrap();
                }
            }
        });
        set_name_server(Some(&server.address.to_string())).unwrap();
        server
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// The type that a question asks for.
fn kind(question: &[u8]) -> u16 {
    u16::from_be_bytes([question[question.len() - 4], question[question.len() - 3]])
}

/// An answer with that code and these records, each for the name that was asked for.
fn answer(question: &[u8], code: u8, records: &[(u16, &[u8])]) -> Vec<u8> {
    let mut message = question.to_vec();
    (message[2], message[3]) = (0x81, 0x80 | code);
    message[6..8].copy_from_slice(&(records.len() as u16).to_be_bytes());
    for (kind, data) in records {
        message.extend_from_slice(&[0xc0, 12]);
        message.extend_from_slice(&kind.to_be_bytes());
        message.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
        message.extend_from_slice(&(data.len() as u16).to_be_bytes());
        message.extend_from_slice(data);
    }
    message
}

/// One that knows every name.
fn knowing_all() -> Server {
    Server::new(|question| {
        let addresses: &[(u16, &[u8])] = match kind(question) {
            A => &[(A, &[192, 0, 2, 1]), (A, &[192, 0, 2, 2])],
            _ => &[(AAAA, &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])],
        };
        vec![answer(question, 0, addresses)]
    })
}

fn look_up(host: &str, family: Family) -> Result<IpAddr> {
    result_of(|done| resolve(host, family, done).map(drop))
}

fn v4(host: &str) -> Result<String> {
    look_up(host, Family::V4).map(|address| address.to_string())
}

fn hurry() {
    PATIENCE.set(Duration::from_millis(300));
}

#[test]
fn an_address_is_given_back() {
    let server = Server::new(|_| Vec::new());
    assert_eq!(v4("192.0.2.7").unwrap(), "192.0.2.7");
    assert_eq!(v4("::1").unwrap(), "::1", "as it is");
    assert_eq!(look_up("2001:db8::1", Family::V6).unwrap().to_string(), "2001:db8::1");
    assert_eq!(server.asked(), 0);
}

#[test]
fn the_system_knows_localhost() {
    assert_eq!(v4("localhost").unwrap(), "127.0.0.1");
}

#[test]
fn a_name_that_the_system_does_not_know_is_an_error_with_a_reason() {
    let error = v4("no-such-host.invalid").unwrap_err();
    assert!([ErrorKind::DnsResolveFailed, ErrorKind::DnsResolveTimeout].contains(&error.kind()));
    assert!(text(error).starts_with("the host name \"no-such-host.invalid\" cannot be resolved: "));
}

#[test]
fn what_can_be_no_name_is_refused_at_once() {
    for (host, why) in
        [("", "empty"), ("a b", "blank"), ("a\0b", "control"), (&"a".repeat(255), "longer than 253 bytes")]
    {
        let error = resolve(host, Family::V4, Box::new(|_| Flow::Continue)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams);
        assert!(text(error).contains(why), "{host:?}");
    }
    assert!(event::is_idle());
    let _server = knowing_all();
    let error = v4(&"a".repeat(64)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DnsResolveFailed, "a label has 63 bytes at most");
}

#[test]
fn a_name_server_is_asked_for_either_family() {
    let server = knowing_all();
    assert_eq!(v4("some.host").unwrap(), "192.0.2.1");
    assert_eq!(look_up("some.host", Family::V6).unwrap().to_string(), "2001:db8::1");
    assert_eq!(v4("with.dot.").unwrap(), "192.0.2.1");
    assert_eq!(server.asked(), 3);
    assert_eq!(v4("localhost").unwrap(), "127.0.0.1");
    assert_eq!(server.asked(), 3, "of this name it is not asked");
}

#[test]
fn aliases_are_passed_over() {
    let _server = Server::new(|question| {
        let alias = [1, b'x', 0];
        vec![answer(question, 0, &[(5, &alias), (A, &[192, 0, 2, 9])])]
    });
    assert_eq!(v4("alias.host").unwrap(), "192.0.2.9");
}

#[test]
fn answers_are_remembered_until_they_are_cleared() {
    let server = knowing_all();
    for _ in 0..3 {
        v4("some.host").unwrap();
        v4("SOME.host").unwrap();
    }
    assert_eq!(server.asked(), 1);
    look_up("some.host", Family::V6).unwrap();
    assert_eq!(server.asked(), 2, "the other family is another question");
    clear_name_cache();
    v4("some.host").unwrap();
    assert_eq!(server.asked(), 3);
    let other = knowing_all();
    v4("some.host").unwrap();
    assert_eq!(other.asked(), 1, "another server may know better");
}

#[test]
fn no_more_than_1024_answers_are_remembered() {
    let server = knowing_all();
    let notes = Notes::new();
    for number in 0..1025 {
        resolve(&format!("host{number}"), Family::V4, notes.done()).unwrap();
    }
    assert_eq!(wait(), Flow::Continue);
    assert!(notes.take().iter().all(Result::is_ok));
    for number in 0..1025 {
        resolve(&format!("host{number}"), Family::V4, notes.done()).unwrap();
        assert_eq!(wait(), Flow::Continue);
    }
    // The oldest had to go, and with it, as it was asked for again, the next oldest.
    assert!(server.asked() > 1025, "{}", server.asked());
}

#[test]
fn those_who_ask_for_a_name_at_the_same_time_share_one_look_up() {
    let server = knowing_all();
    let notes = Notes::new();
    for _ in 0..100 {
        resolve("some.host", Family::V4, notes.done()).unwrap();
    }
    assert_eq!(wait(), Flow::Continue);
    let all = notes.take();
    assert_eq!((all.len(), all.iter().all(Result::is_ok)), (100, true));
    assert_eq!(server.asked(), 1);
}

#[test]
fn a_random_address_is_any_of_them() {
    let _server = knowing_all();
    assert!((0..20).all(|_| v4("some.host").unwrap() == "192.0.2.1"));
    set_random_address(true);
    let all: Vec<String> = (0..200).map(|_| v4("some.host").unwrap()).collect();
    for address in ["192.0.2.1", "192.0.2.2"] {
        assert!(all.iter().any(|given| given == address), "{address}");
    }
}

#[test]
fn a_server_that_says_no_is_believed() {
    for (code, why) in [(3, "there is no such name"), (2, "SERVFAIL"), (5, "REFUSED"), (4, "NotImplemented")] {
        let server = Server::new(move |question| vec![answer(question, code, &[])]);
        let error = v4("some.host").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DnsResolveFailed);
        let text = text(error);
        let expected =
            format!("the host name \"some.host\" cannot be resolved: the name server {} says that", server.address);
        assert!(text.starts_with(&expected) && text.contains(why), "{text}");
        assert_eq!(server.asked(), 1);
        v4("some.host").unwrap_err();
        assert_eq!(server.asked(), 2, "this is not remembered");
    }
}

#[test]
fn a_name_without_an_address_of_the_family_is_told() {
    let _server = Server::new(|question| vec![answer(question, 0, &[])]);
    let error = look_up("some.host", Family::V6).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DnsResolveFailed);
    assert_eq!(text(error), "the host name \"some.host\" cannot be resolved: it has no IPv6 address");
}

#[test]
fn a_silent_server_is_asked_twice_and_then_given_up() {
    hurry();
    let server = Server::new(|_| Vec::new());
    let error = v4("some.host").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DnsResolveTimeout);
    let expected = format!(
        "the host name \"some.host\" cannot be resolved: the name server {} did not answer within 0.3 s",
        server.address
    );
    assert_eq!(text(error), expected);
    assert_eq!(server.asked(), 2);
}

#[test]
fn a_lost_datagram_does_not_matter() {
    hurry();
    let first = AtomicUsize::new(0);
    let server = Server::new(move |question| match first.fetch_add(1, Ordering::SeqCst) {
        0 => Vec::new(),
        _ => vec![answer(question, 0, &[(A, &[192, 0, 2, 3])])],
    });
    assert_eq!(v4("some.host").unwrap(), "192.0.2.3");
    assert_eq!(server.asked(), 2);
}

#[test]
fn what_is_no_answer_to_the_question_is_passed_over() {
    let _server = Server::new(|question| {
        let right = answer(question, 0, &[(A, &[192, 0, 2, 4])]);
        let wrong = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut message = answer(question, 0, &[(A, &[192, 0, 2, 66])]);
            change(&mut message);
            message
        };
        vec![
            Vec::new(),
            b"garbage".to_vec(),
            vec![0xff; 600],
            wrong(&|m| m[0] ^= 1),
            wrong(&|m| m[2] = 1),
            wrong(&|m| m[13] = b'x'),
            wrong(&|m| m[5] = 0),
            question.to_vec(),
            right[..right.len() - 2].to_vec(),
            right,
        ]
    });
    assert_eq!(v4("some.host").unwrap(), "192.0.2.4");
}

#[test]
fn a_server_that_sends_garbage_only_is_given_up() {
    hurry();
    let _server = Server::new(|_| vec![b"garbage".to_vec()]);
    let error = v4("some.host").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DnsResolveTimeout);
    assert!(text(error).ends_with("; 2 datagrams came from it that were no answer"));
}

#[test]
fn where_no_server_is_that_is_told() {
    // Of an address that no other test listens on.
    let port = UdpSocket::bind((Ipv4Addr::new(127, 77, 0, 1), 0)).unwrap().local_addr().unwrap();
    set_name_server(Some(&port.to_string())).unwrap();
    let error = v4("some.host").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DnsNoServer);
    let text = text(error);
    assert!(text.contains(&format!("the name server {port} cannot be asked: Connection refused")), "{text}");
}

#[test]
fn an_answer_that_is_cut_is_asked_for_again_over_tcp() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let udp = UdpSocket::bind(address).unwrap();
    let serve = std::thread::spawn(move || {
        let mut question = [0; 512];
        for cut in [12, 3] {
            let (length, from) = udp.recv_from(&mut question).unwrap();
            let mut message = answer(&question[..length], 0, &[(A, &[192, 0, 2, 66])]);
            message[2] |= 2;
            message.truncate(message.len() - cut);
            udp.send_to(&message, from).unwrap();
            let (mut stream, _) = listener.accept().unwrap();
            let mut framed = [0; 512];
            let got = stream.read(&mut framed).unwrap();
            let message = answer(&framed[2..got], 0, &vec![(A, &[192, 0, 2, 5][..]); 100]);
            let length = (message.len() as u16).to_be_bytes();
            // In pieces.
            stream.write_all(&length[..1]).unwrap();
            stream.write_all(&length[1..]).unwrap();
            stream.write_all(&message[..50]).unwrap();
            stream.write_all(&message[50..]).unwrap();
        }
    });
    set_name_server(Some(&address.to_string())).unwrap();
    assert_eq!(v4("long.answer").unwrap(), "192.0.2.5");
    assert_eq!(v4("torn.answer").unwrap(), "192.0.2.5");
    serve.join().unwrap();
}

#[test]
fn a_look_up_can_be_given_up() {
    let server = knowing_all();
    let pending = resolve("some.host", Family::V4, Box::new(|_| unreachable!())).unwrap();
    assert!(!event::is_idle());
    pending.cancel();
    assert!(event::is_idle());
    assert_eq!(wait(), Flow::Continue);
    // One of those who share a look-up, and an address that is there already.
    let notes = Notes::new();
    let pending = resolve("some.host", Family::V4, Box::new(|_| unreachable!())).unwrap();
    resolve("some.host", Family::V4, notes.done()).unwrap();
    let known = resolve("192.0.2.1", Family::V4, Box::new(|_| unreachable!())).unwrap();
    pending.cancel();
    known.cancel();
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().len(), 1);
    assert!(server.asked() >= 1);
}

#[test]
fn a_look_up_that_is_given_up_in_a_callback_calls_nobody() {
    let _server = knowing_all();
    let pending = Rc::new(Cell::new(None));
    let other = pending.clone();
    let first = move |_: Result<IpAddr>| {
        let pending: Pending = other.take().unwrap();
        pending.cancel();
        Flow::Continue
    };
    resolve("192.0.2.1", Family::V4, Box::new(first)).unwrap();
    pending.set(Some(resolve("192.0.2.2", Family::V4, Box::new(|_| unreachable!())).unwrap()));
    assert_eq!(wait(), Flow::Continue);
    assert!(pending.take().is_none());
}

#[test]
fn what_was_given_up_and_comes_later_is_remembered() {
    let server = knowing_all();
    resolve("some.host", Family::V4, Box::new(|_| unreachable!())).unwrap().cancel();
    while server.asked() == 0 {
        std::thread::yield_now();
    }
    // Whether it has come yet or is still under way: nobody asks again.
    v4("some.host").unwrap();
    assert_eq!(server.asked(), 1);
}

#[test]
fn a_name_server_is_an_address_with_or_without_a_port() {
    for server in ["192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:53"] {
        set_name_server(Some(server)).unwrap();
    }
    for server in ["", "name", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:70000", "192.0.2.1:53 "] {
        let error = set_name_server(Some(server)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams);
        assert!(text(error).contains(&format!("{server:?} was given as the name server")), "{server}");
    }
    set_name_server(None).unwrap();
    assert_eq!(v4("localhost").unwrap(), "127.0.0.1");
}
