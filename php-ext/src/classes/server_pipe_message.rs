//! `Swoole\Server\PipeMessage`: the argument of onPipeMessage where `event_object` is set.

use crate::zend::{ClassSlot, Default, Parent, PropType, float, int, register_plain};
use ext_php_rs::types::Zval;
use swoole_core::server::PipeMessage;

static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Server\\PipeMessage", None, Parent::None).properties(&[
        ("source_worker_id", PropType::INT, Default::Int(0)),
        ("worker_id", PropType::INT, Default::Int(0)),
        ("dispatch_time", PropType::FLOAT, Default::Float(0.0)),
        ("data", PropType::MIXED, Default::Null),
    ]);
}

/// A new one. The sender has two names in it, an older and a newer one.
pub fn make(message: &PipeMessage<'_>, data: Zval) -> Zval {
    CLASS.make(|object| {
        object.set_property(0, int(message.source));
        object.set_property(1, int(message.source));
        object.set_property(2, float(message.dispatch_time));
        object.set_property(3, data);
    })
}
