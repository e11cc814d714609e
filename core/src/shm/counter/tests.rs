//! Alone, among threads, and among processes that are killed.

use super::{Atomic, AtomicLong};
use crate::shm::child::{Child, wait_until_it_sleeps};
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Longer than any machine makes a process wait that has been woken.
const LOST: Duration = Duration::from_secs(20);

#[test]
fn it_counts_and_wraps_around() {
    let number = Atomic::new(u32::MAX - 1).unwrap();
    assert_eq!(number.get(), u32::MAX - 1);
    assert_eq!(number.add(3), 1);
    assert_eq!(number.sub(2), u32::MAX);
    number.set(5);
    assert_eq!(number.clone().get(), 5, "a clone is the same number");
}

#[test]
fn it_is_set_only_if_it_is_what_was_expected() {
    let number = Atomic::new(5).unwrap();
    assert!(!number.compare_set(4, 6));
    assert_eq!(number.get(), 5);
    assert!(number.compare_set(5, 6));
    assert_eq!(number.get(), 6);
}

#[test]
fn a_long_one_has_a_sign_and_wraps_around() {
    let number = AtomicLong::new(i64::MAX).unwrap();
    assert_eq!(number.add(1), i64::MIN);
    assert_eq!(number.sub(1), i64::MAX);
    number.set(-5);
    assert_eq!(number.add(2), -3);
    assert!(!number.compare_set(3, 9));
    assert!(number.compare_set(-3, -9));
    assert_eq!(number.clone().get(), -9);
}

#[test]
fn a_wakeup_that_came_first_is_taken_once() {
    let number = Atomic::new(0).unwrap();
    assert_eq!(number.wakeup(1), 0, "nobody waits");
    assert_eq!(number.get(), 1);
    assert!(number.wait(None).unwrap());
    assert_eq!(number.get(), 0);
    assert!(!number.wait(Some(Duration::from_millis(1))).unwrap());
}

#[test]
fn waiting_ends_when_the_time_is_over_and_not_before() {
    let number = Atomic::new(7).unwrap();
    let begun = Instant::now();
    assert!(!number.wait(Some(Duration::from_millis(30))).unwrap());
    assert!(begun.elapsed() >= Duration::from_millis(30));
    assert!(!number.wait(Some(Duration::ZERO)).unwrap());
    assert_eq!(number.get(), 7, "it is not 1, so nothing was taken");
}

/// Another thread waits for `number`; when it sleeps, `wake` has to end that.
fn is_woken_by(wake: impl FnOnce(&Atomic)) {
    let number = Atomic::new(0).unwrap();
    let waiter = number.clone();
    let (tell, told) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        tell.send(nix::unistd::gettid().as_raw()).unwrap();
        let begun = Instant::now();
        (waiter.wait(Some(LOST)).unwrap(), begun.elapsed())
    });
    let waiting = told.recv().unwrap();
    while number.cell.slept_on.load(Ordering::SeqCst) == 0 {
        std::thread::yield_now();
    }
    wait_until_it_sleeps(waiting);
    wake(&number);
    let (woken, after) = thread.join().unwrap();
    assert!(woken && after < LOST);
    assert_eq!(number.get(), 0);
}

#[test]
fn a_waiter_is_woken() {
    is_woken_by(|number| {
        number.wakeup(1);
    });
}

#[test]
fn a_waiter_is_woken_by_whatever_makes_it_1() {
    is_woken_by(|number| number.set(1));
    is_woken_by(|number| assert_eq!(number.add(1), 1));
    is_woken_by(|number| assert!(number.compare_set(0, 1)));
    is_woken_by(|number| {
        number.add(2);
        number.sub(1);
    });
}

#[test]
fn wakeups_go_to_and_fro_between_processes() {
    const TURNS: u32 = 5000;
    let (ping, pong) = (Atomic::new(0).unwrap(), Atomic::new(0).unwrap());
    let child = Child::that(|| {
        while ping.wait(None) == Ok(true) {
            pong.wakeup(1);
        }
    });
    for _ in 0..TURNS {
        ping.wakeup(1);
        assert!(pong.wait(Some(LOST)).unwrap(), "a wakeup was lost");
    }
    drop(child);
}

#[test]
fn sums_by_many_processes_are_exact() {
    const EACH: u32 = 100_000;
    let (short, long) = (Atomic::new(0).unwrap(), AtomicLong::new(0).unwrap());
    let children: Vec<_> = (0..4)
        .map(|_| {
            Child::that(|| {
                for _ in 0..EACH {
                    short.add(3);
                    short.sub(1);
                    long.sub(i64::MAX);
                }
            })
        })
        .collect();
    children.into_iter().for_each(Child::wait);
    assert_eq!(short.get(), 4 * EACH * 2);
    let expected = (0..4 * EACH).fold(0_i64, |sum, _| sum.wrapping_sub(i64::MAX));
    assert_eq!(long.get(), expected);
}

#[test]
fn sums_stay_exact_when_those_who_add_are_killed() {
    // Each adds 1 to the sum, then to its own number: killed in between, the sum is one ahead.
    const KILLS: u32 = 60;
    let sum = Atomic::new(0).unwrap();
    let own: Vec<_> = (0..KILLS).map(|_| AtomicLong::new(0).unwrap()).collect();
    let mut children: Vec<Child> = Vec::new();
    for (number, own) in own.iter().enumerate() {
        children.push(Child::that(|| {
            loop {
                sum.add(1);
                own.add(1);
            }
        }));
        while own.get() < 100 {
            std::thread::yield_now();
        }
        if number % 3 == 2 {
            children.clear();
        }
    }
    children.clear();
    let told: i64 = own.iter().map(AtomicLong::get).sum();
    let ahead = i64::from(sum.get()) - told;
    assert!((0..=i64::from(KILLS)).contains(&ahead), "{told} additions were told of, and the sum is {}", sum.get());
}
