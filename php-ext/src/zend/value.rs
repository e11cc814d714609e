//! Making PHP values.

use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

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

/// A list of ints.
pub fn list(items: impl ExactSizeIterator<Item = i64>) -> Zval {
    let mut table = ZendHashTable::with_capacity(items.len() as u32);
    for item in items {
        // Pushing an int cannot fail: there is nothing to convert.
        let _ = table.push(item);
    }
    let mut value = Zval::new();
    value.set_hashtable(table);
    value
}
