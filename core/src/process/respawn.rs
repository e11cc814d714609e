//! When a worker that has ended is replaced: at once, unless it keeps dying at birth.
//!
//! Runs in: manager, pool master.

use std::time::{Duration, Instant};

/// A worker that lived this long did not die at birth.
const GROWN: Duration = Duration::from_secs(1);
/// Longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(2);

/// How often a worker has died young, and since when the present one lives.
#[derive(Debug, Default)]
pub struct Respawn {
    started: Option<Instant>,
    young_deaths: u32,
}

impl Respawn {
    /// A process was forked.
    pub fn started(&mut self, now: Instant) {
        self.started = Some(now);
    }

    /// How long the present process has lived.
    pub fn age(&self, now: Instant) -> Option<Duration> {
        self.started.map(|s| now.saturating_duration_since(s))
    }

    /// How long to wait before the next fork, after an end that was of no use or not. The first five early deaths are
    /// replaced at once; after that the wait doubles from 10 ms to 2 s.
    pub fn delay(&mut self, now: Instant, useless: bool) -> Duration {
        let young = self.age(now).is_some_and(|age| age < GROWN);
        if !useless || !young {
            self.young_deaths = 0;
            return Duration::ZERO;
        }
        self.young_deaths += 1;
        match self.young_deaths.checked_sub(6) {
            None => Duration::ZERO,
            Some(n) => (Duration::from_millis(10) * 2u32.saturating_pow(n.min(10))).min(LONGEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_lived_is_replaced_at_once() {
        let (mut respawn, now) = (Respawn::default(), Instant::now());
        for _ in 0..100 {
            respawn.started(now);
            assert_eq!(respawn.delay(now + GROWN, true), Duration::ZERO);
        }
    }

    #[test]
    fn one_that_keeps_dying_at_birth_waits_longer_and_longer() {
        let (mut respawn, now) = (Respawn::default(), Instant::now());
        let delays: Vec<_> = (0..20)
            .map(|_| {
                respawn.started(now);
                respawn.delay(now, true)
            })
            .collect();
        assert!(delays[..5].iter().all(Duration::is_zero));
        assert!(delays[5..].is_sorted() && delays[5] == Duration::from_millis(10));
        assert_eq!(delays[19], LONGEST);
    }

    #[test]
    fn a_clean_exit_forgives() {
        let (mut respawn, now) = (Respawn::default(), Instant::now());
        for _ in 0..10 {
            respawn.started(now);
            let _ = respawn.delay(now, true);
        }
        respawn.started(now);
        assert_eq!(respawn.delay(now, false), Duration::ZERO);
        respawn.started(now);
        assert_eq!(respawn.delay(now, true), Duration::ZERO);
    }
}
