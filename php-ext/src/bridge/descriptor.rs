//! Which descriptor a value of a script means: an int, a stream, a `Socket`, or an object of ours that has one.

use crate::classes::{client, process};
use crate::zend::{self, Object};
use ext_php_rs::types::Zval;
use std::os::fd::RawFd;
use swoole_core::error::{Error, ErrorKind, Result};

/// The descriptor of `value`, which stays its owner. Errors: it has none, or is closed.
pub fn descriptor(value: &Zval) -> Result<RawFd> {
    if let Some(number) = value.long() {
        return RawFd::try_from(number)
            .ok()
            .filter(|fd| *fd >= 0)
            .ok_or_else(|| invalid(format!("{number} is no descriptor; descriptors are 0 and more")));
    }
    if value.is_resource() {
        if !zend::is_stream(value) {
            return Err(invalid(
                "the resource is no open stream; take a stream out with swoole_event_del before it is closed",
            ));
        }
        return zend::stream_descriptor(value).ok_or_else(|| {
            invalid("the stream has no descriptor, as php://memory has none; pipes, sockets and terminals can be waited for")
        });
    }
    let Some(object) = Object::of(value) else {
        return Err(invalid("neither a descriptor's number nor a stream, a Socket, or an object with a descriptor"));
    };
    if let Some(fd) = zend::socket_descriptor(object) {
        return if fd >= 0 { Ok(fd) } else { Err(invalid("the Socket is closed")) };
    }
    if let Some(found) = process::descriptor(object) {
        return found;
    }
    if let Some(found) = client::descriptor(object) {
        return found.ok_or_else(|| invalid("the client has no socket; connect it first"));
    }
    Err(invalid(format!(
        "an object of the class {} has no descriptor; pass a number, a stream, a Socket, a Swoole\\Client or a Swoole\\Process",
        object.class_name()
    )))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidParams, message)
}
