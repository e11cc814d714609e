//! Certificates that a peer shows: any bytes are trusted or refused, and those that were changed, or are for another name, are not trusted.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use std::net::IpAddr;
use swoole_core::config::PortSettings;
use swoole_core::net::tls::client::verify;
use swoole_fuzz::tls::{Authority, NAMES};

#[derive(Debug, Arbitrary)]
enum Shown<'a> {
    /// one of the authority's, changed there, and cut or made longer
    Changed(u8, Vec<(u16, u8)>, u16, &'a [u8]),
    Any(&'a [u8]),
}

thread_local! {
    static AUTHORITY: (Authority, PortSettings) = {
        let authority = Authority::new();
        let settings = authority.client();
        (authority, settings)
    };
}

/// Whether the authority's certificate is for that host, worked out naively.
fn is_for(host: &str) -> bool {
    // A socket's path.
    if host.contains('/') || host.starts_with(['@', '.']) {
        return true;
    }
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let host = host.split('%').next().unwrap_or_default();
    if let Ok(address) = host.parse::<IpAddr>() {
        return address.to_string() == NAMES[1];
    }
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    name == NAMES[0] || name.strip_suffix(".wide.test").is_some_and(|label| !label.is_empty() && !label.contains('.'))
}

/// Whether it is a name beyond doubt.
fn is_plain(host: &str) -> bool {
    host.split('.').all(|label| (1..64).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fuzz_target!(|input: (&str, bool, Vec<Shown>)| {
    let (host, allow_self_signed, shown) = input;
    AUTHORITY.with(|(authority, settings)| {
        let certificates: Vec<_> = shown
            .iter()
            .map(|shown| match shown {
                Shown::Any(bytes) => bytes.to_vec(),
                Shown::Changed(which, changes, length, more) => {
                    let mut der = authority.ders[usize::from(*which) % authority.ders.len()].clone();
                    for (at, with) in changes {
                        let at = usize::from(*at) % der.len();
                        der[at] ^= with;
                    }
                    // 0: all of it
                    if *length > 0 {
                        der.truncate((*length).into());
                    }
                    der.extend_from_slice(more);
                    der
                }
            })
            .map(rustls::pki_types::CertificateDer::from)
            .collect();
        let found = verify(settings, host, &certificates, allow_self_signed);
        if found.is_ok() {
            let own = &certificates[0];
            let [signed, itself, alone] = &authority.ders;
            assert!(is_for(host), "{host:?}");
            assert!(**own == **signed || (**own == **alone && allow_self_signed), "{:?}", **own == **itself);
        } else if certificates.first().is_some_and(|own| **own == *authority.ders[0]) {
            // What else is shown takes nothing from one that is good.
            assert!(!is_for(host) || !is_plain(host), "{host:?}: {found:?}");
        }
    });
});
