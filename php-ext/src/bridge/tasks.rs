//! The events of tasks, their answers, and messages between processes.
//!
//! Runs in: task workers (tasks); workers, task workers and user processes (answers, messages).

use super::Bridge;
use super::values::{self, Received};
use crate::classes::{server_pipe_message, server_task, server_task_result};
use crate::zend::{Arg, Callback, Kept, Outcome, release};
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::fmt::Display;
use std::rc::Rc;
use swoole_core::log;
use swoole_core::server::{Answer, Data, Event, FinishFn, Flow, PipeMessage, Server, Task};

impl Bridge {
    /// The value in `data`. Err: there is none, which was reported, or reading it has ended the process.
    fn receive<'d>(&self, engine: &Server, data: Data<'d>, what: impl Display) -> Result<Received<'d>, Flow> {
        if !data.serialized {
            return Ok(Received::Bytes(data.bytes));
        }
        match self.settle(Outcome::of(values::unpack(data))) {
            Ok(Some(value)) => Ok(Received::Value(Cell::new(value))),
            Err(flow) => {
                // What has thrown may be an error handler of the script's that makes exceptions of notices.
                engine.count_unusable();
                Err(flow)
            }
            Ok(None) => {
                engine.count_unusable();
                log::error(format_args!(
                    "{what}: its {} bytes are not what PHP's serialize() makes, so no callback is called with them; \
                     whoever made them must use the same PHP version and Task::pack()",
                    data.bytes.len()
                ));
                Err(Flow::Continue)
            }
        }
    }

    /// onTask. What it returns, if it is not null, is the task's answer.
    pub(super) fn on_task(&self, engine: &Server, task: Task<'_>) -> Flow {
        let Some(callback) = &self.server[Event::Task as usize] else { return Flow::Continue };
        let ticket = task.ticket;
        let what = format_args!("task {} of worker {}", ticket.id, ticket.source);
        let data = match self.receive(engine, task.data, what) {
            Ok(data) => data,
            Err(flow) => return flow,
        };
        let object = self.object();
        let (outcome, handle) = if self.style.task_object {
            let handle = Rc::new(server_task::Handle::new(engine, ticket));
            let make = || server_task::make(&handle, data.give());
            (callback.call(&[Arg::Value(&object), Arg::Made(&make)], Zval::shallow_clone), Some(handle))
        } else {
            let (id, source, data) = (Arg::Int(ticket.id), Arg::Int(ticket.source.into()), || data.give());
            let args = [Arg::Value(&object), id, source, Arg::Made(&data)];
            (callback.call(&args, Zval::shallow_clone), None)
        };
        let settled = self.settle(outcome).and_then(|returned| self.answer(engine, &task, returned));
        // Only now, when an exception that was reported no longer holds the object.
        if let Some(handle) = handle
            && Rc::strong_count(&handle) > 1
        {
            handle.keep();
        }
        settled.err().unwrap_or(Flow::Continue)
    }

    fn answer(&self, engine: &Server, task: &Task<'_>, returned: Zval) -> Result<(), Flow> {
        if returned.is_null() {
            return Ok(());
        }
        let packed = self.settle(Outcome::of(values::pack(&returned)));
        let sent = packed.map(|packed| engine.finish(None, packed.data()));
        release(returned);
        if let Err(error) = sent? {
            log::warning(format_args!("what onTask returned for task {} is lost: {error}", task.ticket.id));
        }
        // A destructor of what it returned may have ended in a fatal error.
        self.settle(Outcome::of(Ok(())))
    }

    /// onFinish.
    pub(super) fn on_finish(&self, engine: &Server, answer: Answer<'_>) -> Flow {
        match &self.server[Event::Finish as usize] {
            Some(callback) => self.finished(engine, callback, answer, self.style.event_object),
            None => Flow::Continue,
        }
    }

    /// What the engine calls with the answers to a task that has a callback of its own.
    pub fn finish_fn(self: &Rc<Self>, callback: Callback) -> FinishFn {
        let (bridge, kept) = (self.clone(), Kept::from(callback));
        Rc::new(move |engine, answer| bridge.finished(engine, kept.callback(), answer, false))
    }

    fn finished(&self, engine: &Server, callback: &Callback, answer: Answer<'_>, as_object: bool) -> Flow {
        let data = match self.receive(engine, answer.data, format_args!("the answer to task {}", answer.task_id)) {
            Ok(data) => data,
            Err(flow) => return flow,
        };
        let object = self.object();
        if as_object {
            let make = || server_task_result::make(&answer, data.give());
            return self.run(callback, &[Arg::Value(&object), Arg::Made(&make)]);
        }
        let data = || data.give();
        self.run(callback, &[Arg::Value(&object), Arg::Int(answer.task_id), Arg::Made(&data)])
    }

    /// onPipeMessage.
    pub(super) fn on_pipe_message(&self, engine: &Server, message: PipeMessage<'_>) -> Flow {
        let Some(callback) = &self.server[Event::PipeMessage as usize] else { return Flow::Continue };
        let data = match self.receive(engine, message.data, format_args!("a message of worker {}", message.source)) {
            Ok(data) => data,
            Err(flow) => return flow,
        };
        let object = self.object();
        if self.style.event_object {
            let make = || server_pipe_message::make(&message, data.give());
            return self.run(callback, &[Arg::Value(&object), Arg::Made(&make)]);
        }
        let data = || data.give();
        self.run(callback, &[Arg::Value(&object), Arg::Int(message.source.into()), Arg::Made(&data)])
    }
}
