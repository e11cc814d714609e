//! Making PHP values.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{IS_FALSE, IS_LONG, IS_TRUE};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

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
