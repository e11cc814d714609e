//! Lists of ciphers and groups as OpenSSL writes them, and versions: any list is taken or refused, and nothing is allowed that it forbids.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use swoole_core::net::tls::ciphers;

const WORDS: &[&str] = &[
    "ALL",
    "DEFAULT",
    "HIGH",
    "ECDHE",
    "kEECDH",
    "ECDSA",
    "aRSA",
    "AES",
    "AESGCM",
    "AES128",
    "AES256",
    "CHACHA20",
    "aNULL",
    "RC4",
    "MD5",
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ecdhe-rsa-chacha20-poly1305",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "AES128-SHA",
    "@STRENGTH",
    "@SECLEVEL=2",
    "x25519",
    "prime256v1",
    "P-384",
    "X25519MLKEM768",
    "auto",
    "secp521r1",
];

#[derive(Debug, Arbitrary)]
enum Piece<'a> {
    Word(u8),
    Sign(u8),
    Divide(u8),
    Text(&'a str),
}

fuzz_target!(|input: (Vec<Piece>, u32, Option<u32>)| {
    let (pieces, protocols, method) = input;
    let list: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Word(number) => WORDS[usize::from(*number) % WORDS.len()],
            Piece::Sign(number) => ["!", "-", "+"][usize::from(*number) % 3],
            Piece::Divide(number) => [":", ",", " ", ";"][usize::from(*number) % 4],
            Piece::Text(text) => text,
        })
        .collect();
    let names = |found: &[rustls::SupportedCipherSuite]| {
        found.iter().map(|suite| format!("{:?}", suite.suite())).collect::<Vec<_>>()
    };
    if let Ok((found, _)) = ciphers::suites(&list) {
        let mut once = names(&found);
        once.sort();
        once.dedup();
        assert!(!found.is_empty() && once.len() == found.len(), "{list:?}");
        // What is forbidden anywhere stays so.
        for item in list.split([':', ',', ' ', ';']).filter_map(|item| item.strip_prefix('!')) {
            let Ok((killed, _)) = ciphers::suites(item) else { continue };
            // A list without suites of TLS 1.3 allows all of those.
            let is_newest = |name: &String| name.starts_with("TLS13");
            let only = names(&killed);
            let of_both = only.iter().any(|name| !is_newest(name));
            let killed = only.iter().filter(|name| !of_both || !is_newest(name));
            if !item.starts_with(['!', '-', '+']) {
                killed.for_each(|name| assert!(!once.contains(name), "{list:?} allows {name}"));
            }
        }
    }
    if let Ok(Some(found)) = ciphers::groups(&list) {
        assert!(!found.is_empty() && found.len() <= list.len());
    }
    if let Ok((found, _)) = ciphers::versions(protocols, method) {
        assert!((1..=2).contains(&found.len()));
    }
});
