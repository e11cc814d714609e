//! Files of certificates and keys: any text is read or refused, what is read is in the file, and it is the same when it is written again.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use swoole_core::net::tls::{files, pem};
use swoole_fuzz::tls::{Authority, Memory};

const LABELS: [&str; 9] = [
    "CERTIFICATE",
    "X509 CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "DSA PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "EC PARAMETERS",
];
const CIPHERS: [&str; 5] = ["AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "DES-EDE3-CBC", "AES-128-CBC,"];

/// A value of DER, shorter than 64 KiB.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let [high, low] = (content.len() as u16).to_be_bytes();
    [&[tag, 0x82, high, low], &content[..]].concat()
}

/// A key that is encrypted: PBKDF2 with so many rounds, AES-256-CBC.
fn encrypted(rounds: u16, salt: &[u8], vector: &[u8], secret: &[u8]) -> Vec<u8> {
    let oid = |digits: &[u8]| der(6, &[digits]);
    let function = der(0x30, &[&oid(b"\x2a\x86\x48\x86\xf7\x0d\x02\x09"), &[5, 0]]);
    let rounds = der(2, &[&[0], &rounds.to_be_bytes()]);
    let derivation = der(0x30, &[&der(4, &[salt]), &rounds, &function]);
    let derivation = der(0x30, &[&oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"), &derivation]);
    let cipher = der(0x30, &[&oid(b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a"), &der(4, &[vector])]);
    let how = der(0x30, &[&oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"), &der(0x30, &[&derivation, &cipher])]);
    der(0x30, &[&how, &der(4, &[secret])])
}

#[derive(Debug, Arbitrary)]
enum Piece<'a> {
    Begin(u8),
    End(u8),
    Salt(u8, &'a [u8]),
    /// the certificate or key with these numbers, changed there
    Certificate(u8, Vec<(u16, u8)>),
    Key(Vec<(u16, u8)>),
    EncryptedKey(u16, &'a [u8], [u8; 16], &'a [u8]),
    Base64(&'a [u8]),
    Line(&'a [u8]),
    Raw(&'a [u8]),
}

thread_local! {
    static AUTHORITY: Authority = Authority::new();
    static FILE: Memory = Memory::new(b"");
}

fn changed(der: &[u8], changes: &[(u16, u8)]) -> String {
    let mut der = der.to_vec();
    for (at, with) in changes {
        let at = usize::from(*at) % der.len();
        der[at] ^= with;
    }
    STANDARD.encode(der)
}

fn write(pieces: &[Piece], authority: &Authority) -> Vec<u8> {
    let label = |number: &u8| LABELS[usize::from(*number) % LABELS.len()];
    let mut text = Vec::new();
    for piece in pieces {
        let line = match piece {
            Piece::Begin(number) => format!("-----BEGIN {}-----", label(number)),
            Piece::End(number) => format!("-----END {}-----", label(number)),
            Piece::Salt(cipher, salt) => {
                let hex: String = salt.iter().map(|byte| format!("{byte:02X}")).collect();
                format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: {},{hex}", CIPHERS[usize::from(*cipher) % CIPHERS.len()])
            }
            Piece::Certificate(number, changes) => {
                changed(&authority.ders[usize::from(*number) % authority.ders.len()], changes)
            }
            Piece::Key(changes) => changed(&authority.key_der, changes),
            Piece::EncryptedKey(rounds, salt, vector, secret) => {
                STANDARD.encode(encrypted(*rounds, salt, vector, secret))
            }
            Piece::Base64(bytes) => STANDARD.encode(bytes),
            Piece::Line(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Piece::Raw(bytes) => {
                text.extend_from_slice(bytes);
                continue;
            }
        };
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    text
}

fuzz_target!(|input: (bool, Vec<Piece>)| {
    let (with_passphrase, pieces) = input;
    let text = AUTHORITY.with(|authority| write(&pieces, authority));
    FILE.with(|file| {
        file.rewrite(&text);
        let path = file.path();
        let told = |error: swoole_core::error::Error| {
            let told = error.to_string();
            assert!(told.contains("\"ssl_x\"") && told.contains("/proc/self/fd/"), "{told}");
        };
        match files::certificates("ssl_x", &path) {
            Ok(found) => {
                assert!(!found.is_empty());
                let again: String = found.iter().map(pem).collect();
                file.rewrite(again.as_bytes());
                assert_eq!(files::certificates("ssl_x", &path).expect("they were read"), found);
                file.rewrite(&text);
            }
            Err(error) => told(error),
        }
        if let Err(error) = files::key("ssl_x", Path::new(&path), with_passphrase.then_some("secret")) {
            told(error);
        }
    });
});
