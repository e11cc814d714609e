//! `Swoole\Server\StatusInfo`: how a worker ended, the argument of onWorkerError where `event_object` is set.

use crate::zend::{ClassSlot, Default, Parent, PropType, int, register_plain};
use ext_php_rs::types::Zval;

static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Server\\StatusInfo", None, Parent::None).properties(&[
        ("worker_id", PropType::INT, Default::Int(0)),
        ("worker_pid", PropType::INT, Default::Int(0)),
        ("status", PropType::INT, Default::Int(0)),
        ("exit_code", PropType::INT, Default::Int(0)),
        ("signal", PropType::INT, Default::Int(0)),
    ]);
}

/// A new one; `status` as wait(2) gave it.
pub fn make(worker_id: i32, pid: i32, status: i32, exit_code: i32, signal: i32) -> Zval {
    CLASS.make(|info| {
        for (slot, value) in [worker_id, pid, status, exit_code, signal].into_iter().enumerate() {
            info.set_property(slot, int(value));
        }
    })
}
