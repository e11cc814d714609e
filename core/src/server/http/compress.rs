//! Bodies of answers, compressed.

use crate::config::ServerSettings;
use crate::protocol::http1::Encoding;
use crate::protocol::http1::coding::Packer;
use std::cell::RefCell;

/// Packers that are kept: they are costly to make.
const KEPT: usize = 3;

thread_local! {
    static PACKERS: RefCell<Vec<Packer>> = const { RefCell::new(Vec::new()) };
}

/// Whether a body of that media type and length is to be compressed where the client takes it.
pub fn is_worthwhile(settings: &ServerSettings, content_type: &[u8], length: usize) -> bool {
    if !settings.http_compression || length < settings.http_compression_min_length {
        return false;
    }
    let kind = content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    settings.http_compression_types.iter().any(|known| matches(known.as_bytes(), kind))
}

/// Whether a media type is the one of the option, in which a `*` stands for anything.
fn matches(known: &[u8], kind: &[u8]) -> bool {
    let Some(star) = memchr::memchr(b'*', known) else { return kind.eq_ignore_ascii_case(known) };
    let (front, back) = (&known[..star], &known[star + 1..]);
    kind.len() >= front.len() + back.len()
        && kind[..front.len()].eq_ignore_ascii_case(front)
        && kind[kind.len() - back.len()..].eq_ignore_ascii_case(back)
}

/// Appends `body` to `out`, compressed.
pub fn compress(encoding: Encoding, level: u8, body: &[u8], out: &mut Vec<u8>) {
    PACKERS.with_borrow_mut(|packers| {
        let found = packers.iter().position(|p| p.encoding() == encoding && p.level() == level);
        let at = found.unwrap_or_else(|| {
            if packers.len() >= KEPT {
                packers.remove(0);
            }
            packers.push(Packer::new(encoding, level));
            packers.len() - 1
        });
        packers[at].end(body, out);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_worth_it_is_compressed() {
        let settings = ServerSettings::default();
        assert!(is_worthwhile(&settings, b"text/html; charset=utf-8", 20));
        assert!(is_worthwhile(&settings, b"Application/JSON", 1000));
        assert!(!is_worthwhile(&settings, b"text/html", 19), "it is short");
        assert!(!is_worthwhile(&settings, b"image/png", 1000));
        assert!(!is_worthwhile(&settings, b"tex", 1000));
        for api in ["application/ld+json", "application/Problem+JSON; charset=utf-8", "application/atom+xml"] {
            assert!(is_worthwhile(&settings, api.as_bytes(), 1000), "{api}");
        }
        assert!(!is_worthwhile(&settings, b"application/+jso", 1000));
        assert!(!is_worthwhile(&settings, b"application/zip", 1000));
    }
}
