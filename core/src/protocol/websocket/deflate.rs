//! Compression of messages: permessage-deflate (RFC 7692), each message by itself.
//!
//! Both sides agree to begin each message afresh (`no_context_takeover`), so a connection has no compressor of its own: a process has one and one
//! decompressor, and any process may write to any connection.

use super::{Refusal, close};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::cell::RefCell;

/// The largest window, in bits: a peer that does not say otherwise takes this.
pub const LARGEST_WINDOW: u8 = 15;
/// The smallest.
pub const SMALLEST_WINDOW: u8 = 8;

/// What ends every flushed block, and is left away.
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];
/// Bytes by which the output of a decompressor grows at first.
const STEP: usize = 4 << 10;

thread_local! {
    static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), false));
    static DECOMPRESSOR: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// Appends `data`, compressed for a peer whose window has 2 to the power of `window` bytes (8 to 15). False: that failed, and `out` is as it was.
pub fn compress(data: &[u8], window: u8, out: &mut Vec<u8>) -> bool {
    let from = out.len();
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        // Nothing behind a full flush refers to what lies before it. So no distance is longer than the window.
        let mut rest = data;
        loop {
            let chunk = rest.split_off(..rest.len().min(1 << window)).unwrap_or_default();
            let flush = if rest.is_empty() { FlushCompress::Sync } else { FlushCompress::Full };
            let (before, mut done) = (compressor.total_in(), 0);
            loop {
                out.reserve((chunk.len() - done) / 2 + 64);
                if compressor.compress_vec(&chunk[done..], out, flush).is_err() {
                    out.truncate(from);
                    return;
                }
                done = (compressor.total_in() - before) as usize;
                // It has flushed everything when it leaves room.
                if done == chunk.len() && out.len() < out.capacity() {
                    break;
                }
            }
            if rest.is_empty() {
                break;
            }
        }
    });
    if out[from..].ends_with(&TAIL) {
        out.truncate(out.len() - TAIL.len());
        return true;
    }
    out.truncate(from);
    false
}

/// Appends what `data` was before it was compressed, at most `limit` bytes. Refused: more than that; data that is damaged.
pub fn inflate(data: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), Refusal> {
    let from = out.len();
    DECOMPRESSOR.with_borrow_mut(|decompressor| {
        decompressor.reset(false);
        for input in [data, &TAIL] {
            let mut input = input;
            loop {
                if out.len() == out.capacity() {
                    // One byte more than is allowed, to see that there is more.
                    let room = limit.saturating_add(1).saturating_sub(out.len() - from);
                    out.reserve_exact(room.min((out.len() - from).max(STEP)));
                }
                let (before, made) = (decompressor.total_in(), out.len());
                let Ok(status) = decompressor.decompress_vec(input, out, FlushDecompress::Sync) else {
                    return Err(Refusal { code: close::BAD_DATA, reason: "a compressed message is damaged" });
                };
                if out.len() - from > limit {
                    return Err(Refusal {
                        code: close::TOO_BIG,
                        reason: "a message is longer than package_max_length",
                    });
                }
                let eaten = (decompressor.total_in() - before) as usize;
                input = &input[eaten..];
                if status == Status::StreamEnd {
                    // A sender may end the stream within a message; the next block begins another one.
                    decompressor.reset(false);
                } else if eaten == 0 && out.len() == made && out.len() < out.capacity() && !input.is_empty() {
                    return Err(Refusal { code: close::BAD_DATA, reason: "a compressed message is damaged" });
                }
                if input.is_empty() && out.len() < out.capacity() {
                    break;
                }
            }
        }
        Ok(())
    })
}
