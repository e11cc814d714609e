//! The table under every interleaving, and every delay of a store, that loom can find.

/// A thread of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder(u32);

loom::thread_local! {
    static NUMBER: std::cell::Cell<u32> = std::cell::Cell::new(8);
}

impl Holder {
    pub fn this() -> Holder {
        Holder(NUMBER.with(|number| number.get()))
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
        false
    }
}

/// Lets others go on.
pub fn pause(_tries: u32) {
    loom::thread::yield_now();
}
