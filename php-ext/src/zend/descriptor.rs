//! The descriptors behind PHP values: streams and sockets keep what they have.

use super::object::Object;
use super::protect::protected;
use ext_php_rs::ffi::{_php_stream_cast, php_file_le_pstream, php_file_le_stream, php_stream, zend_fetch_resource2_ex};
use ext_php_rs::types::Zval;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::fd::RawFd;
use std::ptr;

/// PHP_STREAM_AS_FD_FOR_SELECT and PHP_STREAM_CAST_INTERNAL of php_streams.h: asked by the engine itself, so the stream's buffer stays.
const AS_FD_FOR_SELECT: c_int = 3 | 0x2000_0000;
/// ZEND_INTERNAL_CLASS of zend_compile.h: the class is an extension's.
const INTERNAL_CLASS: c_char = 1;
/// PHP_STREAM_OPTION_BLOCKING
const OPTION_BLOCKING: c_int = 1;

// From php_streams.h and zend_constants.h.
unsafe extern "C" {
    fn zend_get_constant_str(name: *const c_char, length: usize) -> *mut Zval;
    fn _php_stream_set_option(stream: *mut php_stream, option: c_int, value: c_int, argument: *mut c_void) -> c_int;
}

/// The stream in `value`; null if there is none, or it is closed.
fn stream(value: &Zval) -> *mut php_stream {
    // SAFETY: a live value; without a name for what was expected the function raises nothing.
    unsafe {
        let value = ptr::from_ref(value).cast_mut();
        zend_fetch_resource2_ex(value, ptr::null(), php_file_le_stream(), php_file_le_pstream()).cast()
    }
}

/// Whether `value` is a PHP stream that is open.
pub fn is_stream(value: &Zval) -> bool {
    !stream(value).is_null()
}

/// The descriptor of an open PHP stream, which stays its owner. None if it has none that can be waited for (`php://memory`).
pub fn stream_descriptor(value: &Zval) -> Option<RawFd> {
    let stream = stream(value);
    if stream.is_null() {
        return None;
    }
    let mut fd: c_int = -1;
    let mut result = -1;
    let out = &raw mut fd;
    // SAFETY: a live stream; a wrapper written in PHP may run. The closure owns nothing.
    unsafe { protected(&mut || result = _php_stream_cast(stream, AS_FD_FOR_SELECT, out.cast(), 0)) };
    (result == 0 && fd >= 0).then_some(fd)
}

/// Makes an open PHP stream blocking or not. Whether it was blocking before; None if that cannot be told.
pub fn set_stream_blocking(value: &Zval, blocking: bool) -> Option<bool> {
    let stream = stream(value);
    if stream.is_null() {
        return None;
    }
    let mut before = -1;
    // SAFETY: as above.
    unsafe {
        protected(&mut || {
            before = _php_stream_set_option(stream, OPTION_BLOCKING, c_int::from(blocking), ptr::null_mut());
        });
    }
    (before >= 0).then_some(before == 1)
}

/// Another file lies behind descriptor 0 now: the stream of the constant `STDIN` forgets what it has read ahead, and that it was at its end.
pub fn renew_standard_input() {
    const NAME: &CStr = c"STDIN";
    // SAFETY: a name with its length; the answer is null or a constant's value, which stays. Its stream, if it is one and open, is live.
    unsafe {
        let Some(value) = zend_get_constant_str(NAME.as_ptr(), NAME.count_bytes()).as_ref() else { return };
        if let Some(stream) = stream(value).as_mut() {
            stream.readpos = stream.writepos;
            stream.set_eof(0);
        }
    }
}

/// The descriptor of a `Socket` object of ext/sockets, -1 once it is closed. None if it is something else.
///
/// That extension need not be there, so nothing of it is linked: its class is final and known by its name, and its objects begin with the descriptor.
pub fn socket_descriptor(object: Object<'_>) -> Option<RawFd> {
    let raw = object.raw();
    // SAFETY: a live object, whose handlers tell where the memory of its extension begins.
    unsafe {
        let class = (*raw).ce;
        let is_socket = (*class).type_ == INTERNAL_CLASS && object.class_name().as_bytes() == b"Socket";
        is_socket.then(|| *raw.cast::<u8>().sub((*(*raw).handlers).offset as usize).cast::<c_int>())
    }
}
