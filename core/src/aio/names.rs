//! Looking up names: what is remembered, who waits for which look-up, and the two ways to do one.

use super::pool::{self, Lane};
use super::{DoneFn, Family, dns};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Flow;
use crate::net::address::{self, unresolved};
use socket2::SockAddr;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Display;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

/// How long an answer is remembered.
const FRESH: Duration = Duration::from_secs(60);
/// Answers that are remembered at most.
const MOST_REMEMBERED: usize = 1024;

type Key = (String, Family);

struct Answer {
    addresses: Vec<IpAddr>,
    at: Instant,
}

#[derive(Default)]
struct Names {
    remembered: HashMap<Key, Answer>,
    /// who waits for what is being looked up
    asked: HashMap<Key, Vec<u64>>,
}

thread_local! {
    static NAMES: RefCell<Names> = RefCell::default();
    // Settings stay over forks.
    static SERVER: Cell<Option<SocketAddr>> = const { Cell::new(None) };
    static RANDOM: Cell<bool> = const { Cell::new(false) };
    /// how long a name server has for its answer
    pub(super) static PATIENCE: Cell<Duration> = const { Cell::new(Duration::from_secs(5)) };
}

pub(super) fn set_server(server: Option<&str>) -> Result<()> {
    let address = match server {
        None => None,
        Some(text) => {
            let ip = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
            match ip.or_else(|_| text.parse()) {
                Ok(address) if address.port() != 0 => Some(address),
                _ => {
                    return Err(Error::new(
                        ErrorKind::InvalidParams,
                        format!(
                            "{text:?} was given as the name server; it must be ip or ip:port, as in 192.0.2.1:53 or [2001:db8::1]:53"
                        ),
                    ));
                }
            }
        }
    };
    if SERVER.replace(address) != address {
        clear();
    }
    Ok(())
}

pub(super) fn set_random(random: bool) {
    RANDOM.set(random);
}

pub(super) fn clear() {
    NAMES.with_borrow_mut(|names| names.remembered.clear());
}

/// A number that nobody can guess.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Puts the address first that is to be taken first.
fn order(mut addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    if RANDOM.get() && !addresses.is_empty() {
        let first = random() % addresses.len() as u64;
        addresses.rotate_left(first as usize);
    }
    addresses
}

/// What is wrong with a name that is no host's.
fn check(host: &str) -> Result<()> {
    let wrong = match host {
        "" => "it is empty",
        _ if host.len() > 254 => "it is longer than 253 bytes",
        _ if host.bytes().any(|byte| byte.is_ascii_control() || byte == b' ') => {
            "it has a blank or a control character in it"
        }
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::InvalidParams, format!("cannot look up the host {host:?}: {wrong}")))
}

pub(super) fn resolve(host: &str, family: Family, done: DoneFn<IpAddr>) -> Result<u64> {
    let asked = host.to_string();
    let first = move |all: Result<Vec<IpAddr>>| {
        done(all.and_then(|all| all.first().copied().ok_or_else(|| none(&asked, family))))
    };
    resolve_all(host, family, Box::new(first))
}

pub(super) fn resolve_all(host: &str, family: Family, done: DoneFn<Vec<IpAddr>>) -> Result<u64> {
    check(host)?;
    pool::forget_the_parents();
    let key = (host.to_ascii_lowercase(), family);
    let known = host.parse().ok().map(|address| vec![address]).or_else(|| {
        NAMES.with_borrow(|names| {
            names.remembered.get(&key).filter(|a| a.at.elapsed() < FRESH).map(|a| order(a.addresses.clone()))
        })
    });
    let id = pool::promise(done)?;
    if let Some(addresses) = known {
        pool::answer(id, Ok(addresses));
        return Ok(id);
    }
    let first = NAMES.with_borrow_mut(|names| {
        let waiting = names.asked.entry(key.clone()).or_default();
        waiting.push(id);
        waiting.len() == 1
    });
    if !first {
        return Ok(id);
    }
    let asked = Asked(key);
    let (server, patience, host) = (SERVER.get(), PATIENCE.get(), host.to_string());
    let work = move || match server {
        Some(server) => by_server(server, &host, family, patience),
        None => by_system(&host, family),
    };
    pool::begin_silently(Lane::Names, work, move |found| asked.answer(found)).inspect_err(|_| pool::give_up(id))?;
    Ok(id)
}

/// A look-up that somebody waits for, as long as it can have an answer.
struct Asked(Key);

impl Asked {
    fn answer(self, found: Result<Vec<IpAddr>>) -> Flow {
        let waiting = NAMES.with_borrow_mut(|names| {
            if let Ok(addresses) = &found {
                names.remember(self.0.clone(), addresses.clone());
            }
            names.asked.remove(&self.0).unwrap_or_default()
        });
        for id in waiting {
            pool::answer(id, found.clone().map(order));
        }
        Flow::Continue
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        // The loop was dropped, and this with it; or it is done. Nothing is left of it at the end of the thread.
        let _ = NAMES.try_with(|names| names.borrow_mut().asked.remove(&self.0));
    }
}

impl Names {
    fn remember(&mut self, key: Key, addresses: Vec<IpAddr>) {
        if self.remembered.len() >= MOST_REMEMBERED {
            self.remembered.retain(|_, answer| answer.at.elapsed() < FRESH);
        }
        while self.remembered.len() >= MOST_REMEMBERED {
            let oldest = self.remembered.iter().min_by_key(|(_, answer)| answer.at).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.remembered.remove(&key));
        }
        self.remembered.insert(key, Answer { addresses, at: Instant::now() });
    }
}

fn none(host: &str, family: Family) -> Error {
    failed(host, format_args!("it has no {} address", family.name()))
}

pub(super) fn failed(host: &str, why: impl Display) -> Error {
    unresolved(ErrorKind::DnsResolveFailed, host, why)
}

impl Family {
    fn name(self) -> &'static str {
        match self {
            Family::V4 => "IPv4",
            Family::V6 => "IPv6",
        }
    }
}

fn by_system(host: &str, family: Family) -> Result<Vec<IpAddr>> {
    let family = match family {
        Family::V4 => address::Family::V4,
        Family::V6 => address::Family::V6,
    };
    let found = address::lookup(host, 0, family)?;
    Ok(found.iter().filter_map(SockAddr::as_socket).map(|address| address.ip()).collect())
}

fn by_server(server: SocketAddr, host: &str, family: Family, patience: Duration) -> Result<Vec<IpAddr>> {
    if host.trim_end_matches('.').eq_ignore_ascii_case("localhost") {
        // A name server is not to be asked for that (RFC 6761).
        return Ok(vec![match family {
            Family::V4 => Ipv4Addr::LOCALHOST.into(),
            Family::V6 => Ipv6Addr::LOCALHOST.into(),
        }]);
    }
    let mut found = dns::ask(server, host, family, patience)?;
    found.dedup();
    if found.is_empty() { Err(none(host, family)) } else { Ok(found) }
}
