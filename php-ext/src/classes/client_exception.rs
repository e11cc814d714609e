//! `Swoole\Client\Exception`: thrown when a client cannot be made or lacks a callback, with a `SWOOLE_ERROR_*` as code.

use super::exception;
use crate::zend::{ClassSlot, Parent, register_plain};

/// The class.
pub static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Client\\Exception", None, Parent::Of(&exception::CLASS));
}
