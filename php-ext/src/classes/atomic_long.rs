//! `Swoole\Atomic\Long`: a signed number of 64 bits that processes count together.

use super::{construct_once, constructed, throw_exception};
use crate::zend::{
    self, BOOL, Call, ClassSlot, Handlers, LONG, Method, NONE, Payload, Thrown, VOID, arg, end, method, opt, returns,
};
use std::cell::OnceCell;
use swoole_core::shm::counter::AtomicLong;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// The Rust side: empty until the constructor has run.
#[derive(std::default::Default)]
pub struct AtomicLongObject(OnceCell<AtomicLong>);

impl Payload for AtomicLongObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

const METHODS: &[Method] = &[
    method(c"__construct", construct, &[returns(0, NONE), opt(c"value", LONG, c"0")]),
    method(c"add", add, &[returns(0, LONG), opt(c"add_value", LONG, c"1")]),
    method(c"sub", sub, &[returns(0, LONG), opt(c"sub_value", LONG, c"1")]),
    method(c"get", get, &[returns(0, LONG)]),
    method(c"set", set, &[returns(1, VOID), arg(c"value", LONG)]),
    method(c"cmpset", cmpset, &[returns(2, BOOL), arg(c"cmp_value", LONG), arg(c"new_value", LONG)]),
    end(),
];

pub fn register() {
    zend::register::<AtomicLongObject>(&CLASS, "Swoole\\Atomic\\Long", Some("swoole_atomic_long"), METHODS);
}

fn atomic<'c>(call: Call<'c>) -> Result<&'c AtomicLong, Thrown> {
    constructed(&call.payload::<AtomicLongObject>()?.0, "atomic")
}

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let value = call.args(0, 1)?.long_or(0)?;
    let atomic = AtomicLong::new(value).map_err(throw_exception)?;
    construct_once(&call.payload::<AtomicLongObject>()?.0, atomic, "atomic")
}

fn add(call: Call<'_>) -> Result<i64, Thrown> {
    let by = call.args(0, 1)?.long_or(1)?;
    Ok(atomic(call)?.add(by))
}

fn sub(call: Call<'_>) -> Result<i64, Thrown> {
    let by = call.args(0, 1)?.long_or(1)?;
    Ok(atomic(call)?.sub(by))
}

fn get(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(atomic(call)?.get())
}

fn set(call: Call<'_>) -> Result<(), Thrown> {
    let value = call.args(1, 1)?.long()?;
    atomic(call)?.set(value);
    Ok(())
}

fn cmpset(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (expected, new) = (args.long()?, args.long()?);
    Ok(atomic(call)?.compare_set(expected, new))
}
