//! Forms with files (RFC 7578).

use super::lex;

/// The boundary that a `Content-Type` of multipart/form-data gives (RFC 2046, 5.1.1). None: it is of another type, or the boundary cannot be one.
pub fn boundary(content_type: &[u8]) -> Option<&[u8]> {
    let (kind, mut rest) = content_type.split_at(memchr::memchr(b';', content_type)?);
    if !lex::trim(kind).eq_ignore_ascii_case(b"multipart/form-data") {
        return None;
    }
    while let [b';', parameter @ ..] = rest {
        let equals = memchr::memchr(b'=', parameter)?;
        let (name, value) = (lex::trim(&parameter[..equals]), lex::trim(&parameter[equals + 1..]));
        let (value, behind) = match value {
            [b'"', quoted @ ..] => {
                let end = memchr::memchr(b'"', quoted)?;
                (&quoted[..end], lex::trim(&quoted[end + 1..]))
            }
            _ => value.split_at(memchr::memchr(b';', value).unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case(b"boundary") {
            let value = lex::trim(value);
            return (1..=70)
                .contains(&value.len())
                .then_some(value)
                .filter(|value| value.iter().all(|byte| (b' '..0x7f).contains(byte)));
        }
        rest = behind;
    }
    None
}
