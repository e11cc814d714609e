//! Callbacks of the program's.

use std::cell::Cell;
use std::ffi::c_void;

use swoole_core::error::Error;

use super::args::invalid;

/// One callback with its userdata. `F` is one of the nullable function types of the header.
pub(crate) struct Slot<F>(Cell<(F, *mut c_void)>);

impl<F> Default for Slot<Option<F>> {
    fn default() -> Self {
        Slot(Cell::new((None, std::ptr::null_mut())))
    }
}

impl<F: Copy> Slot<Option<F>> {
    pub(crate) fn set(&self, function: Option<F>, userdata: *mut c_void) {
        self.0.set((function, userdata));
    }

    pub(crate) fn get(&self) -> Option<(F, *mut c_void)> {
        let (function, userdata) = self.0.get();
        function.map(|function| (function, userdata))
    }

    pub(crate) fn is_set(&self) -> bool {
        self.get().is_some()
    }
}

/// What is said of a callback that must be there.
pub(crate) fn no_callback() -> Error {
    invalid("the callback is NULL; pass a function")
}
