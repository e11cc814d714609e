//! Methods of `Swoole\Process` that use a message queue.

use super::super::{answer_or_warn, refuse, value_or_warn};
use super::pipe::failed;
use super::{slot, state};
use crate::zend::{self, Call, Thrown, array, bytes, fill, int, no};
use ext_php_rs::types::{ZendHashTable, Zval};
use swoole_core::error::{Error, ErrorKind, Result as EngineResult, set_last_code};
use swoole_core::process::{ProcessQueue, QueueKey, QueueMode};

/// Bit of a queue's mode: push and pop do not wait.
pub const NOWAIT: i64 = 256;
const DIRECTED: i64 = 1;
const SHARED: i64 = 2;

/// Gives the process a message queue.
pub fn use_queue(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(0, 3)?;
    let (key, mode, capacity) = (args.long_or(0)?, args.long_or(SHARED)?, args.long_or(-1)?);
    let state = state(call.this())?;
    let opened = open(key, mode, capacity).and_then(|queue| {
        let shown = (queue.id(), queue.key());
        state.change(|engine| {
            engine.use_queue(queue);
            Ok(shown)
        })
    });
    let Some((id, key)) = value_or_warn(opened)? else { return Ok(false) };
    call.this().set_property(slot::MSG_QUEUE_ID, int(id));
    call.this().set_property(slot::MSG_QUEUE_KEY, int(key));
    Ok(true)
}

fn open(key: i64, mode: i64, capacity: i64) -> EngineResult<ProcessQueue> {
    let refused = |message: String| Err(Error::new(ErrorKind::InvalidParams, message));
    let taken_by = match mode & !NOWAIT {
        DIRECTED => QueueMode::Directed,
        SHARED => QueueMode::Shared,
        _ => {
            return refused(format!(
                "there is no mode {mode} of a message queue; use 1 (each process takes what was pushed for it) or 2 (whoever pops first), and \
                 Swoole\\Process::IPC_NOWAIT (256) with it if push() and pop() are not to wait"
            ));
        }
    };
    let key = match key {
        ..0 => QueueKey::Private,
        // What is not found by a script's file is found by nobody.
        0 => zend::script_key(1).map_or(QueueKey::Private, QueueKey::Key),
        key => match u32::try_from(key) {
            Ok(key) => QueueKey::Key(key),
            Err(_) => return refused(format!("{key} is no key of a message queue; keys have 32 bits")),
        },
    };
    let capacity = match capacity {
        ..=0 => None,
        bytes => Some(bytes as u64),
    };
    ProcessQueue::open(key, taken_by, mode & NOWAIT == 0, capacity)
}

/// Calls the queue of a process, again and again while signals come.
fn with_queue<T>(
    call: Call<'_>,
    act: impl Fn(&ProcessQueue, i32) -> EngineResult<T>,
) -> Result<EngineResult<T>, Thrown> {
    let state = state(call.this())?;
    loop {
        match state.with(|engine| act(engine.queue()?, state.number)) {
            Err(error) if error.code() == libc::EINTR => zend::dispatch_signals()?,
            answer => return Ok(answer),
        }
    }
}

/// Pushes a message, and waits while the queue is full.
pub fn push(call: Call<'_>) -> Result<bool, Thrown> {
    let data = call.args(1, 1)?.bytes()?;
    match with_queue(call, |queue, number| queue.push(number, data))? {
        Ok(true) => Ok(true),
        Ok(false) => {
            set_last_code(libc::EAGAIN);
            Ok(false)
        }
        Err(error) => failed(error).map(|_| false),
    }
}

/// Pops a message, and waits for one. It comes whole, however long.
pub fn pop(call: Call<'_>) -> Result<Zval, Thrown> {
    let size = call.args(0, 1)?.long_or(1)?;
    if size < 1 {
        refuse(ErrorKind::InvalidParams, format!("popping {size} bytes was asked for; ask for 1 or more"))?;
        return Ok(no());
    }
    match with_queue(call, ProcessQueue::pop)? {
        Ok(Some(message)) => Ok(bytes(&message)),
        Ok(None) => {
            set_last_code(libc::EAGAIN);
            Ok(no())
        }
        Err(error) => failed(error),
    }
}

/// Messages and bytes in the queue.
pub fn stat(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let found = with_queue(call, |queue, _| queue.stat())?;
    Ok(match value_or_warn(found)? {
        Some((messages, length)) => {
            let mut table = ZendHashTable::with_capacity(2);
            fill(&mut table, [("queue_num", int(messages as i64)), ("queue_bytes", int(length as i64))]);
            array(table)
        }
        None => no(),
    })
}

/// Removes the queue for everybody.
pub fn free(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    let freed = with_queue(call, |queue, _| queue.free())?;
    if freed.is_ok() {
        call.this().set_property(slot::MSG_QUEUE_ID, Zval::new());
        call.this().set_property(slot::MSG_QUEUE_KEY, Zval::new());
    }
    answer_or_warn(freed)
}
