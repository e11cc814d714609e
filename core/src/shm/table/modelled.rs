//! What loom is given in the place of threads of processes that may die.

use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;
use std::cell::Cell;

/// Threads of a model at most; the last number is that of the one which began it.
const THREADS: u32 = 4;

/// A thread, by the number that the model gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder(u32);

loom::thread_local! {
    static NUMBER: Cell<u32> = Cell::new(THREADS);
}

loom::lazy_static! {
    static ref DEAD: [AtomicBool; THREADS as usize + 1] = std::array::from_fn(|_| AtomicBool::new(false));
}

#[allow(missing_docs)]
impl Holder {
    pub fn this() -> Holder {
        Holder(NUMBER.with(Cell::get))
    }
    pub fn from_bits(bits: u32) -> Option<Holder> {
        (bits != 0).then_some(Holder(bits))
    }
    pub fn bits(self) -> u32 {
        self.0
    }
    pub fn number(self) -> i32 {
        self.0 as i32
    }
    pub fn has_ended(self) -> bool {
        DEAD[self.0 as usize].load(Ordering::Acquire)
    }
    /// From now on the calling thread has that number.
    pub fn begin(number: u32) {
        NUMBER.with(|own| own.set(number));
    }
    /// The calling thread has died, with what it holds.
    pub fn die() {
        DEAD[Holder::this().0 as usize].store(true, Ordering::Release);
    }
}

/// Lets others go on.
pub fn pause(_tries: u32) {
    thread::yield_now();
}
