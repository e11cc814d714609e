//! `Swoole\Channel`: a bounded queue of values in shared memory, which many processes push to and pop from. Nobody waits.

use super::{answer_or_warn, construct_once, constructed, throw_exception, unpacked};
use crate::bridge::values;
use crate::zend::{
    self, ARRAY, BOOL, Call, ClassSlot, Handlers, LONG, MIXED, Method, NONE, Payload, Thrown, arg, array, end, fill,
    int, method, no, returns,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::cell::{Cell, OnceCell};
use swoole_core::error::{Error, ErrorKind};
use swoole_core::server::Data;
use swoole_core::shm::channel::Channel;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// A message that is a string's own bytes.
const BYTES: u8 = 0;
/// A message that is what serialize() has made.
const SERIALIZED: u8 = 1;

/// The Rust side: empty until the constructor has run.
#[derive(std::default::Default)]
pub struct ChannelObject(OnceCell<State>);

struct State {
    channel: Channel,
    /// what was popped last, kept for its room
    popped: Cell<Vec<u8>>,
}

impl Payload for ChannelObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

const METHODS: &[Method] = &[
    method(c"__construct", construct, &[returns(1, NONE), arg(c"size", LONG)]),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    method(c"push", push, &[returns(1, BOOL), arg(c"data", MIXED)]),
    method(c"pop", pop, &[returns(0, MIXED)]),
    method(c"stats", stats, &[returns(0, ARRAY)]),
    end(),
];

pub fn register() {
    zend::register::<ChannelObject>(&CLASS, "Swoole\\Channel", Some("swoole_channel"), METHODS);
}

fn state<'c>(call: Call<'c>) -> Result<&'c State, Thrown> {
    constructed(&call.payload::<ChannelObject>()?.0, "channel")
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let size = call.args(1, 1)?.long()?;
    let channel = match usize::try_from(size) {
        Ok(size) => Channel::new(size),
        Err(_) => Err(Error::new(
            ErrorKind::InvalidParams,
            format!("a channel of {size} bytes was asked for; give the bytes that it is to hold, 1 or more"),
        )),
    };
    let state = State { channel: channel.map_err(throw_exception)?, popped: Cell::default() };
    construct_once(&call.payload::<ChannelObject>()?.0, state, "channel")
}

/// False: there is no room for it now.
fn push(call: Call<'_>) -> Result<bool, Thrown> {
    let value = call.args(1, 1)?.any();
    let state = state(call)?;
    let packed = values::pack(value)?;
    let data = packed.data();
    match state.channel.push(if data.serialized { SERIALIZED } else { BYTES }, data.bytes) {
        Ok(pushed) => Ok(pushed),
        Err(error) => answer_or_warn::<()>(Err(error)),
    }
}

/// False: there is nothing in it.
fn pop(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let state = state(call)?;
    let mut message = state.popped.take();
    let value = match state.channel.pop(&mut message) {
        Some(kind) => unpacked(Data { bytes: &message, serialized: kind == SERIALIZED }),
        None => Ok(no()),
    };
    // One large message is no reason to keep its room for ever.
    if message.capacity() <= KEPT {
        state.popped.set(message);
    }
    value
}

/// Room for a popped message that is kept for the next one.
const KEPT: usize = 64 * 1024;

fn stats(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let stats = state(call)?.channel.stats();
    let mut table = ZendHashTable::with_capacity(2);
    fill(&mut table, [("queue_num", int(stats.messages as i64)), ("queue_bytes", int(stats.bytes as i64))]);
    Ok(array(table))
}
