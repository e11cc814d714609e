//! Methods of `Swoole\Server` that act on its processes or tell of them.

use super::super::process::{self, ProcessObject};
use super::super::{answer_or_warn, refuse_running, value_or_false, warn_of};
use super::state;
use crate::zend::{Call, Thrown, array, fill, float, int, no, text};
use ext_php_rs::types::{ZendHashTable, Zval};
use swoole_core::error::{Error, ErrorKind, last_code};
use swoole_core::server::WorkerFigures;

/// Replaces workers, task workers and user processes, or only task workers, one after another.
pub fn reload(call: Call<'_>) -> Result<bool, Thrown> {
    let only_task_workers = call.args(0, 1)?.bool_or(false)?;
    let engine = &state(call)?.engine;
    answer_or_warn(if only_task_workers { engine.reload_tasks() } else { engine.reload() })
}

pub fn shutdown(call: Call<'_>) -> Result<bool, Thrown> {
    call.no_args()?;
    answer_or_warn(state(call)?.engine.shutdown())
}

/// Lets a worker leave; -1 is this one. It leaves gracefully always, so the second argument changes nothing.
pub fn stop(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(0, 2)?;
    let worker = args.long_or(-1)?;
    args.bool_or(false)?;
    let engine = &state(call)?.engine;
    match worker_argument(worker) {
        Ok(worker) => answer_or_warn(engine.stop(worker)),
        Err(error) => answer_or_warn::<()>(Err(error)),
    }
}

/// -1 means this worker.
fn worker_argument(worker: i64) -> Result<Option<i32>, Error> {
    match i32::try_from(worker) {
        Ok(-1) => Ok(None),
        Ok(id) if id >= 0 => Ok(Some(id)),
        _ => Err(Error::new(ErrorKind::InvalidParams, format!("there is no worker {worker}; workers count from 0"))),
    }
}

/// The figures of the server, and under the key `workers` those of each worker, task worker and user process.
pub fn stats(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let engine = &state(call)?.engine;
    let (stats, workers) = (engine.stats(), engine.worker_figures());
    let mut table = ZendHashTable::with_capacity(stats.len() as u32 + 1);
    for stat in stats {
        fill(&mut table, [(stat.name, int(stat.value))]);
    }
    let mut rows = ZendHashTable::with_capacity(workers.len() as u32);
    for worker in &workers {
        // Pushing a zval cannot fail: there is nothing to convert.
        let _ = rows.push(figures(worker));
    }
    fill(&mut table, [("workers", array(rows))]);
    Ok(array(table))
}

/// One worker's figures. Times are seconds.
fn figures(worker: &WorkerFigures) -> Zval {
    let count = |n: u64| int(n as i64);
    let seconds = |micros: u64| float(micros as f64 / 1e6);
    let mut table = ZendHashTable::with_capacity(13);
    fill(
        &mut table,
        [
            ("id", int(worker.id)),
            ("pid", int(worker.pid)),
            ("type", text(worker.kind.name())),
            ("status", int(worker.status as i32)),
            ("requests", count(worker.requests)),
            ("responses", count(worker.responses)),
            ("busy_time", seconds(worker.busy_micros)),
            ("busy_for", seconds(worker.busy_for)),
            ("queue_depth", count(worker.queue_depth)),
            ("ring_used", count(worker.ring_used)),
            ("ring_capacity", count(worker.ring_capacity)),
            ("tasking", count(worker.tasking)),
            ("restarts", count(worker.restarts)),
        ],
    );
    array(table)
}

pub fn get_last_error(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(last_code().into())
}

pub fn get_worker_id(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let id = state(call)?.engine.worker_id();
    Ok(value_or_false(id.ok_or_else(not_a_worker), int))
}

fn not_a_worker() -> Error {
    Error::new(ErrorKind::WrongOperation, "this process is not a worker")
}

/// The worker that a method is asked about: the one given, or this one.
fn chosen_worker(call: Call<'_>) -> Result<Result<i32, Error>, Thrown> {
    let worker = call.args(0, 1)?.long_or(-1)?;
    let own = state(call)?.engine.worker_id();
    Ok(worker_argument(worker).and_then(|given| given.or(own).ok_or_else(not_a_worker)))
}

pub fn get_worker_pid(call: Call<'_>) -> Result<Zval, Thrown> {
    let worker = chosen_worker(call)?;
    let engine = &state(call)?.engine;
    Ok(value_or_false(worker.and_then(|id| engine.worker_pid(id)), int))
}

pub fn get_worker_status(call: Call<'_>) -> Result<Zval, Thrown> {
    let worker = chosen_worker(call)?;
    let engine = &state(call)?.engine;
    Ok(value_or_false(worker.and_then(|id| engine.worker_status(id)), |status| int(status as i32)))
}

pub fn get_manager_pid(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(state(call)?.engine.manager_pid().into())
}

pub fn get_master_pid(call: Call<'_>) -> Result<i64, Thrown> {
    call.no_args()?;
    Ok(state(call)?.engine.master_pid().into())
}

/// Keeps a process object for the server, which forks it when it starts. Its index, from 0.
pub fn add_process(call: Call<'_>) -> Result<Zval, Thrown> {
    let process = call.args(1, 1)?.object::<ProcessObject>(process::NAME)?;
    let state = state(call)?;
    if state.engine.is_started() {
        refuse_running("user processes")?;
        return Ok(no());
    }
    match process::take(process)?.and_then(|()| state.engine.add_process()) {
        Ok(index) => {
            state.user_processes.borrow_mut().push(process.value());
            Ok(int(index as i64))
        }
        Err(error) => {
            warn_of(&error.remember())?;
            Ok(no())
        }
    }
}
