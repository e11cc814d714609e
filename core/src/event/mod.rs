//! The event loop of a process. [`local`] is the loop of this thread: timers, deferred calls and turns; [`watch`] are the descriptors
//! that a program watches itself, [`sources`] those of the engine's own clients and threads, [`signals`] calls functions for
//! signals; [`select`] waits once, without the loop. Underneath, [`poller`] waits for descriptors over mio, [`timers`] are
//! timers as plain data and [`clock`] tells the time.

pub mod clock;
pub mod local;
pub mod poller;
pub mod select;
pub mod signals;
pub mod sources;
pub mod timers;
pub mod watch;

pub use local::{
    Flow, TimerInfo, after, clear, clear_all, cycle, defer, dispatch, exit, is_idle, is_joined, rounds, tick,
    timer_count, timer_info, timers, wait,
};
pub use poller::{Interest, Ready};
pub use select::select;
pub use signals::signal;
pub use sources::{Source, SourceFn};
pub use timers::TimerId;
pub use watch::{WatchFn, add, del, isset, set, write};

#[cfg(test)]
mod tests;
