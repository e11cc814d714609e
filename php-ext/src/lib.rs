//! The PHP extension `swoole`: PHP's face of the engine in `swoole-core`.
//!
//! This file is what happens when PHP loads the extension. `zend` is the thin, and only unsafe, layer
//! over the Zend engine; `classes` has a file for each PHP class; `bridge` turns the engine's events
//! into calls of PHP callbacks; `functions`, `constants` and `ini` are what their names say. The
//! declared contract of all of it is in `stubs/`.

mod bridge;
mod classes;
mod constants;
mod functions;
mod ini;
mod zend;

use zend::{Lifecycle, Module};

/// What PHP is told about this module.
static LIFECYCLE: Lifecycle = Lifecycle {
    name: c"swoole",
    version: VERSION,
    functions: functions::TABLE,
    ini: ini::TABLE,
    startup,
    request_begin,
    request_end: bridge::looping::forget,
    info,
};

/// Must be the engine's version: all crates of the workspace have the same.
const VERSION: &std::ffi::CStr =
    match std::ffi::CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => panic!("a version has no NUL"),
    };

/// MINIT: everything a script can name comes into being here.
fn startup(module: &Module) {
    constants::register(module);
    classes::register();
}

/// RINIT: a script begins.
fn request_begin() {
    bridge::signals::begin();
    functions::async_set::begin();
}

/// The table of `php --ri swoole`; PHP adds the INI directives below it.
fn info() -> Vec<(&'static str, String)> {
    let on = || "enabled".to_string();
    vec![
        ("Swoole (swoole-rs)", on()),
        ("Version", swoole_core::VERSION.to_string()),
        ("Built for PHP", format!("API {}", ext_php_rs::ffi::ZEND_MODULE_API_NO)),
        ("Server modes", "SWOOLE_PROCESS, SWOOLE_BASE".to_string()),
        ("TCP, TCP6, UDP, UDP6, Unix stream, Unix datagram", on()),
        ("Packet protocols", "raw, EOF, length".to_string()),
        ("HTTP/1.0, HTTP/1.1, WebSocket", on()),
        ("Tasks wait in", "shared memory, System V message queues".to_string()),
        ("Event loop", "epoll".to_string()),
        ("Processes talk by", "shared-memory rings".to_string()),
    ]
}
