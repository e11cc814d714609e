//! Timers do what a sorted list does.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Add {
        delay: u64,
        period: u64,
    },
    /// many come, and all of them but the first few go at once
    Burst {
        count: u8,
        stay: u8,
    },
    /// clear the timer of this share (in 255ths) of all numbers that were given, and of two that were not
    Clear(u8),
    /// so much time goes by
    Pass(u64),
    /// take what is due, at most so many
    Take(usize),
}

fn step() -> impl Strategy<Value = Step> {
    // Few different times, so that many timers are due at once.
    let delay = prop_oneof![0..20u64, 0..2000u64];
    let period = prop_oneof![2 => Just(0), 1 => 1..40u64];
    prop_oneof![
        6 => (delay, period).prop_map(|(delay, period)| Step::Add { delay, period }),
        1 => (any::<u8>(), 0..5u8).prop_map(|(count, stay)| Step::Burst { count, stay }),
        4 => any::<u8>().prop_map(Step::Clear),
        4 => prop_oneof![0..10u64, 0..500u64].prop_map(Step::Pass),
        4 => prop_oneof![1..4usize, Just(usize::MAX)].prop_map(Step::Take),
    ]
}

/// A list that is sorted by time, and among equal times by number: each timer's next time, number and period.
#[derive(Default)]
struct Oracle {
    list: Vec<(u64, TimerId, u64)>,
    given: TimerId,
}

impl Oracle {
    fn add(&mut self, now: u64, delay: u64, period: u64) -> TimerId {
        self.given += 1;
        self.put((now + delay, self.given, period));
        self.given
    }

    fn put(&mut self, timer: (u64, TimerId, u64)) {
        let at = self.list.partition_point(|other| *other < timer);
        self.list.insert(at, timer);
    }

    fn clear(&mut self, id: TimerId) -> bool {
        let before = self.list.len();
        self.list.retain(|timer| timer.1 != id);
        self.list.len() < before
    }

    fn due(&mut self, now: u64) -> Option<TimerId> {
        let &(at, id, period) = self.list.first().filter(|timer| timer.0 <= now)?;
        self.list.remove(0);
        if period > 0 {
            let next = (1..).map(|n| at + n * period).find(|next| *next > now)?;
            self.put((next, id, period));
        }
        Some(id)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn timers_do_what_a_sorted_list_does(steps in vec(step(), 1..120)) {
        let (mut timers, mut oracle, mut now) = (Timers::default(), Oracle::default(), 1000);
        for step in steps {
            match step {
                Step::Add { delay, period } => {
                    let id = timers.add(now, delay, period, oracle.given + 1);
                    prop_assert_eq!(id, oracle.add(now, delay, period));
                }
                Step::Burst { count, stay } => {
                    let ids: Vec<_> = (0..u64::from(count)).map(|n| {
                        let id = timers.add(now, n % 7 * 100, n % 3, oracle.given + 1);
                        (id, oracle.add(now, n % 7 * 100, n % 3))
                    }).collect();
                    for (id, expected) in ids.into_iter().skip(stay.into()) {
                        prop_assert_eq!(id, expected);
                        prop_assert!(oracle.clear(id));
                        prop_assert_eq!(timers.clear(id), Some(id));
                    }
                }
                Step::Clear(share) => {
                    let id = (oracle.given + 1) * TimerId::from(share) / 255;
                    prop_assert_eq!(timers.clear(id), oracle.clear(id).then_some(id));
                }
                Step::Pass(time) => now += time,
                Step::Take(most) => {
                    for _ in 0..most {
                        let due = timers.due(now);
                        // What was put in at `add` comes out with its number.
                        prop_assert_eq!(due, oracle.due(now).map(|id| (id, id)));
                        if due.is_none() {
                            break;
                        }
                    }
                }
            }
            prop_assert_eq!(timers.next_time(), oracle.list.first().map(|timer| timer.0));
            prop_assert_eq!((timers.len(), timers.is_empty()), (oracle.list.len(), oracle.list.is_empty()));
            let mut all: Vec<_> = timers.iter().map(|(id, at, period, _)| (at, id, period)).collect();
            all.sort_unstable();
            prop_assert_eq!(&all, &oracle.list);
        }
    }

    #[test]
    fn no_time_is_too_large(
        times in vec((any::<u64>(), any::<u64>(), any::<u64>()), 1..20),
        now in prop_oneof![any::<u64>(), Just(u64::MAX)],
    ) {
        let mut timers = Timers::default();
        for (added, delay, period) in &times {
            timers.add(*added, *delay, *period, ());
        }
        for _ in 0..2 * times.len() {
            let next = timers.next_time();
            prop_assert_eq!(timers.due(now).is_some(), next.is_some_and(|at| at <= now));
        }
    }
}

#[test]
fn none_fires_early() {
    let mut timers = Timers::default();
    let id = timers.add(100, 50, 0, 'a');
    assert_eq!(timers.due(149), None);
    assert_eq!(timers.due(150), Some((id, 'a')));
    assert_eq!(timers.due(u64::MAX), None);
}

#[test]
fn of_two_at_one_time_the_older_fires_first() {
    let mut timers = Timers::default();
    timers.add(5, 10, 0, "third");
    timers.add(0, 10, 0, "first");
    timers.add(1, 9, 0, "second");
    let order: Vec<_> = std::iter::from_fn(|| timers.due(100)).map(|(_, what)| what).collect();
    assert_eq!(order, ["first", "second", "third"]);
}

#[test]
fn a_repeating_timer_that_is_served_late_does_not_drift() {
    let mut timers = Timers::default();
    timers.add(0, 10, 10, ());
    let mut served = Vec::new();
    for late in [3, 0, 9, 5] {
        let at = timers.next_time().unwrap();
        served.push(at);
        assert!(timers.due(at + late).is_some());
    }
    assert_eq!(served, [10, 20, 30, 40]);
}

#[test]
fn times_that_were_missed_are_left_out() {
    let mut timers = Timers::default();
    timers.add(0, 10, 10, ());
    assert!(timers.due(47).is_some());
    assert_eq!(timers.due(47), None, "once for the four times that have come");
    assert_eq!(timers.next_time(), Some(50), "in step with the first");
}

#[test]
fn what_was_cleared_takes_up_no_room() {
    let mut timers = Timers::default();
    let stays = timers.add(0, 1_000_000, 0, ());
    for n in 0..100_000 {
        let id = timers.add(n, 2_000_000, 0, ());
        timers.clear(id);
    }
    let places = [timers.order.len(), timers.timers.len(), timers.free.len(), timers.numbers.places()];
    assert!(places.iter().all(|n| *n < 200), "{places:?} for one timer");
    assert_eq!(timers.clear(stays), Some(()));
}
