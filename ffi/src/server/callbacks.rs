//! The callbacks of a server, and how the engine's events reach them.

use std::cell::{Cell, Ref, RefCell};
use std::ffi::{c_char, c_void};

use swoole_core::error::Result;
use swoole_core::server::{
    Answer, DispatchChoice, DispatchKind, Event, Flow, Frame, Packet, PipeMessage, PortId, Request, Response, Server,
    ServerEvents, SessionId, Task, WorkerFailure,
};

use super::events::*;
use super::swoole_server;
use crate::http::{request, response, swoole_http_request, swoole_http_request_fn, swoole_http_response};
use crate::support::args::fixed_text;
use crate::support::running::Leaving;
use crate::support::slot::Slot;
use crate::websocket::{swoole_websocket_frame, swoole_websocket_message_fn, swoole_websocket_open_fn};

/// What `swoole_http_request_fn` may hold.
type RequestFn =
    unsafe extern "C" fn(*mut c_void, *mut swoole_server, *mut swoole_http_request, *mut swoole_http_response);

/// The callbacks that a port may have for itself. The server's own are used where a port has none.
#[derive(Default)]
pub(crate) struct PortCallbacks {
    pub(crate) connect: Slot<swoole_connection_fn>,
    pub(crate) receive: Slot<swoole_receive_fn>,
    pub(crate) packet: Slot<swoole_packet_fn>,
    pub(crate) close: Slot<swoole_connection_fn>,
    pub(crate) buffer_full: Slot<swoole_buffer_fn>,
    pub(crate) buffer_empty: Slot<swoole_buffer_fn>,
    pub(crate) package_length: Slot<swoole_package_length_fn>,
    pub(crate) request: Slot<swoole_http_request_fn>,
    pub(crate) handshake: Slot<swoole_http_request_fn>,
    pub(crate) before_handshake_response: Slot<swoole_http_request_fn>,
    pub(crate) open: Slot<swoole_websocket_open_fn>,
    pub(crate) message: Slot<swoole_websocket_message_fn>,
    pub(crate) disconnect: Slot<swoole_buffer_fn>,
}

/// All callbacks of a server.
#[derive(Default)]
pub(crate) struct Callbacks {
    /// what callbacks are given as their server
    handle: Cell<Option<std::ptr::NonNull<swoole_server>>>,
    leaving: Leaving,

    pub(crate) start: Slot<swoole_server_fn>,
    pub(crate) before_shutdown: Slot<swoole_server_fn>,
    pub(crate) shutdown: Slot<swoole_server_fn>,
    pub(crate) manager_start: Slot<swoole_server_fn>,
    pub(crate) manager_stop: Slot<swoole_server_fn>,
    pub(crate) before_reload: Slot<swoole_server_fn>,
    pub(crate) after_reload: Slot<swoole_server_fn>,
    pub(crate) worker_start: Slot<swoole_worker_fn>,
    pub(crate) worker_stop: Slot<swoole_worker_fn>,
    pub(crate) worker_exit: Slot<swoole_worker_fn>,
    pub(crate) worker_error: Slot<swoole_worker_error_fn>,
    pub(crate) task: Slot<swoole_task_fn>,
    pub(crate) finish: Slot<swoole_finish_fn>,
    pub(crate) pipe_message: Slot<swoole_pipe_message_fn>,
    pub(crate) dispatch: Slot<swoole_dispatch_fn>,
    /// the functions of the user processes, by their index
    processes: RefCell<Vec<Slot<swoole_process_fn>>>,
    /// while the task callback is on the stack
    doing_task: Cell<bool>,
    /// for every port
    pub(crate) shared: PortCallbacks,
    /// for one port, by its id
    ports: RefCell<Vec<PortCallbacks>>,
}

impl Callbacks {
    pub(super) fn set_handle(&self, handle: *mut swoole_server) {
        self.handle.set(std::ptr::NonNull::new(handle));
    }

    /// The callbacks of one port, made on demand.
    pub(super) fn of_port(&self, port: PortId) -> Ref<'_, PortCallbacks> {
        let mut ports = self.ports.borrow_mut();
        while ports.len() <= port {
            ports.push(PortCallbacks::default());
        }
        drop(ports);
        Ref::map(self.ports.borrow(), |ports| &ports[port])
    }

    /// What the user process of that index runs.
    pub(super) fn set_process(&self, index: usize, function: swoole_process_fn, userdata: *mut c_void) {
        let mut processes = self.processes.borrow_mut();
        while processes.len() <= index {
            processes.push(Slot::default());
        }
        processes[index].set(function, userdata);
    }

    /// Whether the task callback is on the stack.
    pub(super) fn is_doing_task(&self) -> bool {
        self.doing_task.get()
    }

    pub(super) fn ask_to_leave(&self, code: i32) -> Result<()> {
        self.leaving.ask("swoole_server_leave", "swoole_server_shutdown to end the server", code)
    }

    /// How a callback asks for its process to end.
    pub(crate) fn leaving(&self) -> &Leaving {
        &self.leaving
    }

    /// The port's own callback, or the server's.
    fn choose<F: Copy>(
        &self,
        port: PortId,
        slot: impl Fn(&PortCallbacks) -> &Slot<Option<F>>,
    ) -> Option<(F, *mut c_void)> {
        let own = self.ports.borrow().get(port).and_then(|port| slot(port).get());
        own.or_else(|| slot(&self.shared).get())
    }

    /// Calls a callback, if there is one, and finds out what is to happen after it.
    fn call<F>(
        &self,
        server: &Server,
        callback: Option<(F, *mut c_void)>,
        call: impl FnOnce(F, *mut c_void, *mut swoole_server),
    ) -> Flow {
        let (Some((function, userdata)), Some(handle)) = (callback, self.handle.get()) else {
            return Flow::Continue;
        };
        self.leaving.during(server.worker_id().is_some(), || call(function, userdata, handle.as_ptr()))
    }

    fn on_server(&self, server: &Server, slot: &Slot<swoole_server_fn>) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(server, slot.get(), |function, userdata, handle| unsafe { function(userdata, handle) })
    }

    fn on_worker(&self, server: &Server, slot: &Slot<swoole_worker_fn>, worker_id: i32) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(server, slot.get(), |function, userdata, handle| unsafe { function(userdata, handle, worker_id) })
    }

    /// Gives `callback` a request to answer. The answer comes back unless the program keeps it.
    fn ask(
        &self,
        server: &Server,
        callback: Option<(RequestFn, *mut c_void)>,
        request: Request,
        response: Response,
    ) -> (Flow, Option<Response>) {
        response::lend(response, |response| {
            request::lend(request, |request| {
                // SAFETY: the program registered this function for this signature; both handles outlive the call.
                self.call(server, callback, |function, userdata, handle| unsafe {
                    function(userdata, handle, request, response);
                })
            })
        })
    }

    /// Tells `callback` of an answer.
    pub(super) fn finish_with(
        &self,
        server: &Server,
        callback: Option<(unsafe extern "C" fn(*mut c_void, *mut swoole_server, *const swoole_answer), *mut c_void)>,
        answer: Answer<'_>,
    ) -> Flow {
        let record = swoole_answer {
            task_id: answer.task_id,
            task_worker: answer.task_worker,
            dispatch_time: answer.dispatch_time,
            data: answer.data.bytes.as_ptr(),
            len: answer.data.bytes.len(),
        };
        // SAFETY: the program registered this function for this signature; the record and what it
        // points to outlive the call.
        self.call(server, callback, |function, userdata, handle| unsafe { function(userdata, handle, &record) })
    }
}

impl ServerEvents for Callbacks {
    fn wants(&self, port: PortId, event: Event) -> bool {
        match event {
            Event::Start => self.start.is_set(),
            Event::BeforeShutdown => self.before_shutdown.is_set(),
            Event::Shutdown => self.shutdown.is_set(),
            Event::ManagerStart => self.manager_start.is_set(),
            Event::ManagerStop => self.manager_stop.is_set(),
            Event::WorkerStart => self.worker_start.is_set(),
            Event::WorkerStop => self.worker_stop.is_set(),
            Event::WorkerExit => self.worker_exit.is_set(),
            Event::WorkerError => self.worker_error.is_set(),
            Event::BeforeReload => self.before_reload.is_set(),
            Event::AfterReload => self.after_reload.is_set(),
            Event::Connect => self.choose(port, |p| &p.connect).is_some(),
            Event::Receive => self.choose(port, |p| &p.receive).is_some(),
            Event::Packet => self.choose(port, |p| &p.packet).is_some(),
            Event::Close => self.choose(port, |p| &p.close).is_some(),
            Event::BufferFull => self.choose(port, |p| &p.buffer_full).is_some(),
            Event::BufferEmpty => self.choose(port, |p| &p.buffer_empty).is_some(),
            Event::Request => self.choose(port, |p| &p.request).is_some(),
            Event::Handshake => self.choose(port, |p| &p.handshake).is_some(),
            Event::BeforeHandshakeResponse => self.choose(port, |p| &p.before_handshake_response).is_some(),
            Event::Open => self.choose(port, |p| &p.open).is_some(),
            Event::Message => self.choose(port, |p| &p.message).is_some(),
            Event::Disconnect => self.choose(port, |p| &p.disconnect).is_some(),
            Event::Task => self.task.is_set(),
            Event::Finish => self.finish.is_set(),
            Event::PipeMessage => self.pipe_message.is_set(),
            // An event of PHP's classic timers only; here each timer has its own callback.
            Event::Timer => false,
        }
    }

    fn start(&self, server: &Server) -> Flow {
        self.on_server(server, &self.start)
    }
    fn before_shutdown(&self, server: &Server) -> Flow {
        self.on_server(server, &self.before_shutdown)
    }
    fn shutdown(&self, server: &Server) -> Flow {
        self.on_server(server, &self.shutdown)
    }
    fn manager_start(&self, server: &Server) -> Flow {
        self.on_server(server, &self.manager_start)
    }
    fn manager_stop(&self, server: &Server) -> Flow {
        self.on_server(server, &self.manager_stop)
    }
    fn before_reload(&self, server: &Server) -> Flow {
        self.on_server(server, &self.before_reload)
    }
    fn after_reload(&self, server: &Server) -> Flow {
        self.on_server(server, &self.after_reload)
    }
    fn worker_start(&self, server: &Server, worker_id: i32) -> Flow {
        self.on_worker(server, &self.worker_start, worker_id)
    }
    fn worker_stop(&self, server: &Server, worker_id: i32) -> Flow {
        self.on_worker(server, &self.worker_stop, worker_id)
    }
    fn worker_exit(&self, server: &Server, worker_id: i32) -> Flow {
        self.on_worker(server, &self.worker_exit, worker_id)
    }

    fn worker_error(&self, server: &Server, failure: WorkerFailure) -> Flow {
        let WorkerFailure { worker_id, pid, status, exit_code, signal } = failure;
        let failure = swoole_worker_failure { worker_id, pid, status, exit_code, signal };
        // SAFETY: the program registered this function for this signature; the record outlives the call.
        self.call(server, self.worker_error.get(), |function, userdata, handle| unsafe {
            function(userdata, handle, &failure);
        })
    }

    fn connect(&self, server: &Server, port: PortId, session: SessionId, reactor: i32) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(server, self.choose(port, |p| &p.connect), |function, userdata, handle| unsafe {
            function(userdata, handle, session, reactor);
        })
    }

    fn receive(&self, server: &Server, port: PortId, session: SessionId, reactor: i32, data: &[u8]) -> Flow {
        // SAFETY: the program registered this function for this signature; the data outlives the call.
        self.call(server, self.choose(port, |p| &p.receive), |function, userdata, handle| unsafe {
            function(userdata, handle, session, reactor, data.as_ptr(), data.len());
        })
    }

    fn packet(&self, server: &Server, packet: Packet<'_>) -> Flow {
        // Room for an IPv6 address with its scope, and for the longest path of a Unix socket.
        let address = fixed_text::<128>(packet.address);
        let record = swoole_packet {
            port_id: packet.port as i32,
            server_socket: packet.server_socket,
            data: packet.data.as_ptr(),
            len: packet.data.len(),
            address: address.as_ptr() as *const c_char,
            peer_port: packet.peer_port,
            server_port: packet.server_port,
            dispatch_time: packet.dispatch_time,
        };
        // SAFETY: the program registered this function for this signature; the record and what it
        // points to outlive the call.
        self.call(server, self.choose(packet.port, |p| &p.packet), |function, userdata, handle| unsafe {
            function(userdata, handle, &record);
        })
    }

    fn close(&self, server: &Server, port: PortId, session: SessionId, reactor: i32) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(server, self.choose(port, |p| &p.close), |function, userdata, handle| unsafe {
            function(userdata, handle, session, reactor);
        })
    }

    fn buffer_full(&self, server: &Server, port: PortId, session: SessionId) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(server, self.choose(port, |p| &p.buffer_full), |function, userdata, handle| unsafe {
            function(userdata, handle, session);
        })
    }

    fn buffer_empty(&self, server: &Server, port: PortId, session: SessionId) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(server, self.choose(port, |p| &p.buffer_empty), |function, userdata, handle| unsafe {
            function(userdata, handle, session);
        })
    }

    fn request(&self, server: &Server, request: Request, response: Response) -> Flow {
        let port = request.port();
        self.ask(server, self.choose(port, |p| &p.request), request, response).0
    }

    fn handshake(&self, server: &Server, request: Request, response: Response) -> Flow {
        let port = request.port();
        self.ask(server, self.choose(port, |p| &p.handshake), request, response).0
    }

    fn before_handshake_response(
        &self,
        server: &Server,
        request: &Request,
        response: Response,
    ) -> (Flow, Option<Response>) {
        let callback = self.choose(request.port(), |p| &p.before_handshake_response);
        let (flow, response) = self.ask(server, callback, request.clone(), response);
        (flow, response.filter(Response::is_writable))
    }

    fn open(&self, server: &Server, request: Request) -> Flow {
        let callback = self.choose(request.port(), |p| &p.open);
        request::lend(request, |request| {
            // SAFETY: the program registered this function for this signature; the request outlives the call.
            self.call(server, callback, |function, userdata, handle| unsafe { function(userdata, handle, request) })
        })
    }

    fn message(&self, server: &Server, port: PortId, frame: Frame<'_>) -> Flow {
        let record = swoole_websocket_frame { port_id: port as i32, ..frame.into() };
        // SAFETY: the program registered this function for this signature; the record and what it
        // points to outlive the call.
        self.call(server, self.choose(port, |p| &p.message), |function, userdata, handle| unsafe {
            function(userdata, handle, &record);
        })
    }

    fn disconnect(&self, server: &Server, port: PortId, session: SessionId) -> Flow {
        // SAFETY: the program registered this function, with its userdata, for this signature.
        self.call(server, self.choose(port, |p| &p.disconnect), |function, userdata, handle| unsafe {
            function(userdata, handle, session);
        })
    }

    fn task(&self, server: &Server, task: Task<'_>) -> Flow {
        let ticket = task.ticket;
        let record = swoole_task {
            id: ticket.id,
            source: ticket.source,
            tries: ticket.tries,
            dispatch_time: ticket.dispatch_time,
            data: task.data.bytes.as_ptr(),
            len: task.data.bytes.len(),
            ticket: swoole_ticket { words: ticket.to_words() },
            serialized: task.data.serialized,
        };
        self.doing_task.set(true);
        // SAFETY: the program registered this function for this signature; the record and what it
        // points to outlive the call.
        let flow = self.call(server, self.task.get(), |function, userdata, handle| unsafe {
            function(userdata, handle, &record);
        });
        self.doing_task.set(false);
        flow
    }

    fn finish(&self, server: &Server, answer: Answer<'_>) -> Flow {
        self.finish_with(server, self.finish.get(), answer)
    }

    fn pipe_message(&self, server: &Server, message: PipeMessage<'_>) -> Flow {
        let record = swoole_pipe_message {
            source: message.source,
            dispatch_time: message.dispatch_time,
            data: message.data.bytes.as_ptr(),
            len: message.data.bytes.len(),
        };
        // SAFETY: the program registered this function for this signature; the record and what it
        // points to outlive the call.
        self.call(server, self.pipe_message.get(), |function, userdata, handle| unsafe {
            function(userdata, handle, &record);
        })
    }

    fn user_process(&self, server: &Server, index: usize) -> Flow {
        let function = self.processes.borrow().get(index).and_then(Slot::get);
        // SAFETY: the program gave this function, with its userdata, for this signature.
        self.call(server, function, |function, userdata, handle| unsafe { function(userdata, handle, index as i32) })
    }

    fn dispatch(&self, _: &Server, session: SessionId, kind: DispatchKind, data: &[u8]) -> DispatchChoice {
        let (Some((function, userdata)), Some(handle)) = (self.dispatch.get(), self.handle.get()) else {
            return DispatchChoice::Fallback;
        };
        // SAFETY: the program registered this function for this signature; the data outlives the call.
        let choice = unsafe { function(userdata, handle.as_ptr(), session, kind as i32, data.as_ptr(), data.len()) };
        match choice {
            SWOOLE_DISPATCH_DISCARD => DispatchChoice::Discard,
            SWOOLE_DISPATCH_CLOSE => DispatchChoice::Close,
            SWOOLE_DISPATCH_FALLBACK => DispatchChoice::Fallback,
            worker => DispatchChoice::Worker(worker),
        }
    }

    fn package_length(&self, _: &Server, port: PortId, data: &[u8]) -> isize {
        let (Some((function, userdata)), Some(handle)) = (self.choose(port, |p| &p.package_length), self.handle.get())
        else {
            return -1;
        };
        // SAFETY: the program registered this function for this signature; the data outlives the call.
        unsafe { function(userdata, handle.as_ptr(), port as i32, data.as_ptr(), data.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn ignore(_: *mut c_void, _: *mut swoole_server, _: i64, _: i32) {}

    #[test]
    fn an_event_is_wanted_where_it_has_a_callback() {
        let callbacks = Callbacks::default();
        callbacks.of_port(2).connect.set(Some(ignore), std::ptr::null_mut());
        assert!(callbacks.wants(2, Event::Connect));
        assert!(!callbacks.wants(1, Event::Connect));
        assert!(!callbacks.wants(2, Event::Close));
        callbacks.shared.connect.set(Some(ignore), std::ptr::null_mut());
        assert!(callbacks.wants(1, Event::Connect));
        callbacks.shared.connect.set(None, std::ptr::null_mut());
        assert!(!callbacks.wants(1, Event::Connect));
    }

    #[test]
    fn a_port_prefers_its_own_callback() {
        let (own, shared) = (&mut 1u8 as *mut u8, &mut 2u8 as *mut u8);
        let callbacks = Callbacks::default();
        callbacks.shared.close.set(Some(ignore), shared.cast());
        callbacks.of_port(1).close.set(Some(ignore), own.cast());
        let userdata = |port| callbacks.choose(port, |p| &p.close).map(|(_, userdata)| userdata);
        assert_eq!(userdata(1), Some(own.cast()));
        assert_eq!(userdata(0), Some(shared.cast()));
    }
}
