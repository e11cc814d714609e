//! Names with values, as C reads and writes them.

use std::cell::OnceCell;
use std::ffi::c_char;

use swoole_core::error::Result;
use swoole_core::protocol::http1::Fields;

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
    fn new((name, value): (&[u8], &[u8])) -> swoole_http_field {
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

/// The `n`th of them.
pub(super) fn nth(fields: &Fields, n: usize) -> Option<swoole_http_field> {
    fields.get(n).map(swoole_http_field::new)
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
