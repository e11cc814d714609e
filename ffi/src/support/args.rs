//! From C values to Rust ones. Whatever can be seen to be wrong becomes an error, not a crash.

use std::ffi::{CStr, OsStr, c_char, c_void};
use std::fmt::Display;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::net::SocketType;

use crate::server::SWOOLE_SSL;

/// An `InvalidParams` error.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}

fn is_null(what: &str, instead: impl Display) -> Error {
    invalid(format!("{what} is NULL; pass {instead}"))
}

/// What is behind a handle. `kind` is the word for it, `maker` the function that gives one.
///
/// # Safety
/// `handle` is NULL, or what `maker` gave and was not freed, and nobody has an exclusive reference to it.
pub(crate) unsafe fn handle<'a, T>(handle: *const T, kind: &str, maker: &str) -> Result<&'a T> {
    // SAFETY: passed on to the caller.
    unsafe { handle.as_ref() }
        .ok_or_else(|| invalid(format!("the {kind} is NULL; pass what {maker} gave, after checking that it succeeded")))
}

/// As [`handle`], to change it.
///
/// # Safety
/// `handle` is NULL, or what `maker` gave and was not freed, and nobody else uses it until the exported function returns.
pub(crate) unsafe fn handle_mut<'a, T>(handle: *mut T, kind: &str, maker: &str) -> Result<&'a mut T> {
    // SAFETY: passed on to the caller.
    unsafe { handle.as_mut() }
        .ok_or_else(|| invalid(format!("the {kind} is NULL; pass what {maker} gave, after checking that it succeeded")))
}

/// The bytes of a string without its final NUL. `what` names the parameter in the error.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string that outlives `'a`.
pub(crate) unsafe fn c_str<'a>(text: *const c_char, what: &str) -> Result<&'a [u8]> {
    if text.is_null() {
        return Err(is_null(what, "a string that ends with a NUL"));
    }
    // SAFETY: not NULL, and the caller promises a terminated string.
    Ok(unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// A string that must be UTF-8.
///
/// # Safety
/// As for [`c_str`].
pub(crate) unsafe fn text<'a>(text: *const c_char, what: &str) -> Result<&'a str> {
    // SAFETY: passed on to the caller.
    let bytes = unsafe { c_str(text, what) }?;
    std::str::from_utf8(bytes)
        .map_err(|_| invalid(format!("{what} is not UTF-8: {:?} was given", String::from_utf8_lossy(bytes))))
}

/// `count` values at `data`; nothing if `count` is 0, whatever `data` is.
///
/// # Safety
/// If `count` is not 0, `data` is NULL or points to that many values that outlive `'a`.
pub(crate) unsafe fn slice<'a, T>(data: *const T, count: usize, what: &str) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(is_null(what, format_args!("the address of {count} values, or the number 0")));
    }
    if count > isize::MAX as usize / size_of::<T>() {
        return Err(invalid(format!("{what} cannot have {count} values: that is more than the memory a process has")));
    }
    // SAFETY: not NULL, the size fits the address space, and the caller promises the values.
    Ok(unsafe { std::slice::from_raw_parts(data, count) })
}

/// `len` bytes at `data`.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn bytes<'a>(data: *const c_void, len: usize, what: &str) -> Result<&'a [u8]> {
    // SAFETY: passed on to the caller.
    unsafe { slice(data.cast(), len, what) }
}

/// Room for `size` bytes at `into`, to be written to only: what is in it may be anything.
///
/// # Safety
/// If `size` is not 0, `into` is NULL or has that many bytes, which nobody else uses for `'a`.
pub(crate) unsafe fn room<'a>(into: *mut c_void, size: usize, what: &str) -> Result<&'a mut [u8]> {
    if size == 0 {
        return Ok(&mut []);
    }
    if into.is_null() {
        return Err(is_null(what, format_args!("the address of {size} bytes, or the number 0")));
    }
    if size > isize::MAX as usize {
        return Err(invalid(format!("{what} cannot have {size} bytes: that is more than the memory a process has")));
    }
    // SAFETY: not NULL, the size fits the address space, and the caller promises the bytes.
    Ok(unsafe { std::slice::from_raw_parts_mut(into.cast(), size) })
}

/// A kind of socket as C gives it, and whether it is with TLS.
pub(crate) fn socket_type(number: i32) -> Result<(SocketType, bool)> {
    let tls = number & SWOOLE_SSL != 0;
    let kind = SocketType::from_number((number & !SWOOLE_SSL).into()).ok_or_else(|| {
        invalid(format!(
            "there is no kind of socket {number}; pass one of SWOOLE_SOCK_TCP (1) to SWOOLE_SOCK_UNIX_DGRAM (6), \
             for TLS with SWOOLE_SSL (512) added"
        ))
    })?;
    if tls && kind.is_datagram() {
        return Err(Error::new(
            ErrorKind::OperationNotSupport,
            "there is no TLS over datagrams here; use a stream, or leave SWOOLE_SSL out",
        ));
    }
    Ok((kind, tls))
}

/// The path of a file.
///
/// # Safety
/// As for [`c_str`].
pub(crate) unsafe fn path<'a>(text: *const c_char) -> Result<&'a Path> {
    // SAFETY: passed on to the caller.
    let bytes = unsafe { c_str(text, "the path") }?;
    Ok(Path::new(OsStr::from_bytes(bytes)))
}

/// Longer than any process lives.
const LONGEST: Duration = Duration::from_secs(1_000_000_000);

/// A timeout in seconds, 0 or more.
pub(crate) fn seconds(timeout: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(timeout)
        // The clock has an end too.
        .map(|timeout| timeout.min(LONGEST))
        .map_err(|_| invalid(format!("a timeout of {timeout} s was asked for; pass a number of seconds from 0 on")))
}

/// A timeout in seconds; below 0: without end.
pub(crate) fn limit(timeout: f64) -> Result<Option<Duration>> {
    if timeout < 0.0 { Ok(None) } else { seconds(timeout).map(Some) }
}

/// A timeout in seconds; 0: without end.
pub(crate) fn limit_or_none(timeout: f64) -> Result<Option<Duration>> {
    seconds(timeout).map(|timeout| (!timeout.is_zero()).then_some(timeout))
}

/// The number of a TCP or UDP port.
pub(crate) fn port_number(port: i32) -> Result<u16> {
    u16::try_from(port).map_err(|_| invalid(format!("there is no port {port}; ports are 0 to 65535")))
}

/// A place for a result, checked before the work is done and written after it.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// A place that must be there.
    ///
    /// # Safety
    /// `place` is NULL or a valid place for a `T` until the exported function returns.
    pub(crate) unsafe fn required(place: *mut T, what: &str) -> Result<Self> {
        if place.is_null() { Err(is_null(what, "the address that the result goes to")) } else { Ok(Out(place)) }
    }

    /// A place that the caller may leave out.
    ///
    /// # Safety
    /// As for [`Out::required`].
    pub(crate) unsafe fn optional(place: *mut T) -> Self {
        Out(place)
    }

    /// Writes the result, if there is a place for it.
    pub(crate) fn put(self, value: T) {
        if !self.0.is_null() {
            // SAFETY: whoever made this `Out` promised a valid place.
            unsafe { self.0.write(value) }
        }
    }
}

/// Room for several results.
pub(crate) struct OutList<T> {
    first: *mut T,
    capacity: usize,
}

impl<T> OutList<T> {
    /// Room for `capacity` values at `first`, which may be NULL if that is 0.
    ///
    /// # Safety
    /// `first` is NULL or has room for `capacity` values until the exported function returns.
    pub(crate) unsafe fn new(first: *mut T, capacity: usize, what: &str) -> Result<Self> {
        if first.is_null() && capacity > 0 {
            return Err(is_null(what, format_args!("an array with room for {capacity} values, or the capacity 0")));
        }
        Ok(OutList { first, capacity })
    }

    /// Writes as many values as there is room for.
    pub(crate) fn put(self, values: impl IntoIterator<Item = T>) {
        for (i, value) in values.into_iter().take(self.capacity).enumerate() {
            // SAFETY: `i` is below the capacity that whoever made this `OutList` promised.
            unsafe { self.first.add(i).write(value) }
        }
    }
}

/// `text` as a NUL-terminated array, cut if it is too long.
pub(crate) fn fixed_text<const N: usize>(text: &str) -> [c_char; N] {
    let mut array = [0; N];
    for (to, from) in array[..N - 1].iter_mut().zip(text.bytes()) {
        *to = from as c_char;
    }
    array
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_bad_text_are_errors() {
        // SAFETY: NULL is what is tested; the other string is a literal.
        let (null, bad) = unsafe { (text(std::ptr::null(), "host"), text(c"\xff".as_ptr(), "host")) };
        assert_eq!(null.unwrap_err().to_string(), "host is NULL; pass a string that ends with a NUL");
        assert_eq!(bad.unwrap_err().kind(), ErrorKind::InvalidParams);
    }

    #[test]
    fn an_empty_slice_needs_no_address() {
        // SAFETY: no byte is read: the first is empty, the others are refused.
        unsafe {
            assert_eq!(bytes(std::ptr::null(), 0, "data").unwrap(), b"");
            assert!(bytes(std::ptr::null(), 1, "data").is_err());
            assert!(bytes(c"x".as_ptr().cast(), usize::MAX, "data").is_err());
        }
    }

    #[test]
    fn a_list_is_cut_at_its_capacity() {
        let mut room = [0i64; 3];
        // SAFETY: the room is a local array; two of its three places are offered.
        unsafe { OutList::new(room.as_mut_ptr(), 2, "list") }.unwrap().put([1, 2, 3]);
        assert_eq!(room, [1, 2, 0]);
    }

    #[test]
    fn fixed_text_always_ends_with_a_nul() {
        assert_eq!(fixed_text::<4>("abcdef"), [b'a' as c_char, b'b' as c_char, b'c' as c_char, 0]);
        assert_eq!(fixed_text::<4>("a"), [b'a' as c_char, 0, 0, 0]);
    }

    #[test]
    fn a_timeout_may_have_no_end() {
        assert_eq!((limit(-1.0).unwrap(), limit(0.0).unwrap()), (None, Some(Duration::ZERO)));
        assert_eq!(limit_or_none(0.0).unwrap(), None);
        for wrong in [f64::NAN, f64::INFINITY] {
            assert!(limit(wrong).is_err() && limit_or_none(wrong).is_err());
        }
        assert!(limit_or_none(-1.0).is_err());
    }

    #[test]
    fn a_timeout_is_a_number_from_0_on() {
        assert_eq!(seconds(0.5).unwrap(), Duration::from_millis(500));
        assert!(std::time::Instant::now().checked_add(seconds(1e19).unwrap()).is_some());
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(seconds(wrong).unwrap_err().kind(), ErrorKind::InvalidParams);
        }
    }
}
