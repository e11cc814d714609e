//! The only room that calls libc. What the rest of the engine needs from the system:
//! processes ([`process`]), signals ([`signal`]), doorbells and file sending ([`fd`]), shared
//! memory ([`mem`]), waiting on a word of it ([`futex`]), who holds a lock in it ([`holder`]), locked files ([`flock`]), limits ([`limits`]), message queues
//! ([`msgqueue`]) and waiting for them ([`msgwait`]), the [`clock`], the process's title ([`title`]) and the machine's addresses ([`interfaces`]).
//!
//! Everything else (sockets and their options) comes from the `socket2` and `mio` crates.
#![allow(unsafe_code)]

pub mod beneath;
pub mod clock;
pub mod fd;
pub mod flock;
pub mod futex;
pub mod holder;
pub mod interfaces;
pub mod limits;
pub mod mem;
pub mod msgqueue;
pub mod msgwait;
pub mod process;
pub mod signal;
pub mod sockopt;
pub mod title;

use std::io;

/// Turns the -1 of a system call into the errno's error.
fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
