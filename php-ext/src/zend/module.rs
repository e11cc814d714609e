//! The module entry: how PHP gets at the extension.

use super::class::{Method, raw_table};
use super::protect;
use super::runtime::is_unclean;
use crate::LIFECYCLE;
use ext_php_rs::ffi::{
    CONST_PERSISTENT, USING_ZTS, ZEND_DEBUG, ZEND_MODULE_API_NO, display_ini_entries, ext_php_rs_php_build_id,
    php_info_print_table_end, php_info_print_table_row, php_info_print_table_start, zend_ini_boolean_displayer_cb,
    zend_ini_entry_def, zend_module_entry, zend_register_bool_constant, zend_register_double_constant,
    zend_register_ini_entries, zend_register_long_constant, zend_register_string_constant, zend_unregister_ini_entries,
};
use ext_php_rs::flags::IniEntryPermission;
use std::cell::UnsafeCell;
use std::ffi::{CStr, CString, c_int};
use std::mem::MaybeUninit;

/// What the module is and does when it is loaded; `lib.rs` has the one value.
pub struct Lifecycle {
    /// module name
    pub name: &'static CStr,
    /// module version
    pub version: &'static CStr,
    /// functions, ending with `end()`
    pub functions: &'static [Method],
    /// INI directives, ending with [`IniEntry::end`]
    pub ini: &'static [IniEntry],
    /// runs when the module is loaded: registers constants and classes
    pub startup: fn(&Module),
    /// runs when a script begins
    pub request_begin: fn(),
    /// runs when a script has ended, its shutdown functions and destructors have run, and PHP values still live
    pub request_end: fn(),
    /// rows of `php --ri`: name and value
    pub info: fn() -> Vec<(&'static str, String)>,
}

/// An INI directive.
#[repr(transparent)]
pub struct IniEntry(zend_ini_entry_def);

// SAFETY: points to static text only and is never changed.
unsafe impl Sync for IniEntry {}

impl IniEntry {
    /// A number that a script can set too.
    pub const fn number(name: &'static CStr, default: &'static CStr) -> Self {
        IniEntry(zend_ini_entry_def::new(name, default, IniEntryPermission::All))
    }

    /// On or off; a script can set it too.
    pub const fn flag(name: &'static CStr, default: &'static CStr) -> Self {
        let mut entry = zend_ini_entry_def::new(name, default, IniEntryPermission::All);
        entry.displayer = Some(zend_ini_boolean_displayer_cb);
        IniEntry(entry)
    }

    /// On or off; can be set in php.ini and on the command line only.
    pub const fn startup_flag(name: &'static CStr, default: &'static CStr) -> Self {
        let mut entry = zend_ini_entry_def::new(name, default, IniEntryPermission::System);
        entry.displayer = Some(zend_ini_boolean_displayer_cb);
        IniEntry(entry)
    }

    /// A number that can be set in php.ini and on the command line only.
    pub const fn startup_number(name: &'static CStr, default: &'static CStr) -> Self {
        IniEntry(zend_ini_entry_def::new(name, default, IniEntryPermission::System))
    }

    /// The end of the list.
    pub const fn end() -> Self {
        IniEntry(zend_ini_entry_def::end())
    }
}

/// The module while it starts.
pub struct Module {
    number: c_int,
}

impl Module {
    /// Registers an int constant.
    pub fn int(&self, name: &str, value: i64) {
        // SAFETY: module start; the engine copies the name.
        unsafe {
            zend_register_long_constant(name.as_ptr().cast(), name.len(), value, CONST_PERSISTENT as c_int, self.number)
        };
    }

    /// Registers a float constant.
    pub fn float(&self, name: &str, value: f64) {
        // SAFETY: module start; the engine copies the name.
        unsafe {
            zend_register_double_constant(
                name.as_ptr().cast(),
                name.len(),
                value,
                CONST_PERSISTENT as c_int,
                self.number,
            )
        };
    }

    /// Registers a bool constant.
    pub fn bool(&self, name: &str, value: bool) {
        // SAFETY: module start; the engine copies the name.
        unsafe {
            zend_register_bool_constant(name.as_ptr().cast(), name.len(), value, CONST_PERSISTENT as c_int, self.number)
        };
    }

    /// Registers a string constant.
    pub fn text(&self, name: &str, value: &str) {
        let value = CString::new(value).unwrap_or_default();
        // SAFETY: module start; the engine copies the name and, as the constant is persistent, the value.
        unsafe {
            zend_register_string_constant(
                name.as_ptr().cast(),
                name.len(),
                value.as_ptr(),
                CONST_PERSISTENT as c_int,
                self.number,
            )
        };
    }
}

struct Entry(UnsafeCell<MaybeUninit<zend_module_entry>>);
// SAFETY: PHP asks for the module once, before it has threads, and owns the entry from then on.
unsafe impl Sync for Entry {}
static ENTRY: Entry = Entry(UnsafeCell::new(MaybeUninit::zeroed()));

/// Called by PHP when it loads the library.
// SAFETY: the one symbol of this name in the library, as PHP wants it.
#[unsafe(no_mangle)]
pub extern "C" fn get_module() -> *mut zend_module_entry {
    let entry = ENTRY.0.get().cast::<zend_module_entry>();
    // SAFETY: zeroed memory of the right size; all text and tables are static.
    unsafe {
        (*entry).size = size_of::<zend_module_entry>() as u16;
        (*entry).zend_api = ZEND_MODULE_API_NO;
        (*entry).zend_debug = ZEND_DEBUG as u8;
        (*entry).zts = USING_ZTS as u8;
        (*entry).name = LIFECYCLE.name.as_ptr();
        (*entry).version = LIFECYCLE.version.as_ptr();
        (*entry).functions = raw_table(LIFECYCLE.functions);
        (*entry).module_startup_func = Some(startup);
        (*entry).module_shutdown_func = Some(shutdown);
        (*entry).request_startup_func = Some(request_startup);
        (*entry).request_shutdown_func = Some(request_shutdown);
        (*entry).info_func = Some(info);
        (*entry).build_id = ext_php_rs_php_build_id();
    }
    entry
}

unsafe extern "C" fn startup(_: c_int, number: c_int) -> c_int {
    // SAFETY: a static, terminated table (IniEntry is a transparent wrapper).
    unsafe { zend_register_ini_entries(LIFECYCLE.ini.as_ptr().cast::<zend_ini_entry_def>(), number) };
    match std::panic::catch_unwind(|| (LIFECYCLE.startup)(&Module { number })) {
        Ok(()) => 0,
        Err(_) => -1,
    }
}

unsafe extern "C" fn shutdown(_: c_int, number: c_int) -> c_int {
    // SAFETY: undoes what `startup` did.
    unsafe { zend_unregister_ini_entries(number) };
    0
}

unsafe extern "C" fn request_startup(_: c_int, _: c_int) -> c_int {
    match std::panic::catch_unwind(LIFECYCLE.request_begin) {
        Ok(()) => 0,
        Err(_) => -1,
    }
}

unsafe extern "C" fn request_shutdown(_: c_int, _: c_int) -> c_int {
    let end = || {
        (LIFECYCLE.request_end)();
        super::kept::forget_outlived();
    };
    let ended = || match std::panic::catch_unwind(end) {
        Ok(()) => 0,
        Err(_) => -1,
    };
    let code = if is_unclean() { protect::leaving_php_alone(ended) } else { ended() };
    // What has run just now ends nothing any more.
    let _ = protect::take_exit();
    code
}

unsafe extern "C" fn info(module: *mut zend_module_entry) {
    // SAFETY: called by PHP while it prints; rows are pairs of C strings that outlive the call.
    unsafe {
        php_info_print_table_start();
        for (name, value) in (LIFECYCLE.info)() {
            let (name, value) = (CString::new(name).unwrap_or_default(), CString::new(value).unwrap_or_default());
            php_info_print_table_row(2, name.as_ptr(), value.as_ptr());
        }
        php_info_print_table_end();
        display_ini_entries(module);
    }
}
