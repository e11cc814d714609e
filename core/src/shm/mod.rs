//! Memory that processes share: [`region`] lays it out, [`ring`] moves messages through it,
//! [`lock`] lets several processes take turns. The only room that turns offsets into references.
//!
//! Everything in it is made of atomics and means something when all its bytes are zero, so a process
//! that dies at any instruction leaves nothing that could not be read.
#![allow(unsafe_code)]

pub mod atomic;
#[cfg(not(loom))]
pub mod lock;
#[cfg(not(loom))]
pub mod region;
pub mod ring;
