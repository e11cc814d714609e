//! `Swoole\Server\Task`: a task as one object, where `task_use_object` or `event_object` is set.
//!
//! A script may keep the object when onTask has returned: the task stays open until it is answered and the object is gone.

use super::{answer_or_warn, refuse};
use crate::bridge::values;
use crate::zend::{
    self, BOOL, Call, ClassSlot, Default, FALSE, Handlers, MIXED, Method, Payload, PropType, STRING, Thrown, arg,
    bytes, end, float, int, method, no, returns, static_method,
};
use ext_php_rs::types::Zval;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use swoole_core::error::ErrorKind;
use swoole_core::server::mail::letter;
use swoole_core::server::{Server, Ticket};
use swoole_core::sys::process::generation;

static CLASS: ClassSlot = ClassSlot::new();
static HANDLERS: Handlers = Handlers::new();

/// The task behind an object. Shared by the object and, while onTask runs, by its caller, which can so tell whether the
/// object is still there.
pub struct Handle {
    engine: Server,
    ticket: Ticket,
    /// onTask has returned, and the task was left open
    kept: Cell<bool>,
    /// the fork that does the task
    generation: u32,
}

impl Handle {
    /// The task that is being done.
    pub fn new(engine: &Server, ticket: Ticket) -> Handle {
        Handle { engine: engine.clone(), ticket, kept: Cell::new(false), generation: generation() }
    }

    /// Leaves the task open until its object goes. onTask has returned, and the object is still there.
    pub fn keep(&self) {
        self.engine.keep_task();
        self.kept.set(true);
    }
}

/// The Rust side of a task object; empty if a script made the object by itself.
#[derive(std::default::Default)]
pub struct TaskObject(OnceCell<Rc<Handle>>);

impl Payload for TaskObject {
    fn handlers() -> &'static Handlers {
        &HANDLERS
    }
}

impl Drop for TaskObject {
    fn drop(&mut self) {
        if let Some(handle) = self.0.get()
            && handle.kept.get()
            && handle.generation == generation()
        {
            handle.engine.end_task(&handle.ticket);
        }
    }
}

const METHODS: &[Method] = &[
    method(c"finish", finish, &[returns(1, BOOL), arg(c"data", MIXED)]),
    static_method(c"pack", pack, &[returns(1, STRING | FALSE), arg(c"data", MIXED)]),
    static_method(c"unpack", unpack, &[returns(1, MIXED), arg(c"data", STRING)]),
    end(),
];

pub fn register() {
    zend::register::<TaskObject>(&CLASS, "Swoole\\Server\\Task", None, METHODS).properties(&[
        ("data", PropType::MIXED, Default::Null),
        ("dispatch_time", PropType::FLOAT, Default::Float(0.0)),
        ("id", PropType::INT, Default::Int(-1)),
        ("worker_id", PropType::INT, Default::Int(-1)),
        ("flags", PropType::INT, Default::Int(0)),
    ]);
}

/// The object for the task behind `handle`.
pub fn make(handle: &Rc<Handle>, data: Zval) -> Zval {
    CLASS.make(|object| {
        let ticket = &handle.ticket;
        object.set_property(0, data);
        object.set_property(1, float(ticket.dispatch_time));
        object.set_property(2, int(ticket.id));
        object.set_property(3, int(ticket.source));
        object.set_property(4, int(ticket.flags));
        if let Some(payload) = object.payload::<TaskObject>() {
            let _ = payload.0.set(handle.clone());
        }
    })
}

/// Answers the task.
fn finish(call: Call<'_>) -> Result<bool, Thrown> {
    let data = call.args(1, 1)?.any();
    let Some(handle) = call.payload::<TaskObject>()?.0.get() else {
        return refuse(
            ErrorKind::WrongOperation,
            "this object stands for no task; finish() is for the object that onTask is given",
        );
    };
    answer_or_warn(handle.engine.finish(Some(&handle.ticket), values::pack(data)?.data()))
}

/// A task as another program may put it into the message queue of a server with `task_ipc_mode` 2 or 3.
fn pack(call: Call<'_>) -> Result<Zval, Thrown> {
    let data = call.args(1, 1)?.any();
    Ok(bytes(&letter::pack(values::pack(data)?.data())))
}

/// What `pack` was given, or false.
fn unpack(call: Call<'_>) -> Result<Zval, Thrown> {
    let packed = call.args(1, 1)?.bytes()?;
    match letter::unpack(packed) {
        Ok(data) => super::unpacked(data),
        Err(error) => {
            refuse(error.kind(), error.to_string())?;
            Ok(no())
        }
    }
}
