//! Against real sockets, with the peer in another thread.

mod connect;
mod datagrams;
mod kept;
mod packages;
mod proxies;
mod streams;
mod unix;

use super::*;
use crate::config::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

/// Longer than any machine makes a test wait.
const LONG: Duration = Duration::from_secs(30);
/// What a test waits for in vain.
const SHORT: Duration = Duration::from_millis(60);

/// A peer for one connection: its port, and its thread, which gives what `play` gives.
fn peer<T: Send + 'static>(play: impl FnOnce(TcpStream) -> T + Send + 'static) -> (u16, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || play(listener.accept().unwrap().0));
    (port, thread)
}

/// A client that is connected to such a peer.
fn connected<T: Send + 'static>(
    options: &[(&str, Value)],
    play: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (Client, JoinHandle<T>) {
    let (port, thread) = peer(play);
    let mut client = with(SocketType::Tcp, options);
    client.connect("127.0.0.1", port, LONG).unwrap();
    (client, thread)
}

fn with(kind: SocketType, options: &[(&str, Value)]) -> Client {
    let mut client = Client::new(kind);
    for (name, value) in options {
        assert_eq!(client.settings().set(name, value).unwrap(), [], "{name}");
    }
    client
}

fn recv(client: &mut Client, size: usize) -> Vec<u8> {
    recv_with(client, size, RecvFlags::default()).unwrap()
}

fn recv_with(client: &mut Client, size: usize, flags: RecvFlags) -> Result<Vec<u8>> {
    let mut buffer = b"left over from an earlier call".to_vec();
    client.recv(size, flags, &mut buffer).map(|()| buffer)
}

const PEEK: RecvFlags = RecvFlags { peek: true, wait_all: false, dont_wait: false, out_of_band: false };
const WAIT_ALL: RecvFlags = RecvFlags { peek: false, wait_all: true, dont_wait: false, out_of_band: false };
const DONT_WAIT: RecvFlags = RecvFlags { peek: false, wait_all: false, dont_wait: true, out_of_band: false };
const URGENT: RecvFlags = RecvFlags { peek: false, wait_all: false, dont_wait: false, out_of_band: true };

/// Reads up to the end of the stream.
fn all(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    bytes
}

fn read(stream: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

/// Bytes that are wrong in any other order.
fn pattern(length: usize) -> Vec<u8> {
    (0..length as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}
