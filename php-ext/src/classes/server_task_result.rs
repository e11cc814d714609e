//! `Swoole\Server\TaskResult`: the argument of onFinish where `event_object` is set.

use crate::zend::{ClassSlot, Default, Parent, PropType, float, int, register_plain};
use ext_php_rs::types::Zval;
use swoole_core::server::Answer;

static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Server\\TaskResult", None, Parent::None).properties(&[
        ("task_id", PropType::INT, Default::Int(0)),
        ("task_worker_id", PropType::INT, Default::Int(0)),
        ("dispatch_time", PropType::FLOAT, Default::Float(0.0)),
        ("data", PropType::MIXED, Default::Null),
    ]);
}

/// A new one.
pub fn make(answer: &Answer<'_>, data: Zval) -> Zval {
    CLASS.make(|result| {
        result.set_property(0, int(answer.task_id));
        result.set_property(1, int(answer.task_worker));
        result.set_property(2, float(answer.dispatch_time));
        result.set_property(3, data);
    })
}
