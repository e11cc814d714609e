//! Each mode against what its name promises, worked out the slow way.

use super::{DispatchMode, Dispatcher, Scoreboard, Subject};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const MODES: [DispatchMode; 9] = [
    DispatchMode::RoundRobin,
    DispatchMode::SessionModulo,
    DispatchMode::Idle,
    DispatchMode::AddressHash,
    DispatchMode::UidModulo,
    DispatchMode::Function,
    DispatchMode::Stream,
    DispatchMode::FewestConnections,
    DispatchMode::FewestInFlight,
];

#[derive(Debug, Clone)]
struct Board {
    in_flight: Vec<u64>,
    connections: Vec<u64>,
}

impl Scoreboard for Board {
    fn in_flight(&self, worker: usize) -> u64 {
        self.in_flight[worker]
    }
    fn connections(&self, worker: usize) -> u64 {
        self.connections[worker]
    }
}

fn address() -> impl Strategy<Value = Option<IpAddr>> {
    prop_oneof![
        1 => Just(None),
        3 => (0..6u8).prop_map(|last| Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)))),
        1 => any::<u32>().prop_map(|ip| Some(IpAddr::V4(ip.into()))),
        1 => (0..4u128).prop_map(|ip| Some(IpAddr::V6(Ipv6Addr::from(ip)))),
    ]
}

fn subject(workers: usize) -> impl Strategy<Value = Subject> {
    let session = prop_oneof![1 => Just(0), 4 => 1..50i64, 1 => 1..i64::MAX];
    let uid = prop_oneof![2 => Just(None), 1 => (-20..20i64).prop_map(Some), 1 => any::<i64>().prop_map(Some)];
    (session, address(), uid, prop::option::of(0..workers)).prop_map(|(session, address, uid, tied)| Subject {
        session,
        address,
        uid,
        tied,
    })
}

fn board(workers: usize) -> impl Strategy<Value = Board> {
    (vec(0..4u64, workers), vec(0..4u64, workers)).prop_map(|(in_flight, connections)| Board { in_flight, connections })
}

fn messages() -> impl Strategy<Value = (usize, usize, Vec<(Subject, Board)>)> {
    (1..9usize, 0..20usize)
        .prop_flat_map(|(workers, start)| (Just(workers), Just(start), vec((subject(workers), board(workers)), 1..60)))
}

/// What a message's worker may depend on, in the modes where it is that alone.
fn key(mode: DispatchMode, subject: &Subject) -> Option<String> {
    let by_session = (subject.session > 0).then(|| format!("session {}", subject.session));
    let by_address = subject.address.map(|ip| format!("address {ip}"));
    match mode {
        DispatchMode::SessionModulo | DispatchMode::Function => by_session.or(by_address),
        DispatchMode::AddressHash => by_address.or(by_session),
        DispatchMode::UidModulo => subject.uid.map(|uid| format!("uid {uid}")).or(by_session).or(by_address),
        DispatchMode::FewestConnections => subject.tied.map(|worker| format!("tied {worker}")),
        _ => None,
    }
}

/// The remainder that is never negative.
fn modulo(number: i64, workers: usize) -> usize {
    let workers = workers as i128;
    ((i128::from(number) % workers + workers) % workers) as usize
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_mode_does_what_its_name_says((workers, start, messages) in messages()) {
        for mode in MODES {
            let mut dispatcher = Dispatcher::new(mode, workers, start);
            let mut chosen: HashMap<String, usize> = HashMap::new();
            let mut before = None;
            for (subject, board) in &messages {
                let worker = dispatcher.choose(subject, board);
                prop_assert!(worker < workers, "{:?} chose {} of {}", mode, worker, workers);
                let key = key(mode, subject);
                if let Some(key) = &key {
                    prop_assert_eq!(*chosen.entry(key.clone()).or_insert(worker), worker, "{:?} by {}", mode, key);
                }
                let by_number = key.as_deref().and_then(|key| key.split_once(' ')).filter(|(what, _)| *what != "address");
                if let Some((what, number)) = by_number {
                    let number: i64 = number.parse().unwrap();
                    let expected = if what == "tied" { number as usize } else { modulo(number, workers) };
                    prop_assert_eq!(worker, expected, "{:?} by {} {}", mode, what, number);
                }
                let load = match mode {
                    DispatchMode::Idle | DispatchMode::Stream | DispatchMode::FewestInFlight => Some(&board.in_flight),
                    DispatchMode::FewestConnections if key.is_none() => Some(&board.connections),
                    _ => None,
                };
                if let Some(load) = load {
                    prop_assert_eq!(Some(&load[worker]), load.iter().min(), "{:?} chose {} of {:?}", mode, worker, load);
                } else if mode == DispatchMode::RoundRobin {
                    let expected = before.map_or((start + 1) % workers, |before: usize| (before + 1) % workers);
                    prop_assert_eq!(worker, expected, "one after the other");
                    before = Some(worker);
                }
            }
        }
    }

    /// Where nothing tells the workers apart, each gets its share.
    #[test]
    fn equals_share_alike(workers in 1..9usize, start in 0..20usize, rounds in 1..10usize) {
        let nobody = Subject { session: 0, address: None, uid: None, tied: None };
        let board = Board { in_flight: vec![2; workers], connections: vec![3; workers] };
        for mode in MODES {
            let mut dispatcher = Dispatcher::new(mode, workers, start);
            let mut counts = vec![0; workers];
            (0..rounds * workers).for_each(|_| counts[dispatcher.choose(&nobody, &board)] += 1);
            prop_assert_eq!(&counts, &vec![rounds; workers], "{:?}", mode);
        }
    }
}

#[test]
fn addresses_spread_over_the_workers() {
    let board = Board { in_flight: vec![0; 4], connections: vec![0; 4] };
    let mut dispatcher = Dispatcher::new(DispatchMode::AddressHash, 4, 0);
    let mut counts = [0; 4];
    for last in 0..=255 {
        let address = Some(IpAddr::V4(Ipv4Addr::new(192, 168, 1, last)));
        counts[dispatcher.choose(&Subject { session: 1, address, uid: None, tied: None }, &board)] += 1;
    }
    assert!(counts.iter().all(|count| (32..=96).contains(count)), "{counts:?}");
}

#[test]
fn modes_have_the_numbers_of_the_option() {
    for (i, mode) in MODES.into_iter().enumerate() {
        assert_eq!(mode as usize, i + 1);
        assert_eq!(DispatchMode::from_number(i as u8 + 1), Some(mode));
    }
    assert_eq!([0, 10, 255].map(DispatchMode::from_number), [None; 3]);
}

#[test]
fn sticky_modes_have_connection_events() {
    for mode in MODES {
        assert!(!mode.is_sticky() || mode.has_connection_events(), "{mode:?}");
    }
    let without: Vec<u8> = MODES.iter().filter(|mode| !mode.has_connection_events()).map(|mode| *mode as u8).collect();
    assert_eq!(without, [1, 3, 7]);
}
