//! Messages by a message queue.

use super::*;
use crate::event;
use crate::sys::signal::{SIGTERM, SIGUSR1};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// A queue of the test's own, gone with it.
struct Key(u32, MessageQueue);

impl Key {
    fn new() -> Key {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let key = 0x5000_0000 | (process::pid() as u32 & 0xf_ffff) << 8 | NEXT.fetch_add(1, Relaxed);
        Key(key, MessageQueue::open(key).expect("a queue"))
    }

    fn push(&self, data: &[u8]) {
        until("there is room", || self.1.try_send(7, [data, b""]).unwrap());
    }

    fn pool(&self, workers: usize) -> Pool {
        Pool::new(workers, PoolIpc::MessageQueue(self.0)).expect("a pool")
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        let _ = self.1.remove();
    }
}

#[test]
fn whoever_is_free_pops_what_other_programs_push_and_what_the_pool_sends() {
    let key = Key::new();
    let mut started = Started::new(key.pool(2), |say| Calls {
        worker_start: go_on(|pool: &Pool, worker| {
            if worker == 1 {
                pool.send_message(0, b"from worker 1").unwrap();
            }
        }),
        message: Some(Box::new(move |_, data| {
            say.line(String::from_utf8_lossy(data));
            // Stays with this message until all others are handled by the other worker.
            if data == b"slow" {
                std::thread::sleep(Duration::from_millis(100));
                say.line("slow done");
            }
            Flow::Continue
        })),
        ..Calls::default()
    });
    assert_eq!(started.line(), "from worker 1");
    key.push(b"slow");
    assert_eq!(started.line(), "slow");
    (0..20).for_each(|number| key.push(format!("quick {number}").as_bytes()));
    let lines: Vec<String> = (0..21).map(|_| started.line()).collect();
    let slow = lines.iter().position(|line| line == "slow done").unwrap();
    assert_eq!(slow, 20, "one that is busy held up another: {lines:?}");
}

#[test]
fn a_waiting_worker_runs_its_timers_and_hears_of_sigterm_at_once() {
    let key = Key::new();
    let mut started = Started::new(key.pool(1), |say| {
        let stopped = say.clone();
        Calls {
            worker_start: go_on(move |_, _| {
                let (say, begun) = (say.clone(), Instant::now());
                let fire = move |_| {
                    let late = begun.elapsed().as_millis();
                    say.line(format_args!("fires {}", late));
                    Flow::Continue
                };
                event::after(Duration::from_millis(30), Rc::new(fire)).unwrap();
            }),
            worker_stop: go_on(move |_, _| stopped.line("stops")),
            message: Some(Box::new(|_, _| Flow::Continue)),
            ..Calls::default()
        }
    });
    let late = started.number("fires ");
    assert!((30..180).contains(&late), "{late} ms: it was found by the look after 200 ms only");
    started.signal(SIGTERM);
    assert_eq!(started.line(), "stops");
    assert_eq!(started.ended().status, 0);
    assert!(MessageQueue::open(key.0).unwrap() == key.1, "the queue stays");
}

#[test]
fn a_worker_with_descriptors_to_wait_for_hears_of_both() {
    let key = Key::new();
    let mut started = Started::new(key.pool(1), |say| {
        let heard = say.clone();
        Calls {
            worker_start: go_on(move |_, _| {
                let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
                let say = say.clone();
                let fd = ours.as_raw_fd();
                let ready = move |_| {
                    let mut byte = [0];
                    (&ours).read_exact(&mut byte).unwrap();
                    say.line(format_args!("reads {}", byte[0]));
                    Flow::Continue
                };
                event::add(fd, Some(Rc::new(ready)), None, event::Interest::READABLE).unwrap();
                let write = move |_| {
                    (&theirs).write_all(&[1]).unwrap();
                    Flow::Continue
                };
                event::tick(Duration::from_millis(20), Rc::new(write)).unwrap();
            }),
            message: Some(Box::new(move |_, data| {
                heard.line(String::from_utf8_lossy(data));
                Flow::Continue
            })),
            ..Calls::default()
        }
    });
    assert_eq!(started.line(), "reads 1");
    key.push(b"pushed");
    while started.line() != "pushed" {}
    while started.line() != "reads 1" {}
}

#[test]
fn reloads_and_kills_under_traffic_lose_only_what_was_in_hand() {
    const ALL: u64 = 3000;
    let key = Key::new();
    let sums = shared::<AtomicU64>(2);
    let seen = sums.clone();
    let mut started = Started::new(key.pool(2), move |say| Calls {
        worker_start: go_on(move |_, _| say.line(format_args!("begins {}", process::pid()))),
        message: Some(Box::new(move |_, data| {
            let number = u64::from_le_bytes(data.try_into().unwrap());
            sums[0].fetch_add(1, Relaxed);
            sums[1].fetch_add(number, Relaxed);
            if number % 1000 == 500 {
                process::kill(process::pid(), SIGKILL).unwrap();
            }
            Flow::Continue
        })),
        ..Calls::default()
    });
    started.lines(2);
    for number in 0..ALL {
        key.push(&number.to_le_bytes());
        if number % 200 == 0 {
            started.signal(SIGUSR1);
            started.line();
        }
    }
    until("all are handled", || seen[0].load(Relaxed) == ALL);
    assert_eq!(seen[1].load(Relaxed), (0..ALL).sum::<u64>());
}

#[test]
fn a_private_queue_goes_with_the_pool_when_what_is_in_it_is_handled() {
    let count = shared::<AtomicU32>(1);
    let seen = count.clone();
    let mut started = Started::new(Pool::new(1, PoolIpc::MessageQueue(0)).unwrap(), move |say| Calls {
        start: go_on(move |pool: &Pool, ()| {
            (0..50).for_each(|_| pool.send_message(0, b"x").unwrap());
            let queue = pool.running().unwrap().queue.unwrap();
            say.line(format_args!("queue {}", queue.id()));
            let long = vec![0; msgqueue::max_message() + 1];
            say.line(pool.send_message(0, &long).unwrap_err());
        }),
        message: Some(Box::new(move |pool, _| {
            if count[0].fetch_add(1, Relaxed) == 0 {
                pool.shutdown().unwrap();
            }
            Flow::Continue
        })),
        ..Calls::default()
    });
    let id = started.number("queue ");
    assert!(started.line().contains("one in a message queue has"));
    assert_eq!(started.ended().status, 0);
    assert_eq!(seen[0].load(Relaxed), 50);
    let all = std::fs::read_to_string("/proc/sysvipc/msg").unwrap();
    assert!(!all.lines().any(|line| line.split_whitespace().nth(1) == Some(&id.to_string())), "{all}");
}
