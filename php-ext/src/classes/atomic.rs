//! `Swoole\Atomic`: an unsigned number of 32 bits that processes count together, and can wait for.

use super::waiting::waiting;
use super::{construct_once, constructed, refuse, throw_exception, value_or_warn};
use crate::zend::{
    self, BOOL, Call, ClassSlot, FLOAT, Handlers, LONG, Method, NONE, Payload, Thrown, VOID, arg, end, method, opt,
    returns,
};
use std::cell::OnceCell;
use swoole_core::error::ErrorKind;
use swoole_core::shm::counter::Atomic;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// The Rust side: empty until the constructor has run.
#[derive(std::default::Default)]
pub struct AtomicObject(OnceCell<Atomic>);

impl Payload for AtomicObject {
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
    method(c"wait", wait, &[returns(0, BOOL), opt(c"timeout", FLOAT, c"1.0")]),
    method(c"wakeup", wakeup, &[returns(0, BOOL), opt(c"count", LONG, c"1")]),
    end(),
];

pub fn register() {
    zend::register::<AtomicObject>(&CLASS, "Swoole\\Atomic", Some("swoole_atomic"), METHODS);
}

fn atomic<'c>(call: Call<'c>) -> Result<&'c Atomic, Thrown> {
    constructed(&call.payload::<AtomicObject>()?.0, "atomic")
}

// The lower 32 bits of an int: -1 and 4294967295 are the same number here, as with sums that wrap around.

fn construct(call: Call<'_>) -> Result<(), Thrown> {
    let value = call.args(0, 1)?.long_or(0)?;
    let atomic = Atomic::new(value as u32).map_err(throw_exception)?;
    construct_once(&call.payload::<AtomicObject>()?.0, atomic, "atomic")
}

fn add(call: Call<'_>) -> Result<i64, Thrown> {
    let by = call.args(0, 1)?.long_or(1)?;
    Ok(atomic(call)?.add(by as u32).into())
}

fn sub(call: Call<'_>) -> Result<i64, Thrown> {
    let by = call.args(0, 1)?.long_or(1)?;
    Ok(atomic(call)?.sub(by as u32).into())
}

fn get(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(atomic(call)?.get().into())
}

fn set(call: Call<'_>) -> Result<(), Thrown> {
    let value = call.args(1, 1)?.long()?;
    atomic(call)?.set(value as u32);
    Ok(())
}

fn cmpset(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (expected, new) = (args.long()?, args.long()?);
    Ok(atomic(call)?.compare_set(expected as u32, new as u32))
}

/// Waits until it is 1 and makes it 0. False: the time is over.
fn wait(call: Call<'_>) -> Result<bool, Thrown> {
    let timeout = call.args(0, 1)?.float_or(1.0)?;
    let atomic = atomic(call)?;
    let taken = waiting(timeout, |limit| atomic.wait(Some(limit)))?;
    Ok(value_or_warn(taken)?.unwrap_or(false))
}

fn wakeup(call: Call<'_>) -> Result<bool, Thrown> {
    let count = call.args(0, 1)?.long_or(1)?;
    let atomic = atomic(call)?;
    if count < 1 {
        return refuse(
            ErrorKind::InvalidParams,
            format!("waking {count} processes was asked for; give how many to wake at most, 1 or more"),
        );
    }
    atomic.wakeup(u32::try_from(count).unwrap_or(u32::MAX));
    Ok(true)
}
