//! `Swoole\Event`: the event loop of this process, as static methods.

use crate::functions::event;
use crate::zend::{ClassSlot, Method, Parent, end, register_static, static_method};

static CLASS: ClassSlot = ClassSlot::new();

const METHODS: &[Method] = &[
    static_method(c"add", event::add, event::ADD),
    static_method(c"set", event::set, event::SET),
    static_method(c"del", event::del, event::DEL),
    static_method(c"isset", event::isset, event::ISSET),
    static_method(c"write", event::write, event::WRITE),
    static_method(c"defer", event::defer, event::DEFER),
    static_method(c"cycle", event::cycle, event::CYCLE),
    static_method(c"dispatch", event::dispatch, event::DISPATCH),
    static_method(c"wait", event::wait, event::WAIT),
    static_method(c"exit", event::exit, event::EXIT),
    end(),
];

pub fn register() {
    register_static(&CLASS, "Swoole\\Event", Some("swoole_event"), Parent::None, METHODS);
}
