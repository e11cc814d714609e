//! What the headers of a part say.

use super::lex;
use crate::protocol::http1::pairs;
use std::borrow::Cow;

/// The parameters behind a value, `; name=value` or `; name="value"`; what is quoted is given without the quotes, and not unescaped. Ends where it is malformed.
pub fn parameters(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let [b';', parameter @ ..] = lex::trim(rest) else { return None };
        let equals = memchr::memchr(b'=', parameter)?;
        let (name, value) = (lex::trim(&parameter[..equals]), lex::trim(&parameter[equals + 1..]));
        let (value, behind) = match value {
            [b'"', quoted @ ..] => {
                let end = closing(quoted)?;
                (&quoted[..end], &quoted[end + 1..])
            }
            _ => {
                let (value, behind) = value.split_at(memchr::memchr(b';', value).unwrap_or(value.len()));
                (lex::trim(value), behind)
            }
        };
        rest = behind;
        Some((name, value))
    })
}

/// Where the quote is that closes; one behind a backslash does not.
fn closing(quoted: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', quoted.get(from..)?)?;
        if quoted[at] == b'"' {
            return Some(at);
        }
        // A backslash escapes a quote or another one only: some clients send paths of Windows.
        from = at + if matches!(quoted.get(at + 1), Some(b'"' | b'\\')) { 2 } else { 1 };
    }
}

/// Without the backslashes that escape.
fn unescape(quoted: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some((byte, behind)) = rest.split_first() {
        (rest, _) = match (byte, behind.first()) {
            (b'\\', Some(escaped @ (b'"' | b'\\'))) => (&behind[1..], text.push(*escaped)),
            _ => (behind, text.push(*byte)),
        };
    }
    text
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Disposition {
    /// the field's name; empty: it has none, and is nothing for a program
    pub name: Vec<u8>,
    /// Some: it is a file of that name, as the client gave it. The name may hold anything, also paths; empty if none was chosen
    pub filename: Option<Vec<u8>>,
    /// its type as the client gave it; empty: it gave none
    pub content_type: Vec<u8>,
}

impl Disposition {
    /// One header of a part.
    pub(super) fn add(&mut self, name: &[u8], value: &[u8]) {
        if name.eq_ignore_ascii_case(b"content-type") {
            self.content_type = value.to_vec();
        }
        if !name.eq_ignore_ascii_case(b"content-disposition") {
            return;
        }
        let (kind, rest) = value.split_at(memchr::memchr(b';', value).unwrap_or(value.len()));
        if !lex::trim(kind).eq_ignore_ascii_case(b"form-data") {
            return;
        }
        for (name, value) in parameters(rest) {
            if name.eq_ignore_ascii_case(b"name") {
                self.name = unescape(value);
            } else if name.eq_ignore_ascii_case(b"filename") {
                self.filename = Some(unescape(value));
            } else if name.eq_ignore_ascii_case(b"filename*") && self.filename.is_none() {
                self.filename = extended(value);
            }
        }
    }
}

/// A name in the form of RFC 8187, if it is of UTF-8.
fn extended(value: &[u8]) -> Option<Vec<u8>> {
    let (charset, rest) = value.split_at_checked(6)?;
    let language = memchr::memchr(b'\'', rest)?;
    charset.eq_ignore_ascii_case(b"UTF-8'").then(|| match pairs::decode(&rest[language + 1..], false) {
        Cow::Owned(text) => text,
        Cow::Borrowed(text) => text.to_vec(),
    })
}
