//! The master of a PROCESS server: starts the reactors, passes signals on, and ends the server in order.
//!
//! Runs in: master, main thread.

pub mod lanes;
pub mod reactor;
pub mod upstream;

use super::conn::side::BELL_TOKEN;
use super::observe::Observer;
use super::port::Port;
use super::shared::Shared;
use super::shared::scoreboard::Phase;
use super::{Flow, Server, ServerEvents};
use crate::config::ServerSettings;
use crate::error::{Error, Result};
use crate::event::local;
use crate::event::poller::{Poller, Ready};
use crate::log;
use crate::sys::fd::Bell;
use crate::sys::process::{self, Reaped};
use crate::sys::signal::{self, SIGCHLD, SIGINT, SIGTERM, SIGUSR1, SIGUSR2};
use reactor::{Plan, Reactor};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use upstream::Hooks;

/// What a master is made with.
pub struct Master {
    /// the server
    pub server: Server,
    /// the callbacks
    pub events: Rc<dyn ServerEvents>,
    /// the server's settings
    pub settings: Arc<ServerSettings>,
    /// the listening ports
    pub ports: Arc<Vec<Port>>,
    /// process of the manager
    pub manager: i32,
    /// what was blocked before start; everything is, until the master has its handlers
    pub blocked: signal::Mask,
}

/// Signals that the master handles.
const SIGNALS: [i32; 5] = [SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGCHLD];

impl Master {
    /// Runs the server to its end; the code to exit with.
    pub fn run(self) -> Result<i32> {
        let shared = self.server.shared().clone();
        let failed = |e| Error::system("cannot set up the master", &e);
        let mut plans = self.plans(&shared);
        let on_main = self.settings.single_thread;
        let own_bell = Bell::new().map_err(failed)?;
        let mut observer = Observer::new(self.server.clone(), self.events.clone())?;
        // A reactor on the main thread sleeps for both.
        let bell = if on_main { &shared.reactor_bells[0] } else { &own_bell };
        let handled = [SIGNALS.as_slice(), &[signal::reopen_log()]].concat();
        signal::listen(&handled, bell)
            .and_then(|()| signal::ignore(&[signal::SIGHUP, signal::SIGPIPE]))
            .map_err(failed)?;
        signal::unblock(&self.blocked);
        let mut here = None;
        let mut threads = Vec::new();
        if on_main {
            let dispatch = self.settings.has_dispatch_func;
            let hooks = Hooks { server: self.server.clone(), events: self.events.clone(), dispatch };
            here = plans.pop().map(|plan| Reactor::new(plan, Some(hooks))).transpose()?;
        } else {
            for plan in plans {
                threads.push(start_thread(plan, self.settings.clone())?);
            }
        }
        let mut poller = Poller::new()?;
        let registrar = poller.registrar()?;
        registrar.add_readable(&own_bell, 0).map_err(failed)?;
        match &here {
            Some(reactor) => observer.register(&reactor.registrar()?, BELL_TOKEN)?,
            None => observer.register(&registrar, 0)?,
        }
        shared.board.advance(Phase::Running);
        local::open();
        match &here {
            Some(reactor) => local::register_in(&reactor.registrar()?, BELL_TOKEN)?,
            None => local::register_in(&registrar, 0)?,
        }
        let mut end = End::default();
        self.note(self.events.start(&self.server), &mut end);
        let mut events: Vec<Ready> = Vec::new();
        while shared.board.phase() < Phase::Flushing {
            if signal::any() {
                self.signals(&mut end);
                continue;
            }
            let timeout = [local::timeout(), observer.timeout()].into_iter().flatten().min();
            match &mut here {
                Some(reactor) => drop(reactor.turn(timeout)),
                None => poller.wait(timeout, &mut events).map_err(failed)?,
            }
            observer.turn();
            self.note(local::run(), &mut end);
        }
        local::close();
        match &mut here {
            Some(reactor) => reactor.run(),
            None => join(threads, self.settings.max_wait_time * 2),
        }
        shared.board.advance(Phase::Done);
        observer.finish();
        signal::reset(&SIGNALS);
        if !end.over {
            self.note(self.events.shutdown(&self.server), &mut end);
        }
        Ok(end.code)
    }

    fn plans(&self, shared: &Arc<Shared>) -> Vec<Plan> {
        let (senders, inboxes): (Vec<_>, Vec<_>) =
            (0..shared.size.reactors).map(|_| crossbeam_channel::unbounded()).unzip();
        let plan = |(number, inbox)| Plan {
            number,
            shared: shared.clone(),
            ports: self.ports.clone(),
            settings: self.settings.clone(),
            inbox,
            others: senders.clone(),
        };
        inboxes.into_iter().enumerate().map(plan).collect()
    }

    /// A callback of the master that ends the process ends the server.
    fn note(&self, flow: Flow, end: &mut End) {
        if let Flow::Leave { code } = flow {
            end.code = code;
            end.over = true;
            self.begin_shutdown(end);
        }
    }

    fn signals(&self, end: &mut End) {
        let taken = signal::take();
        if taken.has(signal::reopen_log()) {
            let _ = log::reopen();
            let _ = process::kill(self.manager, signal::reopen_log());
        }
        for reload in [SIGUSR1, SIGUSR2] {
            if taken.has(reload) {
                let _ = process::kill(self.manager, reload);
            }
        }
        if taken.has(SIGTERM) || taken.has(SIGINT) {
            self.begin_shutdown(end);
        }
        if taken.has(SIGCHLD)
            && let Some(reaped) = process::reap(self.manager)
        {
            self.manager_ended(reaped, end);
        }
    }

    fn begin_shutdown(&self, end: &mut End) {
        let shared = self.server.shared();
        if shared.board.phase() >= Phase::Draining {
            return;
        }
        if !end.over
            && let Flow::Leave { code } = self.events.before_shutdown(&self.server)
        {
            end.code = code;
            end.over = true;
        }
        shared.board.advance(Phase::Draining);
        shared.reactor_bells.iter().for_each(Bell::ring);
        if process::kill(self.manager, SIGTERM).is_err() {
            shared.board.advance(Phase::Flushing);
        }
    }

    fn manager_ended(&self, reaped: Reaped, end: &mut End) {
        let shared = self.server.shared();
        if shared.board.advance(Phase::Draining) {
            // Its workers have died with it: there is nobody to serve the connections, and a process with
            // threads must not fork new ones.
            log::error(format_args!(
                "the manager (pid {}) ended unexpectedly by signal {} with exit code {}: the server shuts down; start it again",
                reaped.pid,
                reaped.signal(),
                reaped.exit_code()
            ));
            end.code = 1;
        } else if end.code == 0 {
            end.code = reaped.exit_code();
        }
        shared.board.advance(Phase::Flushing);
        shared.reactor_bells.iter().for_each(Bell::ring);
    }
}

/// How the master ends.
#[derive(Debug, Default)]
struct End {
    code: i32,
    /// a callback ended the process: none is run any more
    over: bool,
}

fn start_thread(plan: Plan, settings: Arc<ServerSettings>) -> Result<JoinHandle<()>> {
    let number = plan.number;
    // Signals are the main thread's.
    let blocked = signal::block_all();
    let thread = std::thread::Builder::new().name(format!("reactor-{number}")).spawn(move || {
        if settings.open_cpu_affinity {
            super::pin(&settings, number);
        }
        let work = || Reactor::new(plan, None).map(|mut reactor| reactor.run());
        let failure = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
            Ok(Ok(())) => return,
            Ok(Err(e)) => e.to_string(),
            Err(_) => "it panicked, which is a fault of the engine".to_owned(),
        };
        log::error(format_args!("reactor {number} has stopped: {failure}; the server shuts down"));
        let _ = process::kill(process::pid(), SIGTERM);
    });
    signal::unblock(&blocked);
    thread.map_err(|e| Error::system(format_args!("cannot start reactor thread {number}"), &e))
}

/// Waits for the reactors, which have a deadline of their own.
fn join(threads: Vec<JoinHandle<()>>, limit: Duration) {
    let deadline = Instant::now() + limit + Duration::from_secs(1);
    for thread in threads {
        while !thread.is_finished() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
        if thread.is_finished() {
            let _ = thread.join();
        }
    }
}
