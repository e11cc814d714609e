//! `Swoole\Http\Server`: a server whose ports speak HTTP.

use crate::classes;
use crate::zend::{ClassSlot, Method, end, register_child};

/// The class. Objects of it, and of what extends it, have ports of HTTP, see `Server::__construct()`.
pub static CLASS: ClassSlot = ClassSlot::new();

const METHODS: &[Method] = &[end()];

pub fn register() {
    register_child(&CLASS, "Swoole\\Http\\Server", Some("swoole_http_server"), &classes::server::CLASS, METHODS);
}
