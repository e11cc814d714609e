//! PHP's list of files that were uploaded: `is_uploaded_file()` and `move_uploaded_file()` go by it. What is left on it when the script ends PHP deletes.

use super::value::write_text;
use ext_php_rs::ffi::{_zend_new_array, ext_php_rs_sapi_globals, zend_hash_str_del, zend_hash_str_update};
use ext_php_rs::types::Zval;
use std::mem::ManuallyDrop;

/// Puts a file on the list.
pub fn note_upload(path: &[u8]) {
    // SAFETY: globals of this process. PHP makes the list where it parses an upload itself, and frees it at the end of the script: an array whose elements are the
    // paths again. It takes over the new value.
    unsafe {
        let globals = ext_php_rs_sapi_globals();
        if (*globals).rfc1867_uploaded_files.is_null() {
            (*globals).rfc1867_uploaded_files = _zend_new_array(8);
        }
        let mut value = ManuallyDrop::new(Zval::new());
        write_text(&mut value, path);
        zend_hash_str_update((*globals).rfc1867_uploaded_files, path.as_ptr().cast(), path.len(), &raw mut *value);
    }
}

/// Takes a file off the list; false: it was not on it, since `move_uploaded_file()` has taken it.
pub fn forget_upload(path: &[u8]) -> bool {
    // SAFETY: globals of this process; the list is null or live.
    unsafe {
        let list = (*ext_php_rs_sapi_globals()).rfc1867_uploaded_files;
        !list.is_null() && zend_hash_str_del(list, path.as_ptr().cast(), path.len()) == 0
    }
}

/// The files on the list are those of the process that this one was forked from, which deletes them itself.
pub(super) fn leave_uploads() {
    // SAFETY: globals of this process. The list is left to PHP's end, which frees all of a script's memory.
    unsafe { (*ext_php_rs_sapi_globals()).rfc1867_uploaded_files = std::ptr::null_mut() };
}
