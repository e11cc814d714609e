//! Making PHP values.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{
    _emalloc, IS_FALSE, IS_INTERNED_STRING_EX, IS_LONG, IS_STRING, IS_STRING_EX, IS_TRUE, zend_string,
};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use std::ptr;

// From zend_string.h.
unsafe extern "C" {
    static zend_empty_string: *mut zend_string;
    static zend_one_char_string: [*mut zend_string; 256];
}

/// IS_STR_INTERNED of zend_types.h: nobody counts the references.
const INTERNED: u32 = 1 << 6;

/// Makes an int of what is null.
#[inline]
pub(super) fn write_int(out: &mut Zval, n: i64) {
    out.value.lval = n;
    out.u1.type_info = IS_LONG;
}

/// Makes a bool of what is null.
#[inline]
pub(super) fn write_bool(out: &mut Zval, b: bool) {
    out.u1.type_info = if b { IS_TRUE } else { IS_FALSE };
}

/// Makes a string of what is null.
#[inline]
pub(super) fn write_text(out: &mut Zval, bytes: &[u8]) {
    const HEADER: usize = std::mem::offset_of!(zend_string, val);
    /// GC_NOT_COLLECTABLE of zend_types.h: a string refers to nothing.
    const NOT_COLLECTABLE: u32 = 1 << 4;
    // SAFETY: the engine has made the shortest strings before any module starts. Else: fresh memory with room for the header, the bytes and
    // the NUL behind them, in sizes as the engine asks for; its one reference goes to the value.
    unsafe {
        if let [] | [_] = bytes {
            out.value.str_ = bytes.first().map_or(zend_empty_string, |byte| zend_one_char_string[usize::from(*byte)]);
            out.u1.type_info = IS_INTERNED_STRING_EX;
            return;
        }
        let string = _emalloc((HEADER + bytes.len() + 1).next_multiple_of(8)).cast::<zend_string>();
        (*string).gc.refcount = 1;
        (*string).gc.u.type_info = IS_STRING | NOT_COLLECTABLE;
        (*string).h = 0;
        (*string).len = bytes.len();
        let text = string.cast::<u8>().add(HEADER);
        ptr::copy_nonoverlapping(bytes.as_ptr(), text, bytes.len());
        *text.add(bytes.len()) = 0;
        out.value.str_ = string;
        out.u1.type_info = IS_STRING_EX;
    }
}

/// A string with those bytes.
pub fn bytes(bytes: &[u8]) -> Zval {
    let mut value = Zval::new();
    value.set_zend_string(ZendStr::new(bytes, false));
    value
}

/// A string.
pub fn text(text: &str) -> Zval {
    bytes(text.as_bytes())
}

/// A string that PHP has already: nothing is copied.
pub fn string_value(string: &ZendStr) -> Zval {
    let mut value = Zval::new();
    let string = ptr::from_ref(string).cast_mut();
    // SAFETY: a live string. What is interned nobody counts; else the reference counted here is the value's.
    unsafe {
        value.value.str_ = string;
        if (*string).gc.u.type_info & INTERNED != 0 {
            value.u1.type_info = IS_INTERNED_STRING_EX;
        } else {
            (*string).gc.refcount += 1;
            value.u1.type_info = IS_STRING_EX;
        }
    }
    value
}

/// An int.
pub fn int(n: impl Into<i64>) -> Zval {
    let mut value = Zval::new();
    value.set_long(n.into());
    value
}

/// A float.
pub fn float(f: f64) -> Zval {
    let mut value = Zval::new();
    value.set_double(f);
    value
}

/// `false`.
pub fn no() -> Zval {
    let mut value = Zval::new();
    value.set_bool(false);
    value
}

/// A bool.
pub fn boolean(b: bool) -> Zval {
    let mut value = Zval::new();
    value.set_bool(b);
    value
}

/// An array.
pub fn array(table: ZBox<ZendHashTable>) -> Zval {
    let mut value = Zval::new();
    value.set_hashtable(table);
    value
}

/// Adds pairs to an array.
pub fn fill<const N: usize>(table: &mut ZendHashTable, pairs: [(&str, Zval); N]) {
    for (key, value) in pairs {
        // Inserting a zval cannot fail: there is nothing to convert.
        let _ = table.insert(key, value);
    }
}

/// A list of ints.
pub fn list(items: impl ExactSizeIterator<Item = i64>) -> Zval {
    let mut table = ZendHashTable::with_capacity(items.len() as u32);
    for item in items {
        // Pushing an int cannot fail: there is nothing to convert.
        let _ = table.push(item);
    }
    array(table)
}

/// A list of any values.
pub fn list_of(items: impl Iterator<Item = Zval>) -> Zval {
    let mut table = ZendHashTable::new();
    for item in items {
        // Pushing a zval cannot fail: there is nothing to convert.
        let _ = table.push(item);
    }
    array(table)
}
