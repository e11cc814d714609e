//! Running something that may end in a longjmp (a PHP "bailout"), and remembering that it did.

use ext_php_rs::ffi::{
    ext_php_rs_executor_globals, ext_php_rs_zend_bailout, ext_php_rs_zend_try_catch, zend_executor_globals,
};
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Set while a bailout is on its way from the place where it was caught to the outermost handler.
/// Until it has been raised again no PHP code may run. (One PHP thread per process: not contended.)
static BAILOUT: AtomicBool = AtomicBool::new(false);

/// Set when a destructor that ran for nobody has called exit, until the running method has returned.
static EXIT: AtomicBool = AtomicBool::new(false);

/// The script ends where the running method returns.
pub(super) fn exit_later() {
    EXIT.store(true, Relaxed);
}

/// Whether it does; it is not told again.
#[inline]
pub(super) fn take_exit() -> bool {
    let wanted = EXIT.load(Relaxed);
    if wanted {
        EXIT.store(false, Relaxed);
    }
    wanted
}

/// Whether a bailout is on its way out.
#[inline]
pub fn bailing_out() -> bool {
    BAILOUT.load(Relaxed)
}

/// The process goes on to its end by itself: no bailout is on its way any more, nor an exit.
pub(super) fn forget_bailout() {
    BAILOUT.store(false, Relaxed);
    EXIT.store(false, Relaxed);
}

/// Runs `work` so that a bailout inside it ends here. Returns false if there was one, or if one is
/// already on its way (then `work` is not run).
///
/// # Safety
/// `work` must own nothing with a destructor at any point where PHP may bail out: its frame is
/// skipped without unwinding.
pub unsafe fn protected<F: FnMut()>(work: &mut F) -> bool {
    unsafe extern "C" fn enter<F: FnMut()>(work: *const c_void) -> *const c_void {
        // SAFETY: `work` is the `&mut F` given to `ext_php_rs_zend_try_catch` below, which outlives this call.
        unsafe { (*work.cast_mut().cast::<F>())() };
        work
    }
    if bailing_out() {
        return false;
    }
    let mut done = std::ptr::null_mut();
    // SAFETY: `enter::<F>` gets the pointer to `work` it expects; the frames that a longjmp skips are
    // `enter` and `work`, which own nothing (the caller's promise).
    let bailed = unsafe { ext_php_rs_zend_try_catch(enter::<F>, (&raw mut *work).cast(), &raw mut done) };
    if bailed {
        BAILOUT.store(true, Relaxed);
    }
    !bailed
}

/// Raises a remembered bailout again.
///
/// # Safety
/// The caller's frame, and every Rust frame between it and the PHP code that called it, must own
/// nothing.
pub unsafe fn resume_bailout() {
    // Looked at first: a swap costs as much as a small handler.
    if bailing_out() {
        BAILOUT.store(false, Relaxed);
        // SAFETY: PHP's own handler for it is further out; no frame in between needs unwinding (the caller's promise).
        unsafe { ext_php_rs_zend_bailout() }
    }
}

/// Runs `work` as if a bailout were on its way: no PHP code runs in it, and values that it lets go of are left to PHP, which frees all of a
/// script's memory at its end.
pub fn leaving_php_alone<T>(work: impl FnOnce() -> T) -> T {
    let before = BAILOUT.swap(true, Relaxed);
    let done = work();
    BAILOUT.store(before, Relaxed);
    done
}

/// The engine's globals of this process.
pub fn globals() -> *mut zend_executor_globals {
    // SAFETY: no preconditions; the globals live as long as the process.
    unsafe { ext_php_rs_executor_globals() }
}
