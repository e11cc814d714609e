//! Forms with files (RFC 7578): reading them as they come, and the list that a form becomes whose files are on disk.

mod disposition;
mod list;
mod parser;
#[cfg(test)]
mod tests;

pub use disposition::Disposition;
pub use list::{Content, Entry, listed, parts, write_field, write_file};
pub use parser::{Event, Limits, Malformed, Parser};

use super::lex;

/// The boundary that a `Content-Type` of multipart/form-data gives (RFC 2046, 5.1.1). None: it is of another type, or the boundary cannot be one.
pub fn boundary(content_type: &[u8]) -> Option<&[u8]> {
    let (kind, rest) = content_type.split_at(memchr::memchr(b';', content_type)?);
    if !lex::trim(kind).eq_ignore_ascii_case(b"multipart/form-data") {
        return None;
    }
    let value = disposition::parameters(rest).find(|(name, _)| name.eq_ignore_ascii_case(b"boundary"))?.1;
    let is_good = (1..=70).contains(&value.len())
        && value.iter().all(|byte| (b' '..0x7f).contains(byte))
        && !value.ends_with(b" ");
    is_good.then_some(value)
}
