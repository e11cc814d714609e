//! The listening sockets that a BASE worker accepts from: the shared ones, or with `enable_reuse_port` its own and
//! those of workers that are away, whose queues the kernel goes on filling.
//!
//! Runs in: worker (BASE).

use crate::server::conn::side::{SocketSide, listener_token};
use crate::server::shared::scoreboard::WorkerState;
use crate::sys::fd::Bell;
use std::io;

/// Which workers' sockets are being watched.
#[derive(Debug)]
pub struct Listeners {
    own: usize,
    watched: Vec<bool>,
}

impl Listeners {
    /// None yet, for worker `own` of `workers`.
    pub fn new(own: usize, workers: usize) -> Listeners {
        Listeners { own, watched: vec![false; workers] }
    }

    /// Watches this worker's sockets, and tells the others that it is there.
    pub fn open(&mut self, side: &SocketSide) -> io::Result<()> {
        self.watch(side, self.own, true)?;
        tell_others(side);
        Ok(())
    }

    /// Watches nothing any more, and tells the others that this worker goes.
    pub fn close(&mut self, side: &SocketSide) {
        for w in 0..self.watched.len() {
            if self.watched[w] {
                let _ = self.watch(side, w, false);
            }
        }
        tell_others(side);
    }

    /// Watches the sockets of workers that have gone, and leaves those alone that are back.
    pub fn follow(&mut self, side: &SocketSide) {
        for w in 0..self.watched.len() {
            let away = side.shared.board.workers[w].state() != WorkerState::Running;
            if w != self.own && away != self.watched[w] {
                let _ = self.watch(side, w, away);
            }
        }
    }

    fn watch(&mut self, side: &SocketSide, worker: usize, on: bool) -> io::Result<()> {
        self.watched[worker] = on;
        for (i, port) in side.ports.iter().enumerate() {
            let socket = worker % port.sockets.len();
            // A shared socket is this worker's own business, whoever comes and goes.
            if worker != self.own && port.sockets.len() == 1 {
                continue;
            }
            if on {
                side.registrar.add_readable(&port.sockets[socket], listener_token(i, socket))?;
            } else {
                side.registrar.remove(&port.sockets[socket])?;
            }
        }
        Ok(())
    }
}

/// Where each worker has sockets of its own, the others look after those of one that comes or goes.
fn tell_others(side: &SocketSide) {
    if side.ports.iter().any(|port| port.sockets.len() > 1) {
        side.shared.worker_bells.iter().for_each(Bell::ring);
    }
}
