//! A part of a file, read and written in place.

use std::ffi::{c_char, c_void};
use std::io::SeekFrom;

use swoole_core::error::Result;
use swoole_core::mmap::Mmap;

use crate::error::swoole_result;
use crate::support::args::{self, Out, bytes, handle, handle_mut, invalid};
use crate::support::boundary;

/// A part of a file, of fixed size, with a position. Made by `swoole_mmap_open`, freed by
/// `swoole_mmap_free`. What is written is seen at once by everybody who has the file open. Any thread,
/// one at a time; a forked process has a position of its own.
pub struct swoole_mmap(Mmap);

/// # Safety
/// As for [`handle_mut`].
unsafe fn with(mmap: *mut swoole_mmap, body: impl FnOnce(&mut Mmap) -> Result<()>) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(&mut unsafe { handle_mut(mmap, "mapped file", "swoole_mmap_open") }?.0))
}

/// Opens `size` bytes (0: up to its end) of the file at `path`, from `offset` on. The file must exist, be
/// readable and writable, and reach that far. `*mmap` then belongs to the caller, who gives it to
/// `swoole_mmap_free`. `SWOOLE_ERROR_INVALID_PARAMS` if nothing is there or the file is shorter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_mmap_open(
    path: *const c_char,
    size: u64,
    offset: u64,
    mmap: *mut *mut swoole_mmap,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointers, as the header asks.
        let (path, out) = unsafe { (args::path(path)?, Out::required(mmap, "the place for the mapped file")?) };
        let opened = Mmap::open(path, (size != 0).then_some(size), offset)?;
        out.put(Box::into_raw(Box::new(swoole_mmap(opened))));
        Ok(())
    })
}

/// Closes and frees it; what was written is in the file. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_mmap_free(mmap: *mut swoole_mmap) {
    boundary::value((), || {
        if !mmap.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_mmap_open, and is given back once.
            drop(unsafe { Box::from_raw(mmap) });
        }
        Ok(())
    });
}

/// Reads at most `size` bytes from the position on to `into`, moves the position behind them, and tells
/// how many there were: 0 at the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_mmap_read(
    mmap: *mut swoole_mmap,
    into: *mut c_void,
    size: usize,
    got: *mut usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(mmap, |mmap| {
            let (into, got) =
                (args::room(into, size, "the room for the data")?, Out::required(got, "the place for the length")?);
            got.put(mmap.read(into)?);
            Ok(())
        })
    }
}

/// Writes `len` bytes from the position on, moves the position behind them, and tells how many fitted
/// before the end: the file does not grow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_mmap_write(
    mmap: *mut swoole_mmap,
    data: *const c_void,
    len: usize,
    written: *mut usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(mmap, |mmap| {
            let (data, written) = (bytes(data, len, "the data")?, Out::required(written, "the place for the length")?);
            written.put(mmap.write(data)?);
            Ok(())
        })
    }
}

/// Moves the position: `whence` is SEEK_SET, SEEK_CUR or SEEK_END. `position` may be NULL; it gets the
/// new one. `SWOOLE_ERROR_INVALID_PARAMS`, with the position as it was, if that would lie before the
/// first byte or behind the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_mmap_seek(
    mmap: *mut swoole_mmap,
    offset: i64,
    whence: i32,
    position: *mut u64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(mmap, |mmap| {
            let to = match whence {
                libc::SEEK_SET => SeekFrom::Start(
                    u64::try_from(offset)
                        .map_err(|_| invalid(format!("there is no position {offset}; pass 0 or more with SEEK_SET")))?,
                ),
                libc::SEEK_CUR => SeekFrom::Current(offset),
                libc::SEEK_END => SeekFrom::End(offset),
                other => {
                    return Err(invalid(format!(
                        "a position cannot be counted from {other}; pass SEEK_SET (0), SEEK_CUR (1) or SEEK_END (2)"
                    )));
                }
            };
            let found = mmap.seek(to)?;
            Out::optional(position).put(found);
            Ok(())
        })
    }
}

/// Writes what was changed to the disk, and waits for that: it outlives a crash of the system then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_mmap_flush(mmap: *mut swoole_mmap) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe { with(mmap, Mmap::flush) }
}

/// Its size in bytes; 0 if `mmap` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_mmap_size(mmap: *const swoole_mmap) -> u64 {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { handle(mmap, "mapped file", "swoole_mmap_open") }?.0.size()))
}
