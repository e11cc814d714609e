//! A function of another extension, of which this one wants to be told.

use super::protect::globals;
use super::report::{thrown_or_ok, warning};
use ext_php_rs::ffi::{zend_execute_data, zend_function, zend_hash_str_find, zif_handler, zval};
use ext_php_rs::types::Zval;
use std::ffi::CStr;
use std::sync::OnceLock;

type Handler = unsafe extern "C" fn(*mut zend_execute_data, *mut zval);

/// What `pcntl_signal()` really does.
static PCNTL_SIGNAL: OnceLock<Handler> = OnceLock::new();

const NAME: &CStr = c"pcntl_signal";

/// Called after every `pcntl_signal()` that has succeeded, with the signal's number. What it answers becomes a warning.
static FOLLOW: OnceLock<fn(i64) -> Option<String>> = OnceLock::new();

/// From now on `follow` is called after every `pcntl_signal()` that has succeeded, with the signal's number; what it complains of becomes a
/// warning. Whether that extension is loaded. For the beginning of a script, when all extensions are there.
pub fn follow_pcntl(follow: fn(i64) -> Option<String>) -> bool {
    if FOLLOW.set(follow).is_err() {
        return PCNTL_SIGNAL.get().is_some();
    }
    // SAFETY: globals of this process; the table of functions holds pointers to functions. That of an extension lives and may be changed as
    // long as no script runs.
    unsafe {
        let found = zend_hash_str_find((*globals()).function_table, NAME.as_ptr(), NAME.count_bytes());
        let Some(function) = found.as_ref().map(|found| found.value.func) else { return false };
        let handler: &mut zif_handler = &mut (*function.cast::<zend_function>()).internal_function.handler;
        // Disabled by the INI directive disable_functions, it is another function, which does nothing.
        match handler.replace(pcntl_signal) {
            Some(real) => PCNTL_SIGNAL.set(real).is_ok(),
            None => false,
        }
    }
}

unsafe extern "C" fn pcntl_signal(frame: *mut zend_execute_data, out: *mut zval) {
    let Some(real) = PCNTL_SIGNAL.get() else { return };
    // SAFETY: called by the engine, with what that function is to be called with; no frame here owns anything that a longjmp would skip.
    unsafe {
        real(frame, out);
        if thrown_or_ok().is_err() || !(*out).is_true() {
            return;
        }
        // It has taken the first argument for a number, which may be one in a string.
        const HEADER: usize = size_of::<zend_execute_data>().div_ceil(size_of::<zval>());
        let signo = (*frame.cast::<Zval>().add(HEADER)).dereference().coerce_to_long();
        if let (Some(signo), Some(follow)) = (signo, FOLLOW.get())
            && let Some(why) = follow(signo)
        {
            // An exception that a handler makes of it is seen when this returns.
            let _ = warning(&why);
        }
    }
}
