//! The table against a map in ordinary memory.

use super::{Accepted, ConnectionTable, State, flag};
use crate::error::ErrorKind;
use crate::shm::region::Layout;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Barrier, Mutex};

fn table(places: usize) -> ConnectionTable {
    let mut layout = Layout::default();
    let entries = layout.slice(places + 1);
    ConnectionTable::new(layout.map().unwrap().slice(entries))
}

fn accepted(owner: usize, remote: Option<SocketAddr>) -> Accepted {
    Accepted { owner, port: owner + 1, fd: 7, remote, local: remote.map(|r| r.ip()), now: 1_000_000 + owner as u64 }
}

#[derive(Debug, Clone)]
enum Step {
    Open {
        owner: usize,
        remote: u8,
    },
    /// of the n-th connection that is in use
    Release(usize),
    SetState(usize, State),
    StartClosing(usize),
    /// any number as a session
    Ask(i64),
    /// the list, so many at a time
    List(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let states = [State::Open, State::HalfClosed, State::Closing, State::Closed];
    let number = prop_oneof![-3..200i64, any::<i64>(), Just(i64::MAX), Just(i64::MIN)];
    prop_oneof![
        8 => (0..3usize, any::<u8>()).prop_map(|(owner, remote)| Step::Open { owner, remote }),
        5 => any::<prop::sample::Index>().prop_map(|at| Step::Release(at.index(1000))),
        3 => (any::<usize>(), prop::sample::select(states.to_vec())).prop_map(|(at, state)| Step::SetState(at, state)),
        2 => any::<usize>().prop_map(Step::StartClosing),
        4 => number.prop_map(Step::Ask),
        2 => (1..7usize).prop_map(Step::List),
    ]
}

fn remote_of(number: u8) -> Option<SocketAddr> {
    match number % 3 {
        0 => None,
        1 => Some(SocketAddr::from(([10, 0, 0, number], 40_000 + u16::from(number)))),
        _ => Some(SocketAddr::from(([0x2001, 0xdb8, 0, 0, 0, 0, 7, number.into()], number.into()))),
    }
}

#[derive(Debug, Clone)]
struct Known {
    session: i64,
    owner: usize,
    state: State,
    remote: Option<SocketAddr>,
}

impl Known {
    fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::HalfClosed)
    }
}

/// The connections in use, by place, and every session there ever was.
#[derive(Default)]
struct Oracle {
    used: BTreeMap<usize, Known>,
    ever: HashSet<i64>,
}

impl Oracle {
    fn nth(&self, n: usize) -> Option<usize> {
        let count = self.used.len();
        (count > 0).then(|| *self.used.keys().nth(n % count).expect("below the count"))
    }

    fn find(&self, session: i64) -> Result<&Known, ErrorKind> {
        match self.used.values().find(|known| known.session == session) {
            Some(known) => Ok(known),
            None if session <= 0 => Err(ErrorKind::SessionInvalidId),
            None if self.ever.contains(&session) => Err(ErrorKind::SessionClosed),
            None => Err(ErrorKind::SessionNotExist),
        }
    }
}

fn ask(table: &ConnectionTable, oracle: &Oracle, session: i64) -> Result<(), TestCaseError> {
    let expected = oracle.find(session);
    let found = table.find(session);
    prop_assert_eq!(
        found.as_ref().map(|entry| (entry.session(), entry.state())).map_err(|e| e.kind()),
        expected.map(|known| (known.session, known.state)),
        "session {}",
        session
    );
    if let (Ok(entry), Ok(known)) = (found, expected) {
        prop_assert_eq!(entry.remote(), known.remote);
        prop_assert_eq!(entry.local(), known.remote.map(|r| r.ip()));
        prop_assert_eq!(entry.owner.load(Relaxed) as usize, known.owner);
    }
    let open = expected.and_then(|known| match known.state {
        State::Open | State::HalfClosed => Ok(known.session),
        State::Closing => Err(ErrorKind::SessionClosing),
        _ => Err(ErrorKind::SessionClosed),
    });
    prop_assert_eq!(table.find_open(session).map(|entry| entry.session()).map_err(|e| e.kind()), open);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_is_a_map(places in 1..20usize, steps in vec(step(), 1..200)) {
        let table = table(places);
        let mut oracle = Oracle::default();
        let mut top = 0;
        for step in steps {
            match step {
                Step::Open { owner, remote } => {
                    let remote = remote_of(remote);
                    let free = (1..=places).find(|place| !oracle.used.contains_key(place));
                    let session = table.open(accepted(owner, remote));
                    prop_assert_eq!(session.is_some(), free.is_some(), "{} of {} in use", oracle.used.len(), places);
                    let (Some(session), Some(free)) = (session, free) else { continue };
                    prop_assert!(session > 0);
                    prop_assert!(oracle.ever.insert(session), "{} came back", session);
                    prop_assert_eq!(table.place(session), Some(free), "the first free place");
                    let entry = table.at(free);
                    prop_assert_eq!((entry.worker(), entry.flags.load(Relaxed), entry.uid.load(Relaxed)), (None, 0, 0));
                    prop_assert_eq!(entry.connect_time.load(Relaxed), 1_000_000 + owner as u64);
                    // What the next connection in this place must not find.
                    prop_assert_eq!(entry.tie(Some(owner)), None);
                    entry.mark(flag::PROTECTED | flag::HAS_UID, true);
                    entry.uid.store(9, Relaxed);
                    oracle.used.insert(free, Known { session, owner, state: State::Open, remote });
                    top = top.max(free);
                }
                Step::Release(n) => {
                    let Some(place) = oracle.nth(n) else { continue };
                    table.release(place);
                    oracle.used.remove(&place);
                }
                Step::SetState(n, state) => {
                    let Some(place) = oracle.nth(n) else { continue };
                    table.at(place).set_state(state);
                    oracle.used.get_mut(&place).expect("in use").state = state;
                }
                Step::StartClosing(n) => {
                    let Some(place) = oracle.nth(n) else { continue };
                    let known = oracle.used.get_mut(&place).expect("in use");
                    prop_assert_eq!(table.at(place).start_closing(), known.is_open());
                    if known.is_open() {
                        known.state = State::Closing;
                    }
                }
                Step::Ask(session) => ask(&table, &oracle, session)?,
                Step::List(page) => {
                    let mut found = Vec::new();
                    let mut after = 0;
                    loop {
                        let part: Vec<i64> = table.open_after(after).take(page).map(|(session, _)| session).collect();
                        let Some(last) = part.last() else { break };
                        after = table.place(*last).expect("it is a session");
                        found.extend(part);
                        prop_assert!(found.len() <= places, "the list does not end");
                    }
                    let open: Vec<i64> = oracle.used.values().filter(|k| k.is_open()).map(|k| k.session).collect();
                    prop_assert_eq!(found, open);
                }
            }
            prop_assert_eq!(table.top_place(), top);
            for owner in 0..3 {
                let of: Vec<usize> = oracle.used.iter().filter(|(_, k)| k.owner == owner).map(|(p, _)| *p).collect();
                prop_assert_eq!(table.places_of(owner).collect::<Vec<_>>(), of);
            }
        }
        for session in &oracle.ever {
            ask(&table, &oracle, *session)?;
        }
    }
}

#[test]
fn owners_that_race_never_share_a_place() {
    const OWNERS: usize = 4;
    const PLACES: usize = 10;
    let table = Arc::new(table(PLACES));
    let ever = Arc::new(Mutex::new(HashSet::new()));
    let start = Arc::new(Barrier::new(OWNERS));
    let owners: Vec<_> = (0..OWNERS)
        .map(|owner| {
            let (table, ever, start) = (table.clone(), ever.clone(), start.clone());
            std::thread::spawn(move || {
                start.wait();
                let mut given = Vec::new();
                let mut held = Vec::new();
                for turn in 0..20_000usize {
                    if let Some(session) = table.open(accepted(owner, None)) {
                        let place = table.place(session).unwrap();
                        given.push(session);
                        held.push((place, session));
                    }
                    if held.len() > turn % 4 {
                        let (place, session) = held.swap_remove(turn % held.len());
                        let entry = table.at(place);
                        assert_eq!((entry.session(), entry.owner.load(Relaxed) as usize), (session, owner));
                        table.release(place);
                    }
                }
                held.iter().for_each(|(place, _)| table.release(*place));
                let mut ever = ever.lock().unwrap();
                assert!(given.into_iter().all(|session| ever.insert(session)), "a session was given twice");
            })
        })
        .collect();
    owners.into_iter().for_each(|owner| owner.join().unwrap());
    assert_eq!((0..=PLACES).filter_map(|_| table.open(accepted(0, None))).count(), PLACES, "every place is free again");
}

#[test]
fn a_tie_says_what_was_before() {
    let table = table(1);
    let session = table.open(accepted(0, None)).unwrap();
    let entry = table.find(session).unwrap();
    assert_eq!(
        [entry.tie(Some(3)), entry.tie(Some(3)), entry.tie(None), entry.worker()],
        [None, Some(3), Some(3), None]
    );
}
