//! `Swoole\Exception`: thrown when a server cannot be made, with errno or a `SWOOLE_ERROR_*` as code.

use crate::zend::{ClassSlot, Parent, register_plain};

/// The class.
pub static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Exception", Some("swoole_exception"), Parent::Exception);
}
