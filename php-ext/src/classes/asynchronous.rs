//! `Swoole\Async`: files, names and commands, without waiting for them. The same as the functions `swoole_async_*`.

use crate::functions::{aio, async_set};
use crate::zend::{ClassSlot, Method, Parent, end, register_static, static_method};

static CLASS: ClassSlot = ClassSlot::new();

const METHODS: &[Method] = &[
    static_method(c"set", async_set::set, async_set::SET),
    static_method(c"read", aio::read, aio::READ),
    static_method(c"write", aio::write, aio::WRITE),
    static_method(c"readFile", aio::read_file, aio::READ_FILE),
    static_method(c"writeFile", aio::write_file, aio::WRITE_FILE),
    static_method(c"dnsLookup", aio::dns_lookup, aio::DNS_LOOKUP),
    static_method(c"exec", aio::exec, aio::EXEC),
    end(),
];

pub fn register() {
    register_static(&CLASS, "Swoole\\Async", Some("swoole_async"), Parent::None, METHODS);
}
