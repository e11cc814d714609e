//! Addresses in turn, and names whose look-up does not end.

use super::*;
use socket2::{Domain, Type};
use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

fn loopback() -> SockAddr {
    "127.0.0.1:0".parse::<SocketAddr>().unwrap().into()
}

/// An address that refuses, as long as the socket lives.
fn refusing() -> (Socket, SockAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&loopback()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// An address that does not answer, as long as the sockets live: its queue is full.
pub(in crate::client) fn silent() -> (Vec<Socket>, SockAddr) {
    let (listener, address) = refusing();
    listener.listen(0).unwrap();
    let mut sockets = vec![listener];
    for _ in 0..3 {
        let socket = Socket::new(Domain::IPV4, Type::STREAM.nonblocking(), None).unwrap();
        let _ = socket.connect(&address);
        sockets.push(socket);
    }
    (sockets, address)
}

fn try_all(addresses: &[SockAddr], timeout: Duration) -> Result<Opened, io::Error> {
    reach(SocketType::Tcp, &Settings::default(), addresses, &Deadline::after(timeout)).map_err(|e| match e {
        Failure::NoPeer(e) => e,
        Failure::NoSocket(e) => panic!("{e}"),
    })
}

#[test]
fn the_next_address_is_tried_when_one_refuses() {
    let (_refusing, refused) = refusing();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let good = SockAddr::from(listener.local_addr().unwrap());
    let socket = try_all(&[refused, good.clone()], Duration::from_secs(10)).unwrap();
    assert_eq!(socket.peer_addr().unwrap(), good);
}

#[test]
fn the_next_address_is_tried_when_one_is_silent_for_its_share_of_the_time() {
    let (_silent, silent) = silent();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let good = SockAddr::from(listener.local_addr().unwrap());
    let begun = Instant::now();
    let socket = try_all(&[silent, good.clone()], Duration::from_secs(2)).unwrap();
    assert_eq!(socket.peer_addr().unwrap(), good);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[test]
fn all_addresses_together_have_the_time_of_one() {
    let (_silent, silent) = silent();
    let begun = Instant::now();
    let error = try_all(&[silent.clone(), silent.clone(), silent], Duration::from_millis(300)).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ETIMEDOUT));
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn the_last_reason_is_told() {
    let (_refusing, refused) = refusing();
    let error = try_all(&[refused.clone(), refused], Duration::from_secs(10)).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ECONNREFUSED));
}

#[test]
fn a_look_up_that_does_not_end_is_given_up() {
    let (end, ended) = mpsc::channel::<()>();
    let hanging = move || {
        let _ = ended.recv();
        address::lookup("localhost", 1, Family::V4)
    };
    let error = look_up_within("slow.test", Duration::from_millis(50), hanging).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DnsResolveTimeout);
    assert!(error.to_string().contains("slow.test"), "{error}");
    drop(end);
}

#[test]
fn a_look_up_in_time_gives_its_answer() {
    let address = loopback();
    let answer = vec![address.clone()];
    assert_eq!(look_up_within("a.test", Duration::from_secs(60), move || Ok(answer)).unwrap(), [address]);
}
