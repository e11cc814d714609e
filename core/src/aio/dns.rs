//! Asking one name server, on a thread: over UDP, asked again once if nothing comes, and over TCP if the answer is too long for that.

use super::Family;
use super::names::{failed, random};
use crate::error::{Error, ErrorKind, Result};
use crate::net::address::unresolved;
use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

/// How often a question is sent within the time there is.
const TRIES: u32 = 2;

/// One question, and what its answer must look like.
pub struct Asked<'a> {
    host: &'a str,
    family: Family,
    id: u16,
    /// the message that asks, without the length that TCP puts in front
    pub bytes: Vec<u8>,
}

/// What a message says.
pub enum Said {
    /// the name's addresses, in the server's order; none if it has none of this family
    Addresses(Vec<IpAddr>),
    /// there is more than fits in a datagram
    Truncated,
    /// this is no answer to the question
    Nothing,
}

/// The addresses of `host` in the order in which `server` gives them; none if the name has none of this family. Waits for at most `patience`, and as long again for an answer over TCP.
pub(super) fn ask(server: SocketAddr, host: &str, family: Family, patience: Duration) -> Result<Vec<IpAddr>> {
    let asked = Asked::new(host, family)?;
    let mut odd = 0;
    match over_udp(server, &asked, patience, &mut odd) {
        Ok(Said::Addresses(found)) => return Ok(found),
        Ok(_) => {}
        Err(e) => return Err(e.into_error(server, host, patience, odd)),
    }
    match over_tcp(server, &asked, patience) {
        Ok(Said::Addresses(found)) => Ok(found),
        Ok(_) => Err(failed(host, format_args!("the name server {server} gave no sensible answer over TCP"))),
        Err(e) => Err(e.into_error(server, host, patience, odd)),
    }
}

/// Why there is no answer.
enum Without {
    System(io::Error),
    Refused(Error),
}

impl From<io::Error> for Without {
    fn from(found: io::Error) -> Without {
        Without::System(found)
    }
}

impl Without {
    fn into_error(self, server: SocketAddr, host: &str, patience: Duration, odd: u32) -> Error {
        match self {
            Without::Refused(error) => error,
            Without::System(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                let odd = match odd {
                    0 => String::new(),
                    _ => format!("; {odd} datagrams came from it that were no answer"),
                };
                let seconds = patience.as_secs_f64();
                let why = format!("the name server {server} did not answer within {seconds:.1} s{odd}");
                unresolved(ErrorKind::DnsResolveTimeout, host, why)
            }
            Without::System(e) => {
                let why = format_args!("the name server {server} cannot be asked: {e}");
                unresolved(ErrorKind::DnsNoServer, host, why)
            }
        }
    }
}

impl<'a> Asked<'a> {
    /// With a number of its own. Errors: `host` cannot be asked for.
    pub fn new(host: &'a str, family: Family) -> Result<Asked<'a>> {
        let kind = match family {
            Family::V4 => TYPE::A,
            Family::V6 => TYPE::AAAA,
        };
        let wrong = |e| failed(host, format_args!("it is no name that can be asked for ({e})"));
        let name = Name::new(host.trim_end_matches('.')).map_err(wrong)?;
        let id = random() as u16;
        let mut packet = Packet::new_query(id);
        packet.set_flags(PacketFlag::RECURSION_DESIRED);
        packet.questions.push(Question::new(name, QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN), false));
        let bytes = packet.build_bytes_vec().map_err(wrong)?;
        Ok(Asked { host, family, id, bytes })
    }

    /// Whether a question in an answer is this one.
    fn is_this(&self, question: &Question<'_>) -> bool {
        let kind = match self.family {
            Family::V4 => TYPE::A,
            Family::V6 => TYPE::AAAA,
        };
        question.qtype == QTYPE::TYPE(kind)
            && question.qname.to_string().eq_ignore_ascii_case(self.host.trim_end_matches('.'))
    }

    /// What a message from `server` says. Errors: that the question has no answer.
    pub fn read(&self, server: SocketAddr, message: &[u8]) -> Result<Said> {
        let Ok(packet) = Packet::parse(message) else { return Ok(self.torn(message)) };
        let ours = packet.id() == self.id
            && packet.has_flags(PacketFlag::RESPONSE)
            && packet.questions.len() == 1
            && self.is_this(&packet.questions[0]);
        if !ours {
            return Ok(Said::Nothing);
        }
        if packet.has_flags(PacketFlag::TRUNCATION) {
            return Ok(Said::Truncated);
        }
        let refused = |why: &str| Err(failed(self.host, format_args!("the name server {server} says that {why}")));
        match packet.rcode() {
            RCODE::NoError => {}
            RCODE::NameError => return refused("there is no such name"),
            RCODE::ServerFailure => return refused("it failed (SERVFAIL)"),
            RCODE::Refused => return refused("it does not answer such questions from here (REFUSED)"),
            other => return refused(&format!("this is an error: {other:?}")),
        }
        // A server that looks names up for others gives the aliases of a name and then the addresses of the last one.
        let addresses = packet.answers.iter().filter_map(|record| match (&record.rdata, self.family) {
            (RData::A(a), Family::V4) => Some(IpAddr::V4(Ipv4Addr::from(a.address))),
            (RData::AAAA(a), Family::V6) => Some(IpAddr::V6(Ipv6Addr::from(a.address))),
            _ => None,
        });
        Ok(Said::Addresses(addresses.collect()))
    }

    /// A message that was cut in the middle of a record, by a server that says so.
    fn torn(&self, message: &[u8]) -> Said {
        use simple_dns::header_buffer::{has_flags, id};
        let cut = PacketFlag::RESPONSE | PacketFlag::TRUNCATION;
        let ours = id(message) == Ok(self.id) && has_flags(message, cut) == Ok(true);
        if ours { Said::Truncated } else { Said::Nothing }
    }
}

fn over_udp(
    server: SocketAddr,
    asked: &Asked<'_>,
    patience: Duration,
    odd: &mut u32,
) -> std::result::Result<Said, Without> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    // A port of its own for each question, and connected: what others send is not seen.
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    let mut message = vec![0; 4096];
    for _ in 0..TRIES {
        socket.send(&asked.bytes)?;
        let until = Instant::now() + patience / TRIES;
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            socket.set_read_timeout(Some(left))?;
            let got = match socket.recv(&mut message) {
                Ok(got) => got,
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => continue,
                Err(e) => return Err(e.into()),
            };
            match asked.read(server, &message[..got]).map_err(Without::Refused)? {
                Said::Nothing => *odd += 1,
                said => return Ok(said),
            }
        }
    }
    Err(io::Error::from(io::ErrorKind::TimedOut).into())
}

fn over_tcp(server: SocketAddr, asked: &Asked<'_>, patience: Duration) -> std::result::Result<Said, Without> {
    let until = Instant::now() + patience;
    let mut stream = TcpStream::connect_timeout(&server, patience)?;
    stream.set_write_timeout(Some(patience))?;
    let mut framed = (asked.bytes.len() as u16).to_be_bytes().to_vec();
    framed.extend_from_slice(&asked.bytes);
    stream.write_all(&framed)?;
    let mut message = Vec::new();
    loop {
        let needed = message.first_chunk::<2>().map_or(2, |length| 2 + usize::from(u16::from_be_bytes(*length)));
        if message.len() >= needed && needed > 2 {
            return asked.read(server, &message[2..needed]).map_err(Without::Refused);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::from(io::ErrorKind::TimedOut).into());
        }
        stream.set_read_timeout(Some(left))?;
        let mut part = [0; 4096];
        match stream.read(&mut part) {
            Ok(0) => return Ok(Said::Nothing),
            Ok(got) => message.extend_from_slice(&part[..got]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e.into()),
        }
    }
}
