//! `Swoole\Server\Packet`: a datagram as one object, where `event_object` is set.

use crate::zend::{ClassSlot, Default, Parent, PropType, array, bytes, fill, float, int, register_plain, text};
use ext_php_rs::types::{ZendHashTable, Zval};
use swoole_core::server::Packet;

static CLASS: ClassSlot = ClassSlot::new();

pub fn register() {
    register_plain(&CLASS, "Swoole\\Server\\Packet", None, Parent::None).properties(&[
        ("server_socket", PropType::INT, Default::Int(0)),
        ("server_port", PropType::INT, Default::Int(0)),
        ("dispatch_time", PropType::FLOAT, Default::Float(0.0)),
        ("address", PropType::NULLABLE_STRING, Default::Null),
        ("port", PropType::INT, Default::Int(0)),
        ("data", PropType::NULLABLE_STRING, Default::Null),
    ]);
}

/// A new one.
pub fn make(packet: &Packet<'_>) -> Zval {
    CLASS.make(|object| {
        object.set_property(0, int(packet.server_socket));
        object.set_property(1, int(packet.server_port));
        object.set_property(2, float(packet.dispatch_time));
        object.set_property(3, text(packet.address));
        object.set_property(4, int(packet.peer_port));
        object.set_property(5, bytes(packet.data));
    })
}

/// The sender as the array that is the third argument of onPacket.
pub fn client_array(packet: &Packet<'_>) -> Zval {
    let mut table = ZendHashTable::with_capacity(5);
    fill(
        &mut table,
        [
            ("server_socket", int(packet.server_socket)),
            ("server_port", int(packet.server_port)),
            ("dispatch_time", float(packet.dispatch_time)),
            ("address", text(packet.address)),
            ("port", int(packet.peer_port)),
        ],
    );
    array(table)
}
