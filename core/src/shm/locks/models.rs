//! The lock word and the readers' places under every interleaving that loom can find. Nobody's sleep ends without a wakeup
//! here, so one that is lost is a deadlock, which loom reports.

use super::readers::{ReadWrite, Reader};
use super::wait::{Stop, Wait};
use super::word::HeldWord;
use crate::shm::atomic::Word;
use crate::shm::models::{Guarded, model};
use loom::thread;
use std::sync::Arc;

/// Of holders, this one has ended.
const DEAD: u32 = 99;

pub fn is_dead(holder: u32) -> bool {
    holder & !(1 << 31) == DEAD
}

fn for_ever() -> Wait {
    Wait::new(None)
}

struct Mutex {
    word: Word,
    count: Guarded,
}

impl Mutex {
    fn held_by(holder: u32) -> Arc<Mutex> {
        Arc::new(Mutex { word: Word::new(holder), count: Guarded::new() })
    }

    fn count(&self, me: u32) {
        let word = HeldWord(&self.word);
        word.take(me, &mut for_ever()).unwrap();
        self.count.add_one();
        assert!(word.free(), "it was held");
    }

    /// `threads` threads that each count once, this one among them.
    fn count_in(self: Arc<Mutex>, threads: u32) {
        let others: Vec<_> = (2..=threads)
            .map(|me| {
                let mutex = self.clone();
                thread::spawn(move || mutex.count(me))
            })
            .collect();
        self.count(1);
        for other in others {
            other.join().unwrap();
        }
        assert_eq!(self.count.get(), u64::from(threads));
        assert_eq!(HeldWord(&self.word).holder(), 0);
    }
}

#[test]
fn loom_one_holds_the_word_and_every_waiter_is_woken() {
    model(None, || Mutex::held_by(0).count_in(2));
    model(Some(3), || Mutex::held_by(0).count_in(3));
}

#[test]
fn loom_one_inherits_the_word_from_the_dead() {
    model(None, || Mutex::held_by(DEAD).count_in(2));
    model(Some(2), || Mutex::held_by(DEAD).count_in(3));
}

#[test]
fn loom_trying_takes_the_word_from_the_dead_once() {
    model(None, || {
        let mutex = Mutex::held_by(DEAD);
        let other = {
            let mutex = mutex.clone();
            thread::spawn(move || HeldWord(&mutex.word).try_inherit(2))
        };
        let this = HeldWord(&mutex.word).try_inherit(1);
        assert!(this != other.join().unwrap(), "one of the two");
    });
}

struct Book {
    writer: Word,
    readers: [Reader; 2],
    text: Guarded,
}

impl Book {
    fn new() -> Arc<Book> {
        Book::written_by(0)
    }

    fn written_by(holder: u32) -> Arc<Book> {
        let readers = [Reader::free(), Reader::free()];
        Arc::new(Book { writer: Word::new(holder), readers, text: Guarded::new() })
    }

    fn lock(&self) -> ReadWrite<'_> {
        ReadWrite { writer: HeldWord(&self.writer), readers: &self.readers }
    }

    fn write(&self, me: u32) {
        self.lock().write(me, &mut for_ever()).unwrap();
        self.text.add_one();
        assert!(self.lock().unlock(me));
    }

    fn read(&self, me: u32) -> u64 {
        self.lock().read(me, &mut for_ever()).unwrap();
        let text = self.text.get();
        assert!(self.lock().unlock(me));
        text
    }

    /// Each of them in a thread of its own.
    fn with(self: Arc<Book>, others: &[fn(&Book)], this: fn(&Book)) -> Arc<Book> {
        let others: Vec<_> = others
            .iter()
            .map(|other| {
                let (book, other) = (self.clone(), *other);
                thread::spawn(move || other(&book))
            })
            .collect();
        this(&self);
        for other in others {
            other.join().unwrap();
        }
        self
    }
}

#[test]
fn loom_nobody_reads_while_another_writes() {
    model(None, || {
        Book::new().with(&[|book| book.write(2)], |book| assert!(book.read(1) <= 1));
    });
}

#[test]
fn loom_writers_and_readers_wake_one_another() {
    model(Some(1), || {
        let book = Book::new().with(&[|book| book.write(2), |book| book.write(3)], |book| {
            book.read(1);
        });
        assert_eq!(book.text.get(), 2);
    });
    model(Some(1), || {
        let readers: [fn(&Book); 2] = [|book| assert!(book.read(2) <= 1), |book| assert!(book.read(3) <= 1)];
        let book = Book::new().with(&readers, |book| book.write(1));
        assert_eq!(book.text.get(), 1);
    });
}

#[test]
fn loom_who_reads_twice_waits_for_no_writer() {
    model(Some(3), || {
        Book::new().with(&[|book| book.write(2)], |book| {
            book.lock().read(1, &mut for_ever()).unwrap();
            book.lock().read(1, &mut for_ever()).unwrap();
            let before = book.text.get();
            assert!(book.lock().unlock(1));
            assert_eq!(book.text.get(), before, "still reading");
            assert!(book.lock().unlock(1));
            assert!(!book.lock().unlock(1));
        });
    });
}

#[test]
fn loom_who_reads_and_would_write_is_told() {
    model(Some(3), || {
        Book::new().with(&[|book| book.write(2)], |book| {
            book.lock().read(1, &mut for_ever()).unwrap();
            assert!(matches!(book.lock().write(1, &mut for_ever()), Err(Stop::Deadlock)));
            assert!(!book.lock().try_write(1));
            book.text.get();
            assert!(book.lock().unlock(1));
        });
    });
}

#[test]
fn loom_a_try_keeps_to_the_rules_too() {
    model(Some(3), || {
        let tries = |book: &Book| {
            if book.lock().try_write(2) {
                book.text.add_one();
                assert!(book.lock().unlock(2));
            }
            if book.lock().try_read(2) {
                book.text.get();
                assert!(book.lock().unlock(2));
            }
        };
        Book::new().with(&[tries], |book| {
            book.write(1);
            book.read(1);
        });
    });
}

#[test]
fn loom_a_dead_writer_is_in_nobodys_way() {
    model(Some(3), || {
        let book = Book::written_by(DEAD).with(&[|book| book.write(2)], |book| {
            book.read(1);
        });
        assert_eq!(book.text.get(), 1);
    });
}

#[test]
fn loom_a_dead_reader_is_in_nobodys_way() {
    model(Some(3), || {
        let book = Book::new();
        book.lock().read(DEAD, &mut for_ever()).unwrap();
        let book = book.with(&[|book| book.write(2)], |book| {
            book.read(1);
        });
        assert_eq!(book.text.get(), 1);
    });
}
