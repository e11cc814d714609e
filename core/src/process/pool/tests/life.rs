//! Starting, replacing, reloading, stopping, leaving.

use super::*;
use crate::event;
use crate::sys::signal::{SIGTERM, SIGUSR1};

fn pool(workers: usize, ipc: PoolIpc) -> Pool {
    Pool::new(workers, ipc).expect("a pool")
}

/// Workers that wait in their start callback until they are told to leave, and say who they are.
fn waiting(say: &Say) -> Calls {
    let (begun, ended) = (say.clone(), say.clone());
    Calls {
        worker_start: go_on(move |pool, worker| {
            begun.line(format_args!("{worker} begins {}", process::pid()));
            while pool.is_running() {
                std::thread::sleep(Duration::from_millis(1));
            }
        }),
        worker_stop: go_on(move |_, worker| ended.line(format_args!("{worker} stops {}", process::pid()))),
        ..Calls::default()
    }
}

/// Number and process of a line as "0 begins 4711".
fn told(line: &str, what: &str) -> (usize, i32) {
    let (worker, pid) = line.split_once(&format!(" {what} ")).unwrap_or_else(|| panic!("no {what:?} in {line:?}"));
    (worker.parse().expect("a worker"), pid.parse().expect("a process"))
}

fn begun(started: &mut Started, count: usize) -> Vec<i32> {
    let mut pids = vec![0; count];
    for line in started.lines(count) {
        let (worker, pid) = told(&line, "begins");
        pids[worker] = pid;
    }
    pids
}

#[test]
fn each_callback_runs_once_in_its_process_and_sigterm_ends_all() {
    let mut started = Started::new(pool(3, PoolIpc::None), |say| {
        let (up, down) = (say.clone(), say.clone());
        Calls {
            start: go_on(move |pool: &Pool, ()| {
                assert_eq!((pool.master_pid(), pool.worker_id()), (Some(process::pid()), None));
                up.line("up");
            }),
            shutdown: go_on(move |pool: &Pool, ()| {
                assert!((0..3).all(|worker| pool.worker_pid(worker).is_none()));
                down.line("down");
            }),
            ..waiting(&say)
        }
    });
    let mut lines = started.lines(4);
    assert_eq!(lines.pop().unwrap(), "up");
    let pids: Vec<i32> = lines.iter().map(|line| told(line, "begins").1).collect();
    started.signal(SIGTERM);
    let lines = started.lines(3);
    for (worker, line) in lines.iter().enumerate() {
        assert_eq!(told(line, "stops"), (worker, pids[worker]));
    }
    assert_eq!(started.line(), "down");
    assert_eq!(started.ended().status, 0);
    assert!(pids.into_iter().all(process::has_ended));
}

#[test]
fn a_worker_that_is_killed_is_replaced_and_the_log_tells() {
    let mut started = Started::new(pool(2, PoolIpc::None), |say| waiting(&say));
    let pids = begun(&mut started, 2);
    process::kill(pids[1], SIGKILL).unwrap();
    let (worker, successor) = told(&started.line(), "begins");
    assert_eq!(worker, 1);
    assert_ne!(successor, pids[1]);
    assert!(!process::has_ended(pids[0]));
    let expected = format!("worker 1 of the pool (pid {}) ended by signal 9; another takes its place", pids[1]);
    assert!(started.log().contains(&expected), "{}", started.log());
}

#[test]
fn workers_die_with_a_master_that_is_killed() {
    let mut started = Started::new(pool(3, PoolIpc::None), |say| waiting(&say));
    let pids = begun(&mut started, 3);
    started.signal(SIGKILL);
    started.ended();
    until("all workers have ended", || pids.iter().all(|pid| process::has_ended(*pid)));
}

#[test]
fn a_worker_that_dies_at_once_is_started_ever_more_slowly_and_the_log_tells() {
    let mut started = Started::new(pool(1, PoolIpc::None), |say| Calls {
        worker_start: Some(Box::new(move |_, _| {
            say.line("begins");
            Flow::Leave { code: 3 }
        })),
        ..Calls::default()
    });
    let begun: Vec<Instant> = (0..10)
        .map(|_| {
            assert_eq!(started.line(), "begins");
            Instant::now()
        })
        .collect();
    // From the sixth early death on: 10, 20, 40, 80 ms. What the test is late by lengthens none of the waits but the first.
    let waits = begun[9].duration_since(begun[5]);
    assert!(waits >= Duration::from_millis(120), "{waits:?}");
    let log = started.log();
    assert!(log.contains("ended by exit code 3; it keeps ending right after its start"), "{log}");
    started.signal(SIGTERM);
    assert_eq!(started.ended().status, 0);
}

#[test]
fn a_reload_replaces_one_after_another_each_after_the_old_one_has_ended() {
    let mut started = Started::new(pool(3, PoolIpc::None), |say| waiting(&say));
    let old = begun(&mut started, 3);
    started.signal(SIGUSR1);
    let mut gone = Vec::new();
    for line in (0..6).map(|_| started.line()) {
        if line.contains("stops") {
            assert_eq!(told(&line, "stops"), (gone.len(), old[gone.len()]));
            gone.push(old[gone.len()]);
        } else {
            // What a successor says may come after the next one's end: a reload waits for its process, and without messages not for its callback.
            let (worker, pid) = told(&line, "begins");
            assert_ne!(pid, old[worker]);
            assert!(gone.contains(&old[worker]) && process::has_ended(old[worker]), "{line}");
        }
    }
    until("the log tells that", || started.log().contains("all workers of the pool are reloaded"));
}

#[test]
fn a_signal_that_comes_amid_a_reload_begins_one_more() {
    let mut started = Started::new(pool(2, PoolIpc::None), |say| {
        let calls = waiting(&say);
        Calls {
            worker_stop: go_on(move |pool: &Pool, worker| {
                // While the first is on its way out. Further signals are the same one.
                if worker == 0 && pool.worker_pid(1).is_some() && std::env::var_os("RELOADED").is_none() {
                    say.line("leaving");
                    std::thread::sleep(Duration::from_millis(50));
                }
            }),
            ..calls
        }
    });
    begun(&mut started, 2);
    started.signal(SIGUSR1);
    assert_eq!(started.line(), "leaving");
    started.signal(SIGUSR1);
    let lines = started.lines(5);
    assert_eq!(lines.iter().filter(|line| line.starts_with("0 begins")).count(), 2, "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("1 begins")).count(), 2, "{lines:?}");
}

#[test]
fn a_worker_that_does_not_leave_is_killed_after_its_time() {
    let pool = pool(1, PoolIpc::None);
    pool.set(PoolSettings { max_wait_time: Duration::from_millis(100), ..PoolSettings::default() }).unwrap();
    let mut started = Started::new(pool, |say| Calls {
        worker_start: go_on(move |_, _| {
            say.line(format_args!("stuck {}", process::pid()));
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }),
        ..Calls::default()
    });
    let worker = started.number("stuck ");
    let begun = Instant::now();
    started.signal(SIGTERM);
    assert_eq!(started.ended().status, 0);
    assert!(begun.elapsed() >= Duration::from_millis(100));
    let log = started.log();
    let expected = format!("(pid {worker}) did not leave within max_wait_time (100 ms) and is killed");
    assert!(log.contains(&expected), "{log}");
}

#[test]
fn a_worker_without_messages_runs_its_loop_until_that_is_empty_and_is_replaced() {
    let mut started = Started::new(pool(1, PoolIpc::None), |say| {
        let (fired, stopped) = (say.clone(), say.clone());
        Calls {
            worker_start: go_on(move |_, _| {
                let fired = fired.clone();
                let fire = move |_| {
                    fired.line("fires");
                    Flow::Continue
                };
                event::after(Duration::from_millis(1), Rc::new(fire)).unwrap();
                say.line("begins");
            }),
            worker_stop: go_on(move |_, _| stopped.line("stops")),
            ..Calls::default()
        }
    });
    for _ in 0..2 {
        assert_eq!([started.line(), started.line(), started.line()], ["begins", "fires", "stops"]);
    }
}

#[test]
fn a_worker_can_end_itself_and_end_the_pool() {
    let mut started = Started::new(pool(2, PoolIpc::None), |say| {
        let calls = waiting(&say);
        let life = shared::<std::sync::atomic::AtomicU32>(1);
        Calls {
            worker_start: go_on(move |pool: &Pool, worker| {
                if worker == 1 {
                    while pool.is_running() {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    return say.line("1 leaves");
                }
                match life[0].fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
                    0 => {
                        pool.stop().unwrap();
                        assert!(!pool.is_running());
                        say.line("0 leaves");
                    }
                    _ => {
                        assert!(pool.is_running());
                        say.line("0 ends all");
                        pool.shutdown().unwrap();
                    }
                }
            }),
            worker_stop: None,
            ..calls
        }
    });
    assert_eq!(started.line(), "0 leaves");
    let lines = started.lines(2);
    assert_eq!(lines[0], "0 ends all");
    assert_eq!(lines[1], "1 leaves");
    assert_eq!(started.ended().exit_code(), 0);
}

#[test]
fn a_callback_that_leaves_ends_its_process_with_its_code_and_no_other_callback_runs() {
    let mut started = Started::new(pool(1, PoolIpc::None), |say| {
        let stop = say.clone();
        Calls {
            worker_start: Some(Box::new(move |_, _| {
                say.line("begins");
                std::thread::sleep(Duration::from_millis(20));
                Flow::Leave { code: 42 }
            })),
            worker_stop: go_on(move |_, _| stop.line("stops")),
            ..Calls::default()
        }
    });
    assert_eq!([started.line(), started.line()], ["begins", "begins"]);
    assert!(started.log().contains("ended by exit code 42"), "{}", started.log());
}

#[test]
fn a_master_callback_that_leaves_ends_the_pool_with_its_code() {
    let mut started = Started::new(pool(2, PoolIpc::None), |say| Calls {
        start: Some(Box::new(|_, ()| Flow::Leave { code: 17 })),
        shutdown: go_on(move |_, ()| say.line("down")),
        worker_start: go_on(|pool, _| {
            while pool.is_running() {
                std::thread::sleep(Duration::from_millis(1));
            }
        }),
        ..Calls::default()
    });
    assert_eq!(started.line(), "down");
    assert_eq!(started.ended().exit_code(), 17);
}

#[test]
fn a_detached_worker_goes_its_own_way_and_another_takes_its_place() {
    let mut started = Started::new(pool(1, PoolIpc::UnixSocket), |say| {
        let detached = shared::<std::sync::atomic::AtomicU32>(1);
        let (stopped, heard) = (say.clone(), say.clone());
        Calls {
            worker_start: go_on(move |pool: &Pool, _| {
                if detached[0].fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0 {
                    return say.line(format_args!("begins {}", process::pid()));
                }
                pool.detach().unwrap();
                say.line(format_args!("detached {}", process::pid()));
                until("another has taken its place", || {
                    pool.worker_pid(0).is_some_and(|other| other != process::pid())
                });
                pool.send_message(0, b"from the one before").unwrap();
                event::tick(Duration::from_secs(60), Rc::new(|_| Flow::Continue)).unwrap();
            }),
            worker_stop: go_on(move |_, _| stopped.line(format_args!("stops {}", process::pid()))),
            message: Some(Box::new(move |_, data| {
                heard.line(format_args!("{} hears {}", process::pid(), String::from_utf8_lossy(data)));
                Flow::Continue
            })),
            ..Calls::default()
        }
    });
    let detached = started.number("detached ");
    let successor = started.number("begins ");
    assert_ne!(detached, successor);
    assert_eq!(started.line(), format!("{successor} hears from the one before"));
    started.signal(SIGUSR1);
    assert_eq!(started.number("stops "), successor);
    let last = started.number("begins ");
    started.signal(SIGTERM);
    assert_eq!(started.number("stops "), last);
    assert_eq!(started.ended().status, 0);
    assert!(!process::has_ended(detached), "it outlives reload, shutdown and master");
    process::kill(detached, SIGTERM).unwrap();
    assert_eq!(started.number("stops "), detached);
    until("it has ended", || process::has_ended(detached));
}

#[test]
fn a_process_that_the_program_forks_in_a_worker_is_no_worker() {
    let mut started = Started::new(pool(1, PoolIpc::UnixSocket), |say| {
        let heard = say.clone();
        Calls {
            worker_start: go_on(move |pool: &Pool, _| {
                if let Forked::Child = process::fork().unwrap() {
                    signal::unblock_all();
                    assert_eq!(pool.worker_id(), None);
                    assert!(pool.detach().is_err() && pool.stop().is_err() && pool.write(b"").is_err());
                    pool.send_message(0, b"from its child").unwrap();
                    std::process::exit(0);
                }
                assert_eq!(pool.worker_id(), Some(0));
            }),
            message: Some(Box::new(move |_, data| {
                heard.line(String::from_utf8_lossy(data));
                Flow::Continue
            })),
            ..Calls::default()
        }
    });
    assert_eq!(started.line(), "from its child");
}

#[test]
fn a_start_that_makes_no_sense_is_refused_with_its_reason() {
    let mut child = Started::with(|say| {
        let refused = |pool: &Pool, calls: Calls| match pool.start(Rc::new(calls)) {
            Ok(_) => "it has started".to_owned(),
            Err(e) => e.to_string(),
        };
        let idle = || Calls { worker_start: go_on(|_, _| ()), ..Calls::default() };
        say.line(refused(&pool(1, PoolIpc::None), Calls::default()));
        let no_use = Calls { message: Some(Box::new(|_, _| Flow::Continue)), ..Calls::default() };
        say.line(refused(&pool(1, PoolIpc::None), no_use));
        say.line(refused(&pool(1, PoolIpc::Socket), idle()));
        let timer = event::after(Duration::from_secs(1), Rc::new(|_| Flow::Continue)).unwrap();
        say.line(refused(&pool(1, PoolIpc::None), idle()));
        event::clear(timer);
        let inside = say.clone();
        event::defer(Box::new(move || {
            inside.line(refused(&pool(1, PoolIpc::None), idle()));
            Flow::Continue
        }))
        .unwrap();
        assert_eq!(event::wait().unwrap(), Flow::Continue);
        let ends = pool(1, PoolIpc::None);
        let at_once = Calls { start: Some(Box::new(|_, ()| Flow::Leave { code: 0 })), ..idle() };
        if let Ok(PoolEnded::Worker { exit_code }) = ends.start(Rc::new(at_once)) {
            return exit_code;
        }
        say.line(refused(&ends, idle()));
        say.line(ends.set(PoolSettings::default()).unwrap_err());
        say.line(ends.send_message(0, b"x").unwrap_err());
        // Another one may be started here.
        let again = Calls { start: Some(Box::new(|_, ()| Flow::Leave { code: 5 })), ..idle() };
        match pool(1, PoolIpc::None).start(Rc::new(again)) {
            Ok(PoolEnded::Master { exit_code } | PoolEnded::Worker { exit_code }) => exit_code,
            Err(_) => 99,
        }
    });
    for expected in [
        "it needs a callback for WorkerStart",
        "it needs a callback for WorkerStart",
        "call listen() before start()",
        "whose event loop holds a timer that has not fired",
        "whose event loop runs",
        "cannot start the pool again",
        "cannot change the settings",
        "workers of this pool get no messages",
    ] {
        let line = child.line();
        assert!(line.contains(expected), "{expected:?} is not in {line:?}");
    }
    assert_eq!(child.ended().exit_code(), 5);
    assert_eq!(Pool::new(0, PoolIpc::None).unwrap_err().kind(), ErrorKind::InvalidParams);
    assert_eq!(Pool::new(MOST + 1, PoolIpc::None).unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn a_worker_that_has_changed_its_user_dies_with_the_master_too() {
    let mut started = Started::new(pool(1, PoolIpc::UnixSocket), |say| Calls {
        worker_start: go_on(move |_, _| {
            // What a change of user does, see prctl(2).
            rustix::process::set_parent_process_death_signal(None).unwrap();
            say.line(format_args!("begins {}", process::pid()));
        }),
        message: Some(Box::new(|_, _| Flow::Continue)),
        start: go_on(|pool: &Pool, ()| until("it has begun", || pool.running().unwrap().board.slot(0).has_begun())),
        ..Calls::default()
    });
    let worker = started.number("begins ");
    // When it has been reloaded, it has begun.
    started.signal(SIGUSR1);
    let successor = started.number("begins ");
    until("the log tells that", || started.log().contains("all workers of the pool are reloaded"));
    started.signal(SIGKILL);
    started.ended();
    until("both have ended", || process::has_ended(worker) && process::has_ended(successor));
}

#[test]
fn a_hundred_workers_start_reload_and_end() {
    let mut started = Started::new(pool(100, PoolIpc::UnixSocket), |say| {
        let heard = say.clone();
        Calls {
            worker_start: go_on(move |_, worker| say.line(format_args!("{worker} begins {}", process::pid()))),
            message: Some(Box::new(move |_, _| {
                heard.line("heard");
                Flow::Continue
            })),
            ..Calls::default()
        }
    });
    let old = begun(&mut started, 100);
    started.signal(SIGUSR1);
    let new = begun(&mut started, 100);
    assert!(old.iter().all(|pid| !new.contains(pid) && process::has_ended(*pid)));
    started.signal(crate::sys::signal::SIGINT);
    assert_eq!(started.ended().status, 0);
    assert!(new.into_iter().all(process::has_ended));
}

#[test]
fn workers_killed_at_any_moment_are_replaced_and_the_pool_ends_in_order() {
    let mut started = Started::new(pool(4, PoolIpc::UnixSocket), |say| Calls {
        worker_start: go_on(move |_, worker| say.line(format_args!("{worker} begins {}", process::pid()))),
        message: Some(Box::new(|_, _| Flow::Continue)),
        ..Calls::default()
    });
    let mut pids = begun(&mut started, 4);
    for round in 0..40_usize {
        let _ = process::kill(pids[round % 4], SIGKILL);
        if round % 5 == 0 {
            started.signal(SIGUSR1);
        }
        if round % 3 == 0 {
            // Whoever is started next says so; the others' numbers may be stale, and killing those does nothing.
            let (worker, pid) = told(&started.line(), "begins");
            pids[worker] = pid;
        }
    }
    started.signal(SIGTERM);
    assert_eq!(started.ended().status, 0);
    assert!(!started.log().contains("ERROR"), "{}", started.log());
}
