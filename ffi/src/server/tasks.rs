//! What a process of the server may ask of another: tasks, answers, messages, and user processes.

use std::cell::Cell;
use std::ffi::c_void;
use std::rc::Rc;

use swoole_core::error::{Error, ErrorKind, Result};
use swoole_core::server::{Answer, Data, Flow, Role, Server, Ticket};

use super::callbacks::Callbacks;
use super::events::*;
use super::{swoole_server, with};
use crate::bytes::{swoole_bytes, swoole_data};
use crate::error::swoole_result;
use crate::support::args::{Out, OutList, bytes, invalid, seconds, slice};

/// Stands for "whichever task worker is free first" where a task worker's index is asked for.
pub const SWOOLE_ANY_WORKER: i32 = -1;

fn to(worker_index: i32) -> Option<i64> {
    (worker_index != SWOOLE_ANY_WORKER).then_some(worker_index.into())
}

/// # Safety
/// `ticket` is NULL or points to a ticket.
unsafe fn ticket_of(ticket: *const swoole_ticket) -> Option<Ticket> {
    // SAFETY: passed on to the caller.
    unsafe { ticket.as_ref() }.map(|ticket| Ticket::from_words(ticket.words))
}

/// A task's own callback, until the engine lets go of it.
struct Finish {
    callbacks: Rc<Callbacks>,
    function: unsafe extern "C" fn(*mut c_void, *mut swoole_server, *const swoole_answer),
    userdata: *mut c_void,
    /// set once the task is given: until then the userdata is still the caller's
    free: Cell<swoole_free_fn>,
}

impl Finish {
    fn call(&self, server: &Server, answer: Answer<'_>) -> Flow {
        self.callbacks.finish_with(server, Some((self.function, self.userdata)), answer)
    }
}

impl Drop for Finish {
    fn drop(&mut self) {
        if let Some(free) = self.free.get() {
            // SAFETY: the program gave this function for its userdata, and this is the only call.
            unsafe { free(self.userdata) }
        }
    }
}

/// Gives a task of `len` bytes, which are copied, to the task workers (option `task_worker_num`).
/// `worker_index` counts them from 0, or is `SWOOLE_ANY_WORKER`: whichever is free first. `task_id`
/// may be NULL; it gets the task's number, unique among those of this process. Answers go to the
/// finish callback of the server.
///
/// Runs in: worker, user process. `SWOOLE_ERROR_QUEUE_FULL` when too much waits already: nothing was
/// given then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_task(
    server: *mut swoole_server,
    data: *const c_void,
    len: usize,
    worker_index: i32,
    task_id: *mut i64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let data = bytes(data, len, "the task")?;
            let id = server.engine.task(Data::from(data), to(worker_index), None)?;
            Out::optional(task_id).put(id);
            Ok(())
        })
    }
}

/// As `swoole_server_task`, but answers go to `finish`, with `userdata`; there may be none or
/// several. Also from a task worker.
///
/// `free_userdata` (NULL: nothing is to be freed) is called once, with `userdata`, when `finish` will
/// not be called again: the task has ended or was lost, or this process leaves. Both run in this
/// process only, on its main thread, and never before this function has returned. When this function
/// fails neither is called, and `userdata` stays with the caller. An answer for a process that is
/// gone comes to the finish callback of the server, in its successor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_task_with(
    server: *mut swoole_server,
    data: *const c_void,
    len: usize,
    worker_index: i32,
    finish: swoole_finish_fn,
    userdata: *mut c_void,
    free_userdata: swoole_free_fn,
    task_id: *mut i64,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let data = bytes(data, len, "the task")?;
            let function =
                finish.ok_or_else(|| invalid("the finish function is NULL; pass one, or use swoole_server_task"))?;
            let finish =
                Rc::new(Finish { callbacks: Rc::clone(&server.callbacks), function, userdata, free: Cell::new(None) });
            let callback = Rc::clone(&finish);
            let callback = Rc::new(move |server: &Server, answer: Answer<'_>| callback.call(server, answer));
            let id = server.engine.task(Data::from(data), to(worker_index), Some(callback))?;
            finish.free.set(free_userdata);
            Out::optional(task_id).put(id);
            Ok(())
        })
    }
}

/// Gives a task as `swoole_server_task` does and waits for its first answer, at most `timeout`
/// seconds; meanwhile this process does nothing else. `*answer` then belongs to the caller, who
/// gives it to `swoole_bytes_free`.
///
/// `SWOOLE_ERROR_TASK_TIMEOUT`: the time was over, or the task ended without an answer. An answer
/// that comes later is dropped and counted. Also from a task worker; it waits in vain for a task
/// that only itself could do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_task_wait(
    server: *mut swoole_server,
    data: *const c_void,
    len: usize,
    timeout: f64,
    worker_index: i32,
    answer: *mut swoole_bytes,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let out = Out::required(answer, "the place for the answer")?;
            let data = bytes(data, len, "the task")?;
            let found = server.engine.task_wait(Data::from(data), seconds(timeout)?, to(worker_index))?;
            if found.is_none() {
                return Err(Error::new(
                    ErrorKind::TaskTimeout,
                    format!("no answer to the task came within {timeout} s, or it ended without one"),
                ));
            }
            out.put(found.into());
            Ok(())
        })
    }
}

/// Gives `count` tasks (at most 1024) and waits until each has its first answer, at most `timeout`
/// seconds. `answers` has room for `count`; they come in the order of the tasks, and `data` is NULL
/// in those that did not come in time (the result is `SWOOLE_OK` all the same). Each belongs to the
/// caller, who gives it to `swoole_bytes_free`. Otherwise as `swoole_server_task_wait`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_task_wait_multi(
    server: *mut swoole_server,
    tasks: *const swoole_data,
    count: usize,
    timeout: f64,
    answers: *mut swoole_bytes,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let list = OutList::new(answers, count, "the list of answers")?;
            let tasks = slice(tasks, count, "the list of tasks")?;
            let tasks: Vec<Data<'_>> = tasks
                .iter()
                .map(|task| bytes(task.data, task.len, "a task of the list").map(Data::from))
                .collect::<Result<_>>()?;
            let found = server.engine.task_wait_multi(&tasks, seconds(timeout)?)?;
            list.put(found.into_iter().map(swoole_bytes::from));
            Ok(())
        })
    }
}

/// Answers a task with `len` bytes, which are copied: the one that is being done (`ticket` NULL), or
/// a kept one. May be called several times for a task; each is an answer.
///
/// Runs in: task worker; elsewhere, and where no task is being done, it is
/// `SWOOLE_ERROR_WRONG_OPERATION`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_finish(
    server: *mut swoole_server,
    ticket: *const swoole_ticket,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let data = bytes(data, len, "the answer")?;
            if !matches!(server.engine.role(), Role::TaskWorker(_)) {
                return Err(Error::new(
                    ErrorKind::WrongOperation,
                    "tasks are answered where they are done; call swoole_server_finish in a task worker",
                ));
            }
            server.engine.finish(ticket_of(ticket).as_ref(), Data::from(data))
        })
    }
}

/// Leaves the task that is being done open when its callback returns, so that it can be answered
/// later, in a timer for instance, with a copy of its ticket. The task worker takes other tasks
/// meanwhile. `swoole_server_end_task` must follow.
///
/// Runs in: task worker, inside the task callback; elsewhere it is `SWOOLE_ERROR_WRONG_OPERATION`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_keep_task(server: *mut swoole_server) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(server, |server| {
            if !server.callbacks.is_doing_task() {
                return Err(Error::new(
                    ErrorKind::WrongOperation,
                    "no task is being done here; call swoole_server_keep_task inside the task callback",
                ));
            }
            server.engine.keep_task();
            Ok(())
        })
    }
}

/// A kept task will get no further answer. Runs in: the task worker that kept it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_end_task(
    server: *mut swoole_server,
    ticket: *const swoole_ticket,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            let ticket = ticket_of(ticket).ok_or_else(|| invalid("the ticket is NULL; pass that of the kept task"))?;
            server.engine.end_task(&ticket);
            Ok(())
        })
    }
}

/// Sends `len` bytes, which are copied, to another worker, task worker or user process: its
/// pipe-message callback gets them. `worker_id` is a number as `swoole_server_worker_id` gives it:
/// workers from 0, behind them the task workers, behind them the user processes.
///
/// Runs in: every process of the server. `SWOOLE_ERROR_QUEUE_FULL` when too much waits for that
/// process already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_send_message(
    server: *mut swoole_server,
    worker_id: i32,
    data: *const c_void,
    len: usize,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            server.engine.send_message(Data::from(bytes(data, len, "the message")?), worker_id.into())
        })
    }
}

/// Adds a process that runs `function`, and is kept alive, reloaded and stopped with the server.
/// Before `swoole_server_start`. `index` may be NULL; it gets 0, 1, 2 in the order of the calls.
/// `userdata` may be NULL; it is kept and never freed by the library.
///
/// Runs in: user process. When `function` returns, that process serves its timers and messages until
/// it has no timer left and no task whose finish function waits; then it ends, and is forked anew.
/// SIGTERM, by which a reload and the end of the server tell it to go, ends it at once unless
/// `function` sets a handler. For a pipe to it, make a socketpair before the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_add_process(
    server: *mut swoole_server,
    function: swoole_process_fn,
    userdata: *mut c_void,
    index: *mut i32,
) -> swoole_result {
    // SAFETY: the caller's pointers, as the header asks.
    unsafe {
        with(server, |server| {
            if function.is_none() {
                return Err(invalid("the process's function is NULL; pass a function"));
            }
            let found = server.engine.add_process()?;
            server.callbacks.set_process(found, function, userdata);
            Out::optional(index).put(found as i32);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn count(userdata: *mut c_void) {
        // SAFETY: the test below passes a counter that outlives it.
        unsafe { *userdata.cast::<i32>() += 1 }
    }
    unsafe extern "C" fn ignore(_: *mut c_void, _: *mut swoole_server, _: *const swoole_answer) {}

    #[test]
    fn userdata_is_freed_once_and_only_when_the_task_was_given() {
        let mut freed = 0;
        for (free, wanted) in [(None, 0), (Some(count as unsafe extern "C" fn(*mut c_void)), 1)] {
            let finish = Rc::new(Finish {
                callbacks: Rc::default(),
                function: ignore,
                userdata: (&raw mut freed).cast(),
                free: Cell::new(free),
            });
            drop(Rc::clone(&finish));
            drop(finish);
            assert_eq!(freed, wanted);
        }
    }
}
