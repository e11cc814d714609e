//! The C face of the engine: `libswoole_rs`, declared in `include/swoole_rs.h`.
//!
//! One file per engine room, with the room's name: what it exports is `swoole_<type>_<verb>`. Each
//! function does three things and no more: turn C values into Rust ones (`support::args`), call the
//! facade of `swoole-core`, and turn the outcome into a result code (`support::boundary`). The doc
//! comments of exported items are the header's text, so they speak to C programmers.
//!
//! Invariants:
//! - No panic leaves this crate: every exported function runs inside `support::boundary`.
//! - An output parameter is written only when the function succeeds.
//! - No enum is read from C: numbers come in as integers and are checked.
#![allow(unsafe_code, reason = "a C interface is made of raw pointers; each block says why it is sound")]
#![allow(non_camel_case_types, reason = "types have the names that C programs use")]
#![allow(clippy::missing_safety_doc, reason = "the header has one set of pointer rules for all functions, at its top")]

pub mod aio;
pub mod buffer;
pub mod bytes;
pub mod client;
pub mod config;
pub mod error;
pub mod event;
pub mod http;
pub mod mmap;
pub mod process;
pub mod server;
pub mod shm;
mod support;
pub mod sys;
pub mod websocket;

use std::ffi::c_char;

/// The version of the library that runs, for example `"0.1.0"`; the header's is
/// `SWOOLE_RS_VERSION`. Never NULL, never to be freed. Any thread, any process.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
