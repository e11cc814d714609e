//! PHP streams whose bytes come from Rust.

use super::protect::{bailing_out, protected};
use super::report::{thrown_or_ok, warning};
use super::value::no;
use ext_php_rs::ffi::{IS_RESOURCE_EX, php_stream, php_stream_ops, php_stream_statbuf, zend_off_t};
use ext_php_rs::types::Zval;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::io::SeekFrom;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{ptr, slice};

/// PHP_STREAM_FLAG_NO_FCLOSE of php_streams.h: fclose() is refused.
const NO_FCLOSE: u32 = 0x80;

// From php_streams.h.
unsafe extern "C" {
    fn _php_stream_alloc(
        ops: *const php_stream_ops,
        it: *mut c_void,
        persistent_id: *const c_char,
        mode: *const c_char,
    ) -> *mut php_stream;
}

/// What a stream is made of. Errors become warnings, and the function that was called on the stream fails.
pub trait Stream: 'static {
    /// Its kind, as stream_get_meta_data() tells it.
    const KIND: &'static CStr;
    /// Why something could not be done, in words.
    type Error: std::fmt::Display;
    /// Reads from the position on; 0: the end is reached.
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Self::Error>;
    /// Writes from the position on; how many bytes.
    fn write(&mut self, data: &[u8]) -> Result<usize, Self::Error>;
    /// Moves the position; the new one.
    fn seek(&mut self, to: SeekFrom) -> Result<u64, Self::Error>;
    /// Writes out what was changed.
    fn flush(&mut self) -> Result<(), Self::Error>;
    /// Its size in bytes.
    fn size(&self) -> u64;
}

struct Ops<S>(std::marker::PhantomData<S>);

impl<S: Stream> Ops<S> {
    const TABLE: php_stream_ops = php_stream_ops {
        write: Some(write::<S>),
        read: Some(read::<S>),
        close: Some(close::<S>),
        flush: Some(flush::<S>),
        label: S::KIND.as_ptr(),
        seek: Some(seek::<S>),
        cast: None,
        stat: Some(stat::<S>),
        set_option: None,
    };
    const STATIC: &'static php_stream_ops = &Self::TABLE;
}

/// A PHP stream over `it`, which goes when the stream is closed. `mode` as for fopen(). False if PHP cannot make one.
pub fn open_stream<S: Stream>(it: S, mode: &CStr) -> Zval {
    let it = Box::into_raw(Box::new(it));
    let mut opened: *mut php_stream = ptr::null_mut();
    // SAFETY: a static table and a C string; `it` belongs to the stream once there is one. The closure owns nothing.
    unsafe {
        protected(&mut || {
            opened = _php_stream_alloc(Ops::<S>::STATIC, it.cast(), ptr::null(), mode.as_ptr());
        });
        if opened.is_null() {
            drop(Box::from_raw(it));
            return no();
        }
        // What `php_stream_to_zval` of php_streams.h does: the one reference of the resource goes to the value.
        let mut value = Zval::new();
        value.value.res = (*opened).res;
        value.u1.type_info = IS_RESOURCE_EX;
        (*opened).set___exposed(1);
        value
    }
}

/// Does something with the stream's Rust side. None: it failed, and a warning has told why.
///
/// # Safety
/// `stream` was made by [`open_stream`] for `S` and is not closed yet.
unsafe fn with<S: Stream, T>(stream: *mut php_stream, act: impl FnOnce(&mut S) -> Result<T, S::Error>) -> Option<T> {
    // SAFETY: the caller's promise; PHP runs one operation on a stream at a time, and none of ours runs PHP code.
    let it = unsafe { &mut *(*stream).abstract_.cast::<S>() };
    let why = match catch_unwind(AssertUnwindSafe(|| act(it))) {
        Ok(Ok(done)) => return Some(done),
        Ok(Err(error)) => error.to_string(),
        Err(_) => {
            "internal error in the swoole extension (a Rust panic, described on standard error); please report it"
                .into()
        }
    };
    // An exception that a handler makes of it is seen when the function on the stream returns.
    if !bailing_out() && thrown_or_ok().is_ok() {
        // PHP goes on with the stream after this, so a handler that closes it is refused.
        // SAFETY: the stream is there until then, for the same reason.
        unsafe {
            let before = (*stream).flags & NO_FCLOSE;
            (*stream).flags |= NO_FCLOSE;
            let _ = warning(&why);
            (*stream).flags = (*stream).flags & !NO_FCLOSE | before;
        }
    }
    None
}

// A fatal error in the handler of a warning is remembered, and is on its way again at the end of the next method of ours or of the script.

unsafe extern "C" fn read<S: Stream>(stream: *mut php_stream, into: *mut c_char, count: usize) -> isize {
    // SAFETY: called by PHP with a stream of ours and room for `count` bytes, which it has set aside for this.
    unsafe {
        ptr::write_bytes(into, 0, count);
        let room = slice::from_raw_parts_mut(into.cast::<u8>(), count);
        match with(stream, |it: &mut S| it.read(room)) {
            Some(read) => {
                // What PHP asks for it asks for in advance, so it has to be told of the end before it meets it.
                if read < count {
                    (*stream).set_eof(1);
                }
                read as isize
            }
            None => -1,
        }
    }
}

unsafe extern "C" fn write<S: Stream>(stream: *mut php_stream, data: *const c_char, count: usize) -> isize {
    // SAFETY: called by PHP with a stream of ours and `count` bytes.
    unsafe {
        let data = slice::from_raw_parts(data.cast::<u8>(), count);
        with(stream, |it: &mut S| it.write(data)).map_or(-1, |written| written as isize)
    }
}

unsafe extern "C" fn seek<S: Stream>(
    stream: *mut php_stream,
    offset: zend_off_t,
    whence: c_int,
    new_offset: *mut zend_off_t,
) -> c_int {
    let to = match whence {
        libc::SEEK_CUR => SeekFrom::Current(offset),
        libc::SEEK_END => SeekFrom::End(offset),
        // Below 0 it is refused as what it is: outside.
        _ => SeekFrom::Start(offset as u64),
    };
    // SAFETY: called by PHP with a stream of ours and a place for the answer.
    unsafe {
        match with(stream, |it: &mut S| it.seek(to)) {
            Some(position) => {
                *new_offset = position as zend_off_t;
                (*stream).set_eof(0);
                0
            }
            None => -1,
        }
    }
}

unsafe extern "C" fn flush<S: Stream>(stream: *mut php_stream) -> c_int {
    // SAFETY: called by PHP with a stream of ours.
    unsafe { with(stream, |it: &mut S| it.flush()) }.map_or(-1, |()| 0)
}

unsafe extern "C" fn stat<S: Stream>(stream: *mut php_stream, out: *mut php_stream_statbuf) -> c_int {
    // SAFETY: called by PHP with a stream of ours and room for the answer, of which zero bytes are a valid one.
    unsafe {
        ptr::write_bytes(out, 0, 1);
        match with(stream, |it: &mut S| Ok(it.size())) {
            Some(size) => {
                let stat = (&raw mut (*out).sb).cast::<libc::stat>();
                (*stat).st_size = size as libc::off_t;
                (*stat).st_mode = libc::S_IFREG | 0o600;
                (*stat).st_nlink = 1;
                0
            }
            None => -1,
        }
    }
}

unsafe extern "C" fn close<S: Stream>(stream: *mut php_stream, _: c_int) -> c_int {
    // SAFETY: called by PHP once for each stream of ours, as the last; `abstract_` is what `open_stream` has put there.
    unsafe {
        let it = Box::from_raw((*stream).abstract_.cast::<S>());
        (*stream).abstract_ = ptr::null_mut();
        match catch_unwind(AssertUnwindSafe(|| drop(it))) {
            Ok(()) => 0,
            Err(_) => -1,
        }
    }
}
