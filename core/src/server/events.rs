//! What a server calls back: one trait, each method says in which process it runs.
//!
//! The PHP bridge, the C library and Rust programs each implement [`ServerEvents`]. All methods run
//! on the main thread of their process. The engine holds no borrow and no lock while it calls one,
//! so a callback may call any method of the [`Server`] it is given.

use super::mail::{Answer, PipeMessage, Task};
use super::{PortId, Request, Response, Server, SessionId};
use crate::protocol::websocket::Opcode;

pub use crate::event::Flow;

/// The events of a server, by name. The order is the order of the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)] // each is documented at its method of `ServerEvents`
pub enum Event {
    Start,
    BeforeShutdown,
    Shutdown,
    ManagerStart,
    ManagerStop,
    WorkerStart,
    WorkerStop,
    WorkerExit,
    WorkerError,
    BeforeReload,
    AfterReload,
    Connect,
    Receive,
    Packet,
    Close,
    BufferFull,
    BufferEmpty,
    Task,
    Finish,
    PipeMessage,
    Timer,
    Request,
    Handshake,
    BeforeHandshakeResponse,
    Open,
    Message,
    Disconnect,
}

impl Event {
    /// Every event with its name, as `on()` takes it in any letter case.
    pub const ALL: &'static [(Event, &'static str)] = &[
        (Event::Start, "Start"),
        (Event::BeforeShutdown, "BeforeShutdown"),
        (Event::Shutdown, "Shutdown"),
        (Event::ManagerStart, "ManagerStart"),
        (Event::ManagerStop, "ManagerStop"),
        (Event::WorkerStart, "WorkerStart"),
        (Event::WorkerStop, "WorkerStop"),
        (Event::WorkerExit, "WorkerExit"),
        (Event::WorkerError, "WorkerError"),
        (Event::BeforeReload, "BeforeReload"),
        (Event::AfterReload, "AfterReload"),
        (Event::Connect, "Connect"),
        (Event::Receive, "Receive"),
        (Event::Packet, "Packet"),
        (Event::Close, "Close"),
        (Event::BufferFull, "BufferFull"),
        (Event::BufferEmpty, "BufferEmpty"),
        (Event::Task, "Task"),
        (Event::Finish, "Finish"),
        (Event::PipeMessage, "PipeMessage"),
        (Event::Timer, "Timer"),
        (Event::Request, "Request"),
        (Event::Handshake, "Handshake"),
        (Event::BeforeHandshakeResponse, "BeforeHandshakeResponse"),
        (Event::Open, "Open"),
        (Event::Message, "Message"),
        (Event::Disconnect, "Disconnect"),
    ];

    /// The event of that name, in any letter case, with or without a leading `on`.
    pub fn by_name(name: &str) -> Option<Event> {
        let bare = if name.len() > 2 && name.is_char_boundary(2) && name[..2].eq_ignore_ascii_case("on") {
            &name[2..]
        } else {
            name
        };
        Event::ALL.iter().find(|(_, n)| n.eq_ignore_ascii_case(bare)).map(|(e, _)| *e)
    }

    /// Its name, as in the manual: `WorkerStart`.
    pub fn name(self) -> &'static str {
        Event::ALL[self as usize].1
    }

    /// Whether a port may have a callback of its own for it.
    pub fn is_port_event(self) -> bool {
        matches!(
            self,
            Event::Connect
                | Event::Receive
                | Event::Packet
                | Event::Close
                | Event::BufferFull
                | Event::BufferEmpty
                | Event::Request
                | Event::Handshake
                | Event::BeforeHandshakeResponse
                | Event::Open
                | Event::Message
                | Event::Disconnect
        )
    }
}

/// A datagram with its sender. Lives as long as the callback.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// the port it came in at
    pub port: PortId,
    /// descriptor of the listening socket, for [`Server::send_to`]
    pub server_socket: i32,
    /// number of the listening port (0 for a Unix socket)
    pub server_port: u16,
    /// the bytes, at most 64 KiB
    pub data: &'a [u8],
    /// the sender's IP address in text, or the path of its Unix socket (empty if it is not bound)
    pub address: &'a str,
    /// the sender's port (0 for a Unix socket)
    pub peer_port: u16,
    /// when the engine dispatched it, in seconds since 1970
    pub dispatch_time: f64,
}

/// What came over a WebSocket. Lives as long as the callback.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// the connection
    pub session: SessionId,
    /// Text (valid UTF-8) or Binary; Close, Ping or Pong
    pub opcode: Opcode,
    /// `FIN`, and `COMPRESS` if it came compressed, see `protocol::websocket::flag`
    pub flags: u8,
    /// unmasked and uncompressed; of a Close without code and reason
    pub data: &'a [u8],
    /// of a Close: its code (1005: it had none) and reason
    pub close: Option<(u16, &'a str)>,
}

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerFailure {
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

/// Where `dispatch_func` wants a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DispatchChoice {
    /// to that worker
    Worker(i64),
    /// drop it
    Discard,
    /// close the connection
    Close,
    /// as dispatch mode 2 would
    Fallback,
}

/// What dispatch is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(missing_docs)]
pub enum DispatchKind {
    Data = 0,
    Connect = 5,
    Close = 4,
    Packet = 8,
}

/// Callbacks of a server. Every method has a default that does nothing.
///
/// `wants` is asked once per port and event when the server starts: an event that nobody wants is
/// not even sent to the worker.
#[allow(unused_variables)]
pub trait ServerEvents {
    /// Whether there is a callback for `event` at `port` (for server-wide events `port` is 0).
    /// Runs before the processes are forked.
    fn wants(&self, port: PortId, event: Event) -> bool;

    /// Runs in: master, main thread, once everything is set up. PROCESS mode only.
    fn start(&self, server: &Server) -> Flow {
        Flow::Continue
    }
    /// Runs in: master, when a shutdown begins, before workers are told.
    fn before_shutdown(&self, server: &Server) -> Flow {
        Flow::Continue
    }
    /// Runs in: master, after every other process has ended.
    fn shutdown(&self, server: &Server) -> Flow {
        Flow::Continue
    }
    /// Runs in: manager, before it forks the first worker.
    fn manager_start(&self, server: &Server) -> Flow {
        Flow::Continue
    }
    /// Runs in: manager, after the last worker has ended.
    fn manager_stop(&self, server: &Server) -> Flow {
        Flow::Continue
    }
    /// Runs in: manager, when a worker ended other than by exit code 0.
    fn worker_error(&self, server: &Server, failure: WorkerFailure) -> Flow {
        Flow::Continue
    }
    /// Runs in: manager, before a reload.
    fn before_reload(&self, server: &Server) -> Flow {
        Flow::Continue
    }
    /// Runs in: manager, after all workers of a reload have been replaced.
    fn after_reload(&self, server: &Server) -> Flow {
        Flow::Continue
    }

    /// Runs in: worker and task worker (numbers from `worker_num`), before its first message.
    fn worker_start(&self, server: &Server, worker_id: i32) -> Flow {
        Flow::Continue
    }
    /// Runs in: worker, task worker, as its last callback.
    fn worker_stop(&self, server: &Server, worker_id: i32) -> Flow {
        Flow::Continue
    }
    /// Runs in: worker or task worker that is leaving, again and again until its event loop is empty.
    fn worker_exit(&self, server: &Server, worker_id: i32) -> Flow {
        Flow::Continue
    }

    /// Runs in: worker. `reactor` is the number of the reactor thread (BASE: of the worker).
    fn connect(&self, server: &Server, port: PortId, session: SessionId, reactor: i32) -> Flow {
        Flow::Continue
    }
    /// Runs in: worker. `data` is one read of at most 64 KiB, or whole packages as the port's protocol says.
    fn receive(&self, server: &Server, port: PortId, session: SessionId, reactor: i32, data: &[u8]) -> Flow {
        Flow::Continue
    }
    /// Runs in: worker.
    fn packet(&self, server: &Server, packet: Packet<'_>) -> Flow {
        Flow::Continue
    }
    /// Runs in: worker. `reactor` is negative when the server closed the connection.
    /// [`Server::connection_info`] still answers inside.
    fn close(&self, server: &Server, port: PortId, session: SessionId, reactor: i32) -> Flow {
        Flow::Continue
    }
    /// Runs in: worker, when the bytes that wait for this client passed `buffer_high_watermark`.
    fn buffer_full(&self, server: &Server, port: PortId, session: SessionId) -> Flow {
        Flow::Continue
    }
    /// Runs in: worker, when they fell to `buffer_low_watermark` again.
    fn buffer_empty(&self, server: &Server, port: PortId, session: SessionId) -> Flow {
        Flow::Continue
    }

    /// A request, in the place of [`ServerEvents::receive`] at a port with `open_http_protocol`. The answer may be kept and ended later. Runs in: worker.
    fn request(&self, server: &Server, request: Request, response: Response) -> Flow {
        Flow::Continue
    }
    /// A request for a WebSocket, which this answers itself: 101 and the headers of RFC 6455, 4.2.2, or a refusal. Only if it is wanted: else the engine answers. Runs in: worker.
    fn handshake(&self, server: &Server, request: Request, response: Response) -> Flow {
        Flow::Continue
    }
    /// The engine is going to answer a request for a WebSocket: headers may be added, or another status set, which refuses it. Gives the answer back, with which the engine
    /// goes on; None: the program has ended it, or keeps it to end it later. Runs in: worker.
    fn before_handshake_response(
        &self,
        server: &Server,
        request: &Request,
        response: Response,
    ) -> (Flow, Option<Response>) {
        (Flow::Continue, Some(response))
    }
    /// A WebSocket was opened by the engine's handshake. Runs in: worker.
    fn open(&self, server: &Server, request: Request) -> Flow {
        Flow::Continue
    }
    /// A whole message of a WebSocket, or a control frame that the port's options want to hear of. Runs in: worker.
    fn message(&self, server: &Server, port: PortId, frame: Frame<'_>) -> Flow {
        Flow::Continue
    }
    /// At a WebSocket port, in the place of [`ServerEvents::close`] where it is wanted: a connection ends that never was a WebSocket. Runs in: worker.
    fn disconnect(&self, server: &Server, port: PortId, session: SessionId) -> Flow {
        Flow::Continue
    }

    /// A task to be done. Runs in: task worker. [`Server::finish`] answers it; [`Server::keep_task`] leaves it open behind this
    /// callback.
    fn task(&self, server: &Server, task: Task<'_>) -> Flow {
        Flow::Continue
    }
    /// A task was answered, and it was not given a callback of its own. Runs in: the process that gave the task, or its successor.
    fn finish(&self, server: &Server, answer: Answer<'_>) -> Flow {
        Flow::Continue
    }
    /// Another process sent a message. Runs in: worker, task worker, user process (while its loop runs).
    fn pipe_message(&self, server: &Server, message: PipeMessage<'_>) -> Flow {
        Flow::Continue
    }
    /// A user process begins: the `index`th of [`Server::add_process`]. When this returns, the process's event loop runs until
    /// it is empty; then the process ends, and is forked anew. Runs in: user process.
    fn user_process(&self, server: &Server, index: usize) -> Flow {
        Flow::Continue
    }
    /// What the stuck process `pid` is doing, one call a line, innermost first, for `request_slowlog_file`. None: nothing can be told.
    /// Runs in: manager, which must not wait for that process.
    fn backtrace(&self, server: &Server, pid: i32) -> Option<String> {
        None
    }

    /// `dispatch_func`. Runs in: master, main thread (a server that has one runs its single
    /// reactor there). PROCESS mode only. `session` is 0 for a datagram.
    fn dispatch(&self, server: &Server, session: SessionId, kind: DispatchKind, data: &[u8]) -> DispatchChoice {
        DispatchChoice::Fallback
    }
    /// `package_length_func`: length of the package at the front of `data`, 0 if more bytes are
    /// needed to tell, negative if the data is bad. Runs in: master, main thread (PROCESS), worker (BASE).
    fn package_length(&self, server: &Server, port: PortId, data: &[u8]) -> isize {
        -1
    }
}
