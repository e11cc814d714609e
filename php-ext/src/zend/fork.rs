//! A process that was forked inside a method: how PHP goes on in it, and how it ends without going back to the script.

use super::protect::{forget_bailout, globals, protected};
use ext_php_rs::ffi::{php_output_discard_all, zend_class_entry};
use std::ffi::{c_int, c_void};
use std::ptr;

/// EG_FLAGS_IN_SHUTDOWN of zend_globals.h: the script has ended, and what follows its end runs.
const IN_SHUTDOWN: u8 = 1;

// From main/php_output.h: the output is flushed after each print, and a handler of a buffer runs.
const PHP_OUTPUT_IMPLICITFLUSH: u32 = 0x01;
const PHP_OUTPUT_LOCKED: u32 = 0x20;

/// IS_OBJ_DESTRUCTOR_CALLED of zend_types.h
const DESTRUCTOR_CALLED: u32 = 1 << 8;

// From main/php_main.h, main/php_output.h, ext/standard/basic_functions.h, zend.h, zend_generators.h and zend_fibers.h.
unsafe extern "C" {
    static zend_ce_generator: *mut zend_class_entry;
    static zend_ce_fiber: *mut zend_class_entry;
    fn php_output_get_status() -> c_int;
    fn php_output_activate() -> c_int;
    fn php_output_deactivate();
    fn php_output_set_implicit_flush(flush: c_int);
    fn php_call_shutdown_functions();
    fn zend_call_destructors();
    fn php_request_shutdown(unused: *mut c_void);
    fn php_free_shutdown_functions();
}

/// The running process was forked just now and is to end by [`end_script`]: what its parent has not printed yet is not for it to print, its exit
/// code is 0, and shutdown functions that run at this moment do not run in it. The fiber that it was forked in, if it was in one, is its
/// main program. Whether there were such functions.
pub fn begin_fork() -> bool {
    // SAFETY: globals of this process; the closures own nothing. What frees the functions leaves none behind, and whoever called
    // them is on frames that are not returned to.
    unsafe {
        protected(&mut || discard_output());
        super::uploads::leave_uploads();
        (*globals()).exit_status = 0;
        // What would run if this fiber were suspended is the parent's.
        (*globals()).active_fiber = ptr::null_mut();
        abandon_suspended();
        let in_shutdown = (*globals()).flags & IN_SHUTDOWN != 0;
        if in_shutdown {
            protected(&mut || php_free_shutdown_functions());
        }
        in_shutdown
    }
}

/// Forgets what the parent has in its output buffers. Where the answer is printed by a web server's module, their handlers are told of it, as
/// headers go out with what is done else; but not a handler in which this process was forked: no handler may be told of anything then.
///
/// # Safety
/// Runs under protection: values that handlers hold go.
unsafe fn discard_output() {
    // SAFETY: the engine's output layer, taken down and set up as for each request.
    unsafe {
        let status = php_output_get_status() as u32;
        if super::is_command_line() || status & PHP_OUTPUT_LOCKED != 0 {
            php_output_deactivate();
            php_output_activate();
            php_output_set_implicit_flush((status & PHP_OUTPUT_IMPLICITFLUSH) as c_int);
        } else {
            php_output_discard_all();
        }
    }
}

/// Generators and fibers of the parent's script, those included that run at this moment, do not go on in this process: else their `finally` blocks
/// would run at its end, where those that run could not be resumed.
fn abandon_suspended() {
    // SAFETY: the engine's list of all objects: places below `top` hold live objects, or what has its lowest bit set, in a list of free places.
    unsafe {
        let store = &(*globals()).objects_store;
        for place in 1..store.top as usize {
            let object = *store.object_buckets.add(place);
            if object.addr() & 1 == 0 && [zend_ce_generator, zend_ce_fiber].contains(&(*object).ce) {
                (*object).gc.u.type_info |= DESTRUCTOR_CALLED;
            }
        }
    }
}

/// Ends this process as PHP ends one whose script is over, with the exit code that was set: shutdown functions, destructors, output. The frames below
/// this are left as they are, as after a fatal error.
pub fn end_script() -> ! {
    forget_bailout();
    // SAFETY: globals of this process. PHP expects to be called like this with frames of the script still there, of which it makes no more use, and catches
    // what ends in a fatal error; the exit code stays where it is.
    unsafe {
        if super::is_command_line() {
            php_request_shutdown(ptr::null_mut());
        } else {
            // The answer to the request is its parent's to give.
            protected(&mut || php_call_shutdown_functions());
            forget_bailout();
            protected(&mut || zend_call_destructors());
        }
        libc::_exit((*globals()).exit_status)
    }
}
