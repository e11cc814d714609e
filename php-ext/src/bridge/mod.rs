//! Turns the engine's events into calls of PHP callbacks.
//!
//! Runs in: every process of a server, on its main thread, below `Server::start()`.

mod callbacks;
pub mod descriptor;
mod host;
pub mod http;
pub mod looping;
pub mod pool;
pub mod settings;
pub mod signals;
mod tasks;
pub mod timers;
pub mod values;
pub mod watch;

pub use callbacks::{Callbacks, trace};
pub use host::Host;

use crate::classes::{process, server, server_event, server_packet, server_status_info};
use crate::constants::DISPATCH_RESULTS;
use crate::zend::{Arg, Callback, Object, Outcome, backtrace, report_exception, reseed};
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};
use swoole_core::server::{
    Answer, DispatchChoice, DispatchKind, Event, Flow, Frame, Packet, PipeMessage, PortId, Request, Response, Server,
    ServerEvents, SessionId, Task, WorkerFailure,
};

const EVENTS: usize = Event::ALL.len();

/// The callbacks of one port: its own, and the server's where it has none. References of its own, which the
/// garbage collector is not shown: nothing that a running server calls is ever collected.
struct PortTable {
    events: [Option<Callback>; EVENTS],
    length_func: Option<Callback>,
}

/// What a port brings along.
pub struct PortCallbacks<'a> {
    /// set on the port
    pub own: &'a Callbacks,
    /// its package_length_func, or the one it inherits
    pub length_func: Option<Callback>,
}

/// In what form callbacks get what they are told.
#[derive(Clone, Copy)]
pub struct Style {
    /// one object instead of a list of arguments
    pub event_object: bool,
    /// the same for onTask
    pub task_object: bool,
}

/// The callbacks of a server that is being started, looked up once, so that an event costs an index.
pub struct Bridge {
    server: [Option<Callback>; EVENTS],
    ports: Vec<PortTable>,
    dispatch_func: Option<Callback>,
    style: Style,
    /// The script's server object. None once `start` has returned: the engine may keep the bridge.
    object: RefCell<Option<Zval>>,
    host: Rc<Host>,
}

impl Bridge {
    /// `object` is the script's `Swoole\Server`.
    pub fn new(
        object: Zval,
        server: &Callbacks,
        ports: &[PortCallbacks<'_>],
        dispatch_func: Option<Callback>,
        style: Style,
    ) -> Bridge {
        let of_server = |event: &(Event, &str)| server.get(event.0);
        let ports = ports
            .iter()
            .map(|port| PortTable {
                events: table(|event| port.own.get(event.0).or_else(|| of_server(event))),
                length_func: port.length_func.clone(),
            })
            .collect();
        Bridge {
            server: table(of_server),
            ports,
            dispatch_func,
            style,
            object: RefCell::new(Some(object)),
            host: Rc::new(Host::new()),
        }
    }

    /// Lets go of the server object. `start` has returned.
    pub fn release(&self) {
        let object = self.object.take();
        drop(object);
    }

    /// How its processes take what callbacks end with.
    pub fn host(&self) -> &Rc<Host> {
        &self.host
    }

    fn object(&self) -> Zval {
        self.object.borrow().as_ref().map_or_else(Zval::new, Zval::shallow_clone)
    }

    /// Brings the properties that differ from process to process up to date.
    fn enter(&self, engine: &Server) {
        self.host.enter();
        if let Some(object) = Object::of(&self.object()) {
            server::show_process(object, engine);
        }
    }

    fn port(&self, port: PortId, event: Event) -> Option<&Callback> {
        self.ports.get(port)?.events[event as usize].as_ref()
    }

    fn run(&self, callback: &Callback, args: &[Arg<'_>]) -> Flow {
        self.host.run(callback, args)
    }

    /// What PHP code gave, or, if it did not return, what the process does now.
    fn settle<T>(&self, outcome: Outcome<T>) -> Result<T, Flow> {
        self.host.settle(outcome)
    }

    /// A server-wide event: the server object, then `rest`.
    fn server_event(&self, engine: &Server, event: Event, rest: &[i64]) -> Flow {
        self.enter(engine);
        let Some(callback) = &self.server[event as usize] else { return Flow::Continue };
        let object = self.object();
        let mut args = [Arg::Value(&object); 5];
        for (arg, value) in args[1..].iter_mut().zip(rest) {
            *arg = Arg::Int(*value);
        }
        self.run(callback, &args[..=rest.len()])
    }

    /// An event of a connection: the server object, then session and reactor and data, or one object of them.
    fn connection_event(
        &self,
        port: PortId,
        event: Event,
        session: SessionId,
        reactor: i32,
        data: Option<&[u8]>,
    ) -> Flow {
        let Some(callback) = self.port(port, event) else { return Flow::Continue };
        let object = self.object();
        if self.style.event_object {
            let event = || server_event::make(session, reactor, now(), data);
            return self.run(callback, &[Arg::Value(&object), Arg::Made(&event)]);
        }
        let args =
            [Arg::Value(&object), Arg::Int(session), Arg::Int(reactor.into()), Arg::Bytes(data.unwrap_or_default())];
        self.run(callback, if data.is_some() { &args } else { &args[..3] })
    }

    /// A callback that answers with a number; None if it did not.
    fn ask(&self, callback: &Callback, args: &[Arg<'_>], engine: &Server) -> Option<i64> {
        match callback.call(args, Zval::long) {
            Outcome::Returned(answer) => {
                self.host.end_own_fork(0);
                answer
            }
            Outcome::Threw if report_exception() => {
                self.host.end_own_fork(255);
                None
            }
            ended @ (Outcome::Threw | Outcome::Exit(_) | Outcome::Bailout) => {
                self.host.end_own_fork(if let Outcome::Exit(code) = ended { code } else { 255 });
                // Such a callback belongs to no message of its own and may run in the master, so
                // there is nothing smaller to end than the server.
                if let Outcome::Exit(code) = ended {
                    self.host.note_exit(code);
                }
                let _ = if engine.worker_id().is_some() { engine.stop(None) } else { engine.shutdown() };
                None
            }
        }
    }
}

fn table(get: impl Fn(&(Event, &'static str)) -> Option<Callback>) -> [Option<Callback>; EVENTS] {
    std::array::from_fn(|i| get(&Event::ALL[i]))
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64())
}

impl ServerEvents for Bridge {
    fn wants(&self, port: PortId, event: Event) -> bool {
        match event {
            // Where a process begins, its properties are brought up to date.
            Event::Start | Event::ManagerStart | Event::WorkerStart => true,
            _ if event.is_port_event() => self.port(port, event).is_some(),
            _ => self.server[event as usize].is_some(),
        }
    }

    fn start(&self, server: &Server) -> Flow {
        self.server_event(server, Event::Start, &[])
    }
    fn before_shutdown(&self, server: &Server) -> Flow {
        self.server_event(server, Event::BeforeShutdown, &[])
    }
    fn shutdown(&self, server: &Server) -> Flow {
        self.server_event(server, Event::Shutdown, &[])
    }
    fn manager_start(&self, server: &Server) -> Flow {
        self.server_event(server, Event::ManagerStart, &[])
    }
    fn manager_stop(&self, server: &Server) -> Flow {
        self.server_event(server, Event::ManagerStop, &[])
    }
    fn before_reload(&self, server: &Server) -> Flow {
        self.server_event(server, Event::BeforeReload, &[])
    }
    fn after_reload(&self, server: &Server) -> Flow {
        self.server_event(server, Event::AfterReload, &[])
    }
    fn worker_error(&self, server: &Server, failure: WorkerFailure) -> Flow {
        let WorkerFailure { worker_id, pid, status, exit_code, signal } = failure;
        if self.style.event_object
            && let Some(callback) = &self.server[Event::WorkerError as usize]
        {
            self.enter(server);
            let object = self.object();
            let info = || server_status_info::make(worker_id, pid, status, exit_code, signal);
            return self.run(callback, &[Arg::Value(&object), Arg::Made(&info)]);
        }
        self.server_event(server, Event::WorkerError, &[worker_id, pid, exit_code, signal].map(i64::from))
    }
    fn worker_start(&self, server: &Server, worker_id: i32) -> Flow {
        reseed();
        self.server_event(server, Event::WorkerStart, &[worker_id.into()])
    }
    fn worker_stop(&self, server: &Server, worker_id: i32) -> Flow {
        self.server_event(server, Event::WorkerStop, &[worker_id.into()])
    }
    fn worker_exit(&self, server: &Server, worker_id: i32) -> Flow {
        self.server_event(server, Event::WorkerExit, &[worker_id.into()])
    }

    fn connect(&self, _: &Server, port: PortId, session: SessionId, reactor: i32) -> Flow {
        self.connection_event(port, Event::Connect, session, reactor, None)
    }
    fn receive(&self, _: &Server, port: PortId, session: SessionId, reactor: i32, data: &[u8]) -> Flow {
        self.connection_event(port, Event::Receive, session, reactor, Some(data))
    }
    fn close(&self, _: &Server, port: PortId, session: SessionId, reactor: i32) -> Flow {
        self.connection_event(port, Event::Close, session, reactor, None)
    }
    fn packet(&self, _: &Server, packet: Packet<'_>) -> Flow {
        let Some(callback) = self.port(packet.port, Event::Packet) else { return Flow::Continue };
        let object = self.object();
        if self.style.event_object {
            return self.run(callback, &[Arg::Value(&object), Arg::Made(&|| server_packet::make(&packet))]);
        }
        let client = || server_packet::client_array(&packet);
        self.run(callback, &[Arg::Value(&object), Arg::Bytes(packet.data), Arg::Made(&client)])
    }
    fn buffer_full(&self, _: &Server, port: PortId, session: SessionId) -> Flow {
        self.buffer_event(port, Event::BufferFull, session)
    }
    fn buffer_empty(&self, _: &Server, port: PortId, session: SessionId) -> Flow {
        self.buffer_event(port, Event::BufferEmpty, session)
    }

    fn request(&self, _: &Server, request: Request, response: Response) -> Flow {
        self.on_request(request, response)
    }
    fn handshake(&self, _: &Server, request: Request, response: Response) -> Flow {
        self.on_handshake(request, response)
    }
    fn before_handshake_response(&self, _: &Server, request: &Request, response: Response) -> (Flow, Option<Response>) {
        self.on_before_handshake(request, response)
    }
    fn open(&self, _: &Server, request: Request) -> Flow {
        self.on_open(request)
    }
    fn message(&self, _: &Server, port: PortId, frame: Frame<'_>) -> Flow {
        self.on_message(port, &frame)
    }
    fn disconnect(&self, _: &Server, port: PortId, session: SessionId) -> Flow {
        self.on_disconnect(port, session)
    }

    fn task(&self, server: &Server, task: Task<'_>) -> Flow {
        self.on_task(server, task)
    }
    fn finish(&self, server: &Server, answer: Answer<'_>) -> Flow {
        self.on_finish(server, answer)
    }
    fn pipe_message(&self, server: &Server, message: PipeMessage<'_>) -> Flow {
        self.on_pipe_message(server, message)
    }
    fn user_process(&self, server: &Server, index: usize) -> Flow {
        reseed();
        self.enter(server);
        let object = self.object();
        let Some(value) = Object::of(&object).and_then(|object| server::user_process(object, index)) else {
            return Flow::Continue;
        };
        match Object::of(&value).and_then(|process| process::enter(process, server.worker_id())) {
            Some(callback) => match self.settle(callback.call(&[Arg::Value(&value)], |_| ())) {
                Ok(()) => Flow::Continue,
                // It threw: nothing of the function goes on, and the manager is to hear of it.
                Err(Flow::Continue) => Flow::Leave { code: 255 },
                Err(leave) => leave,
            },
            None => Flow::Continue,
        }
    }
    fn backtrace(&self, _: &Server, pid: i32) -> Option<String> {
        Some(backtrace(pid))
    }

    fn dispatch(&self, server: &Server, session: SessionId, kind: DispatchKind, data: &[u8]) -> DispatchChoice {
        let Some(callback) = &self.dispatch_func else { return DispatchChoice::Fallback };
        let object = self.object();
        let args = [Arg::Value(&object), Arg::Int(session), Arg::Int(kind as i64), Arg::Bytes(data)];
        match self.ask(callback, &args, server) {
            Some(worker) if worker >= 0 => DispatchChoice::Worker(worker),
            Some(result) => DISPATCH_RESULTS
                .iter()
                .find(|(n, ..)| *n == result)
                .map_or(DispatchChoice::Fallback, |(_, choice, _)| *choice),
            None => DispatchChoice::Fallback,
        }
    }
    fn package_length(&self, server: &Server, port: PortId, data: &[u8]) -> isize {
        let Some(callback) = self.ports.get(port).and_then(|p| p.length_func.as_ref()) else { return -1 };
        self.ask(callback, &[Arg::Bytes(data)], server).map_or(-1, |length| isize::try_from(length).unwrap_or(-1))
    }
}

impl Bridge {
    fn buffer_event(&self, port: PortId, event: Event, session: SessionId) -> Flow {
        let Some(callback) = self.port(port, event) else { return Flow::Continue };
        let object = self.object();
        self.run(callback, &[Arg::Value(&object), Arg::Int(session)])
    }
}
