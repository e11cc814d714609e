//! The PHP process: its SAPI, its INI values, its output, its end.

use super::call::Thrown;
use super::protect::{bailing_out, globals, protected};
use super::report::thrown_or_ok;
use ext_php_rs::ffi::zend_string;
use ext_php_rs::ffi::{
    E_COMPILE_ERROR, E_CORE_ERROR, E_ERROR, E_PARSE, E_RECOVERABLE_ERROR, E_USER_ERROR, ext_php_rs_compiler_globals,
    ext_php_rs_process_globals, ext_php_rs_sapi_module, php_output_end_all, zend_ini_long, zend_ini_string_ex,
    zend_throw_unwind_exit,
};
use ext_php_rs::types::ZendStr;
use ext_php_rs::zend::SapiGlobals;
use std::ffi::{CStr, CString, c_char, c_int};
use std::os::unix::fs::MetadataExt;
use std::ptr;

/// Name of the server API PHP runs under: `cli`.
pub fn sapi_name() -> String {
    // SAFETY: the running SAPI module lives as long as the process; its name is a C string.
    unsafe { CStr::from_ptr((*ext_php_rs_sapi_module()).name) }.to_string_lossy().into_owned()
}

/// Whether PHP runs a script from a command line, and not the requests of a web server.
pub fn is_command_line() -> bool {
    matches!(sapi_name().as_str(), "cli" | "phpdbg" | "embed")
}

/// Whether the script has ended by a fatal error or an exception that nothing has caught.
pub fn has_died() -> bool {
    const FATAL: u32 = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;
    // SAFETY: globals of this process.
    is_unclean() || unsafe { (*ext_php_rs_process_globals()).last_error_type as u32 & FATAL != 0 }
}

/// Whether a fatal error has left values of the script in the middle of a change.
pub(super) fn is_unclean() -> bool {
    // SAFETY: globals of this process.
    unsafe { (*ext_php_rs_compiler_globals()).unclean_shutdown }
}

/// Path of the script that PHP was given to run; None if it runs no file, or its name is not UTF-8.
fn script_path() -> Option<String> {
    SapiGlobals::get().request_info().path_translated().map(str::to_owned)
}

/// The key of a message queue that ftok(3) gives for the running script and `project`; None if it is no file.
pub fn script_key(project: u8) -> Option<u32> {
    let file = std::fs::metadata(script_path()?).ok()?;
    Some(u32::from(project) << 24 | (file.dev() as u32 & 0xff) << 16 | file.ino() as u32 & 0xffff)
}

/// Value of an INI directive that is a number.
pub fn ini_int(name: &str) -> i64 {
    let name = CString::new(name).unwrap_or_default();
    // SAFETY: a C string with its length; unknown names give 0.
    unsafe { zend_ini_long(name.as_ptr(), name.as_bytes().len(), 0) }
}

// From zend_ini.h.
unsafe extern "C" {
    fn zend_alter_ini_entry_chars(
        name: *mut zend_string,
        value: *const c_char,
        length: usize,
        kind: c_int,
        stage: c_int,
    ) -> c_int;
}

/// Sets an INI directive for the rest of the script, as `ini_set()` does.
pub fn set_ini(name: &str, value: &str) {
    const ZEND_INI_USER: c_int = 1;
    const ZEND_INI_STAGE_RUNTIME: c_int = 1 << 4;
    let mut name = ZendStr::new(name, false);
    // SAFETY: a live string and bytes with their length, both copied; an unknown name is refused.
    unsafe {
        zend_alter_ini_entry_chars(
            &raw mut *name,
            value.as_ptr().cast(),
            value.len(),
            ZEND_INI_USER,
            ZEND_INI_STAGE_RUNTIME,
        );
    }
}

/// Value of an INI directive that is on or off.
pub fn ini_bool(name: &str) -> bool {
    let name = CString::new(name).unwrap_or_default();
    // SAFETY: a C string with its length; the answer is null or the directive's own C string.
    let value = unsafe { zend_ini_string_ex(name.as_ptr(), name.as_bytes().len(), 0, ptr::null_mut()) };
    if value.is_null() {
        return false;
    }
    // SAFETY: not null, see above.
    let value = unsafe { CStr::from_ptr(value) }.to_string_lossy().to_ascii_lowercase();
    matches!(value.as_str(), "on" | "yes" | "true") || value.parse::<i64>().is_ok_and(|n| n != 0)
}

/// Sets the C library's error number to 0.
pub fn clear_errno() {
    // SAFETY: points to this thread's errno.
    unsafe { *libc::__errno_location() = 0 };
}

/// Writes out and ends all output buffers, so that a forked process does not print them once more.
/// `Err` if an output handler of the script threw or died: return to PHP then.
pub fn flush_output() -> Result<(), Thrown> {
    // SAFETY: the closure owns nothing.
    unsafe { protected(&mut || php_output_end_all()) };
    thrown_or_ok()
}

/// Ends this process the way `exit(code)` does, as soon as the running method returns: shutdown
/// functions and destructors run, output is written, and no further line of the script. After a
/// fatal error it is that error that ends the process, when the method returns, with PHP's code 255.
pub fn leave_process(code: i32) {
    if bailing_out() {
        return;
    }
    // SAFETY: globals of this process, on the thread that runs PHP; called from a method, whose
    // return the engine follows with a look at the exception.
    unsafe {
        (*globals()).exit_status = code;
        if (*globals()).exception.is_null() {
            zend_throw_unwind_exit();
        }
    }
}

/// Goes on with an `exit` that could not end the script where it was called, and which has set the exit code.
#[cold]
pub(super) fn resume_exit() {
    if !bailing_out() {
        // What a method has thrown meanwhile ends with the script.
        super::report::drop_exception();
        // SAFETY: globals of this process; no exception is pending. The engine looks at it when the method has returned.
        unsafe { zend_throw_unwind_exit() };
    }
}

/// Gives this process the exit code with which it ends.
pub fn set_exit_code(code: i32) {
    // SAFETY: globals of this process.
    unsafe { (*globals()).exit_status = code };
}

/// The resolver's text for one of its `EAI_*` numbers.
pub fn gai_error_text(code: i64) -> String {
    // SAFETY: any number is allowed; the answer is a static C string.
    unsafe { CStr::from_ptr(libc::gai_strerror(i32::try_from(code).unwrap_or(0))) }.to_string_lossy().into_owned()
}

/// Ends this process at once: nothing more of PHP and nothing of Rust runs.
pub fn end_process(code: i32) -> ! {
    // SAFETY: no preconditions.
    unsafe { libc::_exit(code) }
}
