//! `Swoole\Server\Event`: the argument of onConnect, onReceive and onClose where `event_object` is set.

use crate::zend::{ClassSlot, Default, Parent, PropType, bytes, float, int, register_plain};
use ext_php_rs::types::Zval;

static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Server\\Event", None, Parent::None).properties(&[
        ("reactor_id", PropType::INT, Default::Int(0)),
        ("fd", PropType::INT, Default::Int(0)),
        ("dispatch_time", PropType::FLOAT, Default::Float(0.0)),
        ("data", PropType::NULLABLE_STRING, Default::Null),
    ]);
}

/// A new one. `dispatch_time` is in seconds since 1970; `data` only for receive.
pub fn make(session: i64, reactor: i32, dispatch_time: f64, data: Option<&[u8]>) -> Zval {
    CLASS.make(|event| {
        event.set_property(0, int(reactor));
        event.set_property(1, int(session));
        event.set_property(2, float(dispatch_time));
        if let Some(data) = data {
            event.set_property(3, bytes(data));
        }
    })
}
