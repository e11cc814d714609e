//! The order in which a server comes up, readable from top to bottom.
//!
//! Runs in: the process that calls start, which becomes the master; each child returns from here too.

use super::http::upload_file;
use super::manager::{Managed, Manager};
use super::master::Master;
use super::observe::Prepared;
use super::outbox::Outbox;
use super::outbox::relay::Relay;
use super::outbox::via_ring::ViaRing;
use super::port::{self, HttpPort, Port, Uploads, Wants};
use super::shared::scoreboard::Phase;
use super::shared::{Dimensions, Shared};
use super::worker::Worker;
use super::{Ended, Event, Mode, Role, Running, Server, ServerEvents, WorkerKind, base, task, user, worker};
use crate::config::{self, Environment, PortSettings, ServerSettings};
use crate::error::{Error, ErrorKind, Result};
use crate::net::framing;
use crate::net::listener;
use crate::net::tls::ServerTls;
use crate::protocol::http1::reader::Limits;
use crate::sys::msgqueue::{self, MessageQueue};
use crate::sys::process::{self, Forked};
use crate::sys::signal;
use crate::sys::{self, fd, limits};
use crate::{event, log};
use std::cell::Cell;
use std::io::Write as _;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

pub(super) fn start(server: &Server, events: Rc<dyn ServerEvents>) -> Result<Ended> {
    // From the moment in which its ports listen it may be sent signals: they wait until there are handlers, in the master and in the manager.
    let blocked = signal::block_all();
    run(server, events, &blocked).inspect_err(|_| signal::unblock(&blocked))
}

/// As [`start`], with all signals blocked but for those of the mask.
fn run(server: &Server, events: Rc<dyn ServerEvents>, blocked: &signal::Mask) -> Result<Ended> {
    prepare(server, &*events)?;
    let running = server.running()?;
    let settings = running.settings.clone();
    if let Some(path) = &settings.pid_file {
        // Tried before anything else happens, while there is a terminal to complain to.
        PidFile::open(path)?;
    }
    if settings.daemonize {
        process::daemonize().map_err(|e| Error::system("cannot become a daemon", &e))?;
        sys::fd::redirect_stdio(None).map_err(|e| Error::system("cannot redirect the standard streams", &e))?;
        log::take_output()?;
        if settings.log_file.is_none() {
            log::reopen()?;
        }
    }
    log::set_identity('$', -1);
    let head = running.shared.board.head();
    head.master_pid.store(process::pid() as u32, Relaxed);
    head.start_time.store(event::clock::now_micros(), Relaxed);
    let pid_file = settings.pid_file.as_deref().map(PidFile::write).transpose()?;

    let ended = match server.mode() {
        Mode::Process => start_process(server, events, blocked)?,
        Mode::Base => start_base(server, events)?,
    };
    if ended.role == Role::Master {
        for port in running.ports.iter().filter(|p| p.kind.is_unix()) {
            let _ = std::fs::remove_file(&port.host);
        }
        if let Some(file) = pid_file {
            file.remove();
        }
        // A private queue has no name under which anyone could find it again.
        let private = running.settings.is_given("message_queue_key") && running.settings.message_queue_key == 0;
        if let Some(queue) = running.queue.as_ref().filter(|_| private) {
            let _ = queue.remove();
        }
    }
    Ok(ended)
}

/// Checks everything that can be checked, binds what has to be bound anew, listens, and maps shared memory.
fn prepare(server: &Server, events: &dyn ServerEvents) -> Result<()> {
    if server.is_started() {
        return Err(Error::new(ErrorKind::OnlyStartOne, "this server was started before: make a new one"));
    }
    if event::local::is_running() {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            "the server cannot start in a process whose event loop runs: this is a callback of the loop, or a process of a pool or of another server; start it in a process of its own",
        ));
    }
    if let Some(held) = event::local::held_by() {
        return Err(Error::new(
            ErrorKind::WrongOperation,
            format!(
                "the server cannot start in a process whose event loop holds {held}: set them in a callback of the server, onWorkerStart for instance"
            ),
        ));
    }
    // The program's part answers first, and may ask the server about itself.
    let wants: Vec<_> = (0..server.ports().len())
        .map(|i| {
            let wants = Wants {
                connect: events.wants(i, Event::Connect),
                close: events.wants(i, Event::Close),
                buffer_full: events.wants(i, Event::BufferFull),
                buffer_empty: events.wants(i, Event::BufferEmpty),
                request: events.wants(i, Event::Request),
                handshake: events.wants(i, Event::Handshake),
                before_handshake: events.wants(i, Event::BeforeHandshakeResponse),
                open: events.wants(i, Event::Open),
                message: events.wants(i, Event::Message),
                disconnect: events.wants(i, Event::Disconnect),
            };
            (wants, events.wants(i, Event::Receive), events.wants(i, Event::Packet))
        })
        .collect();
    let (has_task, hears) = (events.wants(0, Event::Task), events.wants(0, Event::Finish));
    let hears_messages = events.wants(0, Event::PipeMessage);
    let mut setup = server.0.setup.borrow_mut();
    if let Some(refused) = setup.refused.values().next() {
        return Err(Error::new(
            refused.kind(),
            format!("the server cannot start before what set() refused is corrected: {refused}"),
        ));
    }
    if setup.ports.is_empty() {
        return Err(Error::new(ErrorKind::InvalidListenPort, "the server has no port: call listen() before start()"));
    }
    for i in 1..setup.ports.len() {
        if !setup.ports[i].own {
            setup.ports[i].settings = setup.ports[0].settings.clone();
        }
    }
    for (i, draft) in setup.ports.iter().enumerate() {
        let (of_port, receive, packet) = wants[i];
        let (needed, is_there) = match &draft.settings {
            _ if draft.kind.is_datagram() => (Event::Packet, packet),
            settings if settings.open_websocket_protocol => (Event::Message, of_port.message),
            settings if settings.open_http_protocol => (Event::Request, of_port.request),
            _ => (Event::Receive, receive),
        };
        if !is_there {
            return Err(Error::new(
                ErrorKind::InvalidCallback,
                format!(
                    "require on{} callback: {}:{} has none; call on('{}', …) before start()",
                    needed.name(),
                    draft.host,
                    draft.number,
                    needed.name()
                ),
            ));
        }
    }
    let mut settings = setup.settings.clone();
    let environment = Environment { cpus: limits::allowed_cpus().len(), nofile_limit: limits::descriptors() };
    let mut port_settings: Vec<_> = setup.ports.iter().map(|p| p.settings.clone()).collect();
    let warnings = config::finish(&mut settings, &mut port_settings, &environment)?;
    check_rights(&settings)?;
    if settings.task_worker_num > 0 && !has_task {
        return Err(Error::new(
            ErrorKind::InvalidCallback,
            "require onTask callback: task_worker_num is set; call on('Task', …) before start()",
        ));
    }
    if let Some(root) = settings.chroot.as_deref().filter(|root| !root.is_dir()) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("option \"chroot\": {} is not a directory", root.display()),
        ));
    }
    check_files(&settings)?;
    upload_file::prepare();
    log::init(&(&settings).into())?;
    for warning in &warnings {
        log::warning(format_args!("{}", warning.message));
    }
    if port_settings.iter().any(|s| s.is_given("ssl_cert_file")) && !setup.ports.iter().any(|port| port.tls) {
        log::warning(format_args!(
            "option \"ssl_cert_file\" has no effect: no port is one of TLS; add SWOOLE_SSL to the socket type of one (`| SWOOLE_SSL`)"
        ));
    }
    let observed = Prepared::new(&settings)?;
    let metrics = observed.listener().and_then(|fd| Some((fd, fd::identity(fd)?)));
    let process_mode = server.mode() == Mode::Process;
    let reuse_port = settings.enable_reuse_port;
    let sockets_each = if reuse_port && !process_mode { settings.worker_num } else { 1 };
    let (server_settings, who) = (&settings, super::identity(&settings)?);
    let mut ports = Vec::new();
    for (i, (draft, settings)) in setup.ports.drain(..).zip(port_settings).enumerate() {
        let mut sockets = vec![draft.socket];
        if reuse_port && !draft.kind.is_unix() {
            // The first bind may have come before the option was set: bind again, with it.
            sockets.clear();
            for _ in 0..sockets_each {
                let bound =
                    listener::bind(&draft.host, draft.number, draft.kind.family(), draft.kind.is_datagram(), true)?;
                sockets.push(bound.socket);
            }
        }
        for socket in &sockets {
            port::open(socket, draft.kind, &settings)?;
        }
        let protocol = framing::protocol_of(&settings)?;
        let tls = if draft.tls { Some(secure(&draft.host, draft.number, &settings)?) } else { None };
        let speaks_http = settings.open_http_protocol || settings.open_websocket_protocol;
        let http = (speaks_http && !draft.kind.is_datagram())
            .then(|| http_port(server_settings, &settings, who, server.mode()));
        ports.push(Port {
            kind: draft.kind,
            host: draft.host,
            number: draft.number,
            sockets,
            settings,
            protocol,
            http,
            wants: wants[i].0,
            tls,
        });
    }
    // Last, as a queue stays where a start fails.
    let queue = message_queue(&settings)?;
    let shared = Shared::new(Dimensions {
        reactors: if process_mode { settings.reactor_num } else { settings.worker_num },
        workers: settings.worker_num,
        tasks: settings.task_worker_num,
        users: setup.users,
        task_bytes: settings.task_queue_size,
        ports: ports.len(),
        connections: settings.max_conn,
        certificates: ports.iter().any(|port| port.tls.as_ref().is_some_and(ServerTls::asks_clients)),
        ring_bytes: settings.buffer_input_size.map(|bytes| bytes as usize),
        process_mode,
    })?;
    let running = Running {
        shared,
        settings: Arc::new(settings),
        ports: Arc::new(ports),
        queue,
        hears,
        hears_messages,
        observed: Cell::new(observed),
    };
    let ports = Arc::downgrade(&running.ports);
    process::keep_from_children(Rc::new(move |kept| {
        let Some(ports) = ports.upgrade() else { return };
        ports.iter().flat_map(|port| &port.sockets).for_each(|socket| kept(socket.as_raw_fd()));
        // Only one process goes on having it; the number may mean something else in the others.
        let metrics = metrics.filter(|(fd, identity)| fd::identity(*fd) == Some(*identity));
        metrics.iter().for_each(|(fd, _)| kept(*fd));
    }));
    if server.0.running.set(running).is_err() {
        unreachable!("is_started() was asked above");
    }
    Ok(())
}

/// What requests of a port may have.
fn http_port(server: &ServerSettings, port: &PortSettings, who: process::Identity, mode: Mode) -> HttpPort {
    let shown = &server.upload_tmp_dir;
    // In PROCESS mode the master writes: with its own root directory, and its own rights.
    let is_process = mode == Mode::Process;
    let directory = if is_process { server.outside_of_chroot(shown) } else { shown.clone() };
    let owner = if is_process { who } else { process::Identity::NONE };
    let uploads = (server.upload_max_filesize > 0).then(|| Uploads { directory, shown: shown.clone(), owner });
    HttpPort {
        limits: Limits {
            line: server.http_header_max / 4,
            head: server.http_header_max,
            body: port.package_max_length as u64,
            upload: server.upload_max_filesize,
        },
        head_timeout: server.http_head_timeout,
        body_timeout: server.http_body_timeout,
        keepalive_timeout: server.http_keepalive_timeout,
        detach_timeout: server.http_detach_timeout,
        uploads,
    }
}

/// PROCESS: the manager and its workers are forked before this process starts a thread.
fn start_process(server: &Server, events: Rc<dyn ServerEvents>, blocked: &signal::Mask) -> Result<Ended> {
    let running = server.running()?;
    let parent = process::pid();
    let forked = process::fork().map_err(|e| Error::system("cannot fork the manager", &e))?;
    if let Forked::Parent(manager) = forked {
        server.0.role.set(Role::Master);
        running.shared.board.head().manager_pid.store(manager as u32, Relaxed);
        server.open_post(None)?;
        let (settings, ports) = (running.settings.clone(), running.ports.clone());
        let blocked = *blocked;
        let exit_code = Master { server: server.clone(), events, settings, ports, manager, blocked }.run()?;
        return Ok(Ended { role: Role::Master, exit_code });
    }
    server.0.role.set(Role::Manager);
    log::set_identity('^', -1);
    process::die_with_parent(parent);
    // From here on this is a child: whatever happens, it must not go on with the program.
    Ok(manage(server, events, Role::Manager).unwrap_or_else(|e| {
        log::error(format_args!("the manager cannot run: {e}"));
        Ended { role: Role::Manager, exit_code: 1 }
    }))
}

/// BASE: this process looks after the workers itself.
fn start_base(server: &Server, events: Rc<dyn ServerEvents>) -> Result<Ended> {
    server.0.role.set(Role::Master);
    server.running()?.shared.board.advance(Phase::Running);
    let ended = manage(server, events.clone(), Role::Master)?;
    if ended.role != Role::Master {
        return Ok(ended);
    }
    server.shared().board.advance(Phase::Done);
    let mut exit_code = ended.exit_code;
    if let super::Flow::Leave { code } = events.shutdown(server) {
        exit_code = code;
    }
    Ok(Ended { role: Role::Master, exit_code })
}

/// Looks after the workers; comes back in the manager at the end, and in each worker at its end.
fn manage(server: &Server, events: Rc<dyn ServerEvents>, role: Role) -> Result<Ended> {
    let settings = server.running()?.settings.clone();
    let mut manager = Manager::new(server.clone(), events.clone(), settings.clone())?;
    let parent = process::pid();
    let id = match manager.run()? {
        Managed::Over(exit_code) => return Ok(Ended { role, exit_code }),
        Managed::BecameWorker(id) => id,
    };
    // The manager's poller and signals stay the manager's: the worker has its own.
    drop(manager);
    let shared = server.shared().clone();
    let kind = shared.size.kind_of(id);
    let number = id as i32;
    let role = match kind {
        WorkerKind::Event => Role::Worker(number),
        WorkerKind::Task => Role::TaskWorker(number),
        WorkerKind::User => Role::User(number),
    };
    server.0.role.set(role);
    let run = || -> Result<i32> {
        let this = Worker::new(id, kind, server.clone(), events, settings, parent)?;
        server.0.departure.replace(Some(this.departure.clone()));
        let outbox = || -> Rc<dyn Outbox> {
            let outbox: Rc<dyn Outbox> = match server.mode() {
                Mode::Process => Rc::new(ViaRing::attach(&shared, id)),
                Mode::Base => Rc::new(Relay::new(&shared, id)),
            };
            server.set_outbox(outbox.clone());
            outbox
        };
        match kind {
            WorkerKind::Event if server.mode() == Mode::Process => worker::process::run(&this),
            WorkerKind::Event => base::run(&this),
            WorkerKind::Task => task::run(&this, &outbox()),
            WorkerKind::User => user::run(&this, id - shared.size.workers - shared.size.tasks, &outbox()),
        }
    };
    let exit_code = run().unwrap_or_else(|e| {
        log::error(format_args!("worker {id} cannot run: {e}"));
        1
    });
    Ok(Ended { role, exit_code })
}

/// TLS of a port. What its options ask for without effect is said in the log.
fn secure(host: &str, number: u16, settings: &PortSettings) -> Result<ServerTls> {
    let (tls, remarks) =
        ServerTls::new(settings).map_err(|e| e.while_doing(format_args!("cannot serve TLS at {host}:{number}")))?;
    remarks.iter().for_each(|remark| log::warning(format_args!("{host}:{number}: {remark}")));
    Ok(tls)
}

/// Where tasks wait in `task_ipc_mode` 2 and 3.
fn message_queue(settings: &ServerSettings) -> Result<Option<MessageQueue>> {
    if settings.task_worker_num == 0 || settings.task_ipc_mode == 1 {
        return Ok(None);
    }
    let key = if settings.is_given("message_queue_key") {
        settings.message_queue_key
    } else {
        let program = std::env::current_exe().and_then(|path| msgqueue::ftok(&path, 1));
        program.map_err(|e| Error::system("cannot make a message_queue_key of this program's path", &e))?
    };
    let queue = MessageQueue::open(key).map_err(|e| {
        Error::system(
            format_args!("cannot open the message queue of tasks (task_ipc_mode, message_queue_key {key:#x})"),
            &e,
        )
    })?;
    let who = super::identity(settings)?;
    // Whoever may write to it decides what task workers unserialize. The key is no secret: anybody may have made it first.
    let maker = queue.maker().map_err(|e| Error::system("cannot look at the message queue of tasks", &e))?;
    if maker != 0 && maker != process::user() && Some(maker) != who.user {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!(
                "the message queue of tasks (message_queue_key {key:#x}) was made by user {maker}, who could put anything into it; this is user {}: \
                 remove it (ipcrm -Q {key:#x}) or choose another key",
                process::user()
            ),
        ));
    }
    if who.user.is_some() || who.group.is_some() {
        queue
            .give_to(who.user, who.group)
            .map_err(|e| Error::system("cannot give the message queue to the workers' user", &e))?;
    }
    // The system may not let us: then its own limit holds.
    let _ = queue.grow(settings.task_queue_size as u64);
    Ok(Some(queue))
}

/// Workers that cannot take on what `user`, `group` and `chroot` ask for would die at birth, again and again.
fn check_rights(settings: &ServerSettings) -> Result<()> {
    let who = super::identity(settings)?;
    if (settings.chroot.is_some() || who.user.is_some() || who.group.is_some()) && !process::is_root() {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            "options \"user\", \"group\" and \"chroot\" need root: start the server as root, or without them",
        ));
    }
    Ok(())
}

/// Directories of HTTP that the workers could not use.
fn check_files(settings: &ServerSettings) -> Result<()> {
    let refused = |message: String| Err(Error::new(ErrorKind::InvalidParams, message));
    // Workers with another root directory look there.
    let seen = |path: &Path| settings.outside_of_chroot(path);
    if settings.enable_static_handler {
        match settings.document_root.as_deref() {
            None => {
                return refused(
                    "option \"enable_static_handler\" needs \"document_root\", the directory of the files".into(),
                );
            }
            Some(root) if !seen(root).is_dir() => {
                return refused(format!("option \"document_root\": {} is not a directory", seen(root).display()));
            }
            Some(_) => {}
        }
    }
    if settings.upload_max_filesize > 0 && !seen(&settings.upload_tmp_dir).is_dir() {
        let path = seen(&settings.upload_tmp_dir);
        return refused(format!("option \"upload_tmp_dir\": {} is not a directory", path.display()));
    }
    Ok(())
}

/// The file that holds the master's process number.
struct PidFile(PathBuf);

impl PidFile {
    fn open(path: &Path) -> Result<std::fs::File> {
        let opened = std::fs::File::options().create(true).append(true).open(path);
        opened.map_err(|e| Error::system(format_args!("cannot write the pid_file {}", path.display()), &e))
    }

    fn write(path: &Path) -> Result<PidFile> {
        let failed = |e| Error::system(format_args!("cannot write the pid_file {}", path.display()), &e);
        let path = std::path::absolute(path).map_err(failed)?;
        let mut file = PidFile::open(&path)?;
        file.set_len(0).map_err(failed)?;
        writeln!(file, "{}", process::pid()).map_err(failed)?;
        Ok(PidFile(path))
    }

    fn remove(self) {
        let _ = std::fs::remove_file(self.0);
    }
}
