//! Names with values, as C reads and writes them.

use std::cell::OnceCell;
use std::ffi::c_char;

use swoole_core::error::Result;

use crate::bytes::swoole_data;
use crate::support::args::{c_str, slice};

/// A name with its value, as they were received: a header, a cookie, a field of a form. The bytes end
/// with no NUL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct swoole_http_field {
    /// its name
    pub name: swoole_data,
    /// its value
    pub value: swoole_data,
}

/// A name with its value, to be sent. Strings end with a NUL.
#[repr(C)]
pub struct swoole_http_pair {
    /// its name
    pub name: *const c_char,
    /// its value
    pub value: *const c_char,
}

impl swoole_http_field {
    pub(super) fn new((name, value): (&[u8], &[u8])) -> swoole_http_field {
        swoole_http_field { name: name.into(), value: value.into() }
    }
}

/// Lines of names and values, found once: going through them by number does not begin anew each time.
#[derive(Default)]
pub(super) struct Lines(OnceCell<Vec<swoole_http_field>>);

impl Lines {
    /// The `n`th of `lines`, which point to bytes that stay as long as this.
    pub(super) fn get<'a>(
        &self,
        n: usize,
        lines: impl FnOnce() -> Box<dyn Iterator<Item = (&'a [u8], &'a [u8])> + 'a>,
    ) -> Option<swoole_http_field> {
        self.0.get_or_init(|| lines().map(swoole_http_field::new).collect()).get(n).copied()
    }
}

/// Names with values that were decoded. All bytes lie in one piece, so that a body of a million tiny fields takes a small
/// multiple of its size.
#[derive(Default)]
pub(super) struct Fields {
    bytes: Vec<u8>,
    /// where each name and each value ends
    ends: Vec<(usize, usize)>,
}

impl Fields {
    pub(super) fn add(&mut self, name: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(name);
        let middle = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push((middle, self.bytes.len()));
    }

    fn get(&self, n: usize) -> Option<(&[u8], &[u8])> {
        let (middle, end) = *self.ends.get(n)?;
        let from = n.checked_sub(1).map_or(0, |before| self.ends[before].1);
        Some((&self.bytes[from..middle], &self.bytes[middle..end]))
    }

    /// The `n`th of them; good until one is added.
    pub(super) fn nth(&self, n: usize) -> Option<swoole_http_field> {
        self.get(n).map(swoole_http_field::new)
    }

    /// The value of the first of that name.
    pub(super) fn find(&self, name: &[u8]) -> Option<&[u8]> {
        (0..self.ends.len()).filter_map(|n| self.get(n)).find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Fields {
        let mut fields = Fields::default();
        pairs.into_iter().for_each(|(name, value)| fields.add(name.as_ref(), value.as_ref()));
        fields
    }
}

/// What a program passes: names and values, copied.
///
/// # Safety
/// If `count` is not 0, `pairs` is NULL or points to that many pairs, whose strings are NULL or end with a NUL.
pub(super) unsafe fn pairs(
    pairs: *const swoole_http_pair,
    count: usize,
    what: &str,
) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    // SAFETY: passed on to the caller.
    let pairs = unsafe { slice(pairs, count, what) }?;
    let copy = |pair: &swoole_http_pair| {
        // SAFETY: passed on to the caller.
        let (name, value) = unsafe { (c_str(pair.name, "a name")?, c_str(pair.value, "a value")?) };
        Ok((name.to_vec(), value.to_vec()))
    };
    pairs.iter().map(copy).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_number_and_by_name() {
        let fields: Fields = [("a", "1"), ("b", ""), ("a", "2")].into_iter().collect();
        let found: Vec<_> = (0..4).map(|n| fields.get(n)).collect();
        assert_eq!(found, [Some((&b"a"[..], &b"1"[..])), Some((b"b", b"")), Some((b"a", b"2")), None]);
        assert_eq!((fields.find(b"a"), fields.find(b"b"), fields.find(b"A")), (Some(&b"1"[..]), Some(&b""[..]), None));
    }
}
