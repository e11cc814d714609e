//! `Swoole\Timer`: the timers of this process, as static methods.

use crate::functions::timer;
use crate::zend::{ClassSlot, Method, Parent, end, register_static, static_method};

static CLASS: ClassSlot = ClassSlot::new();

const METHODS: &[Method] = &[
    static_method(c"after", timer::after, timer::SET_TIMER),
    static_method(c"tick", timer::tick, timer::SET_TIMER),
    static_method(c"exists", timer::exists, timer::NUMBER),
    static_method(c"clear", timer::clear, timer::NUMBER),
    static_method(c"clearAll", timer::clear_all, timer::CLEAR_ALL),
    static_method(c"info", timer::info, timer::INFO),
    static_method(c"list", timer::list, timer::LIST),
    static_method(c"stats", timer::stats, timer::STATS),
    static_method(c"set", timer::set, timer::SET),
    end(),
];

pub fn register() {
    register_static(&CLASS, "Swoole\\Timer", Some("swoole_timer"), Parent::None, METHODS);
}
