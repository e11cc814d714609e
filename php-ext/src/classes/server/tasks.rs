//! Methods of `Swoole\Server` that give work to its other processes.

use super::super::{answer_or_warn, unpacked, warn_of};
use super::state;
use crate::bridge::{settings, values};
use crate::constants::TASK_TIMEOUT;
use crate::zend::{Call, Own, Thrown, array, int, let_go, no};
use ext_php_rs::types::array::ArrayKey;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::time::Duration;
use swoole_core::error::{Error, ErrorKind, set_last_code};
use swoole_core::server::{Data, OwnedData};

/// Gives a task to a task worker. Its number, or false.
pub fn task(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 3)?;
    let (data, index) = (args.any(), args.long_or(-1)?);
    let callback = args.maybe_callback()?;
    let state = state(call)?;
    let packed = values::pack(data)?;
    // Without a bridge the server does not run, which the engine says.
    let callback = callback.zip(state.bridge()).map(|(callback, bridge)| bridge.finish_fn(callback));
    match state.engine.task(packed.data(), chosen(index), callback) {
        Ok(id) => Ok(int(id)),
        Err(error) => refused(error),
    }
}

/// -1 is whichever task worker is free first.
fn chosen(index: i64) -> Option<i64> {
    (index != -1).then_some(index)
}

/// False with the error number set, and an E_WARNING unless the script need only try again.
fn refused(error: Error) -> Result<Zval, Thrown> {
    let error = error.remember();
    if !matches!(error.kind(), ErrorKind::QueueFull | ErrorKind::WorkerTerminated) {
        warn_of(&error)?;
    }
    Ok(no())
}

/// Gives a task and waits. The answer, or false when none came in time.
pub fn task_wait(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 3)?;
    let (data, timeout, index) = (args.any(), args.float_or(TIMEOUT)?, args.long_or(-1)?);
    let engine = &state(call)?.engine;
    let packed = values::pack(data)?;
    match seconds(timeout).and_then(|timeout| engine.task_wait(packed.data(), timeout, chosen(index))) {
        Ok(Some(answer)) => unpacked(borrowed(&answer)),
        Ok(None) => {
            set_last_code(TASK_TIMEOUT);
            Ok(no())
        }
        Err(error) => refused(error),
    }
}

/// Default of how long is waited, in seconds.
const TIMEOUT: f64 = 0.5;

/// Longer than any process lives, in seconds: what INF stands for.
const LONGEST: f64 = 1e9;

fn seconds(timeout: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(timeout.min(LONGEST)).ok().filter(|_| !timeout.is_nan()).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidParams,
            format!("cannot wait for {timeout} seconds; give a number of seconds from 0 on, 0.5 for instance"),
        )
    })
}

fn borrowed(answer: &OwnedData) -> Data<'_> {
    Data { bytes: &answer.bytes, serialized: answer.serialized }
}

/// Gives several tasks and waits for all. The answers under the keys of the tasks; a task that was not answered in time has
/// none.
pub fn task_wait_multi(call: Call<'_>) -> Result<Zval, Thrown> {
    let mut args = call.args(1, 2)?;
    let (tasks, timeout) = (args.array()?, args.float_or(TIMEOUT)?);
    let engine = &state(call)?.engine;
    // References of our own: what runs while one of them is serialized may change the others.
    let (keys, tasks): (Vec<Zval>, Vec<Own>) =
        settings::pairs(tasks).map(|(key, task)| (key, Own::of(task.dereference()))).unzip();
    let answers = tasks.iter().map(|task| values::pack(task)).collect::<Result<Vec<_>, Thrown>>().map(|packed| {
        let data: Vec<Data<'_>> = packed.iter().map(values::Packed::data).collect();
        seconds(timeout).and_then(|timeout| engine.task_wait_multi(&data, timeout))
    });
    drop(tasks);
    let answers = match answers? {
        Ok(answers) => answers,
        Err(error) => return refused(error),
    };
    if answers.iter().any(Option::is_none) {
        set_last_code(TASK_TIMEOUT);
    }
    let mut table = ZendHashTable::with_capacity(answers.len() as u32);
    for (key, answer) in keys.iter().zip(&answers) {
        if let Some(answer) = answer {
            let key =
                key.zend_str().map_or_else(|| ArrayKey::Long(key.long().unwrap_or_default()), ArrayKey::ZendString);
            match unpacked(borrowed(answer)) {
                // Inserting a zval cannot fail: there is nothing to convert.
                Ok(value) => drop(table.insert(key, value)),
                Err(thrown) => {
                    let_go(array(table));
                    return Err(thrown);
                }
            }
        }
    }
    Ok(array(table))
}

/// Answers the task that is being done.
pub fn finish(call: Call<'_>) -> Result<bool, Thrown> {
    let data = call.args(1, 1)?.any();
    let engine = &state(call)?.engine;
    answer_or_warn(engine.finish(None, values::pack(data)?.data()))
}

/// Sends a message to another worker, task worker or user process.
pub fn send_message(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (message, worker) = (args.any(), args.long()?);
    let engine = &state(call)?.engine;
    answer_or_warn(engine.send_message(values::pack(message)?.data(), worker))
}
