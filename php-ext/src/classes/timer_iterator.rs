//! `Swoole\Timer\Iterator`: PHP's `ArrayIterator`, over the numbers that the timers of this process had when it was made.

use crate::zend::{self, ClassSlot, Parent, Thrown, register_plain};
use ext_php_rs::types::Zval;
use std::ffi::CStr;
use swoole_core::event::TimerId;

/// The class's name in signatures.
pub const NAME: &CStr = c"Swoole\\Timer\\Iterator";

static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Timer\\Iterator", Some("swoole_timer_iterator"), Parent::ArrayIterator);
}

/// One over those numbers.
pub fn make(numbers: Vec<TimerId>) -> Result<Zval, Thrown> {
    zend::construct(&CLASS, &zend::list(numbers.into_iter()))
}
