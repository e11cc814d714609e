//! Events: the types of the callbacks and of what they are given. They are registered in `on.rs`.

use std::ffi::{c_char, c_void};

use super::swoole_server;

/// An event of the server as a whole. `userdata` is what was given with the function.
pub type swoole_server_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server)>;

/// An event of a worker's life. `worker_id` counts from 0.
pub type swoole_worker_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, worker_id: i32)>;

/// A worker ended other than by exit code 0. `failure` is never NULL and valid during the call only.
pub type swoole_worker_error_fn = Option<
    unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, failure: *const swoole_worker_failure),
>;

/// A connection came or went. `reactor` is the number of the reactor thread (BASE: of the worker);
/// in a close event it is negative when the server closed the connection.
pub type swoole_connection_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, session: i64, reactor: i32)>;

/// Data came: one read of at most 64 KiB, or whole packages as the port's protocol says. `data` has
/// `len` bytes and no final NUL, is never NULL, and is valid during the call only.
pub type swoole_receive_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        server: *mut swoole_server,
        session: i64,
        reactor: i32,
        data: *const u8,
        len: usize,
    ),
>;

/// A datagram came. `packet` and what it points to are never NULL and valid during the call only.
pub type swoole_packet_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, packet: *const swoole_packet)>;

/// The bytes that wait for a client passed a watermark.
pub type swoole_buffer_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, session: i64)>;

/// A task is to be done. `task` and what it points to are never NULL and valid during the call only.
pub type swoole_task_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, task: *const swoole_task)>;

/// A task was answered. `answer` and what it points to are never NULL and valid during the call
/// only.
pub type swoole_finish_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, answer: *const swoole_answer)>;

/// Another process sent a message. `message` and what it points to are never NULL and valid during
/// the call only.
pub type swoole_pipe_message_fn = Option<
    unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, message: *const swoole_pipe_message),
>;

/// What a user process does. `index` is what `swoole_server_add_process` gave.
pub type swoole_process_fn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, server: *mut swoole_server, index: i32)>;

/// Frees what `userdata` points to.
pub type swoole_free_fn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// Chooses the worker for a message: its number, from 0, or one of the `SWOOLE_DISPATCH_` numbers
/// below 0; any other number is logged and taken for `SWOOLE_DISPATCH_FALLBACK`. `kind` is a
/// `swoole_dispatch_kind`; `session` is 0 for a datagram. `data` has `len` bytes and is valid during
/// the call only.
pub type swoole_dispatch_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        server: *mut swoole_server,
        session: i64,
        kind: i32,
        data: *const u8,
        len: usize,
    ) -> i64,
>;

/// Tells the length in bytes, header included, of the package at the front of `data`; 0 if more
/// bytes are needed to tell; negative if the data is bad, which closes the connection. `data` has
/// `len` bytes and is valid during the call only.
pub type swoole_package_length_fn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        server: *mut swoole_server,
        port_id: i32,
        data: *const u8,
        len: usize,
    ) -> isize,
>;

/// Answer of a dispatch function: drop the message.
pub const SWOOLE_DISPATCH_DISCARD: i64 = -1;
/// Answer of a dispatch function: close the connection.
pub const SWOOLE_DISPATCH_CLOSE: i64 = -2;
/// Answer of a dispatch function: choose as dispatch mode 2 would.
pub const SWOOLE_DISPATCH_FALLBACK: i64 = -3;

/// What a dispatch function is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_dispatch_kind {
    /// data of a connection
    SWOOLE_DISPATCH_DATA = 0,
    /// the close event of a connection
    SWOOLE_DISPATCH_CLOSE_EVENT = 4,
    /// the connect event of a connection
    SWOOLE_DISPATCH_CONNECT_EVENT = 5,
    /// a datagram
    SWOOLE_DISPATCH_PACKET = 8,
}

/// A datagram with its sender.
#[repr(C)]
pub struct swoole_packet {
    /// the port it came in at
    pub port_id: i32,
    /// descriptor of the listening socket, for `swoole_server_send_to`
    pub server_socket: i32,
    /// its bytes; no final NUL
    pub data: *const u8,
    /// number of bytes, at most 64 KiB
    pub len: usize,
    /// the sender's IP address, or the path of its Unix socket (empty if it is not bound); ends with
    /// a NUL
    pub address: *const c_char,
    /// the sender's port, 0 for a Unix socket
    pub peer_port: u16,
    /// number of the listening port, 0 for a Unix socket
    pub server_port: u16,
    /// when the engine passed it on, in seconds since 1970
    pub dispatch_time: f64,
}

/// Names a task, so that it can be answered after its callback. A value: copy it, but do not look
/// into it and do not make one. Good in the process that got the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_ticket {
    /// the library's
    pub words: [u64; 6],
}

/// A task, as the task worker gets it.
#[repr(C)]
pub struct swoole_task {
    /// its number, unique among the tasks of `source`
    pub id: i64,
    /// number of the worker that gave it; -1: a program outside the server, through a message queue
    pub source: i32,
    /// how often it was begun before, by task workers that ended amid it (option `task_retry`)
    pub tries: u32,
    /// when it was given, in seconds since 1970
    pub dispatch_time: f64,
    /// its bytes; no final NUL
    pub data: *const u8,
    /// number of bytes
    pub len: usize,
    /// names it for `swoole_server_finish` and `swoole_server_end_task`
    pub ticket: swoole_ticket,
    /// whether the bytes are a value in PHP's serialize() format and not a string as it is: only from
    /// a PHP program outside the server
    pub serialized: bool,
}

/// The answer to a task, as the process that gave the task gets it.
#[repr(C)]
pub struct swoole_answer {
    /// the task's number, as `swoole_server_task` gave it
    pub task_id: i64,
    /// number of the worker that did it
    pub task_worker: i32,
    /// when it was answered, in seconds since 1970
    pub dispatch_time: f64,
    /// the answer's bytes; no final NUL
    pub data: *const u8,
    /// number of bytes
    pub len: usize,
}

/// A message of `swoole_server_send_message`.
#[repr(C)]
pub struct swoole_pipe_message {
    /// number of the worker that sent it; -1: master or manager
    pub source: i32,
    /// when it was sent, in seconds since 1970
    pub dispatch_time: f64,
    /// its bytes; no final NUL
    pub data: *const u8,
    /// number of bytes
    pub len: usize,
}

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_worker_failure {
    /// its number, from 0
    pub worker_id: i32,
    /// its process
    pub pid: i32,
    /// the status as wait(2) gave it
    pub status: i32,
    /// exit code, 0 if a signal ended it
    pub exit_code: i32,
    /// signal that ended it, 0 if it exited
    pub signal: i32,
}
