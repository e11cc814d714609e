//! The whole loop: its turns held against a model, what is written through its buffers, and other processes.

mod buffer;
mod processes;
mod turns;
