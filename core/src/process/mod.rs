//! Processes that a program makes itself: so far the pipe to such a process.

mod pipe;

pub use pipe::{End, Pipe, PipeType};
