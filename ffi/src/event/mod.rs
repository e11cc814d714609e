//! The event loop of the process: its timers, deferred calls, descriptors and signals, and running it.

mod run;
mod select;
mod signals;
mod thread;
mod timers;
mod watches;

pub use run::*;
pub use select::*;
pub use signals::*;
pub use timers::*;
pub use watches::*;

pub(crate) use thread::{ask_loop, in_loop};
