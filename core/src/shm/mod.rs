//! Memory that processes share: [`region`] lays it out, [`ring`] moves messages through it,
//! [`lock`] lets several processes take turns, [`queue`] is a ring that many write and many read, [`hand`] holds what a process has
//! taken out of one. The only room that turns offsets into references.
//!
//! Everything in it is made of atomics and means something when all its bytes are zero, so a process
//! that dies at any instruction leaves nothing that could not be read.
#![allow(unsafe_code)]

pub mod atomic;
#[cfg(not(loom))]
mod cells;
#[cfg(not(loom))]
pub mod channel;
#[cfg(all(test, not(loom)))]
mod child;
#[cfg(not(loom))]
pub mod counter;
mod end;
#[cfg(not(loom))]
pub mod hand;
#[cfg(not(loom))]
pub mod lock;
pub mod locks;
#[cfg(all(test, loom))]
mod models;
#[cfg(not(loom))]
pub mod queue;
#[cfg(not(loom))]
pub mod region;
pub mod ring;
pub mod table;
mod wakeup;
