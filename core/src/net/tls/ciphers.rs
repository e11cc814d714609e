//! Names of OpenSSL for what rustls has: versions of the protocol, cipher suites, groups of the key exchange.

use crate::error::{Error, ErrorKind, Result};
use rustls::crypto::SupportedKxGroup;
use rustls::crypto::aws_lc_rs::cipher_suite as suite;
use rustls::crypto::aws_lc_rs::kx_group as group;
use rustls::version::{TLS12, TLS13};
use rustls::{SupportedCipherSuite, SupportedProtocolVersion};

/// Suites, with OpenSSL's name. Those of TLS 1.3 first, and in each version the one first that costs least and is safe.
static SUITES: &[(&str, &SupportedCipherSuite)] = &[
    ("TLS_AES_128_GCM_SHA256", &suite::TLS13_AES_128_GCM_SHA256),
    ("TLS_AES_256_GCM_SHA384", &suite::TLS13_AES_256_GCM_SHA384),
    ("TLS_CHACHA20_POLY1305_SHA256", &suite::TLS13_CHACHA20_POLY1305_SHA256),
    ("ECDHE-ECDSA-AES128-GCM-SHA256", &suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
    ("ECDHE-RSA-AES128-GCM-SHA256", &suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    ("ECDHE-ECDSA-AES256-GCM-SHA384", &suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
    ("ECDHE-RSA-AES256-GCM-SHA384", &suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
    ("ECDHE-ECDSA-CHACHA20-POLY1305", &suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256),
    ("ECDHE-RSA-CHACHA20-POLY1305", &suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
];
/// How many of them are those of TLS 1.3.
const OF_TLS13: usize = 3;

/// Words that stand for ciphers which OpenSSL has, or had, and rustls does not.
#[rustfmt::skip]
const ABSENT: &[&str] = &[
    "EDH", "DHE", "kDHE", "kEDH", "DH", "kDHr", "kDHd", "kDH", "ADH", "AECDH", "kRSA", "RSA", "kECDH", "kECDHr", "kECDHe", "ECDH", "aDH", "aECDH",
    "aNULL", "eNULL", "NULL", "COMPLEMENTOFALL", "COMPLEMENTOFDEFAULT", "MEDIUM", "LOW", "EXP", "EXPORT", "EXPORT40", "EXPORT56",
    "TLSv1", "TLSv1.0", "SSLv3", "SSLv2", "AESCCM", "AESCCM8", "ARIA", "ARIA128", "ARIA256", "ARIAGCM", "CAMELLIA", "CAMELLIA128", "CAMELLIA256",
    "3DES", "DES", "RC4", "RC2", "IDEA", "SEED", "MD5", "SHA1", "SHA", "SHA256", "SHA384", "GOST", "aGOST", "aGOST01", "kGOST", "GOST94", "GOST89MAC",
    "PSK", "kPSK", "kECDHEPSK", "kDHEPSK", "kRSAPSK", "aPSK", "SRP", "kSRP", "aSRP", "DSS", "aDSS", "KRB5", "CBC", "SUITEB128", "SUITEB192", "FZA",
];

/// Suites that a word stands for; None: no such word is known.
fn matching(word: &str) -> Option<Vec<usize>> {
    let of = |test: &dyn Fn(&str) -> bool| {
        // OpenSSL's words say nothing about TLS 1.3.
        Some((OF_TLS13..SUITES.len()).filter(|at| test(SUITES[*at].0)).collect())
    };
    if let Some(at) = SUITES.iter().position(|(name, suite)| {
        let iana = format!("{:?}", suite.suite()).replace("TLS13_", "TLS_");
        word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(&iana)
    }) {
        return Some(vec![at]);
    }
    match word {
        "ALL" | "DEFAULT" | "HIGH" | "TLSv1.2" | "ECDHE" | "EECDH" | "kECDHE" | "kEECDH" | "FIPS" => of(&|_| true),
        "ECDSA" | "aECDSA" => of(&|name| name.contains("ECDSA")),
        "aRSA" => of(&|name| name.contains("-RSA-")),
        "AES" | "AESGCM" => of(&|name| name.contains("AES")),
        "AES128" => of(&|name| name.contains("AES128")),
        "AES256" => of(&|name| name.contains("AES256")),
        "CHACHA20" => of(&|name| name.contains("CHACHA20")),
        _ => ABSENT.contains(&word).then(Vec::new),
    }
}

/// The suites that a list in OpenSSL's form allows, in its order, and words about what in it has no effect. `DEFAULT`-like words never say anything about TLS 1.3; a list that names suites of TLS 1.3
/// allows those of that version, else all of them are. Errors: nothing is left.
pub fn suites(list: &str) -> Result<(Vec<SupportedCipherSuite>, Vec<String>)> {
    let (mut chosen, mut killed): (Vec<usize>, Vec<usize>) = Default::default();
    let mut remarks = Vec::new();
    for item in list.split([':', ',', ' ', ';']).filter(|item| !item.is_empty()) {
        if item.starts_with('@') {
            if item == "@STRENGTH" {
                chosen.sort_by_key(|at| !SUITES[*at].0.contains("256-GCM"));
            } else {
                remarks.push(format!("{item} has no effect: rustls has strong suites only"));
            }
            continue;
        }
        let (sign, words) = match item.as_bytes()[0] {
            sign @ (b'!' | b'-' | b'+') => (sign, &item[1..]),
            _ => (b' ', item),
        };
        // Words that are joined by + must all fit.
        let mut found: Option<Vec<usize>> = None;
        let mut unknown = false;
        for word in words.split('+') {
            match matching(word) {
                Some(more) => {
                    found = Some(found.map_or_else(
                        || more.clone(),
                        |mut f| {
                            f.retain(|at| more.contains(at));
                            f
                        },
                    ))
                }
                None => unknown = true,
            }
        }
        let found = found.unwrap_or_default();
        if unknown {
            let why = if words.contains('-') && words.chars().any(|c| c.is_ascii_digit()) {
                "rustls has no such suite (only ECDHE with AES-GCM or ChaCha20)"
            } else {
                "it is not known"
            };
            remarks.push(format!("{item} has no effect: {why}"));
            continue;
        }
        match sign {
            b'!' => {
                killed.extend(&found);
                chosen.retain(|at| !found.contains(at));
            }
            b'-' => chosen.retain(|at| !found.contains(at)),
            b'+' => chosen.sort_by_key(|at| found.contains(at)),
            _ => {
                for at in found {
                    if !chosen.contains(&at) && !killed.contains(&at) {
                        chosen.push(at);
                    }
                }
            }
        }
    }
    if chosen.is_empty() {
        let names: Vec<_> = SUITES.iter().map(|(name, _)| *name).collect();
        return Err(Error::new(
            ErrorKind::SslCreateContextFailed,
            format!("option \"ssl_ciphers\": nothing in {list:?} is to be had; rustls has {}", names.join(", ")),
        ));
    }
    let named: Vec<usize> = chosen.iter().copied().filter(|at| *at < OF_TLS13).collect();
    let newest = if named.is_empty() { (0..OF_TLS13).filter(|at| !killed.contains(at)).collect() } else { named };
    let older = chosen.into_iter().filter(|at| *at >= OF_TLS13);
    Ok((newest.into_iter().chain(older).map(|at| *SUITES[at].1).collect(), remarks))
}

/// All suites, in the order in which a server prefers them.
pub fn all_suites() -> Vec<SupportedCipherSuite> {
    SUITES.iter().map(|(_, suite)| **suite).collect()
}

/// The groups that a list in OpenSSL's form names, in its order (None: `auto`). Errors: one is not known.
pub fn groups(list: &str) -> Result<Option<Vec<&'static dyn SupportedKxGroup>>> {
    let mut found: Vec<&'static dyn SupportedKxGroup> = Vec::new();
    for name in list.split([':', ',', ' ']).filter(|name| !name.is_empty()) {
        let one: &'static dyn SupportedKxGroup = match name.to_ascii_lowercase().as_str() {
            "auto" => return Ok(None),
            "x25519" => group::X25519,
            "prime256v1" | "secp256r1" | "p-256" => group::SECP256R1,
            "secp384r1" | "p-384" => group::SECP384R1,
            "x25519mlkem768" => group::X25519MLKEM768,
            _ => {
                return Err(Error::new(
                    ErrorKind::SslCreateContextFailed,
                    format!(
                        "option \"ssl_ecdh_curve\": {name:?} is not to be had; rustls has X25519, prime256v1, secp384r1, X25519MLKEM768 (auto: all of them)"
                    ),
                ));
            }
        };
        found.push(one);
    }
    Ok((!found.is_empty()).then_some(found))
}

/// Bits of `ssl_protocols`, with names.
const PROTOCOLS: &[(u32, &str)] =
    &[(2, "SSLv2"), (4, "SSLv3"), (8, "TLS 1.0"), (16, "TLS 1.1"), (32, "TLS 1.2"), (64, "TLS 1.3"), (128, "DTLS")];

/// The versions that `ssl_protocols` (0: all) and `ssl_method` allow, and words about those that are not to be had. Errors: none is left.
pub fn versions(protocols: u32, method: Option<u32>) -> Result<(Vec<&'static SupportedProtocolVersion>, Vec<String>)> {
    let none = |given: String| {
        let why = format!("{given}, which is not safe any more: rustls has TLS 1.2 and TLS 1.3");
        Error::new(ErrorKind::SslCreateContextFailed, why)
    };
    // The methods of OpenSSL are three for each version: of both sides, a server's, a client's.
    if protocols == 0
        && let Some(method) = method
    {
        return match method {
            0 | 4 | 5 => Ok((vec![&TLS13, &TLS12], Vec::new())),
            12..=14 => Ok((vec![&TLS12], Vec::new())),
            1..=3 => Err(none("option \"ssl_method\": SSLv3 was asked for".into())),
            6..=8 => Err(none("option \"ssl_method\": TLS 1.0 was asked for".into())),
            9..=11 => Err(none("option \"ssl_method\": TLS 1.1 was asked for".into())),
            _ => Err(Error::new(
                ErrorKind::SslCreateContextFailed,
                format!("option \"ssl_method\": {method} was given; TLS over datagrams (DTLS) is not to be had here"),
            )),
        };
    }
    if protocols == 0 {
        return Ok((vec![&TLS13, &TLS12], Vec::new()));
    }
    let absent: Vec<_> =
        PROTOCOLS.iter().filter(|(bit, _)| protocols & bit != 0 && ![32, 64].contains(bit)).map(|(_, n)| *n).collect();
    let mut found: Vec<&'static SupportedProtocolVersion> = Vec::new();
    if protocols & 64 != 0 {
        found.push(&TLS13);
    }
    if protocols & 32 != 0 {
        found.push(&TLS12);
    }
    let asked = format!("option \"ssl_protocols\": {} was asked for", absent.join(", "));
    match (found.is_empty(), absent.is_empty()) {
        (true, _) => Err(none(asked)),
        (false, true) => Ok((found, Vec::new())),
        (false, false) => Ok((found, vec![format!("{asked} and is left out: rustls has TLS 1.2 and TLS 1.3 only")])),
    }
}

#[cfg(test)]
mod tests;
