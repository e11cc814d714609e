//! A queue of messages in shared memory.

use std::ffi::c_void;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::shm::channel::Channel;

use crate::bytes::swoole_bytes;
use crate::error::swoole_result;
use crate::support::args::{Out, bytes, handle};
use crate::support::boundary;

/// A bounded queue of messages, which many processes push to and many pop from. Made by
/// `swoole_channel_new`, freed by `swoole_channel_free`. Nothing of it ever waits.
pub struct swoole_channel(Channel);

/// What lies in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_channel_figures {
    /// messages
    pub messages: u64,
    /// their bytes
    pub bytes: u64,
}

/// The kind that messages from C have: which kinds there are is a matter of the channel's users.
const KIND: u8 = 0;

/// # Safety
/// As for [`handle`].
unsafe fn with(channel: *const swoole_channel, body: impl FnOnce(&Channel) -> Result<()>) -> swoole_result {
    // SAFETY: passed on to the caller.
    boundary::result(|| body(&unsafe { handle(channel, "channel", "swoole_channel_new") }?.0))
}

/// Makes a channel that holds at least `size` bytes of messages; each takes a few bytes of its own.
///
/// It is one and the same in this process and in all that are forked from it afterwards, servers' workers
/// included; each of them may free its handle. All its functions: any thread, any process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_channel_new(size: usize, channel: *mut *mut swoole_channel) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        let out = unsafe { Out::required(channel, "the place for the channel") }?;
        out.put(Box::into_raw(Box::new(swoole_channel(Channel::new(size)?))));
        Ok(())
    })
}

/// Frees this process's handle of a channel. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_channel_free(channel: *mut swoole_channel) {
    boundary::value((), || {
        if !channel.is_null() {
            // SAFETY: it came from Box::into_raw in swoole_channel_new, and is given back once.
            drop(unsafe { Box::from_raw(channel) });
        }
        Ok(())
    });
}

/// Pushes one message of `len` bytes, which may be 0. `SWOOLE_ERROR_QUEUE_FULL` if there is no room now,
/// `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE` if there never will be.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_channel_push(
    channel: *mut swoole_channel,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(channel, |channel| {
            let message = bytes(data, len, "the message")?;
            if channel.push(KIND, message)? {
                return Ok(());
            }
            Err(Error::new(
                ErrorKind::QueueFull,
                format!(
                    "the channel of {} bytes has no room for a message of {len} now; pop some first",
                    channel.capacity()
                ),
            ))
        })
    }
}

/// Takes the oldest message. `*message` then belongs to the caller, who gives it to `swoole_bytes_free`;
/// its `data` is NULL if there was none. A process that is killed meanwhile has taken a whole message or
/// none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_channel_pop(channel: *mut swoole_channel, message: *mut swoole_bytes) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(channel, |channel| {
            let out = Out::required(message, "the place for the message")?;
            let mut message = Vec::new();
            let found = channel.pop(&mut message).map(|_kind| message);
            out.put(found.into());
            Ok(())
        })
    }
}

/// Writes how much lies in it to `*figures`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_channel_stats(
    channel: *const swoole_channel,
    figures: *mut swoole_channel_figures,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(channel, |channel| {
            let out = Out::required(figures, "the place for the figures")?;
            let stats = channel.stats();
            out.put(swoole_channel_figures { messages: stats.messages, bytes: stats.bytes });
            Ok(())
        })
    }
}

/// Bytes of messages that it holds; 0 if `channel` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_channel_capacity(channel: *const swoole_channel) -> usize {
    // SAFETY: the caller's handle, as the header asks.
    boundary::value(0, || Ok(unsafe { handle(channel, "channel", "swoole_channel_new") }?.0.capacity()))
}
