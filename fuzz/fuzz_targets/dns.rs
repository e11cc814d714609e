//! Answers of name servers: any message is one or is passed over, and every address that is made of it stands in it.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use std::net::{IpAddr, SocketAddr};
use swoole_core::aio::Family;
use swoole_core::aio::dns::{Asked, Said};

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    host: &'a str,
    v6: bool,
    /// the head behind the number; None: the message is `rest` as it is
    head: Option<(u16, [u8; 3])>,
    rest: &'a [u8],
}

fuzz_target!(|input: Input| {
    let Input { host, v6, head, rest } = input;
    let family = if v6 { Family::V6 } else { Family::V4 };
    let Ok(asked) = Asked::new(host, family) else { return };
    let server = SocketAddr::from(([127, 0, 0, 1], 53));
    let mut message = Vec::new();
    if let Some((flags, [answers, authorities, more])) = head {
        message.extend_from_slice(&asked.bytes[..2]);
        // An answer, without an error in most of them.
        let flags = if flags & 7 == 0 { flags } else { 0x8180 };
        message.extend_from_slice(&flags.to_be_bytes());
        message.extend_from_slice(&[0, 1, 0, answers, 0, authorities, 0, more]);
        message.extend_from_slice(&asked.bytes[12..]);
    }
    message.extend_from_slice(rest);
    if let Ok(Said::Addresses(found)) = asked.read(server, &message) {
        for address in found {
            let octets = match address {
                IpAddr::V4(address) if !v6 => address.octets().to_vec(),
                IpAddr::V6(address) if v6 => address.octets().to_vec(),
                other => panic!("{other} was not asked for"),
            };
            assert!(message.windows(octets.len()).any(|window| window == octets));
        }
    }
});
