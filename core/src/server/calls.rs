//! What a program may ask of a running server, from any of its processes.

use super::outbox::{self, FileAnswer, Outbox, SEND_WAIT};
use super::shared::connections::{Entry, State, flag};
use super::shared::scoreboard::{WorkerState, ask};
use super::{
    ConnectionInfo, Mode, PortId, Role, Running, Server, SessionId, SocketType, WebSocketStatus, WorkerStatus, no_port,
    port::Port,
};
use crate::error::{Error, ErrorKind, Result};
use crate::event::clock::{self, to_seconds};
use crate::ipc::message::{FileHead, Kind, answer};
use crate::net::{datagram, file, tls};
use crate::protocol::http1::{Brief, brief};
use crate::sys::process;
use crate::sys::signal::SIGTERM;
use std::ffi::OsStr;
use std::net::IpAddr;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::Ordering::{AcqRel, Relaxed};
use std::time::{Duration, Instant};

/// Most sessions that one call of `connection_list` gives.
const LIST_LIMIT: usize = 100;

/// Calls about connections work from any worker for any connection.
impl Server {
    /// Queues `data` for the client. Errors: no such session, or it is closed; `DataLengthTooLarge` above
    /// `buffer_output_size`; `OutputBufferOverflow` when the client takes its data too slowly;
    /// `SendInMaster` outside workers.
    pub fn send(&self, session: SessionId, data: &[u8]) -> Result<()> {
        self.send_as(Kind::Send, session, data).map(drop)
    }

    fn send_as(&self, kind: Kind, session: SessionId, data: &[u8]) -> Result<&Entry> {
        let running = self.running()?;
        if data.is_empty() {
            return Err(Error::new(ErrorKind::InvalidParams, "there is nothing to send: the data is empty"));
        }
        let limit = running.settings.buffer_output_size;
        if data.len() as u64 > limit {
            return Err(Error::new(
                ErrorKind::DataLengthTooLarge,
                format!(
                    "a message of {} bytes cannot be sent: buffer_output_size allows {limit}; send it in parts, or with sendfile()",
                    data.len()
                ),
            ));
        }
        let outbox = self.outbox()?;
        let entry = running.shared.table.find_open(session)?;
        outbox::check_room(&running.ports, entry, data.len())?;
        self.count_response(running);
        outbox.post(entry, kind, session, data, &[])?;
        Ok(entry)
    }

    /// Posts a part of an answer. Errors: as [`Server::send`].
    pub(super) fn answer(&self, session: SessionId, kind: Kind, head: &[u8], body: &[u8]) -> Result<()> {
        let running = self.running()?;
        let length = head.len() + body.len();
        let limit = running.settings.buffer_output_size;
        if length as u64 > limit {
            return Err(Error::new(
                ErrorKind::DataLengthTooLarge,
                format!(
                    "an answer of {length} bytes cannot be sent: buffer_output_size allows {limit}; send it in parts by write(), or with sendfile()"
                ),
            ));
        }
        let outbox = self.outbox()?;
        let entry = running.shared.table.find_open(session)?;
        if head[0] & answer::DONE != 0 {
            self.count_response(running);
        } else {
            // The end is always taken: without it nothing more would ever come over this connection.
            outbox::check_room(&running.ports, entry, length)?;
        }
        outbox.post(entry, kind, session, head, body)
    }

    pub(in crate::server) fn outbox(&self) -> Result<Rc<dyn Outbox>> {
        let outbox = self.0.outbox.borrow().clone().ok_or_else(|| {
            Error::new(
                ErrorKind::SendInMaster,
                "connections can be reached from worker processes only, not from the master or the manager",
            )
        })?;
        if self.0.generation.get() != process::generation() {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "this process was forked from a worker: it cannot reach connections, since its messages would get mixed up with the worker's; let the worker send them",
            ));
        }
        Ok(outbox)
    }

    /// Sends, and returns once the kernel has taken everything. Errors as [`Server::send`], and the connection's end, or
    /// ETIMEDOUT after `send_timeout` (30 s if it is not set), while waiting.
    pub fn send_wait(&self, session: SessionId, data: &[u8]) -> Result<()> {
        let limit = self.running()?.settings.send_timeout;
        let deadline = Instant::now() + if limit > Duration::ZERO { limit } else { SEND_WAIT };
        let table = &self.shared().table;
        let before = table.find_open(session)?.flushed.load(Relaxed);
        let entry = self.send_as(Kind::SendAndTell, session, data)?;
        let mut pause = Duration::from_micros(20);
        while entry.flushed.load(Relaxed) == before {
            if entry.session() != session || entry.state() == State::Closed {
                return Err(Error::new(
                    ErrorKind::SessionClosed,
                    format!("session {session} was closed before it had taken all {} bytes", data.len()),
                ));
            }
            if Instant::now() >= deadline {
                let found = std::io::Error::from_raw_os_error(libc::ETIMEDOUT);
                return Err(Error::system(
                    format_args!("sendwait: session {session} did not take {} bytes in time", data.len()),
                    &found,
                ));
            }
            self.outbox()?.attend();
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
        if entry.session() != session || entry.state() == State::Closed {
            return Err(Error::new(
                ErrorKind::SessionClosed,
                format!("session {session} was closed before it had taken all {} bytes", data.len()),
            ));
        }
        Ok(())
    }

    /// Queues a part of a file; `length` 0 means to its end. Errors: as [`Server::send`], and the file does not
    /// exist, is not a regular one, is empty or shorter than `offset`.
    pub fn send_file(&self, session: SessionId, path: &[u8], offset: u64, length: u64) -> Result<()> {
        let running = self.running()?;
        let outbox = self.outbox()?;
        let entry = running.shared.table.find_open(session)?;
        let path = Path::new(OsStr::from_bytes(path));
        let (file, length) = file::part(path, offset, length)?;
        let head = FileHead { offset, length, identity: [0; 2] }.of(&file);
        let head = head.map_err(|e| Error::system(format_args!("sendfile: {}", path.display()), &e))?;
        let seen = self.seen_by_owner(path)?;
        outbox::check_room(&running.ports, entry, usize::try_from(length).unwrap_or(usize::MAX))?;
        self.count_response(running);
        outbox.post(entry, Kind::SendFile, session, &head.to_bytes(), seen.as_os_str().as_bytes())
    }

    /// The path by which the owner of the sockets finds what this process finds by `path`: it may see another root directory, and have
    /// another working directory.
    pub(super) fn seen_by_owner(&self, path: &Path) -> Result<PathBuf> {
        let shown = path.display();
        let absolute = std::path::absolute(path).map_err(|e| Error::system(format_args!("sendfile: {shown}"), &e))?;
        match self.mode() {
            super::Mode::Process => Ok(self.running()?.settings.outside_of_chroot(&absolute)),
            super::Mode::Base => Ok(absolute),
        }
    }

    /// Posts the end of an answer that is a file. Errors: as [`Server::send`].
    pub(super) fn answer_by_file(&self, session: SessionId, answer: FileAnswer<'_>) -> Result<()> {
        let running = self.running()?;
        let outbox = self.outbox()?;
        let entry = running.shared.table.find_open(session)?;
        self.count_response(running);
        outbox.post_file(entry, session, answer)
    }

    /// Sends a datagram. `address` is an IP address or the path of a Unix socket; `server_socket` the
    /// descriptor of one of this server's datagram ports, or None for the first that fits.
    /// Works in any process. Errors: no such port; the address; what the system says.
    pub fn send_to(&self, address: &str, port: u16, data: &[u8], server_socket: Option<i32>) -> Result<()> {
        let running = self.running()?;
        let fits = |p: &&Port| match server_socket {
            Some(fd) => p.sockets.iter().any(|s| s.as_raw_fd() == fd),
            None if address.starts_with('/') || port == 0 => p.kind == SocketType::UnixDgram,
            None if address.contains(':') => p.kind == SocketType::Udp6,
            None => p.kind == SocketType::Udp,
        };
        let found = running.ports.iter().filter(|p| p.kind.is_datagram()).find(fits);
        let listener = found.ok_or_else(|| {
            Error::new(ErrorKind::InvalidListenPort, format!("sendto {address}: this server has no datagram port from which it could be sent; add one with listen()"))
        })?;
        datagram::send(&listener.sockets[0], listener.kind.family(), address, port, data)?;
        self.count_response(running);
        Ok(())
    }

    /// Closes a connection; what is queued is sent first, unless `reset`. The close callback follows.
    pub fn close(&self, session: SessionId, reset: bool) -> Result<()> {
        let outbox = self.outbox()?;
        let table = &self.shared().table;
        let entry = table.find(session)?;
        if !entry.start_closing() && !reset {
            return table.find_open(session).map(drop);
        }
        outbox.post(entry, Kind::Shut, session, &[u8::from(reset)], &[]).inspect_err(|_| entry.keep_open())
    }

    /// Whether a session is open.
    pub fn exists(&self, session: SessionId) -> bool {
        self.running().is_ok_and(|r| r.shared.table.find_open(session).is_ok())
    }

    /// Exempts a connection from the heartbeat, or no longer.
    pub fn protect(&self, session: SessionId, on: bool) -> Result<()> {
        self.running()?.shared.table.find_open(session)?.mark(flag::PROTECTED, on);
        Ok(())
    }

    /// Lets a connection be read that `enable_delay_receive` held back.
    pub fn confirm(&self, session: SessionId) -> Result<()> {
        self.control(Kind::Confirm, session, |_| ())
    }

    /// Stops reading from a connection.
    pub fn pause(&self, session: SessionId) -> Result<()> {
        self.control(Kind::Pause, session, |entry| entry.mark(flag::PAUSED, true))
    }

    /// Reads from it again.
    pub fn resume(&self, session: SessionId) -> Result<()> {
        self.control(Kind::Resume, session, |entry| entry.mark(flag::PAUSED, false))
    }

    fn control(&self, kind: Kind, session: SessionId, mark: impl FnOnce(&Entry)) -> Result<()> {
        let outbox = self.outbox()?;
        let entry = self.shared().table.find_open(session)?;
        let before = entry.has(flag::PAUSED);
        mark(entry);
        outbox.post(entry, kind, session, &[], &[]).inspect_err(|_| entry.mark(flag::PAUSED, before))
    }

    /// Ties a user's number to a connection (dispatch mode 5). Errors if it already has one.
    pub fn bind(&self, session: SessionId, uid: i64) -> Result<()> {
        let entry = self.running()?.shared.table.find_open(session)?;
        if entry.flags.fetch_or(flag::HAS_UID, Relaxed) & flag::HAS_UID != 0 {
            let uid = entry.uid.load(Relaxed) as i64;
            return Err(Error::new(ErrorKind::WrongOperation, format!("session {session} is bound to {uid} already")));
        }
        entry.uid.store(uid as u64, Relaxed);
        Ok(())
    }

    /// What is known about a connection. With `ignore_close` also about one that is closed but whose close
    /// callback is still to come; inside that callback always.
    pub fn connection_info(&self, session: SessionId, ignore_close: bool) -> Result<ConnectionInfo> {
        let running = self.running()?;
        let entry = running.shared.table.find(session)?;
        if entry.state() == State::Closed && !ignore_close && self.0.closing.get() != session {
            return Err(Error::new(ErrorKind::SessionClosed, format!("session {session} is closed")));
        }
        let info = describe(running, entry);
        // The place may have been given to another connection while it was read.
        running.shared.table.find(session).map(|_| info)
    }

    /// The address of this machine that a client of HTTP has connected to. None: over a Unix socket, or there is no such connection.
    pub fn local_ip(&self, session: SessionId) -> Option<IpAddr> {
        self.running().ok()?.shared.table.find(session).ok()?.local()
    }

    /// Up to `count` (at most 100) open sessions behind `start` (0: from the first). `port`: only of that port.
    /// Errors: `start` cannot be a session; there is no such port.
    pub fn connection_list(&self, start: SessionId, count: usize, port: Option<PortId>) -> Result<Vec<SessionId>> {
        let running = self.running()?;
        if port.is_some_and(|p| p >= running.ports.len()) {
            return Err(no_port(port.unwrap_or(0)));
        }
        let table = &running.shared.table;
        let after = match start {
            0 => 0,
            session => table.place(session).ok_or_else(|| {
                Error::new(
                    ErrorKind::SessionInvalidId,
                    format!(
                        "{session} cannot be a session: start with 0, go on with the last session of the list before"
                    ),
                )
            })?,
        };
        let of_port = |entry: &Entry| port.is_none_or(|p| entry.port.load(Relaxed) as usize == p);
        Ok(table.open_after(after).filter(|(_, e)| of_port(e)).map(|(s, _)| s).take(count.min(LIST_LIMIT)).collect())
    }

    /// Number of open connections, of one port or of all.
    pub fn connection_count(&self, port: Option<PortId>) -> usize {
        let Ok(running) = self.running() else { return 0 };
        let ports = &running.shared.board.ports;
        match port {
            Some(port) => ports.get(port).map_or(0, |p| p.connections.load(Relaxed) as usize),
            None => ports.iter().map(|p| p.connections.load(Relaxed) as usize).sum(),
        }
    }

    /// Sessions that have been silent for longer than their `heartbeat_idle_time`; closes them if asked.
    /// Errors: `WrongOperation` when no heartbeat is configured.
    pub fn heartbeat(&self, close: bool) -> Result<Vec<SessionId>> {
        let running = self.running()?;
        if running.ports.iter().all(|p| p.settings.heartbeat_idle_time == Duration::ZERO) {
            return Err(Error::new(
                ErrorKind::WrongOperation,
                "heartbeat() needs the option heartbeat_idle_time or heartbeat_check_interval",
            ));
        }
        let now = clock::now_micros();
        let silent = |entry: &Entry| {
            let limit = running.ports[entry.port.load(Relaxed) as usize].settings.heartbeat_idle_time;
            let quiet = Duration::from_micros(now.saturating_sub(entry.last_recv_time.load(Relaxed)));
            limit > Duration::ZERO && quiet > limit && !entry.has(flag::PROTECTED)
        };
        let found: Vec<_> = running.shared.table.open_after(0).filter(|(_, e)| silent(e)).map(|(s, _)| s).collect();
        if close {
            for session in &found {
                // One that has gone meanwhile needs no closing.
                let _ = self.close(*session, false);
            }
        }
        Ok(found)
    }
}

fn describe(running: &Running, entry: &Entry) -> ConnectionInfo {
    let port = entry.port.load(Relaxed) as usize;
    let listener = &running.ports[port];
    let remote = entry.remote();
    let owner = entry.owner.load(Relaxed) as usize;
    let time = |t: &std::sync::atomic::AtomicU64| to_seconds(t.load(Relaxed));
    ConnectionInfo {
        port,
        server_port: listener.number,
        server_fd: listener.sockets[owner % listener.sockets.len()].as_raw_fd(),
        socket_fd: entry.fd.load(Relaxed) as i32,
        socket_type: listener.kind,
        remote_port: remote.map_or(0, |r| r.port()),
        remote_ip: remote.map_or_else(String::new, |r| r.ip().to_string()),
        reactor_id: owner as i32,
        worker_id: entry.worker().map_or(-1, |w| w as i32),
        connect_time: time(&entry.connect_time),
        last_recv_time: time(&entry.last_recv_time),
        last_send_time: time(&entry.last_send_time),
        last_dispatch_time: time(&entry.last_dispatch_time),
        close_errno: entry.close_errno.load(Relaxed) as i32,
        recv_queued_bytes: entry.recv_queued.load(Relaxed),
        send_queued_bytes: entry.send_queued.load(Relaxed),
        websocket_status: listener.settings.open_websocket_protocol.then(|| websocket_status(entry)),
        uid: entry.has(flag::HAS_UID).then(|| entry.uid.load(Relaxed) as i64),
        client_certificate: listener.tls.as_ref().filter(|tls| tls.asks_clients()).and_then(|_| {
            let place = running.shared.table.place(entry.session())?;
            running.shared.certificates.get(place).map(|bytes| tls::pem(&bytes.into()))
        }),
    }
}

fn websocket_status(entry: &Entry) -> WebSocketStatus {
    let asked = |brief: Brief| brief.has(brief::flag::WEBSOCKET);
    match entry.flags.load(Relaxed) & (flag::WEBSOCKET | flag::SAID_CLOSE) {
        0 if Brief::from_word(entry.request.load(Relaxed)).is_some_and(asked) => WebSocketStatus::Handshake,
        0 => WebSocketStatus::Connection,
        flag::WEBSOCKET => WebSocketStatus::Active,
        _ => WebSocketStatus::Closing,
    }
}

/// The server as a whole; from any process.
impl Server {
    /// Replaces all workers, task workers and user processes, one after another.
    pub fn reload(&self) -> Result<()> {
        self.ask(ask::RELOAD)
    }

    /// Replaces the task workers, one after another.
    pub fn reload_tasks(&self) -> Result<()> {
        self.ask(ask::RELOAD_TASKS)
    }

    /// Ends the server gracefully.
    pub fn shutdown(&self) -> Result<()> {
        if self.role() == Role::Master && self.mode() == Mode::Process {
            // This very process; the manager may be gone.
            return self.signal(self.master_pid(), SIGTERM, "shut down");
        }
        self.ask(ask::SHUTDOWN)
    }

    /// Asks the manager for something: a bit of [`ask`].
    fn ask(&self, what: u32) -> Result<()> {
        let shared = &self.running()?.shared;
        shared.board.head().asked.fetch_or(what, AcqRel);
        shared.manager_bell.ring();
        Ok(())
    }

    /// Lets a worker leave gracefully (None: this one); it is replaced.
    pub fn stop(&self, worker_id: Option<i32>) -> Result<()> {
        self.running()?;
        let id = worker_id.or(self.worker_id()).ok_or_else(|| {
            Error::new(ErrorKind::WrongOperation, "stop() without a worker number can be called in a worker only")
        })?;
        if Some(id) == self.worker_id()
            && let Some(departure) = &*self.0.departure.borrow()
        {
            departure.ask();
            return Ok(());
        }
        let pid = self.worker_pid(id)?;
        self.signal(pid, SIGTERM, "stop a worker")
    }

    fn signal(&self, pid: i32, number: i32, what: &str) -> Result<()> {
        process::kill(pid, number).map_err(|e| Error::system(format_args!("cannot {what} (process {pid})"), &e))
    }

    /// The master's process; 0 before start.
    pub fn master_pid(&self) -> i32 {
        self.running().map_or(0, |r| r.shared.board.head().master_pid.load(Relaxed) as i32)
    }

    /// The manager's process (BASE: the master's); 0 before start.
    pub fn manager_pid(&self) -> i32 {
        self.running().map_or(0, |r| r.shared.board.head().manager_pid.load(Relaxed) as i32)
    }

    /// A worker's process. Errors: there is no such worker, or it has ended and is being replaced.
    pub fn worker_pid(&self, worker_id: i32) -> Result<i32> {
        let running = self.running()?;
        let slot = usize::try_from(worker_id).ok().and_then(|id| running.shared.board.workers.get(id));
        let slot = slot.ok_or_else(|| no_worker(worker_id, running))?;
        match slot.pid.load(Relaxed) {
            0 => Err(Error::new(
                ErrorKind::WorkerTerminated,
                format!("worker {worker_id} has ended and is being replaced"),
            )),
            pid => Ok(pid as i32),
        }
    }

    /// What a worker is doing.
    pub fn worker_status(&self, worker_id: i32) -> Result<WorkerStatus> {
        let running = self.running()?;
        let slot = usize::try_from(worker_id).ok().and_then(|id| running.shared.board.workers.get(id));
        let slot = slot.ok_or_else(|| no_worker(worker_id, running))?;
        Ok(match slot.state() {
            WorkerState::Absent | WorkerState::Leaving => WorkerStatus::Exit,
            _ if slot.busy.load(Relaxed) != 0 => WorkerStatus::Busy,
            _ => WorkerStatus::Idle,
        })
    }
}

fn no_worker(id: i32, running: &Running) -> Error {
    Error::new(
        ErrorKind::InvalidParams,
        format!("there is no worker {id}: they are 0 to {}", running.shared.size.processes() - 1),
    )
}
