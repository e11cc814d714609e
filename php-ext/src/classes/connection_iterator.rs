//! `Swoole\Connection\Iterator`: the open connections of a server or of one of its ports.
//!
//! `foreach` gives session ids; `count()`, `isset($it[$fd])` and `$it[$fd]` (as `getClientInfo`) look
//! without walking. Connections come and go while a script walks: it sees each one that is open when
//! its turn comes, at most once.

use super::refuse;
use super::server::client_info;
use crate::zend::{
    self, BOOL, Call, ClassSlot, Handlers, Interface, LONG, MIXED, Method, NONE, Payload, Thrown, VOID, arg, end, int,
    method, no, returns,
};
use ext_php_rs::types::Zval;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use swoole_core::error::ErrorKind;
use swoole_core::server::{PortId, Server, SessionId};

/// The class.
pub static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// Sessions that are asked of the engine at a time.
const BATCH: usize = 100;

/// The Rust side of an iterator.
#[derive(Default)]
pub struct ConnectionIterator {
    source: OnceCell<Source>,
    /// Where the walk is: the current session is the first.
    ahead: RefCell<VecDeque<SessionId>>,
    /// Number of the current step, which is what `key()` gives.
    step: Cell<i64>,
}

struct Source {
    engine: Server,
    port: Option<PortId>,
}

impl Payload for ConnectionIterator {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

const METHODS: &[Method] = &[
    method(c"__construct", construct, &[returns(0, NONE)]),
    method(c"__destruct", super::destruct, &[returns(0, NONE)]),
    method(c"rewind", rewind, &[returns(0, VOID)]),
    method(c"next", next, &[returns(0, VOID)]),
    method(c"current", current, &[returns(0, MIXED)]),
    method(c"key", key, &[returns(0, MIXED)]),
    method(c"valid", valid, &[returns(0, BOOL)]),
    method(c"count", count, &[returns(0, LONG)]),
    method(c"offsetExists", offset_exists, &[returns(1, BOOL), arg(c"fd", MIXED)]),
    method(c"offsetGet", offset_get, &[returns(1, MIXED), arg(c"fd", MIXED)]),
    method(c"offsetSet", offset_set, &[returns(2, VOID), arg(c"fd", MIXED), arg(c"value", MIXED)]),
    method(c"offsetUnset", offset_unset, &[returns(1, VOID), arg(c"fd", MIXED)]),
    end(),
];

pub fn register() {
    zend::register::<ConnectionIterator>(
        &CLASS,
        "Swoole\\Connection\\Iterator",
        Some("swoole_connection_iterator"),
        METHODS,
    )
    .implements(&[Interface::Iterator, Interface::ArrayAccess, Interface::Countable]);
}

/// The connections of one port, or of all.
pub fn make(engine: &Server, port: Option<PortId>) -> Zval {
    CLASS.make(|object| {
        if let Some(iterator) = object.payload::<ConnectionIterator>() {
            let _ = iterator.source.set(Source { engine: engine.clone(), port });
        }
    })
}

/// An iterator that a script makes by itself belongs to no server and is empty.
fn construct(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()
}

impl ConnectionIterator {
    fn read_on(&self, behind: SessionId) {
        let Some(Source { engine, port }) = self.source.get() else { return };
        let more = engine.connection_list(behind, BATCH, *port).unwrap_or_default();
        *self.ahead.borrow_mut() = more.into();
    }

    fn current(&self) -> Option<SessionId> {
        self.ahead.borrow().front().copied()
    }
}

fn rewind(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    let iterator = call.payload::<ConnectionIterator>()?;
    iterator.step.set(0);
    iterator.read_on(0);
    Ok(())
}

fn next(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    let iterator = call.payload::<ConnectionIterator>()?;
    let left = iterator.ahead.borrow_mut().pop_front();
    if let Some(left) = left {
        iterator.step.set(iterator.step.get() + 1);
        if iterator.current().is_none() {
            iterator.read_on(left);
        }
    }
    Ok(())
}

fn current(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    Ok(call.payload::<ConnectionIterator>()?.current().map_or_else(Zval::new, int))
}

fn key(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let iterator = call.payload::<ConnectionIterator>()?;
    Ok(iterator.current().map_or_else(Zval::new, |_| int(iterator.step.get())))
}

fn valid(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    Ok(call.payload::<ConnectionIterator>()?.current().is_some())
}

fn count(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    let source = call.payload::<ConnectionIterator>()?.source.get();
    Ok(source.map_or(0, |s| s.engine.connection_count(s.port) as i64))
}

/// The session that an offset names, and its information, if it is open and of this iterator's port.
fn look_up(call: Call<'_>) -> Result<Option<Zval>, Thrown> {
    let mut args = call.args(1, 1)?;
    let session = args.long()?;
    let Some(Source { engine, port }) = call.payload::<ConnectionIterator>()?.source.get() else { return Ok(None) };
    let info = engine.connection_info(session, false).ok().filter(|info| port.is_none_or(|port| info.port == port));
    Ok(info.map(|info| client_info(&info)))
}

fn offset_exists(call: Call<'_>) -> Result<bool, Thrown> {
    Ok(look_up(call)?.is_some())
}

fn offset_get(call: Call<'_>) -> Result<Zval, Thrown> {
    Ok(look_up(call)?.unwrap_or_else(no))
}

fn offset_set(call: Call<'_>) -> Result<(), Thrown> {
    call.args(2, 2)?;
    read_only()
}

fn offset_unset(call: Call<'_>) -> Result<(), Thrown> {
    call.args(1, 1)?;
    read_only()
}

fn read_only() -> Result<(), Thrown> {
    refuse(ErrorKind::WrongOperation, "the list of connections cannot be changed; use close() to close a connection")?;
    Ok(())
}
