//! Going through the rows, and counting them. By their numbers: a row keeps its number as long as it is in the table.

use super::super::atomic::Ordering;
use super::TableStats;
use super::pool::next_block;
use super::rows::{Row, Rows, count_of, is_live};

/// After how many changes under its eyes a walker takes the lock that guards the row.
const RETRIES: usize = if cfg!(loom) { 1 } else { 1000 };

impl Rows {
    /// Reads the first row at or behind `from` as `copy` does, which is given its version as well. Returns the number
    /// behind it.
    pub fn walk(&self, from: usize, mut copy: impl FnMut(Row<'_>, u64)) -> Option<usize> {
        let (mut at, limit) = (from, self.limit());
        while at < limit {
            if !self.was_used(at) {
                at = next_block(at);
                continue;
            }
            if self.read_at(at, &mut copy) {
                return Some(at + 1);
            }
            at += 1;
        }
        None
    }

    fn read_at(&self, number: usize, mut copy: impl FnMut(Row<'_>, u64)) -> bool {
        let row = self.row(number);
        let mut read = |row: Row<'_>| row.read(|_| true, &mut copy);
        for _ in 0..RETRIES {
            if let Ok(found) = read(row) {
                return found.is_some();
            }
        }
        loop {
            let Some(home) = row.link().1 else { return false };
            let _held = self.lock(home);
            if let Ok(found) = read(row) {
                return found.is_some();
            }
        }
    }

    /// See [`super::Table::stats`].
    pub fn stats(&self) -> TableStats {
        let control = &self.memory.control[0];
        let mut stats = TableStats {
            rows: self.live() as u64,
            capacity: self.limit() as u64,
            most: self.most as u64,
            growths: control.growths.load(Ordering::Relaxed),
            refused: control.refused.load(Ordering::Relaxed),
            ..TableStats::default()
        };
        for stripe in self.memory.stripes.iter() {
            stats.inserts += stripe.inserts.load(Ordering::Relaxed);
            stats.deletes += stripe.deletes.load(Ordering::Relaxed);
        }
        let mut at = 0;
        while at < stats.capacity as usize {
            if !self.was_used(at) {
                at = next_block(at);
                continue;
            }
            let row = self.row(at);
            let version = row.version();
            stats.updates += count_of(version);
            if is_live(version) {
                // Counted at the row that leads its list: a place of the index that no row belongs to is not looked at.
                if let (_, Some(home)) = row.link()
                    && self.first(home) == Some(at)
                {
                    let length = self.length(home);
                    stats.conflicts += length.saturating_sub(1);
                    stats.longest_chain = stats.longest_chain.max(length);
                }
            }
            at += 1;
        }
        // Whatever else counts in a version.
        stats.updates = stats.updates.saturating_sub(stats.inserts + stats.deletes);
        stats
    }

    /// Rows of a list, while others change it.
    fn length(&self, home: usize) -> u64 {
        let mut length = 0;
        let mut at = self.first(home);
        while let Some(number) = at {
            let (next, home_now) = self.row(number).link();
            if home_now != Some(home) {
                break;
            }
            length += 1;
            at = next;
        }
        length
    }
}
