//! The way out: results become numbers, and no panic gets past.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use swoole_core::error::Result;

use crate::error::{self, swoole_result};

/// Runs the body of an exported function that answers with a result code. An error is remembered
/// for `swoole_last_error`; a panic becomes `SWOOLE_ERROR_INTERNAL`.
pub(crate) fn result(body: impl FnOnce() -> Result<()>) -> swoole_result {
    match guarded(body) {
        Ok(()) => swoole_result::SWOOLE_OK,
        Err(code) => code,
    }
}

/// Runs the body of an exported function that answers with a value; `otherwise` on an error.
pub(crate) fn value<T>(otherwise: T, body: impl FnOnce() -> Result<T>) -> T {
    guarded(body).unwrap_or(otherwise)
}

/// Runs `body`; what goes wrong is remembered and its code is given back.
pub(crate) fn guarded<T>(body: impl FnOnce() -> Result<T>) -> std::result::Result<T, swoole_result> {
    // Unwind safety: what a panic leaves half done is the engine's state, and the code for it
    // (SWOOLE_ERROR_INTERNAL) tells the program to give the server up.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error::remember(&error)),
        Err(panic) => Err(error::remember_panic(panic_text(&*panic))),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "no message",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_result() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| ()));
        let code = result(|| panic!("number {}", 7));
        let number = value(-1, || panic!("eight"));
        std::panic::set_hook(hook);
        assert_eq!((code, number), (swoole_result::SWOOLE_ERROR_INTERNAL, -1));
    }
}
