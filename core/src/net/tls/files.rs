//! Certificates and keys as files have them (PEM).

use crate::error::{Error, ErrorKind, Result};
use aws_lc_rs::cipher::{AES_128, AES_192, AES_256, Algorithm};
use aws_lc_rs::cipher::{DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::path::Path;

/// Longest file that is read: enough for the authorities of a whole system.
const LONGEST: u64 = 16 << 20;

/// One block of a PEM file.
struct Block {
    label: String,
    /// lines such as `Proc-Type: 4,ENCRYPTED`
    headers: Vec<(String, String)>,
    bytes: Vec<u8>,
}

/// The error of a file that cannot be used.
fn refused(option: &str, path: &Path, why: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::SslCreateContextFailed, format!("option \"{option}\": {}: {why}", path.display()))
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>> {
    let cannot = |e: std::io::Error| refused(option, path, e);
    let found = fs::metadata(path).map_err(cannot)?;
    if !found.is_file() {
        return Err(refused(option, path, "it is not a regular file"));
    }
    if found.len() > LONGEST {
        return Err(refused(option, path, format!("it has {} bytes: that is no certificate or key", found.len())));
    }
    fs::read(path).map_err(cannot)
}

/// The blocks of a file; what is between them is passed over.
fn blocks(option: &str, path: &Path, text: &[u8]) -> Result<Vec<Block>> {
    let mut found = Vec::new();
    let mut open: Option<(Block, String)> = None;
    for line in text.split(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(line.trim_ascii()).into_owned();
        if let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            open = Some((Block { label: label.into(), headers: Vec::new(), bytes: Vec::new() }, String::new()));
        } else if let Some(label) = line.strip_prefix("-----END ") {
            let Some((mut block, text)) = open.take() else { continue };
            if label.strip_suffix("-----") != Some(&block.label) {
                return Err(refused(option, path, format!("a block that begins as {} ends as {label}", block.label)));
            }
            block.bytes = STANDARD
                .decode(text)
                .map_err(|e| refused(option, path, format!("a {} is no valid base64: {e}", block.label)))?;
            found.push(block);
        } else if let Some((block, text)) = &mut open {
            match line.split_once(':') {
                Some((name, value)) => block.headers.push((name.trim().into(), value.trim().into())),
                None => text.push_str(&line),
            }
        }
    }
    match (found.is_empty(), open) {
        (_, Some((block, _))) => Err(refused(option, path, format!("a {} has no end: it is cut off", block.label))),
        (true, None) if text.first() == Some(&0x30) => {
            let how = "it seems to be DER; make PEM of it: openssl x509 -inform DER (a key: openssl pkey -inform DER)";
            Err(refused(option, path, how))
        }
        (true, None) => Err(refused(option, path, "there is no PEM block in it (-----BEGIN …)")),
        _ => Ok(found),
    }
}

/// All certificates of a file, in their order: for a chain the server's own first. Errors: there is none.
pub fn certificates(option: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let blocks = blocks(option, path, &read(option, path)?)?;
    let labels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
    let found: Vec<CertificateDer<'static>> =
        blocks.into_iter().filter(|b| labels.contains(&&*b.label)).map(|b| b.bytes.into()).collect();
    if found.is_empty() {
        return Err(refused(option, path, "there is no certificate in it"));
    }
    for (at, certificate) in found.iter().enumerate() {
        if let Err(e) = webpki::EndEntityCert::try_from(certificate) {
            return Err(refused(option, path, format!("certificate {} in it cannot be used: {e}", at + 1)));
        }
    }
    Ok(found)
}

/// The certificates in a directory of authorities: of all its files that have some. Errors: it cannot be read; there are none.
pub fn directory(option: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let entries = fs::read_dir(path).map_err(|e| refused(option, path, e))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    let mut found: Vec<_> = files.iter().filter_map(|file| certificates(option, file).ok()).flatten().collect();
    // Those that c_rehash makes are links to the others.
    let mut seen = std::collections::HashSet::new();
    found.retain(|certificate: &CertificateDer<'static>| seen.insert(certificate.as_ref().to_vec()));
    if found.is_empty() {
        return Err(refused(option, path, "none of its files has a certificate"));
    }
    Ok(found)
}

/// The private key of a file: PKCS#8, PKCS#1 or SEC1, as it is or encrypted with `passphrase`.
pub fn key(option: &str, path: &Path, passphrase: Option<&str>) -> Result<PrivateKeyDer<'static>> {
    let blocks = blocks(option, path, &read(option, path)?)?;
    let Some(block) = blocks.into_iter().find(|block| block.label.ends_with("PRIVATE KEY")) else {
        return Err(refused(option, path, "there is no private key in it"));
    };
    let needs = || passphrase.ok_or_else(|| refused(option, path, "the key is encrypted: set ssl_passphrase"));
    let wrong = "the key cannot be decrypted: ssl_passphrase does not fit";
    let mut bytes = block.bytes;
    if block.label == "ENCRYPTED PRIVATE KEY" {
        let encrypted = EncryptedPrivateKeyInfoRef::try_from(&bytes[..])
            .map_err(|e| refused(option, path, format!("the encrypted key cannot be read: {e}")))?;
        let decrypted = encrypted.decrypt(needs()?).map_err(|e| refused(option, path, format!("{wrong} ({e})")))?;
        return Ok(PrivateKeyDer::Pkcs8(decrypted.as_bytes().to_vec().into()));
    }
    let header = |name: &str| block.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    if header("Proc-Type").is_some_and(|kind| kind.ends_with("ENCRYPTED")) {
        let how = header("DEK-Info").unwrap_or_default();
        bytes =
            decrypt(how, &bytes, needs()?.as_bytes()).map_err(|why| {
                refused(option, path, why.map_or_else(|| wrong.to_owned(), |unknown| {
                format!("the key is encrypted with {unknown}; write it anew: openssl pkcs8 -topk8 -in FILE -out NEW")
            }))
            })?;
    }
    match block.label.as_str() {
        "PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs8(bytes.into())),
        "RSA PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs1(bytes.into())),
        "EC PRIVATE KEY" => Ok(PrivateKeyDer::Sec1(bytes.into())),
        other => Err(refused(option, path, format!("a key of the kind {other} is of no use for TLS"))),
    }
}

/// A key as OpenSSL before 3.0 encrypted it. Errors: the name of a way that is not known; None: it was another passphrase.
fn decrypt(how: &str, bytes: &[u8], passphrase: &[u8]) -> std::result::Result<Vec<u8>, Option<String>> {
    let unknown = || Some(if how.is_empty() { "an unknown cipher".to_owned() } else { how.to_owned() });
    let (name, salt) = how.split_once(',').ok_or_else(unknown)?;
    let (algorithm, length): (&'static Algorithm, usize) = match name {
        "AES-128-CBC" => (&AES_128, 16),
        "AES-192-CBC" => (&AES_192, 24),
        "AES-256-CBC" => (&AES_256, 32),
        _ => return Err(Some(name.to_owned())),
    };
    let digits = salt
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()));
    let iv: [u8; 16] = digits.collect::<Option<Vec<u8>>>().and_then(|iv| iv.try_into().ok()).ok_or_else(unknown)?;
    // The key is a chain of MD5 sums over the passphrase and the first half of what else there is.
    let (mut key, mut last) = (Vec::new(), Vec::new());
    while key.len() < length {
        let sum = Md5::new().chain_update(&last).chain_update(passphrase).chain_update(&iv[..8]).finalize();
        last = sum.to_vec();
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    let mut plain = bytes.to_vec();
    let wrong = |_| None;
    let key = UnboundCipherKey::new(algorithm, &key).and_then(PaddedBlockDecryptingKey::cbc_pkcs7).map_err(wrong)?;
    let length = key.decrypt(&mut plain, DecryptionContext::Iv128(iv.into())).map_err(wrong)?.len();
    plain.truncate(length);
    // Of the wrong passphrases one in 256 leaves a padding that looks right, and no sequence in front of it.
    if plain.first() == Some(&0x30) { Ok(plain) } else { Err(None) }
}

#[cfg(test)]
mod tests;
