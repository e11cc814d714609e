//! What a client takes: `Accept-Encoding` (RFC 9110, 12.5.3).

use crate::protocol::http1::brief::flag;
use crate::protocol::http1::lex;

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Encoding {
    Gzip,
    Deflate,
    Brotli,
}

impl Encoding {
    /// All of them, the best first.
    pub const ALL: [Encoding; 3] = [Encoding::Brotli, Encoding::Gzip, Encoding::Deflate];

    /// Its name in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Gzip => "gzip",
            Encoding::Deflate => "deflate",
            Encoding::Brotli => "br",
        }
    }

    /// The coding of that name, in any letter case.
    pub fn of(name: &[u8]) -> Option<Encoding> {
        match name {
            name if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => Some(Encoding::Gzip),
            name if name.eq_ignore_ascii_case(b"deflate") => Some(Encoding::Deflate),
            name if name.eq_ignore_ascii_case(b"br") => Some(Encoding::Brotli),
            _ => None,
        }
    }

    /// The one to answer with, by the flags of a `Brief`: br, else gzip, else deflate. (The reader sets the flags of those that the
    /// client likes best only.)
    pub fn choose(flags: u16) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| flags & encoding.flag() != 0)
    }

    fn flag(self) -> u16 {
        match self {
            Encoding::Gzip => flag::GZIP,
            Encoding::Deflate => flag::DEFLATE,
            Encoding::Brotli => flag::BROTLI,
        }
    }
}

/// What the `Accept-Encoding` headers so far have said: weights in thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    gzip: Option<u16>,
    deflate: Option<u16>,
    brotli: Option<u16>,
    identity: Option<u16>,
    any: Option<u16>,
}

impl Accepted {
    /// Of one header's value.
    pub fn parse(value: &[u8]) -> Accepted {
        let mut accepted = Accepted::default();
        accepted.add(value);
        accepted
    }

    /// One more header. What cannot be read is left out.
    pub fn add(&mut self, value: &[u8]) {
        for member in lex::list(value) {
            let (name, parameters) = member.split_at(memchr::memchr(b';', member).unwrap_or(member.len()));
            let Some(weight) = weight(parameters) else { continue };
            let name = lex::trim(name);
            let place = match Encoding::of(name) {
                Some(Encoding::Gzip) => &mut self.gzip,
                Some(Encoding::Deflate) => &mut self.deflate,
                Some(Encoding::Brotli) => &mut self.brotli,
                None if name == b"*" => &mut self.any,
                None if name.eq_ignore_ascii_case(b"identity") => &mut self.identity,
                None => continue,
            };
            *place = Some(weight);
        }
    }

    /// Flags of the codings that the client likes best; none of those that it likes less than the body as it is.
    pub fn flags(&self) -> u16 {
        let weights = [self.gzip, self.deflate, self.brotli].map(|weight| weight.or(self.any).unwrap_or(0));
        let best = weights.into_iter().max().unwrap_or(0);
        if best == 0 || self.identity.is_some_and(|weight| weight > best) {
            return 0;
        }
        [flag::GZIP, flag::DEFLATE, flag::BROTLI]
            .into_iter()
            .zip(weights)
            .filter(|(_, weight)| *weight == best)
            .fold(0, |flags, (flag, _)| flags | flag)
    }
}

/// The weight of a member (RFC 9110, 12.4.2), in thousandths; 1000 without one. None: it is malformed.
fn weight(parameters: &[u8]) -> Option<u16> {
    let Some(rest) = parameters.strip_prefix(b";") else { return Some(1000) };
    let [b'q' | b'Q', b'=', value @ ..] = lex::trim(rest) else { return None };
    let (whole, fraction) = match value {
        [whole] => (whole, &b""[..]),
        [whole, b'.', fraction @ ..] => (whole, fraction),
        _ => return None,
    };
    if fraction.len() > 3 || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let thousandths = (0..3).fold(0, |n, i| n * 10 + fraction.get(i).map_or(0, |digit| u16::from(digit - b'0')));
    match whole {
        b'0' => Some(thousandths),
        b'1' if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(value: &str) -> Option<&'static str> {
        Encoding::choose(Accepted::parse(value.as_bytes()).flags()).map(Encoding::name)
    }

    #[test]
    fn the_best_of_what_the_client_takes_is_chosen() {
        assert_eq!(chosen("gzip, deflate, br"), Some("br"));
        assert_eq!(chosen("gzip,deflate"), Some("gzip"));
        assert_eq!(chosen("deflate"), Some("deflate"));
        assert_eq!(chosen("X-GZIP"), Some("gzip"));
        assert_eq!(chosen("*"), Some("br"));
        assert_eq!(chosen("zstd, identity"), None);
        assert_eq!(chosen(""), None);
    }

    #[test]
    fn weights_count() {
        assert_eq!(chosen("br;q=0.8, gzip;q=0.9"), Some("gzip"));
        assert_eq!(chosen("br;q=0, gzip"), Some("gzip"));
        assert_eq!(chosen("gzip ; Q=0.5, deflate;q=0.501"), Some("deflate"));
        assert_eq!(chosen("*;q=0.1, br;q=0"), Some("gzip"));
        assert_eq!(chosen("identity, gzip;q=0.5"), None);
        assert_eq!(chosen("identity;q=0, gzip;q=0.001"), Some("gzip"));
        assert_eq!(chosen("gzip;q=0.000"), None);
    }

    #[test]
    fn a_member_that_cannot_be_read_is_left_out() {
        for bad in [
            "gzip;q=",
            "gzip;q=2",
            "gzip;q=1.1",
            "gzip;q=0.1234",
            "gzip;q=a",
            "gzip;x=1",
            "gzip;",
            "gzip;q=-1",
            "gzip br",
        ] {
            assert_eq!(chosen(bad), None, "{bad}");
        }
    }
}
