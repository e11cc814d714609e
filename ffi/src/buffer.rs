//! A buffer of bytes that grows.

use std::ffi::c_void;

use swoole_core::buffer::Buffer;
use swoole_core::error::Result;

use crate::error::swoole_result;
use crate::support::args::{Out, bytes, handle, handle_mut};
use crate::support::boundary;

/// Bytes that grow at the end and can be taken away at the front. Made by `swoole_buffer_new`, freed by
/// `swoole_buffer_free`. Each process has its own copy after a fork. Any thread, one at a time.
pub struct swoole_buffer(Buffer);

/// # Safety
/// As for [`handle_mut`].
unsafe fn change(buffer: *mut swoole_buffer, body: impl FnOnce(&mut Buffer) -> Result<()>) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(&mut unsafe { handle_mut(buffer, "buffer", "swoole_buffer_new") }?.0))
}

/// # Safety
/// As for [`handle`].
unsafe fn ask<T>(buffer: *const swoole_buffer, otherwise: T, body: impl FnOnce(&Buffer) -> T) -> T {
    // SAFETY: passed on to the caller.
    boundary::value(otherwise, || Ok(body(&unsafe { handle(buffer, "buffer", "swoole_buffer_new") }?.0)))
}

/// Makes an empty buffer with room for `size` bytes, 1 to 2 GiB. `*buffer` then belongs to the caller,
/// who gives it to `swoole_buffer_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_new(size: usize, buffer: *mut *mut swoole_buffer) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(buffer, "the place for the buffer") }?;
        out.put(Box::into_raw(Box::new(swoole_buffer(Buffer::new(size)?))));
        Ok(())
    })
}

/// Frees a buffer. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_free(buffer: *mut swoole_buffer) {
    boundary::value((), || {
        if !buffer.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_buffer_new, and is given back once.
            drop(unsafe { Box::from_raw(buffer) });
        }
        Ok(())
    });
}

/// Adds `len` bytes, which must not be the buffer's own, at the end. The room grows as needed, up to 2
/// GiB.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_append(
    buffer: *mut swoole_buffer,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { change(buffer, |buffer| buffer.append(bytes(data, len, "the data")?).map(drop)) }
}

/// Writes `len` bytes, which must not be the buffer's own, over what is there from `offset` on (below 0:
/// counted from the end), and on behind the end. `SWOOLE_ERROR_INVALID_PARAMS` if the offset lies before
/// the first byte or behind the end: nothing is written then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_write(
    buffer: *mut swoole_buffer,
    offset: i64,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe { change(buffer, |buffer| buffer.write(offset, bytes(data, len, "the data")?).map(drop)) }
}

/// Reads `len` bytes (0: all there are) from `offset` on (below 0: counted from the end). `*data` then
/// points to `*got` bytes of the buffer's, valid until it is changed or freed.
/// `SWOOLE_ERROR_INVALID_PARAMS` if there are not as many. Positions count from the first byte that was
/// not removed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_read(
    buffer: *const swoole_buffer,
    offset: i64,
    len: usize,
    data: *mut *const u8,
    got: *mut usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (buffer, data, got) = unsafe {
            (
                handle(buffer, "buffer", "swoole_buffer_new")?,
                Out::required(data, "the place for the data")?,
                Out::required(got, "the place for the length")?,
            )
        };
        let part = buffer.0.part(offset, (len != 0).then_some(len))?;
        data.put(part.as_ptr());
        got.put(part.len());
        Ok(())
    })
}

/// Takes the first `len` bytes away. That moves none: their room is used again when it is needed, or
/// after `swoole_buffer_recycle`. `SWOOLE_ERROR_INVALID_PARAMS` if there are not as many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_remove(buffer: *mut swoole_buffer, len: usize) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { change(buffer, |buffer| buffer.give_up(len)) }
}

/// Makes room for `size` bytes in all, more than `swoole_buffer_capacity`, 2 GiB at most.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_expand(buffer: *mut swoole_buffer, size: usize) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { change(buffer, |buffer| buffer.expand(size).map(drop)) }
}

/// Moves what is in the buffer to the front of its room, over what was removed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_recycle(buffer: *mut swoole_buffer) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        change(buffer, |buffer| {
            buffer.recycle();
            Ok(())
        })
    }
}

/// Takes everything away; the room stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_clear(buffer: *mut swoole_buffer) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        change(buffer, |buffer| {
            buffer.clear();
            Ok(())
        })
    }
}

/// What is in it: `swoole_buffer_length` bytes, without a final NUL, valid until the buffer is changed or
/// freed. NULL only if `buffer` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_data(buffer: *const swoole_buffer) -> *const u8 {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(buffer, std::ptr::null(), |buffer| buffer.as_bytes().as_ptr()) }
}

/// Bytes in it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_length(buffer: *const swoole_buffer) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(buffer, 0, |buffer| buffer.as_bytes().len()) }
}

/// Bytes that it has room for without growing, those of removed ones included.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_buffer_capacity(buffer: *const swoole_buffer) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { ask(buffer, 0, Buffer::capacity) }
}
