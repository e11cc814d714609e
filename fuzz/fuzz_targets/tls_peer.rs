//! A hostile peer of our own end of a TLS connection, as a server and as a client: its records are those of a good one that are changed, cut, repeated and mixed with
//! others. Nothing harms; no byte comes out that the good one had not put in, and what is sent stays within bounds.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use socket2::{Domain, Socket, Type};
use std::io::{Read as _, Write as _};
use swoole_core::config::{PortSettings, Value};
use swoole_core::net::outgoing::OutQueue;
use swoole_core::net::tls::{BUFFER, Channel, ClientTls, Read, Records, ServerTls, Session};
use swoole_fuzz::tls::Authority;

#[derive(Debug, Arbitrary)]
enum Act<'a> {
    /// all that the good peer has to say goes on its way
    Pass,
    /// the same in pieces of so many bytes
    Pieces(u8),
    /// one byte of it is changed
    Change(u16, u8),
    /// so much of it goes, the rest never
    Cut(u16),
    /// it goes twice
    Twice,
    Raw(&'a [u8]),
    /// a record of that type with that content
    Record(u8, &'a [u8]),
    /// the first message of a client: its suites, the name it asks for, more extensions
    Hello(&'a [u8], &'a [u8], Vec<(u16, &'a [u8])>),
    /// the good peer says something
    Say(&'a [u8]),
    Close,
    /// our end says so many bytes
    Answer(u16),
}

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    /// our end is the server
    serves: bool,
    older: bool,
    asks_clients: bool,
    acts: Vec<Act<'a>>,
}

struct Ends {
    /// by version, and by whether clients are asked for a certificate
    servers: [[ServerTls; 2]; 2],
    clients: [ClientTls; 2],
    /// its files
    _authority: Authority,
}

thread_local! {
    static ENDS: Ends = {
        let authority = Authority::new();
        let with = |mut settings: PortSettings, older: bool, asks: bool| {
            if older {
                settings.set("ssl_protocols", &Value::Int(32)).expect("an option");
            }
            if asks {
                let path = authority.own.path();
                settings.set("ssl_client_cert_file", &Value::from(path.to_str().expect("a path"))).expect("an option");
            }
            settings
        };
        let server = |older, asks| ServerTls::new(&with(authority.server(), older, asks)).expect("a server").0;
        let client = |older| ClientTls::new(&with(authority.client(), older, false)).expect("a client");
        let servers = [false, true].map(|older| [false, true].map(|asks| server(older, asks)));
        let clients = [false, true].map(client);
        Ends { servers, clients, _authority: authority }
    };
}

/// The good peer, without a socket.
struct Good {
    session: Session,
    out: Records,
    said: Vec<u8>,
    buffer: Vec<u8>,
}

impl Good {
    fn take(&mut self, mut records: &[u8]) {
        while !records.is_empty() {
            let room = self.session.room(&mut self.buffer);
            let count = records.len().min(room.len());
            room[..count].copy_from_slice(&records[..count]);
            if self.session.receive(&mut self.buffer, count, &mut self.out).is_err() {
                return;
            }
            records = &records[count..];
        }
    }

    fn taken(&mut self) -> Vec<u8> {
        let bytes = self.out.bytes().to_vec();
        self.out.clear();
        bytes
    }
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, 3, 3];
    bytes.extend_from_slice(&(content.len() as u16).to_be_bytes());
    bytes.extend_from_slice(content);
    bytes
}

fn hello(suites: &[u8], name: &[u8], more: &[(u16, &[u8])]) -> Vec<u8> {
    let short = |bytes: &[u8]| [&(bytes.len() as u16).to_be_bytes(), bytes].concat();
    let mut extensions = Vec::new();
    let listed = short(&[&[0], &short(name)[..]].concat());
    let usual: [(u16, &[u8]); 4] = [(0, &listed), (10, &[0, 2, 0, 29]), (13, &[0, 2, 4, 3]), (43, &[4, 3, 4, 3, 3])];
    for (kind, content) in usual.iter().chain(more) {
        extensions.extend_from_slice(&kind.to_be_bytes());
        extensions.extend_from_slice(&short(content));
    }
    let mut message = vec![3, 3];
    message.extend_from_slice(&[7; 32]);
    message.push(0);
    message.extend_from_slice(&short(&[suites, &[0x13, 1, 0xc0, 0x2b]].concat()));
    message.extend_from_slice(&[1, 0]);
    message.extend_from_slice(&short(&extensions));
    let length = (message.len() as u32).to_be_bytes();
    record(22, &[&[1], &length[1..], &message].concat())
}

fuzz_target!(|input: Input| {
    let Input { serves, older, asks_clients, acts } = input;
    let (ours, theirs) = ENDS.with(|ends| {
        let server = ends.servers[usize::from(older)][usize::from(asks_clients)].session().expect("a session");
        let client = ends.clients[usize::from(older)].session("localhost", &[]).expect("a session");
        if serves { (server, client) } else { (client, server) }
    });
    let (socket, mut other) = Socket::pair(Domain::UNIX, Type::STREAM, None).expect("a pair");
    socket.set_nonblocking(true).expect("a socket");
    other.set_nonblocking(true).expect("a socket");
    let mut channel = Channel::from(ours);
    let mut good = Good { session: theirs, out: Records::default(), said: Vec::new(), buffer: vec![0; BUFFER] };
    if serves {
        good.session.begin(&mut good.out).expect("a beginning");
    } else {
        channel.begin(&socket).expect("a beginning");
    }
    let (mut buffer, mut received, mut queue, mut sent) = (vec![0; BUFFER], Vec::new(), OutQueue::default(), 0);
    let mut scratch = vec![0; 1 << 16];
    for act in acts {
        let sends = match act {
            Act::Pass => vec![good.taken()],
            Act::Pieces(size) => good.taken().chunks(usize::from(size) + 1).map(<[u8]>::to_vec).collect(),
            Act::Change(at, with) => {
                let mut bytes = good.taken();
                let at = usize::from(at) % bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= with;
                }
                vec![bytes]
            }
            Act::Cut(length) => {
                let mut bytes = good.taken();
                bytes.truncate(length.into());
                vec![bytes]
            }
            Act::Twice => {
                let bytes = good.taken();
                vec![bytes.clone(), bytes]
            }
            Act::Raw(bytes) => vec![bytes.to_vec()],
            Act::Record(kind, content) => vec![record(kind, content)],
            Act::Hello(suites, name, more) => vec![hello(suites, name, &more)],
            Act::Say(words) => {
                if good.session.is_established() && good.session.encrypt(words, &mut good.out).is_ok() {
                    good.said.extend_from_slice(words);
                }
                continue;
            }
            Act::Close => {
                let _ = good.session.close(&mut good.out);
                continue;
            }
            Act::Answer(length) => {
                queue.push_bytes(&vec![7; length.into()]);
                sent += u64::from(length);
                vec![]
            }
        };
        for bytes in sends.iter().filter(|bytes| !bytes.is_empty()) {
            // A few kilobytes: the other end has room for them.
            let taken = other.write(bytes).unwrap_or(0);
            loop {
                match channel.read(&socket, &mut buffer) {
                    Ok(Read::Bytes { count, .. }) => {
                        assert!(count == 0 || channel.is_established());
                        received.extend_from_slice(&buffer[..count]);
                        assert!(good.said.starts_with(&received), "what nobody said");
                    }
                    Ok(Read::Nothing) => break,
                    Ok(Read::End { cut }) => {
                        assert!(!cut, "nobody closed the socket");
                        assert!(matches!(channel.read(&socket, &mut buffer), Ok(Read::End { cut: false })));
                        break;
                    }
                    Err(_) => {
                        // What has to be said of it is said, and that is short.
                        assert!(channel.unsent() < 1 << 16);
                        // Whoever asks again is told again, and no more is sent.
                        channel.close(&socket);
                        if other.write(bytes).is_ok() {
                            assert!(channel.read(&socket, &mut buffer).is_err());
                        }
                        assert!(channel.flush(&socket, &mut queue).is_err() || !channel.is_established() || queue.is_empty());
                        return;
                    }
                }
            }
            if taken < bytes.len() {
                return;
            }
        }
        let Ok(flushed) = channel.flush(&socket, &mut queue) else { return };
        assert!(channel.is_established() || flushed.written == 0);
        assert!(flushed.written <= sent);
        // One send of ours, and what the handshake has to say.
        assert!(channel.unsent() < 1 << 18, "{}", channel.unsent());
        while let Ok(count @ 1..) = other.read(&mut scratch) {
            good.take(&scratch[..count]);
        }
    }
    channel.close(&socket);
});
