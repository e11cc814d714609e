//! Packages that end with a mark: `open_eof_check` and `open_eof_split`.

use super::{Verdict, too_large};
use memchr::memmem::{self, Finder};

/// `open_eof_check`: deliver all of `buf` once it ends with `eof`.
///
/// Only the end is looked at, so what is delivered depends on how the bytes arrived. That must not
/// get a peer rejected that sends small packages without a pause, where each read ends in the
/// middle of one: once there is more in `buf` than one package may have, the whole packages among
/// the first `max_length` bytes are delivered, and only if there is none is the peer at fault.
pub(super) fn check(eof: &[u8], max_length: usize, buf: &[u8]) -> Verdict {
    if let Some(front) = buf.get(..max_length)
        && buf.len() > max_length
    {
        // Linear over the life of a connection: what is searched here in vain lies in front of
        // what the next search, one delivery later, begins with.
        return match memmem::rfind(front, eof) {
            Some(at) => Verdict::Deliver(at + eof.len()),
            None => unmarked(buf, max_length),
        };
    }
    if buf.ends_with(eof) { Verdict::Deliver(buf.len()) } else { Verdict::More { total: None } }
}

/// `open_eof_split`: deliver up to and with the first mark. `searched` bytes at the front of `buf`
/// are known to hold no whole mark.
pub(super) fn split(finder: &Finder<'_>, max_length: usize, searched: &mut usize, buf: &[u8]) -> Verdict {
    let mark = finder.needle().len();
    // A mark that ends behind the limit ends a package that is too long.
    let end = buf.len().min(max_length);
    // A mark may have begun in the bytes searched before and end in the new ones.
    let start = searched.saturating_sub(mark - 1).min(end);
    if let Some(at) = finder.find(&buf[start..end]) {
        return Verdict::Deliver(start + at + mark);
    }
    *searched = end;
    if buf.len() > max_length {
        return unmarked(buf, max_length);
    }
    Verdict::More { total: None }
}

fn unmarked(buf: &[u8], max_length: usize) -> Verdict {
    let found = buf.len();
    too_large(format_args!("{found} bytes and no package_eof that ends a package in time"), max_length)
}
