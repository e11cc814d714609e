//! Connections that a process keeps for later (`SWOOLE_KEEP`).

use super::deadline::{Deadline, Ready};
use super::socket::Opened;
use crate::net::SocketType;
use crate::sys;
use parking_lot::{Mutex, const_mutex};
use socket2::Socket;
use std::collections::VecDeque;

/// Most connections that one process keeps; the one that was given back first goes.
const MOST: usize = 1024;

/// To whom a connection leads, and under which name it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// kind of socket
    pub kind: SocketType,
    /// host and port, through which proxy
    pub route: String,
    /// the program's name for it
    pub id: String,
}

#[derive(Debug)]
struct Pool {
    /// the process whose connections these are: a child must not use its parent's
    process: u32,
    idle: VecDeque<(Key, Opened, u32)>,
}

static POOL: Mutex<Pool> = const_mutex(Pool { process: 0, idle: VecDeque::new() });

impl Pool {
    /// The pool of this process. Closing the parent's descriptors here leaves its connections as they are.
    fn own(&mut self) -> &mut VecDeque<(Key, Opened, u32)> {
        let here = sys::process::generation();
        if self.process != here {
            self.process = here;
            self.idle.clear();
        }
        &mut self.idle
    }
}

/// Keeps a connection that was used `uses` times before; closes it if its peer has closed, or has sent what nobody asked for.
pub fn put(key: Key, socket: Opened, uses: u32) {
    if !is_idle(&socket) {
        return;
    }
    let mut pool = POOL.lock();
    let idle = pool.own();
    let oldest = if idle.len() == MOST { idle.pop_front() } else { None };
    idle.push_back((key, socket, uses));
    drop(pool);
    drop(oldest);
}

/// The connection that was kept last under this key and is still good, with its number of uses; those that are not are closed.
pub fn take(key: &Key) -> Option<(Opened, u32)> {
    loop {
        let (_, socket, uses) = {
            let mut pool = POOL.lock();
            let idle = pool.own();
            let at = idle.iter().rposition(|(kept, ..)| kept == key)?;
            idle.remove(at)?
        };
        if is_idle(&socket) {
            return Some((socket, uses));
        }
    }
}

/// Whether nothing is to be read: no bytes, no end, no error.
fn is_idle(socket: &Socket) -> bool {
    matches!(Deadline::now().wait(socket, Ready::Read), Ok(false))
}
