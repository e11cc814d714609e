//! Whose a handle is that a callback was given: the library's, which frees it when the callback returns, unless the
//! program keeps it.

use std::cell::Cell;

use swoole_core::error::Result;

use crate::support::args::invalid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// the callback that it was given to is on the stack
    Lent,
    /// the same, and the program keeps it
    Kept,
    /// the same, and the program has freed it
    Freed,
    /// the program's
    Own,
}

/// What has become of one that a callback was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returned {
    /// it is the library's again
    Back,
    /// it is the program's
    Kept,
    /// it is to be freed
    Freed,
}

/// Stands in the handle.
pub(super) struct Stay(Cell<Stage>);

impl Stay {
    /// Of one that a callback is given.
    pub(super) fn lent() -> Stay {
        Stay(Cell::new(Stage::Lent))
    }

    /// Of one that the program has made.
    pub(super) fn own() -> Stay {
        Stay(Cell::new(Stage::Own))
    }

    /// The program keeps it.
    pub(super) fn keep(&self) -> Result<()> {
        match self.0.get() {
            Stage::Lent => self.0.set(Stage::Kept),
            Stage::Kept | Stage::Own => {}
            Stage::Freed => return Err(invalid("this handle was freed in this callback")),
        }
        Ok(())
    }

    /// The program frees it. Whether that is to be done now: inside the callback it waits until that returns.
    pub(super) fn free(&self) -> bool {
        let own = self.0.get() == Stage::Own;
        if !own {
            self.0.set(Stage::Freed);
        }
        own
    }

    /// The callback has returned.
    pub(super) fn returned(&self) -> Returned {
        match self.0.get() {
            Stage::Kept | Stage::Own => {
                self.0.set(Stage::Own);
                Returned::Kept
            }
            Stage::Lent => Returned::Back,
            Stage::Freed => Returned::Freed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_goes_when_the_callback_returns() {
        assert_eq!(Stay::lent().returned(), Returned::Back);
    }

    #[test]
    fn what_is_kept_is_freed_by_the_program() {
        let stay = Stay::lent();
        stay.keep().unwrap();
        stay.keep().unwrap();
        assert_eq!(stay.returned(), Returned::Kept);
        assert!(stay.free());
    }

    #[test]
    fn inside_the_callback_freeing_waits() {
        let stay = Stay::lent();
        stay.keep().unwrap();
        assert!(!stay.free());
        assert!(stay.keep().is_err());
        assert_eq!(stay.returned(), Returned::Freed);
    }
}
