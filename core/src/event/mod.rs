//! The event loop's parts: [`poller`] waits for descriptors over mio, [`timers`] are timers as plain data, [`local`] holds those
//! of this process, [`clock`] tells the time.

pub mod clock;
pub mod local;
pub mod poller;
pub mod timers;

pub use local::{Flow, after, clear, defer, tick};
pub use timers::TimerId;
