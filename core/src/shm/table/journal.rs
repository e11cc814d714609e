//! Where a row is while its own body is rewritten: a few bodies beside the rows, which are used again and again and so stay
//! in a processor's caches.
//!
//! A journal is taken under the lock of a list. In its word, beside its holder, stands the row that it is used for, from
//! before the journal is in force until the row's own body is again. Who finds a row there looks at its version: as long
//! as that says so, readers read the journal, and it is not to be written. Then its holder has died, and whoever
//! inherits the row's list copies the journal into the row (repair.rs).

use super::list::{Held, List, pause};
use super::rows::{Rows, journal_of};
use super::schema::{Body, NEAR};

/// As many as threads may rewrite rows at the same moment without waiting.
pub const JOURNALS: usize = if cfg!(loom) { 1 } else { 16 };
/// After how many looks at all journals the holders are asked for whether they live: every 10 ms or so.
const LOOKS: u32 = if cfg!(loom) { 1 } else { 64 };

/// Its holder, and the row (as a list's first).
#[derive(Debug)]
#[cfg_attr(loom, derive(Default))]
#[repr(C, align(128))]
pub struct Journal(pub List);

#[cfg(not(loom))]
// SAFETY: an atomic; zero means that nobody holds it.
unsafe impl super::super::region::Shared for Journal {}

impl Rows {
    /// The body in that journal.
    #[inline]
    pub fn journal_body(&self, journal: usize) -> Body<'_> {
        let words = super::memory::words_of_journal(self.body);
        let words = &self.memory.journal_bodies[journal * words..][..words];
        let (near, far) = words.split_first_chunk::<NEAR>().expect("a body has as many words");
        Body { near, far }
    }

    /// Takes a journal that is not in force. For whoever holds a list, which is whole, and no stripe.
    #[inline]
    pub fn take_journal(&self, list: &Held<'_>) -> (Held<'_>, usize) {
        let this = list.this;
        let own = this.number() as usize % JOURNALS;
        match self.memory.journals[own].0.try_lock(this) {
            Some(held) if self.is_done(own) => (held, own),
            _ => self.take_any_journal(list),
        }
    }

    #[cold]
    fn take_any_journal(&self, own: &Held<'_>) -> (Held<'_>, usize) {
        let this = own.this;
        let mut looks = 0;
        loop {
            looks += 1;
            let inherit = looks % LOOKS == 0;
            for number in 0..JOURNALS {
                let list = &self.memory.journals[number].0;
                if let Some(held) = if inherit { list.try_lock_or_inherit(this) } else { list.try_lock(this) } {
                    if inherit {
                        self.settle_journal(number, own);
                    }
                    if self.is_done(number) {
                        return (held, number);
                    }
                }
            }
            pause(looks);
        }
    }

    /// Whether no row's version says that this journal is in force. For whoever holds it.
    fn is_done(&self, number: usize) -> bool {
        let row = self.memory.journals[number].0.first();
        row.is_none_or(|row| journal_of(self.row(row).version()) != Some(number))
    }

    /// Inherits the list of the row that a dead holder of the journal has left in it, if nobody who lives has that; he
    /// would repair it. For whoever holds the journal and `own`, which is whole.
    #[cold]
    fn settle_journal(&self, number: usize, own: &Held<'_>) {
        if let Some(row) = self.memory.journals[number].0.first()
            && let Some(home) = self.row(row).link().1
            && let list = &self.memory.index[home]
            && !std::ptr::eq(list, own.list)
            && let Some(held) = list.try_lock_or_inherit(own.this)
            && held.inherited
        {
            self.repair_list(home);
        }
    }
}
