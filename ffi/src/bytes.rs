//! Bytes that pass between program and library.

use std::ffi::{c_char, c_void};

use swoole_core::server::OwnedData;

use crate::support::args::{bytes, c_str};
use crate::support::boundary;

/// Bytes that stay whose they are: the program's where they are passed in, the library's where it gives
/// them.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct swoole_data {
    /// the first of them; may be NULL if `len` is 0
    pub data: *const c_void,
    /// how many
    pub len: usize,
}

impl From<&[u8]> for swoole_data {
    fn from(bytes: &[u8]) -> Self {
        swoole_data { data: bytes.as_ptr().cast(), len: bytes.len() }
    }
}

impl swoole_data {
    /// What there is instead of bytes.
    pub(crate) const NONE: swoole_data = swoole_data { data: std::ptr::null(), len: 0 };
}

/// Bytes of the library's that belong to the caller, who gives them to `swoole_bytes_free`.
#[repr(C)]
pub struct swoole_bytes {
    /// the first of them, without a final NUL; NULL: there is nothing, not even an empty message
    pub data: *mut u8,
    /// how many
    pub len: usize,
}

impl From<Option<Vec<u8>>> for swoole_bytes {
    fn from(found: Option<Vec<u8>>) -> Self {
        let Some(found) = found else { return swoole_bytes { data: std::ptr::null_mut(), len: 0 } };
        let len = found.len();
        swoole_bytes { data: Box::into_raw(found.into_boxed_slice()).cast(), len }
    }
}

impl From<Option<OwnedData>> for swoole_bytes {
    fn from(found: Option<OwnedData>) -> Self {
        found.map(|found| found.bytes).into()
    }
}

/// Whether these bytes are those of `text`, which ends with a NUL. False if `text` is NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_data_is(data: swoole_data, text: *const c_char) -> bool {
    boundary::value(false, || {
        // SAFETY: the caller's pointers, as the header asks.
        Ok(unsafe { bytes(data.data, data.len, "the data")? == c_str(text, "the text")? })
    })
}

/// Frees bytes that the library gave, and empties `*bytes`, so that a second call does nothing.
/// NULL is allowed, as the struct and as its `data`. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_bytes_free(bytes: *mut swoole_bytes) {
    boundary::value((), || {
        // SAFETY: NULL, or the caller's struct, which nothing else uses meanwhile.
        let Some(bytes) = (unsafe { bytes.as_mut() }) else { return Ok(()) };
        let (data, len) = (std::mem::replace(&mut bytes.data, std::ptr::null_mut()), std::mem::take(&mut bytes.len));
        if !data.is_null() {
            // SAFETY: made by the conversion above of a box of that length, and given back once.
            drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, len)) });
        }
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_freed_once() {
        for content in [vec![], vec![7; 100]] {
            let mut bytes = swoole_bytes::from(Some(content.clone()));
            assert!(!bytes.data.is_null());
            assert_eq!(bytes.len, content.len());
            for _ in 0..2 {
                // SAFETY: a local struct, made as the library makes it.
                unsafe { swoole_bytes_free(&mut bytes) }
                assert!(bytes.data.is_null());
                assert_eq!(bytes.len, 0);
            }
        }
    }

    #[test]
    fn data_is_compared_with_a_text() {
        // SAFETY: local slices and literals.
        let is = |data: &[u8], text: &std::ffi::CStr| unsafe { swoole_data_is(data.into(), text.as_ptr()) };
        assert!(is(b"abc", c"abc") && is(b"", c""));
        assert!(!is(b"abc", c"ab") && !is(b"ab\0", c"ab"));
        // SAFETY: NULL is what is tested.
        unsafe {
            assert!(swoole_data_is(swoole_data::NONE, c"".as_ptr()));
            assert!(!swoole_data_is(b"".as_slice().into(), std::ptr::null()));
        }
    }

    #[test]
    fn nothing_is_null() {
        assert!(swoole_bytes::from(None::<Vec<u8>>).data.is_null());
    }
}
