//! Registering callbacks.

use std::ffi::c_void;

use swoole_core::config::Value;
use swoole_core::error::{Error, ErrorKind, Result};

use super::callbacks::PortCallbacks;
use super::events::*;
use super::{port_id as checked_port_id, swoole_server, with};
use crate::config::apply;
use crate::error::swoole_result;

/// Callbacks are fixed once the server runs: its processes would not agree on them.
fn not_started(server: &swoole_server) -> Result<()> {
    if server.engine.is_started() {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "the server was started; register callbacks before swoole_server_start",
        ));
    }
    Ok(())
}

pub(crate) unsafe fn on(server: *mut swoole_server, register: impl FnOnce(&swoole_server)) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(server, |server| {
            not_started(server)?;
            register(server);
            Ok(())
        })
    }
}

pub(crate) unsafe fn on_port(
    server: *mut swoole_server,
    port_id: i32,
    register: impl FnOnce(&PortCallbacks),
) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(server, |server| {
            not_started(server)?;
            let port = server.engine.port_info(checked_port_id(port_id)?)?;
            register(&server.callbacks.of_port(port.id));
            Ok(())
        })
    }
}

/// Runs in: master, when everything is set up. Only in the mode SWOOLE_PROCESS.
///
/// All `swoole_server_on_` functions: before `swoole_server_start`; NULL takes a callback away;
/// registering again replaces. `userdata` may be NULL; it is kept, handed to each call, and never
/// freed by the library. Each process has its own copy of what it points to, made by the fork.
/// Callbacks run on the main thread of their process and may call any function of the server. No
/// C++ exception and no longjmp may leave one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_start(
    server: *mut swoole_server,
    callback: swoole_server_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.start.set(callback, userdata)) }
}

/// Runs in: master, when a shutdown begins, before the workers are told.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_before_shutdown(
    server: *mut swoole_server,
    callback: swoole_server_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.before_shutdown.set(callback, userdata)) }
}

/// Runs in: master, after every other process has ended.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_shutdown(
    server: *mut swoole_server,
    callback: swoole_server_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shutdown.set(callback, userdata)) }
}

/// Runs in: manager, before it forks the first worker.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_manager_start(
    server: *mut swoole_server,
    callback: swoole_server_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.manager_start.set(callback, userdata)) }
}

/// Runs in: manager, after the last worker has ended.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_manager_stop(
    server: *mut swoole_server,
    callback: swoole_server_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.manager_stop.set(callback, userdata)) }
}

/// Runs in: manager, before a reload.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_before_reload(
    server: *mut swoole_server,
    callback: swoole_server_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.before_reload.set(callback, userdata)) }
}

/// Runs in: manager, after a reload has replaced all workers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_after_reload(
    server: *mut swoole_server,
    callback: swoole_server_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.after_reload.set(callback, userdata)) }
}

/// Runs in: worker and task worker (whose numbers follow those of the workers), before its first
/// message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_worker_start(
    server: *mut swoole_server,
    callback: swoole_worker_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.worker_start.set(callback, userdata)) }
}

/// Runs in: worker, task worker, as its last callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_worker_stop(
    server: *mut swoole_server,
    callback: swoole_worker_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.worker_stop.set(callback, userdata)) }
}

/// Runs in: worker or task worker that is leaving, again and again until its event loop is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_worker_exit(
    server: *mut swoole_server,
    callback: swoole_worker_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.worker_exit.set(callback, userdata)) }
}

/// Runs in: manager, when a worker, task worker or user process ended other than by exit code 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_worker_error(
    server: *mut swoole_server,
    callback: swoole_worker_error_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.worker_error.set(callback, userdata)) }
}

/// Runs in: worker, when a client has connected. Stream ports.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_connect(
    server: *mut swoole_server,
    callback: swoole_connection_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.connect.set(callback, userdata)) }
}

/// Runs in: worker, when data has come. Stream ports; each needs one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_receive(
    server: *mut swoole_server,
    callback: swoole_receive_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.receive.set(callback, userdata)) }
}

/// Runs in: worker, when a datagram has come. Datagram ports; each needs one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_packet(
    server: *mut swoole_server,
    callback: swoole_packet_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.packet.set(callback, userdata)) }
}

/// Runs in: worker, when a connection has gone; `swoole_server_connection_info` still answers inside.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_close(
    server: *mut swoole_server,
    callback: swoole_connection_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.close.set(callback, userdata)) }
}

/// Runs in: worker, when the bytes that wait for a client have passed `buffer_high_watermark`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_buffer_full(
    server: *mut swoole_server,
    callback: swoole_buffer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.buffer_full.set(callback, userdata)) }
}

/// Runs in: worker, when they have fallen to `buffer_low_watermark` again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_buffer_empty(
    server: *mut swoole_server,
    callback: swoole_buffer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.shared.buffer_empty.set(callback, userdata)) }
}

/// Runs in: task worker, when it is given a task; needed with `task_worker_num` above 0. Answers are
/// given by `swoole_server_finish`, none or several; the task ends when the callback returns, unless
/// it called `swoole_server_keep_task`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_task(
    server: *mut swoole_server,
    callback: swoole_task_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.task.set(callback, userdata)) }
}

/// Runs in: the worker or user process that gave a task (or its successor), when that was answered
/// and has no finish callback of its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_finish(
    server: *mut swoole_server,
    callback: swoole_finish_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.finish.set(callback, userdata)) }
}

/// Runs in: worker, task worker, and user process whose function has returned, when another process
/// has called `swoole_server_send_message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_pipe_message(
    server: *mut swoole_server,
    callback: swoole_pipe_message_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on(server, |s| s.callbacks.pipe_message.set(callback, userdata)) }
}

/// As `swoole_server_on_connect`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_connect(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_connection_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.connect.set(callback, userdata)) }
}

/// As `swoole_server_on_receive`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_receive(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_receive_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.receive.set(callback, userdata)) }
}

/// As `swoole_server_on_packet`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_packet(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_packet_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.packet.set(callback, userdata)) }
}

/// As `swoole_server_on_close`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_close(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_connection_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.close.set(callback, userdata)) }
}

/// As `swoole_server_on_buffer_full`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_buffer_full(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_buffer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.buffer_full.set(callback, userdata)) }
}

/// As `swoole_server_on_buffer_empty`, for one port: it is called there instead of the server's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_on_port_buffer_empty(
    server: *mut swoole_server,
    port_id: i32,
    callback: swoole_buffer_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { on_port(server, port_id, |p| p.buffer_empty.set(callback, userdata)) }
}

unsafe fn set_length_function(
    server: *mut swoole_server,
    port: Option<i32>,
    function: swoole_package_length_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(server, |server| {
            let value = if function.is_some() { Value::Callable } else { Value::Null };
            apply(server, port, "package_length_func", &value)?;
            match port {
                // Ports that take over the primary port's settings take over its function.
                None | Some(0) => server.callbacks.shared.package_length.set(function, userdata),
                Some(port) => {
                    server.callbacks.of_port(checked_port_id(port)?).package_length.set(function, userdata);
                }
            }
            Ok(())
        })
    }
}

/// Sets the option `dispatch_func`: `function` chooses the worker for each message. NULL takes it
/// away. Before `swoole_server_start`. `userdata` may be NULL and is kept.
///
/// Runs in: master, main thread, where nothing else goes on meanwhile: it must be quick. Only in
/// the mode SWOOLE_PROCESS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_dispatch_func(
    server: *mut swoole_server,
    function: swoole_dispatch_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: the caller's handle, as the header asks.
    unsafe {
        with(server, |server| {
            let value = if function.is_some() { Value::Callable } else { Value::Null };
            apply(server, None, "dispatch_func", &value)?;
            server.callbacks.dispatch.set(function, userdata);
            Ok(())
        })
    }
}

/// Sets the option `package_length_func` of the primary port: with `open_length_check` on,
/// `function` tells where packages end. NULL takes it away. Before `swoole_server_start`.
/// `userdata` may be NULL and is kept.
///
/// Runs in: master, main thread (SWOOLE_PROCESS), or worker (SWOOLE_BASE): it must be quick.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_package_length_func(
    server: *mut swoole_server,
    function: swoole_package_length_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set_length_function(server, None, function, userdata) }
}

/// As `swoole_server_set_package_length_func`, for one port.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_server_set_port_package_length_func(
    server: *mut swoole_server,
    port_id: i32,
    function: swoole_package_length_fn,
    userdata: *mut c_void,
) -> swoole_result {
    // SAFETY: passed on as the caller promised it.
    unsafe { set_length_function(server, Some(port_id), function, userdata) }
}
