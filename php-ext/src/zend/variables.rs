//! Arrays of what a client has sent: headers, and fields whose names PHP reads as `a[b][]`.

use super::protect::protected;
use super::rows::for_ever;
use super::value::write_text;
use ext_php_rs::ffi::{
    _zend_new_array, HashTable, IS_ARRAY_EX, ext_php_rs_process_globals, ext_php_rs_zend_string_release,
    php_register_variable_safe, zend_hash_add, zend_hash_find, zend_hash_index_find, zend_hash_index_update,
    zend_hash_real_init_mixed, zend_hash_update, zend_string, zval, zval_ptr_dtor,
};
use ext_php_rs::types::{ZendStr, Zval};
use std::cell::RefCell;
use std::ffi::c_char;
use std::mem::ManuallyDrop;

// From main/php_variables.h and zend_hash.h.
unsafe extern "C" {
    fn zend_hash_index_add(table: *mut HashTable, number: u64, value: *mut zval) -> *mut zval;
    fn php_register_variable_ex(name: *const c_char, value: *mut zval, array: *mut zval);
}

/// How many variables a request may have, by the INI directive `max_input_vars`.
pub fn max_input_vars() -> usize {
    // SAFETY: globals of this process.
    usize::try_from(unsafe { (*ext_php_rs_process_globals()).max_input_vars }).unwrap_or(0)
}

/// Names that came before, as strings of PHP's which are never freed: most requests have the same names. Nobody can fill it with more than it
/// has places for.
pub struct Names {
    /// whether they are kept in lower case
    lower: bool,
    places: [Option<Place>; NAMES],
}

/// A name as it came, and as PHP has it.
type Place = (Box<[u8]>, *mut zend_string);

const NAMES: usize = 256;
const LONGEST: usize = 48;

impl Names {
    /// None.
    pub const fn new(lower: bool) -> Names {
        Names { lower, places: [const { None }; NAMES] }
    }

    /// The string for a name; None: it is too long, or another one has its place.
    #[inline]
    fn find(&mut self, name: &[u8]) -> Option<*mut zend_string> {
        let ends = match (name.first_chunk(), name.last_chunk()) {
            _ if name.len() > LONGEST => return None,
            (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29),
            _ => name.iter().fold(0u64, |all, byte| all << 8 | u64::from(*byte)),
        };
        let hash = (ends ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        let place = &mut self.places[hash as usize % NAMES];
        match place {
            Some((known, string)) => (**known == *name).then_some(*string),
            None => {
                let string = if self.lower { for_ever(&name.to_ascii_lowercase()) } else { for_ever(name) };
                *place = Some((name.into(), string));
                Some(string)
            }
        }
    }
}

thread_local! {
    static HEADERS: RefCell<Names> = const { RefCell::new(Names::new(true)) };
    static FIELDS: RefCell<Names> = const { RefCell::new(Names::new(false)) };
}

/// What happens to a second value of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// it takes the place of the first
    Replaces,
    /// it is dropped
    Dropped,
    /// it is put behind the first, with this between
    Joined(&'static [u8]),
}

/// An array that is being filled.
pub struct Variables {
    array: Zval,
}

impl Variables {
    /// An empty one, with room for so many.
    pub fn new(room: u32) -> Variables {
        let mut array = Zval::new();
        // SAFETY: the new array has one reference, which goes to the value.
        unsafe {
            let table = _zend_new_array(room.max(1));
            zend_hash_real_init_mixed(table);
            array.value.arr = table;
        }
        array.u1.type_info = IS_ARRAY_EX;
        Variables { array }
    }

    /// The array.
    pub fn into_value(self) -> Zval {
        self.array
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        // SAFETY: the array is ours.
        unsafe { (*self.table()).nNumOfElements == 0 }
    }

    fn table(&self) -> *mut HashTable {
        // SAFETY: the value is an array since `new`.
        unsafe { self.array.value.arr }
    }

    /// Adds a header: its name in lower case.
    #[inline]
    pub fn header(&mut self, name: &[u8], value: &[u8], repeated: Repeated) {
        match HEADERS.with_borrow_mut(|names| names.find(name)) {
            Some(key) => self.put(key, value, repeated),
            None => self.put_copy(&name.to_ascii_lowercase(), value, repeated),
        }
    }

    /// Adds a value under a name as it is.
    #[inline]
    pub fn plain(&mut self, name: &[u8], value: &[u8], repeated: Repeated) {
        match FIELDS.with_borrow_mut(|names| names.find(name)) {
            Some(key) => self.put(key, value, repeated),
            None => self.put_copy(name, value, repeated),
        }
    }

    /// Adds a field as PHP does: dots and spaces of its name become underscores, brackets make arrays.
    #[inline]
    pub fn field(&mut self, name: &[u8], value: &[u8], repeated: Repeated) {
        match name {
            [] => {}
            _ if name.iter().any(|byte| matches!(byte, b' ' | b'.' | b'[' | 0)) => {
                self.odd_field(name, value, repeated)
            }
            _ => self.plain(name, value, repeated),
        }
    }

    #[cold]
    fn odd_field(&mut self, name: &[u8], value: &[u8], repeated: Repeated) {
        let name = memchr::memchr(0, name).map_or(name, |end| &name[..end]);
        if name.contains(&b'[') {
            return self.nested(name, value);
        }
        let bare = &name[name.iter().take_while(|byte| **byte == b' ').count()..];
        let clean: Vec<u8> = bare.iter().map(|b| if matches!(b, b' ' | b'.') { b'_' } else { *b }).collect();
        // What a browser guards by these names must not be faked by others.
        let faked = |guarded: &[u8]| clean.starts_with(guarded) && !bare.starts_with(guarded);
        if !clean.is_empty() && !faked(b"__Host-") && !faked(b"__Secure-") {
            self.plain(&clean, value, repeated);
        }
    }

    /// Adds an attribute of a file as PHP does: of `f[a][]` it stands under `f[attribute][a][]`, of `f` under `f[attribute]`.
    pub fn attribute(&mut self, name: &[u8], attribute: &str, value: Zval) {
        let name = memchr::memchr(0, name).map_or(name, |end| &name[..end]);
        let (bare, brackets) = name.split_at(memchr::memchr(b'[', name).unwrap_or(name.len()));
        let name = [bare, b"[", attribute.as_bytes(), b"]", brackets, b"\0"].concat();
        let (name, array) = (name.as_ptr(), &raw mut self.array);
        let mut value = ManuallyDrop::new(value);
        let value = &raw mut *value;
        // SAFETY: a C string, a value whose reference is given up, and an array of ours with one reference; the closure owns nothing.
        unsafe {
            protected(&mut || php_register_variable_ex(name.cast(), value, array));
        }
    }

    /// PHP's own way, which knows brackets and bounds how deep they go.
    fn nested(&mut self, name: &[u8], value: &[u8]) {
        let mut name = name.to_vec();
        name.push(0);
        let (name, array) = (name.as_ptr(), &raw mut self.array);
        // SAFETY: a C string, bytes with their length, and an array of ours with one reference; the closure owns nothing.
        unsafe {
            protected(&mut || php_register_variable_safe(name.cast(), value.as_ptr().cast(), value.len(), array));
        }
    }

    #[cold]
    fn put_copy(&mut self, name: &[u8], value: &[u8], repeated: Repeated) {
        let mut key = ManuallyDrop::new(Zval::new());
        write_text(&mut key, name);
        // SAFETY: a string of ours; the array takes a reference of its own.
        unsafe {
            self.put(key.value.str_, value, repeated);
            zval_ptr_dtor(&raw mut *key);
        }
    }

    /// `key` lives on where it came from.
    #[inline]
    fn put(&mut self, key: *mut zend_string, value: &[u8], repeated: Repeated) {
        let mut new = ManuallyDrop::new(Zval::new());
        // SAFETY: a live string and an array of ours with one reference, which takes over the new value.
        unsafe {
            write_text(&mut new, value);
            let (table, value) = (self.table(), &raw mut *new);
            let number = as_int((*key).as_bytes());
            if repeated == Repeated::Replaces {
                match number {
                    Some(number) => zend_hash_index_update(table, number as u64, value),
                    None => zend_hash_update(table, key, value),
                };
                return;
            }
            let added = match number {
                Some(number) => zend_hash_index_add(table, number as u64, value),
                None => zend_hash_add(table, key, value),
            };
            if added.is_null() {
                let old = match number {
                    Some(number) => zend_hash_index_find(table, number as u64),
                    None => zend_hash_find(table, key),
                };
                if let (Repeated::Joined(between), Some(old)) = (repeated, old.as_mut()) {
                    let joined = [
                        old.zend_str().map_or(&b""[..], ZendStr::as_bytes),
                        between,
                        (*value).zend_str().map_or(&b""[..], ZendStr::as_bytes),
                    ]
                    .concat();
                    zval_ptr_dtor(old);
                    write_text(old, &joined);
                }
                zval_ptr_dtor(value);
            }
        }
    }

    /// Sets a value of any kind under a name that is no number and does not come from a client.
    pub fn set(&mut self, name: &'static str, value: Zval) {
        let key = FIELDS.with_borrow_mut(|names| names.find(name.as_bytes()));
        let mut value = ManuallyDrop::new(value);
        // SAFETY: an array of ours with one reference, which takes over the value; the key is live, and released if it was made here.
        unsafe {
            match key {
                Some(key) => {
                    zend_hash_update(self.table(), key, &raw mut *value);
                }
                None => {
                    let key = ZendStr::new(name, false).into_raw();
                    zend_hash_update(self.table(), key, &raw mut *value);
                    ext_php_rs_zend_string_release(key);
                }
            }
        }
    }
}

/// The int that a key in text stands for, as in PHP's arrays.
#[inline]
pub(super) fn as_int(name: &[u8]) -> Option<i64> {
    match name {
        [b'0'..=b'9', ..] | [b'-', b'1'..=b'9', ..] if name.len() <= 20 => {}
        _ => return None,
    }
    let text = std::str::from_utf8(name).ok()?;
    if text.len() > 1 && text.starts_with('0') { None } else { text.parse().ok() }
}

/// What is shorter is looked at byte by byte: that is quicker than to begin a search.
const SHORT: usize = 32;

/// Decodes `%XX`, and `+` as a space if `plus`, as PHP's urldecode() and rawurldecode() do. What needs no decoding is given back as it is.
#[inline]
pub fn url_decoded<'a>(text: &'a [u8], plus: bool, room: &'a mut Vec<u8>) -> &'a [u8] {
    let coded = |byte: &u8| *byte == b'%' || (plus && *byte == b'+');
    let first = if text.len() < SHORT { text.iter().position(coded) } else { memchr::memchr2(b'%', b'+', text) };
    let Some(first) = first else { return text };
    room.clear();
    room.extend_from_slice(&text[..first]);
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = first;
    while at < text.len() {
        match text[at] {
            b'+' if plus => room.push(b' '),
            b'%' => match (digit(text.get(at + 1)), digit(text.get(at + 2))) {
                (Some(high), Some(low)) => {
                    room.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => room.push(b'%'),
            },
            byte => room.push(byte),
        }
        at += 1;
    }
    room
}
