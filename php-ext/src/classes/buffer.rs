//! `Swoole\Buffer`: bytes that grow at the end and are given up at the front, for taking streams apart.

use super::{construct_once, constructed, refuse, throw_exception, value_or_warn};
use crate::zend::{
    self, BOOL, Call, ClassSlot, Default, FALSE, Handlers, LONG, Method, NONE, Payload, PropType, STRING, Thrown, VOID,
    arg, bytes, end, int, method, no, opt, returns,
};
use ext_php_rs::types::Zval;
use std::cell::{OnceCell, RefCell};
use swoole_core::buffer::Buffer;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Room that a buffer has unless another one was asked for.
const SIZE: i64 = 128;

/// Numbers of the declared properties.
mod slot {
    pub const CAPACITY: usize = 0;
    pub const LENGTH: usize = 1;
}

/// The Rust side: empty until the constructor has run.
#[derive(std::default::Default)]
pub struct BufferObject(OnceCell<RefCell<Buffer>>);

impl Payload for BufferObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

const METHODS: &[Method] = &[
    method(c"__construct", construct, &[returns(0, NONE), opt(c"size", LONG, c"128")]),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    method(c"__toString", to_string, &[returns(0, STRING)]),
    method(
        c"substr",
        substr,
        &[returns(1, STRING | FALSE), arg(c"offset", LONG), opt(c"length", LONG, c"-1"), opt(c"seek", BOOL, c"false")],
    ),
    method(c"write", write, &[returns(2, LONG | FALSE), arg(c"offset", LONG), arg(c"data", STRING)]),
    method(c"read", read, &[returns(2, STRING | FALSE), arg(c"offset", LONG), arg(c"length", LONG)]),
    method(c"append", append, &[returns(1, LONG | FALSE), arg(c"data", STRING)]),
    method(c"expand", expand, &[returns(1, LONG | FALSE), arg(c"size", LONG)]),
    method(c"recycle", recycle, &[returns(0, VOID)]),
    method(c"clear", clear, &[returns(0, VOID)]),
    end(),
];

pub fn register() {
    zend::register::<BufferObject>(&CLASS, "Swoole\\Buffer", Some("swoole_buffer"), METHODS)
        .properties(&[("capacity", PropType::INT, Default::Int(0)), ("length", PropType::INT, Default::Int(0))]);
}

fn buffer<'c>(call: Call<'c>) -> Result<&'c RefCell<Buffer>, Thrown> {
    constructed(&call.payload::<BufferObject>()?.0, "buffer")
}

/// Keeps the properties true.
fn show(call: Call<'_>, buffer: &Buffer) {
    call.this().set_property(slot::CAPACITY, int(buffer.capacity() as i64));
    call.this().set_property(slot::LENGTH, int(buffer.as_bytes().len() as i64));
}

/// Changes the buffer: the number that came out, or false with a warning.
fn change(call: Call<'_>, act: impl FnOnce(&mut Buffer) -> EngineResult<usize>) -> Result<Option<i64>, Thrown> {
    let mut buffer = buffer(call)?.borrow_mut();
    let changed = act(&mut buffer);
    show(call, &buffer);
    drop(buffer);
    Ok(value_or_warn(changed)?.map(|n| n as i64))
}

/// As a size; one below 0 is none.
fn size(asked: i64) -> EngineResult<usize> {
    usize::try_from(asked).map_err(|_| {
        Error::new(
            ErrorKind::InvalidParams,
            format!("room for {asked} bytes was asked for in a buffer; give a number of 1 or more"),
        )
    })
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let asked = call.args(0, 1)?.long_or(SIZE)?;
    let made = size(asked).and_then(Buffer::new).map_err(throw_exception)?;
    construct_once(&call.payload::<BufferObject>()?.0, RefCell::new(made), "buffer")?;
    show(call, &buffer(call)?.borrow());
    Ok(())
}

fn to_string(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(bytes(buffer(call)?.borrow().as_bytes()))
}

/// A part; `length` -1 is all from `offset` on.
fn part(call: Call<'_>, offset: i64, length: i64) -> Result<Option<Zval>, Thrown> {
    if length < -1 {
        let message = format!("{length} bytes of a buffer were asked for; give how many, or -1 for all there are");
        return refuse(ErrorKind::InvalidParams, message).map(|_| None);
    }
    let found = buffer(call)?.borrow().part(offset, usize::try_from(length).ok()).map(bytes);
    value_or_warn(found)
}

fn substr(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 3)?;
    let (offset, length, remove) = (args.long()?, args.long_or(-1)?, args.bool_or(false)?);
    if remove && offset != 0 {
        let message = format!(
            "bytes from {offset} on were to be removed from a buffer; only those at its front can be: give offset 0"
        );
        return refuse(ErrorKind::InvalidParams, message).map(|_| no());
    }
    let Some(found) = part(call, offset, length)? else { return Ok(no()) };
    if remove {
        let count = found.zend_str().map_or(0, |found| found.len());
        change(call, |buffer| buffer.give_up(count).map(|()| count))?;
    }
    Ok(found)
}

fn read(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(2, 2)?;
    let (offset, length) = (args.long()?, args.long()?);
    Ok(part(call, offset, length)?.unwrap_or_else(no))
}

/// Writes over what is there; the new length.
fn write(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    let mut args = call.args(2, 2)?;
    let (offset, data) = (args.long()?, args.bytes()?);
    change(call, |buffer| buffer.write(offset, data))
}

/// The new length.
fn append(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    let data = call.args(1, 1)?.bytes()?;
    change(call, |buffer| buffer.append(data))
}

/// The new capacity.
fn expand(call: Call<'_>) -> Result<Option<i64>, Thrown> {
    let asked = call.args(1, 1)?.long()?;
    change(call, |buffer| size(asked).and_then(|size| buffer.expand(size)))
}

fn recycle(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    let mut buffer = buffer(call)?.borrow_mut();
    buffer.recycle();
    show(call, &buffer);
    Ok(())
}

fn clear(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    let mut buffer = buffer(call)?.borrow_mut();
    buffer.clear();
    show(call, &buffer);
    Ok(())
}
