//! The server: what a program holds, and the rooms behind it.
//!
//! [`boot`] is the order in which a server comes up. [`conn`] is the socket side, [`dispatch`] chooses
//! workers, [`outbox`] carries what a callback wants done to a connection, [`shared`] is what all processes see;
//! [`master`], [`manager`], [`worker`] and [`base`] are the loops of the processes.

mod base;
mod boot;
mod calls;
mod conn;
pub mod dispatch;
mod events;
pub mod http;
mod info;
pub mod mail;
mod manager;
mod master;
mod observe;
mod outbox;
mod port;
mod shared;
mod stats;
mod task;
mod tasks;
mod user;
mod worker;

pub use crate::net::SocketType;
pub use events::{DispatchChoice, DispatchKind, Event, Flow, Frame, Packet, ServerEvents, WorkerFailure};
pub use http::{Cookie, Request, Response, SameSite, upload_file};
pub use info::{ConnectionInfo, PortInfo, Stat, WebSocketStatus, WorkerFigures, WorkerKind, WorkerStatus};
pub use mail::{Answer, Data, FinishFn, OwnedData, PipeMessage, Task, Ticket};

use crate::config::{self, PortSettings, Scope, ServerSettings, Value, Warning};
use crate::error::{Error, ErrorKind, Result};
use crate::net::listener;
use crate::sys::msgqueue::MessageQueue;
use crate::sys::{self, process};
use outbox::Outbox;
use port::Port;
use shared::Shared;
use socket2::Socket;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Number of a connection: positive, 64 bit, never given twice within a server's life. PHP calls it `$fd`.
pub type SessionId = i64;
/// Number of a listening port, from 0 in the order of `listen`.
pub type PortId = usize;

/// Listening ports that one server may have.
const MAX_PORTS: usize = 1024;

/// How the server's processes share the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Mode {
    /// Each worker accepts, reads and writes by itself.
    Base = 1,
    /// Reactor threads of the master own the connections; workers get whole messages.
    Process = 2,
}

/// What a process of the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// not started
    Idle,
    /// owns the sockets (PROCESS), or keeps the workers alive (BASE: master and manager are one)
    Master,
    /// keeps the workers alive
    Manager,
    /// runs the callbacks of connections
    Worker(i32),
    /// does tasks; numbers from `worker_num`
    TaskWorker(i32),
    /// runs a function of the program's own; numbers behind those of the task workers
    User(i32),
}

/// How [`Server::start`] ended in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Ended {
    /// what this process was: anything but `Master` is a forked child, whose caller must end the
    /// process now, with `exit_code`, and must not go on with the program
    pub role: Role,
    /// the code to exit with
    pub exit_code: i32,
}

/// A server: created, configured, started, and then the handle through which callbacks act.
/// Cheap to clone; all clones are one server. Stays on the thread that made it.
#[derive(Clone)]
pub struct Server(Rc<Inner>);

struct Inner {
    mode: Mode,
    setup: RefCell<Setup>,
    role: Cell<Role>,
    running: OnceCell<Running>,
    outbox: RefCell<Option<Rc<dyn Outbox>>>,
    departure: RefCell<Option<Rc<worker::Departure>>>,
    post: RefCell<Option<Rc<mail::post::Post>>>,
    /// which process of a line of forks has the outbox
    generation: Cell<u32>,
    /// the session whose close callback is running
    closing: Cell<SessionId>,
    /// answers that this process has begun and not ended
    answering: Cell<usize>,
}

/// What is known before the server starts.
#[derive(Default)]
struct Setup {
    settings: ServerSettings,
    ports: Vec<Draft>,
    /// user processes
    users: usize,
    /// options whose last value was not taken, with the port they were given to
    refused: BTreeMap<(Option<PortId>, String), Error>,
}

/// A port before the server starts.
struct Draft {
    kind: SocketType,
    host: String,
    socket: Socket,
    number: u16,
    settings: PortSettings,
    /// it was set by itself, so it does not take over the primary port's settings
    own: bool,
    /// its connections begin with a TLS handshake
    tls: bool,
}

/// What is known once the server has started.
struct Running {
    shared: Arc<Shared>,
    settings: Arc<ServerSettings>,
    ports: Arc<Vec<Port>>,
    /// where tasks wait in `task_ipc_mode` 2 and 3
    queue: Option<MessageQueue>,
    /// there is an event finish
    hears: bool,
    /// there is an event pipe message
    hears_messages: bool,
    /// what is to be seen from outside, until the process that shows it takes it
    observed: Cell<observe::Prepared>,
}

/// One server in a process: its signals and its children would get mixed up with another's.
static TAKEN: AtomicBool = AtomicBool::new(false);

impl Drop for Inner {
    fn drop(&mut self) {
        // A server that was never started leaves no socket files behind; a copy of it in a forked process has none.
        if self.generation.get() == process::generation() {
            for draft in self.setup.get_mut().ports.iter().filter(|draft| draft.kind.is_unix()) {
                let _ = std::fs::remove_file(&draft.host);
            }
        }
        TAKEN.store(false, Ordering::Release);
    }
}

impl Server {
    /// Makes a server without a port. Errors: `OnlyStartOne` if this process already has one.
    pub fn new(mode: Mode) -> Result<Server> {
        if TAKEN.swap(true, Ordering::AcqRel) {
            return Err(Error::new(
                ErrorKind::OnlyStartOne,
                "this process has a server already: give that one further ports with listen(), or use another process",
            ));
        }
        Ok(Server(Rc::new(Inner {
            mode,
            setup: RefCell::default(),
            role: Cell::new(Role::Idle),
            running: OnceCell::new(),
            outbox: RefCell::default(),
            departure: RefCell::default(),
            post: RefCell::default(),
            generation: Cell::new(process::generation()),
            closing: Cell::new(0),
            answering: Cell::new(0),
        })))
    }

    fn before_start(&self, what: &str) -> Result<()> {
        if self.is_started() {
            return Err(Error::new(ErrorKind::WrongOperation, format!("{what} must be called before start()")));
        }
        Ok(())
    }

    /// Binds a further port; the first one is the primary port. `host` is an address, a name, or a
    /// path; `port` 0 takes a free one, which [`Server::port_info`] tells. Errors: the address is
    /// in use, does not exist or cannot be resolved; too many ports; the server has started.
    pub fn listen(&self, host: &str, port: i64, kind: SocketType) -> Result<PortId> {
        self.before_start("listen()")?;
        let mut setup = self.0.setup.borrow_mut();
        if setup.ports.len() >= MAX_PORTS {
            return Err(Error::new(
                ErrorKind::TooManyListenPort,
                format!("a server can have {MAX_PORTS} listening ports, and this one has them"),
            ));
        }
        let number = u16::try_from(port).map_err(|_| {
            Error::new(
                ErrorKind::InvalidParams,
                format!("port {port} does not exist: give 0 to 65535, 0 takes a free one"),
            )
        })?;
        let same = |p: &Draft| p.kind.family() == kind.family() && p.kind.is_datagram() == kind.is_datagram();
        if setup
            .ports
            .iter()
            .any(|p| same(p) && p.host == host && p.number == number && (number != 0 || kind.is_unix()))
        {
            // The system would let us bind it twice, and refuse only when both listen.
            let found = std::io::Error::from_raw_os_error(libc::EADDRINUSE);
            return Err(Error::system(
                format_args!("cannot bind to {host}:{number}, this server has it already"),
                &found,
            ));
        }
        let bound = listener::bind(host, number, kind.family(), kind.is_datagram(), setup.settings.enable_reuse_port)?;
        let number = bound.port();
        setup.ports.push(Draft {
            kind,
            host: host.to_owned(),
            socket: bound.socket,
            number,
            settings: PortSettings::default(),
            own: false,
            tls: false,
        });
        Ok(setup.ports.len() - 1)
    }

    /// Makes a stream port one of TLS: its settings must name a certificate and a key when the server starts. Errors: it is a datagram port; there is no such port; the server has started.
    pub fn secure(&self, port: PortId) -> Result<()> {
        self.before_start("secure()")?;
        let mut setup = self.0.setup.borrow_mut();
        let Some(draft) = setup.ports.get_mut(port) else { return Err(no_port(port)) };
        if draft.kind.is_datagram() {
            return Err(Error::new(
                ErrorKind::OperationNotSupport,
                format!(
                    "port {port} takes datagrams, and there is no TLS over datagrams here: use a TCP or Unix stream port"
                ),
            ));
        }
        draft.tls = true;
        Ok(())
    }

    /// Sets one option; a port option goes to the primary port. `Ok` may carry warnings (unknown
    /// name, clamped value). `Err`: the value was not taken, and `start` will refuse.
    pub fn set(&self, name: &str, value: &Value) -> Result<Vec<Warning>> {
        self.before_start("set()")?;
        let mut setup = self.0.setup.borrow_mut();
        let setup = &mut *setup;
        let result = match (config::find(name).map(|def| def.scope), setup.ports.first_mut()) {
            (Some(Scope::Port), Some(primary)) => primary.settings.set(name, value),
            (Some(Scope::Port), None) => Err(Error::new(
                ErrorKind::InvalidListenPort,
                format!("option {name:?} is a port's: call listen() first"),
            )),
            _ => setup.settings.set(name, value),
        };
        setup.note(None, name, result)
    }

    /// Sets one option of one port. Once called for a port, it no longer inherits the primary's settings.
    pub fn set_port(&self, port: PortId, name: &str, value: &Value) -> Result<Vec<Warning>> {
        self.before_start("set()")?;
        let mut setup = self.0.setup.borrow_mut();
        let Some(draft) = setup.ports.get_mut(port) else { return Err(no_port(port)) };
        draft.own = true;
        let result = draft.settings.set(name, value);
        setup.note(Some(port), name, result)
    }

    /// What this process is.
    pub fn role(&self) -> Role {
        self.0.role.get()
    }

    /// How the processes share the work.
    pub fn mode(&self) -> Mode {
        self.0.mode
    }

    /// Whether start was called.
    pub fn is_started(&self) -> bool {
        self.0.running.get().is_some()
    }

    /// The listening ports.
    pub fn ports(&self) -> Vec<PortInfo> {
        let info = |id, kind, host: &String, port, socket: &Socket, tls| PortInfo {
            id,
            host: host.clone(),
            port,
            kind,
            tls,
            socket: socket.as_raw_fd(),
        };
        match self.0.running.get() {
            Some(running) => running
                .ports
                .iter()
                .enumerate()
                .map(|(i, p)| info(i, p.kind, &p.host, p.number, &p.sockets[0], p.tls.is_some()))
                .collect(),
            None => {
                let setup = self.0.setup.borrow();
                setup
                    .ports
                    .iter()
                    .enumerate()
                    .map(|(i, p)| info(i, p.kind, &p.host, p.number, &p.socket, p.tls))
                    .collect()
            }
        }
    }

    /// One listening port. Errors: `InvalidListenPort`.
    pub fn port_info(&self, port: PortId) -> Result<PortInfo> {
        self.ports().into_iter().nth(port).ok_or_else(|| no_port(port))
    }

    /// This process's number among workers, task workers and user processes; None in others.
    pub fn worker_id(&self) -> Option<i32> {
        match self.role() {
            Role::Worker(id) | Role::TaskWorker(id) | Role::User(id) => Some(id),
            _ => None,
        }
    }

    /// Runs the server. Returns in the master when it has shut down, and in each forked process
    /// when that process must end: see [`Ended`]. Errors: an option was refused, there is no port,
    /// a callback is missing, it was started before, or the system refuses something.
    pub fn start(&self, events: Rc<dyn ServerEvents>) -> Result<Ended> {
        boot::start(self, events)
    }

    // ---- for the rooms behind

    fn running(&self) -> Result<&Running> {
        self.0.running.get().ok_or_else(|| {
            Error::new(
                ErrorKind::WrongOperation,
                "the server has not been started: call this in a callback, onWorkerStart for instance",
            )
        })
    }

    /// What all processes see. Only for processes of a started server.
    fn shared(&self) -> &Arc<Shared> {
        match self.0.running.get() {
            Some(running) => &running.shared,
            None => unreachable!("the processes of a server exist only after it was started"),
        }
    }

    /// The ports. Only for processes of a started server.
    fn running_ports(&self) -> Arc<Vec<Port>> {
        match self.0.running.get() {
            Some(running) => running.ports.clone(),
            None => unreachable!("the processes of a server exist only after it was started"),
        }
    }

    fn set_outbox(&self, outbox: Rc<dyn Outbox>) {
        self.0.generation.set(process::generation());
        self.0.outbox.replace(Some(outbox));
    }

    /// Runs `callback` as the close callback of `session`.
    fn while_closing(&self, session: SessionId, callback: impl FnOnce()) {
        let before = self.0.closing.replace(session);
        callback();
        self.0.closing.set(before);
    }
}

impl Setup {
    /// Remembers an option that was refused, until it is given a value that can be taken.
    fn note(&mut self, port: Option<PortId>, name: &str, result: Result<Vec<Warning>>) -> Result<Vec<Warning>> {
        let key = (port, name.to_owned());
        match &result {
            Err(e) => drop(self.refused.insert(key, e.clone())),
            Ok(_) => drop(self.refused.remove(&key)),
        }
        result
    }
}

fn no_port(port: PortId) -> Error {
    Error::new(ErrorKind::InvalidListenPort, format!("there is no listening port {port}"))
}

/// Ties the calling thread or process to the `n`th of the processors that the settings allow.
fn pin(settings: &ServerSettings, n: usize) {
    let cpus: Vec<usize> =
        sys::limits::allowed_cpus().into_iter().filter(|cpu| !settings.cpu_affinity_ignore.contains(cpu)).collect();
    if let Some(cpu) = cpus.get(n % cpus.len().max(1))
        && let Err(e) = sys::limits::pin_to_cpu(*cpu)
    {
        crate::log::warning(format_args!("cannot run on processor {cpu} only: {e}"));
    }
}

/// The user and group that the settings name. Errors say which does not exist.
fn identity(settings: &ServerSettings) -> Result<process::Identity> {
    let unknown = |what: &str, name: &str| {
        Error::new(ErrorKind::InvalidParams, format!("option {what:?}: there is no {what} {name:?} on this system"))
    };
    let mut who = process::Identity::NONE;
    if let Some(name) = &settings.user {
        let found = process::find_user(name).or_else(|| name.parse().ok().map(|id: u32| (id, id)));
        let (user, group) = found.ok_or_else(|| unknown("user", name))?;
        who = process::Identity { user: Some(user), group: Some(group) };
    }
    if let Some(name) = &settings.group {
        let found = process::find_group(name).or_else(|| name.parse().ok());
        who.group = Some(found.ok_or_else(|| unknown("group", name))?);
    }
    Ok(who)
}

/// Applies `chroot`, `group` and `user` to this process.
fn drop_privileges(settings: &ServerSettings) -> Result<()> {
    let who = identity(settings)?;
    if settings.chroot.is_some() {
        crate::log::keep_time_zone();
    }
    process::drop_privileges(settings.chroot.as_deref(), who)
        .map_err(|e| Error::system("cannot apply the options chroot, user and group to a worker (root is needed)", &e))
}
