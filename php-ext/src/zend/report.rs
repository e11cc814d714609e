//! Warnings, errors and exceptions.

use super::call::Thrown;
use super::class::ClassSlot;
use super::protect::{bailing_out, exit_later, globals, protected};
use ext_php_rs::ffi::{
    E_ERROR, E_WARNING, IS_UNDEF, ext_php_rs_zend_object_release, php_error_docref, zend_exception_error,
    zend_is_unwind_exit, zend_object, zend_throw_error, zend_throw_exception,
};
use std::ffi::CString;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

// From zend.h and zend_exceptions.h. The latter takes anything that can be on its way, also what ends a fiber that nobody resumes.
unsafe extern "C" {
    fn zend_user_exception_handler();
    fn zend_throw_exception_internal(exception: *mut zend_object);
}

/// Text for C: a NUL inside would cut it short.
fn c_text(message: &str) -> CString {
    CString::new(message.replace('\0', "\\0")).unwrap_or_default()
}

/// Raises an E_WARNING that begins with the name of the running method, unless the INI directive
/// `swoole.display_errors` is off. `Err` if a handler set by the script turned it into an exception
/// or died: return to PHP then.
pub fn warning(message: &str) -> Result<(), Thrown> {
    if !super::ini_bool("swoole.display_errors") {
        return Ok(());
    }
    let message = c_text(message);
    let text = message.as_ptr();
    // SAFETY: a format with one string argument; the closure captures a pointer and owns nothing.
    unsafe { protected(&mut || php_error_docref(ptr::null(), E_WARNING as i32, c"%s".as_ptr(), text)) };
    thrown_or_ok()
}

/// `Err` if PHP code that ran just now has thrown or died.
pub fn thrown_or_ok() -> Result<(), Thrown> {
    // SAFETY: globals of this process.
    if bailing_out() || unsafe { !(*globals()).exception.is_null() } { Err(Thrown) } else { Ok(()) }
}

/// Throws PHP's `Error`.
pub fn throw_error(message: &str) {
    let message = c_text(message);
    // SAFETY: a format with one string argument; null means the class `Error`.
    unsafe { zend_throw_error(ptr::null_mut(), c"%s".as_ptr(), message.as_ptr()) };
}

/// Throws an exception of `class` with a message and a code.
pub fn throw(class: &ClassSlot, message: &str, code: i64) {
    let message = c_text(message);
    // SAFETY: a registered class that extends Exception, and text that outlives the call.
    unsafe { zend_throw_exception(class.raw(), message.as_ptr(), code) };
}

/// Takes the pending exception out of the engine; null if there is none.
fn take_exception() -> *mut zend_object {
    // SAFETY: globals of this process, on the thread that runs PHP.
    unsafe {
        let previous = std::mem::replace(&mut (*globals()).prev_exception, ptr::null_mut());
        if !previous.is_null() {
            release(previous);
        }
        std::mem::replace(&mut (*globals()).exception, ptr::null_mut())
    }
}

/// Drops one reference of an exception; its destructor may run PHP code.
///
/// # Safety
/// `object` is live and the reference belongs to the caller.
unsafe fn release(object: *mut zend_object) {
    // SAFETY: the caller's promise; the closure owns nothing.
    unsafe { protected(&mut || ext_php_rs_zend_object_release(object)) };
}

/// An exception that was on its way and was taken from it.
pub struct Exception(NonNull<zend_object>);

impl Exception {
    /// The pending one: PHP knows of none any more.
    pub fn take() -> Option<Exception> {
        NonNull::new(take_exception()).map(Exception)
    }

    fn into_raw(self) -> *mut zend_object {
        ManuallyDrop::new(self).0.as_ptr()
    }

    /// Sends it on its way again, as it was.
    pub fn throw(self) {
        // SAFETY: the reference goes over to the engine.
        unsafe { zend_throw_exception_internal(self.into_raw()) };
    }

    /// Ends the script with it, as PHP does with one that nothing has caught: the script's exception handler is called if there is one, else
    /// it is reported as a fatal error.
    pub fn end_script(self) {
        let exception = self.into_raw();
        let globals = globals();
        // SAFETY: globals of this process, in which no exception is pending. The reference goes to the engine: the handler's
        // caller releases it, or `zend_exception_error` does. The closures own nothing.
        unsafe {
            (*globals).exception = exception;
            if u32::from((*globals).user_exception_handler.u1.v.type_) != IS_UNDEF {
                // As PHP calls it, below no function: what the handler itself throws is reported then.
                let frame = std::mem::replace(&mut (*globals).current_execute_data, ptr::null_mut());
                protected(&mut || zend_user_exception_handler());
                (*globals).current_execute_data = frame;
            }
            let left = take_exception();
            if !left.is_null() {
                protected(&mut || {
                    zend_exception_error(left, E_ERROR as i32);
                });
            }
        }
        drop_exception();
    }
}

impl Drop for Exception {
    fn drop(&mut self) {
        // SAFETY: the reference is ours and is given up here.
        unsafe { release(self.0.as_ptr()) };
    }
}

/// Forgets the pending exception.
pub(super) fn drop_exception() {
    let exception = take_exception();
    if !exception.is_null() {
        // SAFETY: the engine's reference was taken out just now.
        unsafe { release(exception) };
    }
}

/// Reports the pending exception as PHP reports an uncaught one, with file, line and trace, but as a
/// warning: the process goes on, unless this answers false: reporting it ended in a fatal error.
#[must_use]
pub fn report_exception() -> bool {
    let exception = take_exception();
    if exception.is_null() {
        return true;
    }
    // The handler would be told of an exception as if it were a warning, and many turn warnings into exceptions.
    without_error_handler(|| {
        // SAFETY: The exception's reference goes to `zend_exception_error`, which releases it; the closure owns nothing.
        unsafe {
            protected(&mut || {
                zend_exception_error(exception, E_WARNING as i32);
            });
        }
    });
    // An exception thrown by a destructor on the way has nowhere to go.
    drop_exception();
    !bailing_out()
}

/// Runs `work`, in which no PHP code runs but by [`protected`]. What is warned of in it PHP reports by itself: the script's error handler is left out.
pub(super) fn without_error_handler(work: impl FnOnce()) {
    let globals = globals();
    // SAFETY: globals of this process; no longjmp leaves `work`.
    unsafe {
        let reporting = std::mem::replace(&mut (*globals).user_error_handler_error_reporting, 0);
        work();
        (*globals).user_error_handler_error_reporting = reporting;
    }
}

/// Deals with what a destructor has thrown that ran for nobody: an exception is reported, an `exit` ends the script
/// when the running method returns.
pub(super) fn settle_exception() {
    // SAFETY: globals of this process; `exception` is null or a live object.
    unsafe {
        let exception = (*globals()).exception;
        if !bailing_out() && !exception.is_null() {
            if zend_is_unwind_exit(exception) {
                drop_exception();
                exit_later();
            } else {
                // A fatal error on the way is remembered, and raised again when the process leaves its method.
                let _ = report_exception();
            }
        }
    }
}
