use super::super::{ProcessQueue, QueueKey, QueueMode};
use super::*;
use crate::error::ErrorKind;
use crate::event::{self, Flow};
use crate::sys::msgqueue::ftok;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::rc::Rc;

/// A queue that is removed with the test, in the process that has made it.
struct Queue(ProcessQueue, i32);

impl Queue {
    fn private(mode: QueueMode, waits: bool) -> Queue {
        Queue(ProcessQueue::open(QueueKey::Private, mode, waits, None).unwrap(), process::pid())
    }
}

impl std::ops::Deref for Queue {
    type Target = ProcessQueue;
    fn deref(&self) -> &ProcessQueue {
        &self.0
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        if self.1 == process::pid() {
            let _ = self.0.free();
        }
    }
}

#[test]
fn a_shared_queue_gives_the_oldest_to_whoever_pops() {
    let queue = Queue::private(QueueMode::Shared, false);
    assert_eq!(queue.pop(0).unwrap(), None);
    assert!(queue.push(5, b"one").unwrap());
    assert!(queue.push(-5, b"two").unwrap());
    assert_eq!(queue.stat().unwrap(), (2, 6));
    assert_eq!(queue.pop(9).unwrap().unwrap(), b"one");
    assert_eq!(queue.pop(-9).unwrap().unwrap(), b"two");
    assert_eq!(queue.stat().unwrap(), (0, 0));
    assert!(queue.id() >= 0);
    assert_eq!(queue.key(), 0);
}

#[test]
fn a_directed_queue_gives_each_its_own() {
    let queue = Queue::private(QueueMode::Directed, false);
    for (to, message) in [(2, &b"for 2"[..]), (0, b"for 0"), (2, b"for 2 again")] {
        assert!(queue.push(to, message).unwrap());
    }
    assert_eq!(queue.pop(1).unwrap(), None);
    assert_eq!(queue.pop(0).unwrap().unwrap(), b"for 0");
    assert_eq!(queue.pop(2).unwrap().unwrap(), b"for 2");
    assert_eq!(queue.pop(2).unwrap().unwrap(), b"for 2 again");
    assert_eq!(queue.pop(2).unwrap(), None);
    assert_eq!(queue.push(-1, b"x").unwrap_err().kind(), ErrorKind::InvalidParams);
    assert_eq!(queue.pop(-1).unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn a_full_queue_that_does_not_wait_takes_nothing_more() {
    let queue =
        Queue(ProcessQueue::open(QueueKey::Private, QueueMode::Shared, false, Some(3000)).unwrap(), process::pid());
    assert!(queue.push(0, &[1; 2000]).unwrap());
    assert!(!queue.push(0, &[2; 1001]).unwrap());
    assert!(queue.push(0, &[3; 1000]).unwrap());
    assert_eq!(queue.pop(0).unwrap().unwrap(), [1; 2000]);
    assert_eq!(queue.pop(0).unwrap().unwrap(), [3; 1000]);
}

#[test]
fn what_can_never_fit_is_refused_with_the_limit() {
    for waits in [false, true] {
        let queue = ProcessQueue::open(QueueKey::Private, QueueMode::Shared, waits, Some(3000)).unwrap();
        let queue = Queue(queue, process::pid());
        let refused = queue.push(0, &[0; 3001]).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::DataLengthTooLarge);
        assert!(refused.to_string().contains("takes 3000"), "{refused}");
        assert_eq!(queue.push(0, b"").unwrap_err().kind(), ErrorKind::InvalidParams);
        assert!(queue.push(0, &[0; 3000]).unwrap());
    }
    let nothing = ProcessQueue::open(QueueKey::Private, QueueMode::Shared, false, Some(0)).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::InvalidParams);
}

#[test]
fn more_than_the_system_allows_is_refused() {
    match ProcessQueue::open(QueueKey::Private, QueueMode::Shared, false, Some(1 << 30)) {
        // Whoever has CAP_SYS_RESOURCE may have any capacity.
        Ok(queue) => queue.free().unwrap(),
        Err(refused) => {
            assert_eq!(refused.kind(), ErrorKind::InvalidParams);
            assert!(refused.to_string().contains("kernel.msgmnb"), "{refused}");
        }
    }
}

#[test]
fn a_key_finds_the_queue_again() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let key = ftok(file.path(), 1).unwrap();
    let open = || ProcessQueue::open(QueueKey::Key(key), QueueMode::Shared, false, None).unwrap();
    let first = Queue(open(), process::pid());
    let second = open();
    assert_eq!((first.id(), first.key()), (second.id(), key));
    first.push(0, b"by the first").unwrap();
    assert_eq!(second.pop(0).unwrap().unwrap(), b"by the first");
    second.free().unwrap();
    for gone in [first.push(0, b"x").map(drop), first.pop(0).map(drop), first.stat().map(drop), first.free()] {
        assert_eq!(gone.unwrap_err().code(), libc::EIDRM);
    }
}

#[test]
fn two_processes_talk_by_a_queue_that_waits() {
    alone(|| {
        let queue = Queue::private(QueueMode::Directed, true);
        let mut process = Process::new(ProcessOptions::default()).unwrap();
        process.use_queue(queue.0.clone());
        let process = start_it(process, |own| {
            let queue = own.queue().unwrap();
            loop {
                let mut message = queue.pop(1).unwrap().unwrap();
                if message == b"end" {
                    return 0;
                }
                message.reverse();
                assert!(queue.push(0, &message).unwrap());
            }
        });
        for n in 0..500_usize {
            let message: Vec<u8> = (0..=n as u8).collect();
            assert!(process.queue().unwrap().push(1, &message).unwrap());
            let answer = queue.pop(0).unwrap().unwrap();
            assert!(answer.iter().rev().eq(&message));
        }
        queue.push(1, b"end").unwrap();
        assert_eq!(end_of(&process), (0, 0));
        assert_eq!(queue.stat().unwrap(), (0, 0));
    });
}

#[test]
fn a_push_waits_for_room() {
    alone(|| {
        let queue = ProcessQueue::open(QueueKey::Private, QueueMode::Shared, true, Some(10_000)).unwrap();
        let queue = Queue(queue, process::pid());
        let process = start(ProcessOptions::default(), |_| {
            (0..200_u8).for_each(|n| assert!(queue.push(0, &[n; 3000]).unwrap()));
            0
        });
        (0..200_u8).for_each(|n| assert_eq!(queue.pop(0).unwrap().unwrap(), [n; 3000]));
        assert_eq!(end_of(&process), (0, 0));
    });
}

#[test]
fn messages_of_processes_that_are_killed_are_whole() {
    alone(|| {
        let queue = Queue::private(QueueMode::Shared, true);
        for _ in 0..20 {
            let processes: Vec<_> = (0..2_u8)
                .map(|n| {
                    start(ProcessOptions::default(), |_| {
                        loop {
                            queue.push(0, &[n; 1234]).unwrap();
                        }
                    })
                })
                .collect();
            for _ in 0..30 {
                let message = queue.pop(0).unwrap().unwrap();
                assert!(message.len() == 1234 && message.iter().all(|byte| *byte == message[0]));
            }
            processes.iter().for_each(kill);
            processes.iter().for_each(|process| assert_eq!(end_of(process), (0, libc::SIGKILL)));
            let left = queue.stat().unwrap();
            assert_eq!(left.1, left.0 * 1234);
            (0..left.0).for_each(|_| assert_eq!(queue.pop(0).unwrap().unwrap().len(), 1234));
        }
    });
}

#[test]
fn who_waits_is_told_when_the_queue_is_removed() {
    alone(|| {
        let queue = Queue::private(QueueMode::Shared, true);
        let (mut told, mut tell) = std::io::pipe().unwrap();
        let process = start(ProcessOptions::default(), |_| {
            writeln!(tell, "ready").unwrap();
            queue.pop(0).unwrap_err().code()
        });
        assert_eq!(line(&mut told), "ready");
        until_asleep(process.pid().unwrap());
        queue.free().unwrap();
        assert_eq!(end_of(&process), (libc::EIDRM, 0));
    });
}

/// Until the process waits for something.
fn until_asleep(pid: i32) {
    until("the process sleeps", || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        stat[stat.rfind(')').unwrap()..].starts_with(") S")
    });
}

#[test]
fn a_signals_handler_interrupts_whoever_waits() {
    alone(|| {
        let queue = Queue::private(QueueMode::Shared, true);
        event::signal(libc::SIGUSR1, Some(Rc::new(|_| Flow::Continue))).unwrap();
        let parent = process::pid();
        let process = start(ProcessOptions::default(), move |_| {
            until_asleep(parent);
            // It may have slept before it waited for the queue.
            loop {
                process::kill(parent, libc::SIGUSR1).unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        assert_eq!(queue.pop(0).unwrap_err().code(), libc::EINTR);
        let full = loop {
            match queue.push(0, &[0; 4000]) {
                Ok(true) => {}
                other => break other,
            }
        };
        assert_eq!(full.unwrap_err().code(), libc::EINTR);
        kill(&process);
        assert_eq!(end_of(&process), (0, libc::SIGKILL));
        event::signal(libc::SIGUSR1, None).unwrap();
    });
}

/// Steps are pushes of so many bytes for a process, or pops (no bytes).
fn a_queue_does_what_lists_do(mode: QueueMode, steps: &[(i32, usize)]) {
    let queue = ProcessQueue::open(QueueKey::Private, mode, false, Some(4000)).unwrap();
    let queue = Queue(queue, process::pid());
    let mut lists: [VecDeque<Vec<u8>>; 4] = Default::default();
    for (number, (who, length)) in (1..).zip(steps) {
        let list = if mode == QueueMode::Directed { *who as usize } else { 0 };
        let bytes: usize = lists.iter().flatten().map(Vec::len).sum();
        if *length == 0 {
            assert_eq!(queue.pop(*who).unwrap(), lists[list].pop_front());
        } else {
            let message = vec![number as u8; *length];
            assert_eq!(queue.push(*who, &message).unwrap(), bytes + length <= 4000);
            if bytes + length <= 4000 {
                lists[list].push_back(message);
            }
        }
        let (messages, bytes) =
            (lists.iter().map(VecDeque::len).sum::<usize>(), lists.iter().flatten().map(Vec::len).sum::<usize>());
        assert_eq!(queue.stat().unwrap(), (messages as u64, bytes as u64));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_queue_loses_nothing_and_takes_no_more_than_its_capacity(
        steps in vec((0..4_i32, prop_oneof![Just(0), 1..1500_usize]), 1..100),
        directed: bool,
    ) {
        a_queue_does_what_lists_do(if directed { QueueMode::Directed } else { QueueMode::Shared }, &steps);
    }
}
