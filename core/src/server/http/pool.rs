//! Buffers that are used again: a request and its answer cost no allocation.

use std::cell::RefCell;

/// Buffers that wait.
const MOST: usize = 32;
/// Longest of them, in bytes.
const LONGEST: usize = 64 << 10;

thread_local! {
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer.
pub fn take() -> Vec<u8> {
    BUFFERS.try_with(|buffers| buffers.borrow_mut().pop()).ok().flatten().unwrap_or_default()
}

/// Gives a buffer back that is not needed any more.
pub fn give(mut buffer: Vec<u8>) {
    if buffer.capacity() == 0 || buffer.capacity() > LONGEST {
        return;
    }
    buffer.clear();
    // At the end of the process there may be no place for it.
    let _ = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        if buffers.len() < MOST {
            buffers.push(buffer);
        }
    });
}
