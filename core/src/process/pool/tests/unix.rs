//! Messages by Unix sockets.

use super::*;
use crate::sys::signal::{SIGTERM, SIGUSR1};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

fn pool(workers: usize) -> Pool {
    Pool::new(workers, PoolIpc::UnixSocket).expect("a pool")
}

/// A message of that length that tells its number at its beginning and, if it is long enough, at its end; all between follows from the number.
fn body(number: u64, length: usize) -> Vec<u8> {
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.resize(length.saturating_sub(8).max(8), number as u8);
    if length >= 16 {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes
}

fn number_of(message: &[u8]) -> u64 {
    u64::from_le_bytes(*message.first_chunk().expect("a number"))
}

#[test]
fn messages_reach_the_worker_they_are_for_from_master_and_workers() {
    let mut started = Started::new(pool(3), |say| Calls {
        start: go_on(|pool: &Pool, ()| {
            (0..3).for_each(|worker| pool.send_message(worker, b"master").unwrap());
        }),
        worker_start: go_on(|pool: &Pool, worker| {
            pool.send_message((worker + 1) % 3, format!("worker {worker}").as_bytes()).unwrap();
        }),
        message: Some(Box::new(move |pool, data| {
            say.line(format_args!("{} hears {}", pool.worker_id().unwrap(), String::from_utf8_lossy(data)));
            Flow::Continue
        })),
        ..Calls::default()
    });
    let expected = [
        "0 hears master",
        "0 hears worker 2",
        "1 hears master",
        "1 hears worker 0",
        "2 hears master",
        "2 hears worker 1",
    ];
    assert_eq!(started.lines(6), expected);
}

#[test]
fn messages_of_many_senders_arrive_whole_whatever_their_length() {
    const SENDERS: usize = 4;
    const EACH: u64 = 300;
    let sums = shared::<AtomicU64>(2);
    let seen = sums.clone();
    let pool = pool(SENDERS + 1);
    let mut started = Started::new(pool, move |say| Calls {
        worker_start: go_on(|pool: &Pool, worker| {
            if worker == 0 {
                return;
            }
            for n in 0..EACH {
                let number = worker as u64 * EACH + n;
                // From a few bytes to more than a socket holds.
                let length = [8, 100, 5000, 40_000, 300_000][(number % 5) as usize];
                while let Err(e) = pool.send_message(0, &body(number, length)) {
                    assert_eq!(e.kind(), ErrorKind::QueueFull, "{e}");
                }
            }
        }),
        message: Some(Box::new(move |_, data| {
            let number = number_of(data);
            assert!(data == body(number, data.len()), "message {number} of {} bytes is torn", data.len());
            sums[1].fetch_add(number, Relaxed);
            if sums[0].fetch_add(1, Relaxed) + 1 == SENDERS as u64 * EACH {
                say.line("all");
            }
            Flow::Continue
        })),
        ..Calls::default()
    });
    assert_eq!(started.line(), "all");
    let all = EACH..(SENDERS as u64 + 1) * EACH;
    assert_eq!(seen[1].load(Relaxed), all.sum::<u64>());
}

#[test]
fn what_cannot_be_sent_is_refused_with_its_reason() {
    let small = pool(2);
    small.set(PoolSettings { max_package_size: 100_000, ..PoolSettings::default() }).unwrap();
    let mut started = Started::new(small, |say| Calls {
        worker_start: go_on(move |pool: &Pool, worker| {
            if worker == 1 {
                say.line(pool.send_message(2, b"x").unwrap_err());
                say.line(pool.send_message(0, &[0; 100_001]).unwrap_err());
                pool.send_message(0, &[0; 100_000]).unwrap();
            }
        }),
        message: Some(Box::new(|_, _| Flow::Continue)),
        ..Calls::default()
    });
    assert_eq!(started.line(), "there is no worker 2; this pool has 0 to 1");
    assert_eq!(started.line(), "a message of 100001 bytes; max_package_size allows 100000");
}

#[test]
fn a_worker_that_takes_nothing_is_full_after_a_second() {
    let mut started = Started::new(pool(2), |say| {
        let freed = shared::<AtomicU32>(1);
        Calls {
            worker_start: go_on(move |pool: &Pool, worker| {
                if worker == 0 {
                    return until("it may go on", || freed[0].load(Relaxed) == 1);
                }
                let mut sent = 0;
                let (error, took) = loop {
                    let begun = Instant::now();
                    match pool.send_message(0, &[0; 1000]) {
                        Ok(()) => sent += 1,
                        Err(e) => break (e, begun.elapsed()),
                    }
                };
                assert_eq!(error.kind(), ErrorKind::QueueFull);
                assert!(took >= PATIENCE, "{took:?}");
                say.line(format_args!("full {sent}"));
                // Its own socket empties for nobody while it waits.
                let begun = Instant::now();
                while pool.send_message(1, &[0; 1000]).is_ok() {}
                assert!(begun.elapsed() < PATIENCE);
                freed[0].store(1, Relaxed);
                pool.send_message(0, b"there is room again").unwrap();
                say.line("room");
            }),
            message: Some(Box::new(|_, _| Flow::Continue)),
            ..Calls::default()
        }
    });
    assert!(started.number("full ") > 10);
    assert_eq!(started.line(), "room");
}

#[test]
fn a_worker_that_is_killed_loses_the_message_in_hand_and_no_other() {
    let seen = shared::<AtomicU32>(100);
    let counts = seen.clone();
    let mut started = Started::new(pool(1), move |say| Calls {
        start: go_on(|pool: &Pool, ()| {
            (0..100).for_each(|number| pool.send_message(0, &body(number, 40_000 * (number as usize % 2))).unwrap());
        }),
        message: Some(Box::new(move |_, data| {
            let number = number_of(data) as usize;
            seen[number].fetch_add(1, Relaxed);
            if number % 30 == 10 {
                process::kill(process::pid(), SIGKILL).unwrap();
            }
            if number == 99 {
                say.line("the last");
            }
            Flow::Continue
        })),
        ..Calls::default()
    });
    assert_eq!(started.line(), "the last");
    assert!(counts.iter().all(|times| times.load(Relaxed) == 1));
}

#[test]
fn reloads_under_traffic_lose_nothing() {
    let sums = shared::<AtomicU64>(4);
    let seen = sums.clone();
    let mut started = Started::new(pool(2), move |say| {
        let (marks, ended) = (sums.clone(), say.clone());
        Calls {
            worker_start: go_on(move |_, worker| say.line(format_args!("begins {worker}"))),
            message: Some(Box::new(move |pool, data| {
                if pool.worker_id() == Some(0) {
                    // Each number of the other's is followed by the next: the pool feeds itself, over reloads of both.
                    sums[0].fetch_add(1, Relaxed);
                    sums[1].fetch_add(number_of(data), Relaxed);
                    if sums[3].load(Relaxed) == 1 {
                        ended.line("all");
                        return Flow::Continue;
                    }
                    pool.send_message(1, &body(number_of(data) + 1, 0)).unwrap();
                } else {
                    marks[2].fetch_add(1, Relaxed);
                    pool.send_message(0, data).unwrap();
                }
                Flow::Continue
            })),
            start: go_on(|pool: &Pool, ()| pool.send_message(0, &body(0, 0)).unwrap()),
            ..Calls::default()
        }
    });
    for reload in 1..=12 {
        // A reload is begun anew whenever the last one is through with a worker.
        assert!(started.line().starts_with("begins"));
        started.signal(SIGUSR1);
        until("messages go on", || seen[0].load(Relaxed) > reload * 50);
    }
    seen[3].store(1, Relaxed);
    while started.line() != "all" {}
    let all = seen[0].load(Relaxed);
    assert_eq!(seen[2].load(Relaxed), all - 1);
    assert_eq!(seen[1].load(Relaxed), (0..all).sum::<u64>());
}

#[test]
fn what_has_been_sent_is_handled_before_the_pool_ends_and_nothing_new_is_taken() {
    let count = shared::<AtomicU32>(1);
    let seen = count.clone();
    let mut started = Started::new(pool(1), move |say| Calls {
        start: go_on(|pool: &Pool, ()| {
            (0..100).for_each(|_| pool.send_message(0, b"x").unwrap());
        }),
        message: Some(Box::new(move |pool, _| {
            if count[0].fetch_add(1, Relaxed) == 0 {
                pool.shutdown().unwrap();
                until("the pool ends", || !pool.is_running());
                say.line(pool.send_message(0, b"too late").unwrap_err());
            }
            Flow::Continue
        })),
        ..Calls::default()
    });
    assert_eq!(started.line(), "the pool ends: its workers take no more messages");
    assert_eq!(started.ended().status, 0);
    assert_eq!(seen[0].load(Relaxed), 100);
}

#[test]
fn timers_run_beside_messages_and_sigterm_ends_between_two() {
    let mut started = Started::new(pool(1), |say| {
        let stopped = say.clone();
        Calls {
            worker_start: go_on(|pool: &Pool, _| {
                let (pool, count) = (pool.clone(), std::cell::Cell::new(0));
                let tick = move |_| {
                    count.set(count.get() + 1);
                    // It goes on while the pool ends, which takes no more messages.
                    if let Err(e) = pool.send_message(0, format!("tick {}", count.get()).as_bytes()) {
                        assert!(e.to_string().contains("the pool ends"), "{e}");
                    }
                    Flow::Continue
                };
                crate::event::tick(Duration::from_millis(2), Rc::new(tick)).unwrap();
            }),
            worker_stop: go_on(move |_, _| stopped.line("stops")),
            message: Some(Box::new(move |_, data| {
                say.line(String::from_utf8_lossy(data));
                Flow::Continue
            })),
            ..Calls::default()
        }
    });
    for count in 1..=3 {
        assert_eq!(started.line(), format!("tick {count}"));
    }
    started.signal(SIGTERM);
    while started.line() != "stops" {}
    assert_eq!(started.ended().status, 0);
}

#[test]
fn a_worker_as_a_process_takes_what_is_written_to_its_pipe_as_a_message() {
    let mut started = Started::new(pool(2), |say| Calls {
        worker_start: go_on(|pool: &Pool, worker| {
            let other = pool.process(1 - worker).unwrap();
            until("the other is there", || pool.worker_pid(1 - worker).is_some());
            other.pipe().unwrap().write(format!("from {worker}").as_bytes()).unwrap();
            assert_eq!(pool.process(worker).unwrap().pid(), Some(process::pid()));
            assert!(pool.process(2).is_err());
        }),
        message: Some(Box::new(move |pool, data| {
            say.line(format_args!("{} hears {}", pool.worker_id().unwrap(), String::from_utf8_lossy(data)));
            Flow::Continue
        })),
        ..Calls::default()
    });
    assert_eq!(started.lines(2), ["0 hears from 1", "1 hears from 0"]);
}

#[test]
fn a_worker_without_a_message_callback_reads_its_pipe_itself() {
    let mut started = Started::new(pool(1), |say| Calls {
        start: go_on(|pool: &Pool, ()| pool.send_message(0, b"sent").unwrap()),
        worker_start: go_on(move |pool: &Pool, worker| {
            let (own, mut buffer) = (pool.process(worker).unwrap(), Vec::new());
            own.pipe().unwrap().read(100, &mut buffer).unwrap();
            say.line(String::from_utf8_lossy(&buffer));
            until("it is to leave", || !pool.is_running());
        }),
        ..Calls::default()
    });
    assert_eq!(started.line(), "sent");
}

#[test]
fn a_handler_of_the_programs_own_for_sigterm_keeps_no_worker() {
    let mut started = Started::new(pool(1), |say| {
        let (before, stopped) = (Rc::new(AtomicU32::new(0)), say.clone());
        let counted = before.clone();
        Calls {
            worker_start: go_on(move |_, _| {
                signal::foreign::handle(SIGTERM);
                // Another test may have counted before the fork.
                before.store(signal::foreign::calls() as u32, Relaxed);
                say.line("begins");
            }),
            worker_stop: go_on(move |_, _| {
                let calls = signal::foreign::calls() as u32 - counted.load(Relaxed);
                stopped.line(format_args!("stops after {calls}"));
            }),
            message: Some(Box::new(|_, _| Flow::Continue)),
            start: go_on(|pool: &Pool, ()| {
                // Something that wakes it, as following that handler does.
                let pool = pool.clone();
                let wake = move |_| {
                    let _ = pool.send_message(0, b"");
                    Flow::Continue
                };
                crate::event::tick(Duration::from_millis(1), Rc::new(wake)).unwrap();
            }),
            ..Calls::default()
        }
    });
    assert_eq!(started.line(), "begins");
    started.signal(SIGUSR1);
    assert_eq!(started.line(), "stops after 1");
}

#[test]
fn what_nobody_has_handled_when_the_pool_ends_is_told_of() {
    let mut started = Started::new(pool(1), |say| {
        let ended = say.clone();
        Calls {
            start: go_on(|pool: &Pool, ()| {
                (0..5).for_each(|_| pool.send_message(0, b"x").unwrap());
                pool.shutdown().unwrap();
            }),
            worker_start: go_on(move |pool: &Pool, _| {
                until("the pool ends", || !pool.is_running());
                say.line("begins");
            }),
            message: Some(Box::new(|_, _| Flow::Leave { code: 1 })),
            shutdown: go_on(move |_, ()| ended.line("down")),
            ..Calls::default()
        }
    });
    assert_eq!([started.line(), started.line()], ["begins", "down"]);
    assert_eq!(started.ended().status, 0);
    assert!(started.log().contains("4 message(s) to worker 0 are lost with the pool"), "{}", started.log());
}

#[test]
fn a_sender_that_is_killed_at_any_moment_leaves_nothing_torn_and_holds_up_no_other() {
    const KILLS: u32 = 60;
    let state = shared::<AtomicU32>(2);
    let seen = state.clone();
    let mut started = Started::new(pool(3), move |say| {
        let torn = say.clone();
        Calls {
            worker_start: go_on(move |pool: &Pool, worker| {
                if worker == 0 {
                    return;
                }
                say.line(format_args!("sends {}", process::pid()));
                for number in 0.. {
                    if !pool.is_running() {
                        return;
                    }
                    // A sender that is alone with a full socket is refused, which is no harm here.
                    let _ = pool.send_message(0, &body(number, [8, 3000, 50_000][(number % 3) as usize]));
                }
            }),
            message: Some(Box::new(move |_, data| {
                if data != body(number_of(data), data.len()) {
                    torn.line(format_args!("torn, {} bytes", data.len()));
                }
                state[0].fetch_add(1, Relaxed);
                Flow::Continue
            })),
            ..Calls::default()
        }
    });
    let mut senders = [started.number("sends "), started.number("sends ")];
    for kill in 0..KILLS {
        let before = seen[0].load(Relaxed);
        until("messages arrive", || seen[0].load(Relaxed) > before + kill % 7);
        process::kill(senders[0], SIGKILL).unwrap();
        senders = [senders[1], started.number("sends ")];
    }
    started.signal(SIGTERM);
    assert_eq!(started.ended().status, 0);
}

#[test]
fn a_worker_that_cannot_start_any_more_holds_up_no_reload_of_the_others() {
    let mut started = Started::new(pool(2), |say| {
        let lives = shared::<AtomicU32>(2);
        Calls {
            worker_start: Some(Box::new(move |_, worker| {
                if lives[worker].fetch_add(1, Relaxed) > 0 && worker == 0 {
                    return Flow::Leave { code: 1 };
                }
                say.line(format_args!("{worker} begins"));
                Flow::Continue
            })),
            message: Some(Box::new(|_, _| Flow::Continue)),
            ..Calls::default()
        }
    });
    assert_eq!(started.lines(2), ["0 begins", "1 begins"]);
    started.signal(SIGUSR1);
    assert_eq!(started.line(), "1 begins");
}
