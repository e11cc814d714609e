//! What loom's models of this room have in common, and the model of a wakeup. See `ring/tests/models.rs`.

use super::atomic::{Ordering, Word};
use super::wakeup::Wakeup;
use loom::cell::UnsafeCell;
use loom::thread;
use std::sync::Arc;

/// Checks every interleaving with at most `preemptions` switches that nobody asked for (None: all).
pub fn model(preemptions: Option<usize>, f: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    if builder.preemption_bound.is_none() {
        builder.preemption_bound = preemptions;
    }
    builder.check(f);
}

/// Plain memory that something guards: loom fails a model in which one may touch it while another writes.
pub struct Guarded(UnsafeCell<u64>);

// SAFETY: that nobody is at it while another writes is what loom checks.
unsafe impl Sync for Guarded {}
// SAFETY: as above.
unsafe impl Send for Guarded {}

impl Guarded {
    pub fn new() -> Guarded {
        Guarded(UnsafeCell::new(0))
    }

    pub fn set(&self, value: u64) {
        // SAFETY: loom checks that nobody else is at it.
        self.0.with_mut(|cell| unsafe { *cell = value });
    }

    pub fn get(&self) -> u64 {
        // SAFETY: loom checks that nobody writes.
        self.0.with(|cell| unsafe { *cell })
    }

    pub fn add_one(&self) {
        self.set(self.get() + 1);
    }
}

/// A number that can be waited for, and what is written before a wakeup.
struct Number {
    word: Word,
    slept_on: Word,
    said: Guarded,
}

impl Number {
    fn new() -> Arc<Number> {
        Arc::new(Number { word: Word::new(0), slept_on: Word::new(0), said: Guarded::new() })
    }

    fn wakeup(&self) -> Wakeup<'_> {
        Wakeup { word: &self.word, slept_on: &self.slept_on }
    }
}

#[test]
fn loom_a_wakeup_is_never_lost() {
    model(None, || {
        let number = Number::new();
        let waker = {
            let number = number.clone();
            thread::spawn(move || {
                number.said.set(5);
                number.wakeup().wakeup(1);
            })
        };
        assert_eq!(number.wakeup().wait(None), Ok(true));
        assert_eq!(number.said.get(), 5, "what was written before the wakeup is seen");
        waker.join().unwrap();
        assert_eq!(number.word.load(Ordering::Relaxed), 0, "and it is taken");
    });
}

#[test]
fn loom_whatever_makes_it_1_wakes() {
    model(None, || {
        let number = Number::new();
        let setter = {
            let number = number.clone();
            thread::spawn(move || {
                // As a set(), or a count that comes to 1 in two steps.
                for _ in 0..2 {
                    if number.word.fetch_add(u32::MAX / 2 + 1, Ordering::AcqRel) == u32::MAX / 2 + 1 {
                        number.word.swap(1, Ordering::Release);
                        number.wakeup().wake(1);
                    }
                }
            })
        };
        assert_eq!(number.wakeup().wait(None), Ok(true));
        setter.join().unwrap();
    });
}

#[test]
fn loom_each_wakeup_is_taken_by_one() {
    model(Some(3), || {
        let number = Number::new();
        let waiters = [(); 2].map(|()| {
            let number = number.clone();
            thread::spawn(move || {
                assert_eq!(number.wakeup().wait(None), Ok(true));
                // Nobody else has it now, as if it were a lock.
                number.said.add_one();
                number.wakeup().wakeup(1);
            })
        });
        number.wakeup().wakeup(1);
        for waiter in waiters {
            waiter.join().unwrap();
        }
        assert_eq!(number.word.load(Ordering::Relaxed), 1);
        assert_eq!(number.said.get(), 2);
    });
}
