//! PHP's own serializer.

use super::call::Thrown;
use super::kept::let_go;
use super::php_made::catch_up;
use super::protect::protected;
use super::report::thrown_or_ok;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{ext_php_rs_zend_string_release, zend_string, zval};
use ext_php_rs::types::{ZendStr, Zval};
use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr;

/// A string that is being built: `smart_str` of zend_smart_str_public.h.
#[repr(C)]
struct SmartStr {
    string: *mut zend_string,
    capacity: usize,
}

// From ext/standard/php_var.h, which is always built in.
unsafe extern "C" {
    fn php_var_serialize_init() -> *mut c_void;
    fn php_var_serialize_destroy(data: *mut c_void);
    fn php_var_serialize(buffer: *mut SmartStr, value: *mut zval, data: *mut *mut c_void);
    fn php_unserialize_with_options(
        value: *mut zval,
        bytes: *const c_char,
        length: usize,
        options: *mut c_void,
        function: *const c_char,
    );
}

/// `value` as serialize() writes it. Err: `__serialize()`, `__sleep()` or PHP has thrown, or died.
pub fn serialize(value: &Zval) -> Result<ZBox<ZendStr>, Thrown> {
    let mut buffer = SmartStr { string: ptr::null_mut(), capacity: 0 };
    let value = ptr::from_ref(value).cast_mut();
    // SAFETY: the serializer only reads the value, which lives for this call; the closure owns nothing: what is left
    // after a fatal error is PHP's to clean.
    let returned = unsafe {
        protected(&mut || {
            let mut data = php_var_serialize_init();
            php_var_serialize(&raw mut buffer, value, &raw mut data);
            php_var_serialize_destroy(data);
        })
    };
    let thrown = thrown_or_ok();
    if returned && thrown.is_ok() && !buffer.string.is_null() {
        // SAFETY: the serializer has made the string, and it is ours.
        return Ok(unsafe { ZBox::from_raw(buffer.string) });
    }
    if returned && !buffer.string.is_null() {
        // SAFETY: as above; a half-written string has no other owner.
        unsafe { ext_php_rs_zend_string_release(buffer.string) };
    }
    Err(Thrown)
}

/// The value that `bytes` are. None: they are none; PHP has told where in a notice. Err: `__unserialize()`,
/// `__wakeup()` or an autoloader has thrown, or died.
pub fn unserialize(bytes: &[u8]) -> Result<Option<Zval>, Thrown> {
    let mut value = MaybeUninit::<Zval>::new(Zval::new());
    let out = value.as_mut_ptr();
    // SAFETY: the bytes live for this call, `out` holds a null that is overwritten; the closure owns nothing.
    let returned = unsafe {
        protected(&mut || {
            php_unserialize_with_options(
                out,
                bytes.as_ptr().cast(),
                bytes.len(),
                ptr::null_mut(),
                c"unserialize".as_ptr(),
            );
        })
    };
    if !returned {
        return Err(Thrown);
    }
    // SAFETY: null, or what was written.
    let value = unsafe { value.assume_init() };
    if let Err(thrown) = thrown_or_ok() {
        let_go(value);
        return Err(thrown);
    }
    // `false` is the answer to what cannot be read, and to what does not fit into memory_limit.
    if value.is_false() && bytes != b"b:0;" {
        return catch_up().map(|()| None);
    }
    Ok(Some(value))
}
