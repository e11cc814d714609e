//! The event loop's parts: [`poller`] waits for descriptors over mio, [`clock`] tells the time.

pub mod clock;
pub mod poller;
