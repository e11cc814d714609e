//! Sender and receiver over one ring do what a queue of messages does, whoever dies in between.

use super::message::Kind;
use super::{Outgoing, Receiver, Sender};
use crate::shm::ring::RingMemory;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;

const CAPACITY: usize = 256;
/// The longest payload of a record in such a ring.
const RECORD: usize = 48;
/// The longest run that comes in one parcel.
const RUN: usize = 16;

#[derive(Debug, Clone)]
enum Step {
    /// a message is to be sent
    Send { kind: Kind, port: u16, session: i64, size: usize, split: usize },
    /// the sender pushes what fits
    Push,
    /// up to so many messages are drained
    Drain(usize),
    /// one message is taken
    Take,
    /// the sender dies, perhaps in the middle of a message, and another goes on with the next
    ReplaceSender,
    /// the receiver dies while it drains (true) or when it has released what it drained, and another goes on
    ReplaceReceiver(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        4 => Just(Kind::Send),
        2 => prop::sample::select([Kind::Connect, Kind::Data, Kind::Close, Kind::SendFile, Kind::Shut, Kind::Closed].as_slice()),
    ];
    let size = prop_oneof![6 => 0..20usize, 2 => 0..3 * RECORD, 1 => 0..4 * CAPACITY, 1 => Just(RECORD), 1 => Just(2 * RECORD)];
    prop_oneof![
        10 => (kind, 0..2u16, 1..3i64, size, 0..40usize)
            .prop_map(|(kind, port, session, size, split)| Step::Send { kind, port, session, size, split }),
        10 => Just(Step::Push),
        5 => (1..40usize).prop_map(Step::Drain),
        3 => Just(Step::Take),
        1 => Just(Step::ReplaceSender),
        1 => any::<bool>().prop_map(Step::ReplaceReceiver),
    ]
}

#[derive(Debug, Clone, PartialEq)]
struct Message {
    kind: Kind,
    port: u16,
    session: i64,
    bytes: Vec<u8>,
}

impl Message {
    fn in_one_record(&self) -> bool {
        self.bytes.len() <= RECORD
    }
}

/// A message in the ring.
#[derive(Debug)]
struct Sent {
    message: Message,
    /// all of it is in the ring
    whole: bool,
    /// its sender died before that
    torn: bool,
    /// a receiver has released its beginning
    begun: bool,
    /// that receiver died
    doomed: bool,
}

/// What a receiver is to see. A message stays in `ring` until its last record has been read.
#[derive(Default)]
struct Oracle {
    ring: VecDeque<Sent>,
    lost: u64,
}

impl Oracle {
    /// The messages that a drain of up to `limit` finds, once it has read what there is.
    fn drain(&mut self, limit: usize) -> Vec<Message> {
        let mut found = Vec::new();
        while found.len() < limit {
            let Some(front) = self.ring.front_mut() else { break };
            if front.torn {
                if self.ring.len() == 1 {
                    // Whether something follows is not known yet.
                    self.ring[0].begun = true;
                    break;
                }
                self.lost += u64::from(!self.ring[0].doomed);
                self.ring.pop_front();
                continue;
            }
            if !front.whole {
                front.begun = true;
                break;
            }
            let Sent { message, doomed, .. } = self.ring.pop_front().expect("it has a front");
            if doomed {
                self.lost += 1;
            } else {
                found.push(message);
            }
        }
        found
    }

    /// What a drain would find that comes to nothing, because its process dies.
    fn peek(&self, limit: usize) -> Vec<Message> {
        let live =
            self.ring.iter().take_while(|sent| sent.torn || sent.whole).filter(|sent| !sent.torn && !sent.doomed);
        live.take(limit).map(|sent| sent.message.clone()).collect()
    }

    fn replace_receiver(&mut self) {
        if let Some(front) = self.ring.front_mut().filter(|front| front.begun) {
            front.doomed = true;
        }
    }
}

fn drain(receiver: &mut Receiver, limit: usize) -> (Vec<Message>, Vec<usize>, usize) {
    let (mut found, mut runs) = (Vec::new(), Vec::new());
    let count = receiver.drain(limit, |parcel| {
        assert!(!parcel.parts.is_empty() && (parcel.kind == Kind::Send || parcel.parts.len() == 1));
        assert!(parcel.kind == Kind::Send || parcel.bytes() == parcel.parts[0]);
        runs.push(parcel.parts.len());
        found.extend(parcel.parts.iter().map(|part| Message {
            kind: parcel.kind,
            port: parcel.port,
            session: parcel.session,
            bytes: part.to_vec(),
        }));
    });
    (found, runs, count)
}

/// How a drain groups messages: runs of short `Send` of one session and port, 16 at most.
fn runs_of(messages: &[Message]) -> Vec<usize> {
    let mut runs: Vec<usize> = Vec::new();
    let mut before: Option<&Message> = None;
    for message in messages {
        let joins = before.is_some_and(|b| {
            [b, message].iter().all(|m| m.kind == Kind::Send && m.in_one_record())
                && (b.port, b.session) == (message.port, message.session)
        });
        match runs.last_mut() {
            Some(run) if joins && *run < RUN => *run += 1,
            _ => runs.push(1),
        }
        before = Some(message);
    }
    runs
}

/// The sending side: what is still to be pushed, with the place where the head ends.
struct Sending {
    waiting: VecDeque<(Message, usize)>,
    sent: usize,
}

impl Sending {
    /// Pushes what fits; true if all of it did.
    fn push(&mut self, sender: &mut Sender, oracle: &mut Oracle) -> Result<bool, TestCaseError> {
        while let Some((message, split)) = self.waiting.front() {
            let (head, body) = message.bytes.split_at(*split);
            let outgoing = Outgoing { kind: message.kind, port: message.port, session: message.session, head, body };
            let before = self.sent;
            let whole = sender.push(outgoing, &mut self.sent);
            if whole || self.sent > before {
                if before == 0 {
                    let message = message.clone();
                    oracle.ring.push_back(Sent { message, whole, torn: false, begun: false, doomed: false });
                }
                oracle.ring.back_mut().expect("it was begun").whole = whole;
            }
            if !whole {
                prop_assert!(sender.wait_for_room(message.bytes.len() - self.sent), "it fits after all");
                return Ok(false);
            }
            prop_assert_eq!(self.sent, message.bytes.len());
            self.waiting.pop_front();
            self.sent = 0;
        }
        Ok(true)
    }
}

fn check(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let memory = RingMemory::on_heap(CAPACITY);
    let (mut sender, mut receiver) = (Sender::attach(memory.clone()), Receiver::attach(memory.clone()));
    prop_assert_eq!(sender.max_record(), RECORD);
    let mut oracle = Oracle::default();
    let mut sending = Sending { waiting: VecDeque::new(), sent: 0 };
    let mut lost = 0;
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Send { kind, port, session, size, split } => {
                let bytes = (0..size).map(|i| (i + number) as u8).collect();
                sending.waiting.push_back((Message { kind, port, session, bytes }, split.min(size)));
            }
            Step::Push => {
                sending.push(&mut sender, &mut oracle)?;
            }
            Step::Drain(limit) => {
                // A torn message ends a run, and leaves nothing to see it by.
                let torn = oracle.ring.iter().any(|sent| sent.torn);
                let (found, runs, count) = drain(&mut receiver, limit);
                receiver.release();
                prop_assert_eq!(&found, &oracle.drain(limit));
                prop_assert_eq!(count, found.len());
                prop_assert!(torn || runs == runs_of(&found), "runs of {:?} messages", runs);
                let begun = oracle.ring.front().is_some_and(|front| front.begun && !front.doomed);
                prop_assert!(receiver.is_amid_message() == begun);
            }
            Step::Take => {
                let mut bytes = vec![1, 2, 3];
                let found =
                    receiver.take(&mut bytes).map(|(kind, port, session)| Message { kind, port, session, bytes });
                prop_assert_eq!(found, oracle.drain(1).pop());
            }
            Step::ReplaceSender => {
                if sending.sent > 0 {
                    sending.waiting.pop_front();
                    sending.sent = 0;
                    oracle.ring.back_mut().expect("it was begun").torn = true;
                }
                sender = Sender::attach(memory.clone());
            }
            Step::ReplaceReceiver(while_draining) => {
                if while_draining {
                    let (found, ..) = drain(&mut receiver, 3);
                    prop_assert_eq!(&found[..], &oracle.peek(3)[..]);
                }
                lost += receiver.take_lost();
                let counted = lost - oracle.lost;
                prop_assert!(while_draining || counted == 0);
                // What it counted and did not release is counted again.
                lost = oracle.lost;
                receiver = Receiver::attach(memory.clone());
                oracle.replace_receiver();
            }
        }
    }
    // Everything comes in the end, and what follows a torn message brings it to light.
    if sending.sent == 0 {
        sending.waiting.push_back((Message { kind: Kind::Taken, port: 9, session: 9, bytes: vec![] }, 0));
    } else {
        sending.waiting.push_back((Message { kind: Kind::Taken, port: 9, session: 9, bytes: vec![1] }, 1));
    }
    for turn in 0.. {
        let all = sending.push(&mut sender, &mut oracle)?;
        let (found, ..) = drain(&mut receiver, usize::MAX);
        receiver.release();
        let _ = receiver.must_wake_sender();
        prop_assert_eq!(found, oracle.drain(usize::MAX));
        if all {
            break;
        }
        prop_assert!(turn < 10_000, "the ring stays full");
    }
    prop_assert!(receiver.is_empty() && oracle.ring.is_empty() && !receiver.is_amid_message());
    prop_assert_eq!(lost + receiver.take_lost(), oracle.lost);
    prop_assert_eq!(memory.used(), 0);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_lane_is_a_queue_of_messages(steps in vec(step(), 1..250)) {
        check(steps)?;
    }
}

fn send(sender: &mut Sender, session: i64, bytes: &[u8], sent: &mut usize) -> bool {
    sender.push(Outgoing { kind: Kind::Data, port: 0, session, head: &[], body: bytes }, sent)
}

#[test]
fn a_receiver_replaced_amid_a_message_drops_that_message_only() {
    let memory = RingMemory::on_heap(CAPACITY);
    let (mut sender, mut receiver) = (Sender::attach(memory.clone()), Receiver::attach(memory.clone()));
    let long = vec![7; 2 * CAPACITY];
    let (mut sent, mut bytes) = (0, Vec::new());
    assert!(send(&mut sender, 1, b"before", &mut 0));
    assert!(!send(&mut sender, 2, &long, &mut sent));
    assert_eq!(receiver.take(&mut bytes), Some((Kind::Data, 0, 1)));
    assert_eq!(receiver.take(&mut bytes), None);
    assert!(receiver.is_amid_message());
    receiver = Receiver::attach(memory);
    while !send(&mut sender, 2, &long, &mut sent) {
        assert_eq!(receiver.take(&mut bytes), None);
    }
    assert!(send(&mut sender, 3, b"behind", &mut 0));
    assert_eq!(receiver.take(&mut bytes), Some((Kind::Data, 0, 3)));
    assert_eq!((&bytes[..], receiver.take_lost(), receiver.take_lost()), (&b"behind"[..], 1, 0));
}

#[test]
fn a_sender_replaced_amid_a_message_leaves_nothing_of_it() {
    let memory = RingMemory::on_heap(CAPACITY);
    let (mut sender, mut receiver) = (Sender::attach(memory.clone()), Receiver::attach(memory.clone()));
    let mut bytes = Vec::new();
    assert!(!send(&mut sender, 1, &[7; 2 * CAPACITY], &mut 0));
    assert_eq!(receiver.take(&mut bytes), None);
    sender = Sender::attach(memory);
    let long = vec![8; 3 * RECORD];
    assert!(send(&mut sender, 2, &long, &mut 0));
    assert_eq!(receiver.take(&mut bytes), Some((Kind::Data, 0, 2)));
    assert_eq!((bytes, receiver.take_lost()), (long, 1));
}
