//! Who holds a lock in shared memory: a thread, told apart from a later one that has got its number.

use super::process::{self, counted_generation, generation};
use std::cell::Cell;

/// Linux gives thread numbers below 2^22 (`kernel.pid_max`).
const NUMBER_BITS: u32 = 22;
/// Moments of birth are told apart by this many values; 0 stands for one that is not known.
const BIRTHS: u64 = 511;

/// A thread of any process: its number in the lower 22 bits, above them 9 bits of when it began. Never 0, and bit 31 is never set, so a
/// lock word can say "free" by 0 and has a bit to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder(u32);

impl Holder {
    /// The calling thread. Costs a system call once for each thread and fork.
    #[inline]
    pub fn this() -> Holder {
        thread_local! {
            static THIS: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
        }
        let (known_at, known) = THIS.get();
        // Once it is known, `generation` was called, so that forks count.
        if known != 0 && known_at == counted_generation() {
            return Holder(known);
        }
        let this = Holder::ask();
        THIS.set((generation(), this.0));
        this
    }

    #[cold]
    fn ask() -> Holder {
        Holder::of(nix::unistd::gettid().as_raw())
    }

    /// The thread of that number that lives now. Of a process, `pid` is its main thread.
    pub fn of(number: i32) -> Holder {
        let birth = birth_of(number).map_or(0, |ticks| (ticks % BIRTHS) as u32 + 1);
        Holder(birth << NUMBER_BITS | number as u32)
    }

    /// What stands in a lock word. None: nobody's.
    pub fn from_bits(bits: u32) -> Option<Holder> {
        let bits = bits & !(1 << 31);
        (bits != 0).then_some(Holder(bits))
    }

    /// For a lock word.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Its number: gettid(2), which is the pid for a process's main thread.
    pub fn number(self) -> i32 {
        (self.0 & ((1 << NUMBER_BITS) - 1)) as i32
    }

    /// Whether it has ended: gone, waiting to be reaped, or its number belongs to another by now. Reads a file of /proc.
    pub fn has_ended(self) -> bool {
        let birth = self.0 >> NUMBER_BITS;
        let now = birth_of(self.number()).map_or(0, |ticks| (ticks % BIRTHS) as u32 + 1);
        process::has_ended(self.number()) || (birth != 0 && now != 0 && birth != now)
    }
}

/// When the thread began, in ticks since the system did: field 22 of /proc/PID/stat, see proc(5).
fn birth_of(number: i32) -> Option<u64> {
    let stat = std::fs::read(format!("/proc/{number}/stat")).ok()?;
    // The second field is the program's name in parentheses, which may hold any byte; the state behind it is field 3.
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    std::str::from_utf8(&stat[end + 1..]).ok()?.split_ascii_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_thread_is_itself_until_it_ends() {
        let (tell, told) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            tell.send(Holder::this()).unwrap();
            ended.recv().unwrap_err();
        });
        let other = told.recv().unwrap();
        assert!(!other.has_ended());
        assert_ne!(other, Holder::this());
        assert_eq!(Holder::this(), Holder::this());
        drop(end);
        thread.join().unwrap();
        while !other.has_ended() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_number_that_went_to_another_is_seen() {
        let this = Holder::this();
        let birth = this.bits() >> NUMBER_BITS;
        let earlier = if birth == 1 { 2 } else { birth - 1 };
        let dead = Holder::from_bits(earlier << NUMBER_BITS | this.number() as u32).unwrap();
        assert!(dead.has_ended());
        assert!(!this.has_ended());
    }

    #[test]
    fn bits_come_back_without_the_top_one() {
        let this = Holder::this();
        assert_eq!(Holder::from_bits(this.bits() | 1 << 31), Some(this));
        assert_eq!(Holder::from_bits(0), None);
        assert_eq!(Holder::from_bits(1 << 31), None);
    }
}
