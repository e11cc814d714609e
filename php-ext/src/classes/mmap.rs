//! `Swoole\Mmap`: a part of a file as a PHP stream, seen by every process that has the file open.

use super::{refuse, value_or_warn};
use crate::zend::{
    self, Call, ClassSlot, LONG, Method, NONE, Parent, STRING, Stream, Thrown, arg, end, no, opt, register_static,
    returns, static_method,
};
use ext_php_rs::types::Zval;
use std::ffi::{CStr, OsStr};
use std::io::SeekFrom;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::mmap::Mmap;

static CLASS: ClassSlot = ClassSlot::new();

const METHODS: &[Method] = &[
    // PHP has no name for the type of a stream.
    static_method(
        c"open",
        open,
        &[returns(1, NONE), arg(c"filename", STRING), opt(c"size", LONG, c"-1"), opt(c"offset", LONG, c"0")],
    ),
    end(),
];

pub fn register() {
    register_static(&CLASS, "Swoole\\Mmap", Some("swoole_mmap"), Parent::None, METHODS);
}

impl Stream for Mmap {
    const KIND: &'static CStr = c"swoole_mmap";
    type Error = Error;

    fn read(&mut self, into: &mut [u8]) -> EngineResult<usize> {
        Mmap::read(self, into)
    }
    fn write(&mut self, data: &[u8]) -> EngineResult<usize> {
        Mmap::write(self, data)
    }
    fn seek(&mut self, to: SeekFrom) -> EngineResult<u64> {
        Mmap::seek(self, to)
    }
    fn flush(&mut self) -> EngineResult<()> {
        Mmap::flush(self)
    }
    fn size(&self) -> u64 {
        Mmap::size(self)
    }
}

/// The stream, or false with a warning.
fn open(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 3)?;
    let (name, size, offset) = (args.bytes()?, args.long_or(-1)?, args.long_or(0)?);
    let (Ok(offset), -1..) = (u64::try_from(offset), size) else {
        let message = format!(
            "{size} bytes from {offset} on of a file were asked for; give an offset of 0 or more, and a size, or -1 for all up to \
             the end"
        );
        return refuse(ErrorKind::InvalidParams, message).map(|_| no());
    };
    let opened = Mmap::open(Path::new(OsStr::from_bytes(name)), u64::try_from(size).ok(), offset);
    Ok(value_or_warn(opened)?.map_or_else(no, |window| zend::open_stream(window, c"r+b")))
}
