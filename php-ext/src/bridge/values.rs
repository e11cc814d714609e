//! PHP values on their way between processes: a string travels as it is, anything else as PHP's serializer writes it.

use crate::zend::{self, Thrown, bytes, release};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendStr, Zval};
use std::cell::Cell;
use swoole_core::server::Data;

/// A value that can be given to the engine.
pub enum Packed<'v> {
    /// a string's own bytes
    Bytes(&'v [u8]),
    /// any other value
    Serialized(ZBox<ZendStr>),
}

impl Packed<'_> {
    /// As the engine takes it.
    pub fn data(&self) -> Data<'_> {
        match self {
            Packed::Bytes(bytes) => Data { bytes, serialized: false },
            Packed::Serialized(text) => Data { bytes: text.as_bytes(), serialized: true },
        }
    }
}

/// Makes `value` ready to travel. Err: it cannot be serialized, and PHP has thrown its own exception.
pub fn pack(value: &Zval) -> Result<Packed<'_>, Thrown> {
    match value.dereference().zend_str() {
        Some(text) => Ok(Packed::Bytes(text.as_bytes())),
        None => zend::serialize(value).map(Packed::Serialized),
    }
}

/// The value that has travelled. None: it cannot be read, and PHP has said where in a notice.
pub fn unpack(data: Data<'_>) -> Result<Option<Zval>, Thrown> {
    if data.serialized { zend::unserialize(data.bytes) } else { Ok(Some(bytes(data.bytes))) }
}

/// A value that has travelled, for a callback: a string is made only where the callback is called.
pub enum Received<'d> {
    Bytes(&'d [u8]),
    Value(Cell<Zval>),
}

impl Received<'_> {
    /// The value. Once: it is gone then.
    pub fn give(&self) -> Zval {
        match self {
            Received::Bytes(data) => bytes(data),
            Received::Value(value) => value.take(),
        }
    }
}

impl Drop for Received<'_> {
    fn drop(&mut self) {
        if let Received::Value(value) = self {
            release(value.take());
        }
    }
}
