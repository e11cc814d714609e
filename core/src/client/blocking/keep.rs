//! Connections that a process keeps for later (`SWOOLE_KEEP`).

use super::deadline::{Deadline, Ready};
use super::secure::Secured;
use crate::client::socket::Opened;
use crate::net::SocketType;
use crate::net::tls::{self, ClientTls};
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
    /// the rules of its TLS, and whom it leads to
    pub tls: Option<(ClientTls, String)>,
}

/// A connection that is kept.
#[derive(Debug)]
pub struct Kept {
    /// its socket
    pub socket: Opened,
    /// its encryption
    pub tls: Option<Box<Secured>>,
    /// how often it was used before
    pub uses: u32,
}

#[derive(Debug)]
struct Pool {
    /// the process whose connections these are: a child must not use its parent's
    process: u32,
    idle: VecDeque<(Key, Kept)>,
}

static POOL: Mutex<Pool> = const_mutex(Pool { process: 0, idle: VecDeque::new() });

impl Pool {
    /// The pool of this process. Closing the parent's descriptors here leaves its connections as they are.
    fn own(&mut self) -> &mut VecDeque<(Key, Kept)> {
        let here = sys::process::generation();
        if self.process != here {
            self.process = here;
            self.idle.clear();
        }
        &mut self.idle
    }

    /// Adds a connection; gives the oldest if they are more than `most` now.
    fn add(&mut self, most: usize, kept: (Key, Kept)) -> Option<(Key, Kept)> {
        let idle = self.own();
        idle.push_back(kept);
        if idle.len() > most { idle.pop_front() } else { None }
    }
}

/// Keeps a connection; closes it if its peer has closed, or has sent what nobody asked for.
pub fn put(key: Key, mut kept: Kept) {
    if !is_idle(&mut kept) {
        return;
    }
    // It is closed when the lock is free again.
    let oldest = POOL.lock().add(MOST, (key, kept));
    drop(oldest);
}

/// The connection that was kept last under this key and is still good; those that are not are closed.
pub fn take(key: &Key) -> Option<Kept> {
    loop {
        let (_, mut kept) = {
            let mut pool = POOL.lock();
            let idle = pool.own();
            let at = idle.iter().rposition(|(kept, ..)| kept == key)?;
            idle.remove(at)?
        };
        if is_idle(&mut kept) {
            return Some(kept);
        }
    }
}

/// Whether nothing is to be read: no bytes, no end, no error.
fn is_idle(kept: &mut Kept) -> bool {
    let socket: &Socket = &kept.socket;
    if let Some(secured) = &mut kept.tls {
        // Tickets for later sessions may have come, which nobody has to read.
        let mut buffer = vec![0; tls::BUFFER];
        loop {
            match secured.channel.read(socket, &mut buffer) {
                Ok(tls::Read::Bytes { count: 0, .. }) => {}
                Ok(tls::Read::Nothing) => return secured.channel.unsent() == 0,
                _ => return false,
            }
        }
    }
    matches!(Deadline::now().wait(socket, Ready::Read), Ok(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Settings;
    use crate::client::socket;
    use crate::sys::process::{Forked, fork, has_ended, kill, pid, reap};
    use crate::sys::signal::SIGKILL;

    fn kept(id: &str) -> (Key, Kept) {
        let key = Key { kind: SocketType::Udp, route: String::new(), id: id.into(), tls: None };
        (key, Kept { socket: socket::open(SocketType::Udp, &Settings::default()).unwrap(), tls: None, uses: 0 })
    }

    #[test]
    fn beyond_the_bound_the_oldest_goes() {
        let mut pool = Pool { process: 0, idle: VecDeque::new() };
        assert!(pool.add(2, kept("a")).is_none());
        assert!(pool.add(2, kept("b")).is_none());
        assert_eq!(pool.add(2, kept("c")).unwrap().0.id, "a");
        let left: Vec<_> = pool.own().iter().map(|(key, ..)| key.id.clone()).collect();
        assert_eq!(left, ["b", "c"]);
    }

    #[test]
    fn a_forked_process_begins_with_an_empty_pool() {
        let mut pool = Pool { process: 0, idle: VecDeque::new() };
        pool.add(2, kept("a"));
        match fork().unwrap() {
            // No exit: its handlers may wait for locks that threads of the other tests held when they were copied.
            Forked::Child if pool.own().is_empty() => kill(pid(), SIGKILL).map_or((), drop),
            Forked::Child => std::process::abort(),
            Forked::Parent(pid) => {
                while !has_ended(pid) {
                    std::thread::yield_now();
                }
                assert_eq!(reap(pid).unwrap().signal(), SIGKILL);
                assert_eq!(pool.own().len(), 1);
            }
        }
    }
}
