//! Arrays as rows: reading those a script gives, and making many that have the same keys.

use super::value::{write_int, write_text};
use super::variables::as_int;
use ext_php_rs::ffi::{
    _Bucket as Bucket, _emalloc, _zend_new_array, HashTable, IS_ARRAY_EX, IS_DOUBLE, IS_INDIRECT, IS_LONG, IS_STRING,
    IS_UNDEF, ext_php_rs_zend_string_release, zend_array_destroy, zend_hash_index_update, zend_hash_real_init_mixed,
    zend_hash_update, zend_string, zend_string_hash_func, zend_string_init_interned,
};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::ptr;

/// PACKED of zend_hash.h: a list, without keys.
const PACKED: u32 = 1 << 2;
/// IS_STR_INTERNED of zend_types.h: nobody counts the references.
const INTERNED: u32 = 1 << 6;
/// Of a string that the engine never frees: GC_NOT_COLLECTABLE, IS_STR_INTERNED, IS_STR_PERSISTENT and IS_STR_PERMANENT of zend_types.h.
const FOR_EVER: u32 = IS_STRING | 1 << 4 | INTERNED | 1 << 7 | 1 << 8;

/// The key of an element.
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// a string
    Name(&'a ZendStr),
    /// an int
    Index(i64),
}

/// Shows the elements of an array, in order, with references followed, until `look` breaks off. No PHP code may run in `look`: it could change what is
/// walked through.
#[inline]
pub fn each<'a, B>(
    array: &'a ZendHashTable,
    mut look: impl FnMut(Key<'a>, &'a Zval) -> ControlFlow<B>,
) -> ControlFlow<B> {
    // SAFETY: a live array: `nNumUsed` elements, of which those of type IS_UNDEF are gaps. What is packed has no keys.
    unsafe {
        let used = array.nNumUsed as usize;
        if array.u.flags & PACKED != 0 {
            for index in 0..used {
                let value = &*array.__bindgen_anon_1.arPacked.add(index);
                if u32::from(value.u1.v.type_) != IS_UNDEF {
                    look(Key::Index(index as i64), value.dereference())?;
                }
            }
        } else {
            for index in 0..used {
                let bucket = &*array.__bindgen_anon_1.arData.add(index);
                let mut value: *const Zval = &raw const bucket.val;
                if u32::from((*value).u1.v.type_) == IS_INDIRECT {
                    value = (*value).value.zv;
                }
                if u32::from((*value).u1.v.type_) != IS_UNDEF {
                    let key = match bucket.key.as_ref() {
                        Some(name) => Key::Name(name),
                        None => Key::Index(bucket.h as i64),
                    };
                    look(key, (*value).dereference())?;
                }
            }
        }
    }
    ControlFlow::Continue(())
}

/// The elements of an array, in order, with references followed; of a key that is an int the name is None. None: the array is a list. No PHP code may run
/// meanwhile: it could change what is walked through.
#[inline]
pub fn named(array: &ZendHashTable) -> Option<impl Iterator<Item = (Option<&ZendStr>, &Zval)>> {
    // SAFETY: a live array, which is no list and so has buckets: `nNumUsed`, those of type IS_UNDEF are gaps.
    let buckets = unsafe {
        if array.u.flags & PACKED != 0 {
            return None;
        }
        match array.nNumUsed as usize {
            // Where an empty one's buckets would be is not said.
            0 => &[],
            used => std::slice::from_raw_parts(array.__bindgen_anon_1.arData.cast_const(), used),
        }
    };
    Some(buckets.iter().filter_map(|bucket| {
        // SAFETY: the key is null or a live string, which lives as long as the array.
        let key = unsafe { bucket.key.as_ref() };
        // SAFETY: an initialised value.
        match u32::from(unsafe { bucket.val.u1.v.type_ }) {
            IS_LONG..=IS_STRING => Some((key, &bucket.val)),
            _ => followed(&bucket.val).map(|value| (key, value)),
        }
    }))
}

/// The value of an element that may be elsewhere. None: there is none.
#[cold]
fn followed(element: &Zval) -> Option<&Zval> {
    // SAFETY: an initialised value, and the one it says it is, which lives as long.
    unsafe {
        let mut value: *const Zval = element;
        if u32::from((*value).u1.v.type_) == IS_INDIRECT {
            value = (*value).value.zv;
        }
        (u32::from((*value).u1.v.type_) != IS_UNDEF).then(|| (*value).dereference())
    }
}

/// A value that is no other value's container.
#[derive(Clone, Copy)]
pub enum Plain<'v> {
    /// an int
    Int(i64),
    /// a float
    Float(f64),
    /// a string
    Bytes(&'v [u8]),
}

impl<'v> Plain<'v> {
    /// What is in `value`, if it is such a value.
    #[inline]
    pub fn of(value: &'v Zval) -> Option<Plain<'v>> {
        // SAFETY: the type tells which of its fields an initialised zval has; a string lives at least as long as the value.
        unsafe {
            match u32::from(value.u1.v.type_) {
                IS_LONG => Some(Plain::Int(value.value.lval)),
                IS_DOUBLE => Some(Plain::Float(value.value.dval)),
                IS_STRING => Some(Plain::Bytes((*value.value.str_).as_bytes())),
                _ => None,
            }
        }
    }

    /// Writes it over something that owns nothing.
    #[inline]
    pub fn write(self, out: &mut Zval) {
        match self {
            Plain::Int(n) => write_int(out, n),
            Plain::Float(f) => {
                out.value.dval = f;
                out.u1.type_info = IS_DOUBLE;
            }
            Plain::Bytes(bytes) => write_text(out, bytes),
        }
    }
}

/// A string that needs no counting while the script runs; where the script's own code has the same one, that.
///
/// # Safety
/// A script is running.
unsafe fn interned(bytes: &[u8]) -> *mut zend_string {
    thread_local! {
        static KEPT: RefCell<HashMap<Vec<u8>, *mut zend_string>> = RefCell::default();
    }
    // SAFETY: the engine runs; the bytes are copied. A string that is not interned has one reference, which is given up.
    unsafe {
        let init = zend_string_init_interned.expect("the engine is running");
        let string = init(bytes.as_ptr().cast(), bytes.len(), false);
        if (*string).gc.u.type_info & INTERNED != 0 {
            return string;
        }
        ext_php_rs_zend_string_release(string);
    }
    // Opcache interns what is in scripts, and nothing while they run. What arrays have had as keys may live on anywhere, so these stay:
    // there are no more of them than names of columns.
    KEPT.with_borrow_mut(|kept| *kept.entry(bytes.to_vec()).or_insert_with(|| for_ever(bytes)))
}

pub(super) fn for_ever(bytes: &[u8]) -> *mut zend_string {
    const HEADER: usize = std::mem::offset_of!(zend_string, val);
    let size = (HEADER + bytes.len() + 1).max(size_of::<zend_string>());
    let memory = vec![0u64; size.div_ceil(size_of::<u64>())].leak();
    let string = memory.as_mut_ptr().cast::<zend_string>();
    // SAFETY: zeroed memory, aligned as the engine's own, with room for the header, the bytes and the NUL behind them.
    unsafe {
        (*string).gc.refcount = 1;
        (*string).gc.u.type_info = FOR_EVER;
        (*string).len = bytes.len();
        ptr::copy_nonoverlapping(bytes.as_ptr(), string.cast::<u8>().add(HEADER), bytes.len());
        zend_string_hash_func(string);
    }
    string
}

/// What arrays with the same string keys have in common. For one script: what it holds ends with it.
pub struct Shape {
    /// interned, so they need no counting, and the same names in a script are mostly the same strings
    names: Box<[*mut zend_string]>,
    /// an array with these keys, and null for each
    model: *mut HashTable,
}

impl Shape {
    /// For arrays with these keys, each of which is there once.
    pub fn new<'n>(names: impl ExactSizeIterator<Item = &'n [u8]>) -> Shape {
        // SAFETY: the engine is running a script: its strings live as long as the script; the bytes are copied. The array is ours.
        unsafe {
            let names: Box<[_]> = names.map(|name| interned(name)).collect();
            let model = _zend_new_array(names.len() as u32);
            zend_hash_real_init_mixed(model);
            for name in &names {
                let mut null = Zval::new();
                // What is written as an int is one as the key of an array.
                match as_int((**name).as_bytes()) {
                    Some(number) => zend_hash_index_update(model, number as u64, &raw mut null),
                    None => zend_hash_update(model, *name, &raw mut null),
                };
            }
            Shape { names, model }
        }
    }

    /// The number of the key that `name` is; `guess` is looked at first.
    #[inline]
    pub fn position(&self, name: &ZendStr, guess: usize) -> Option<usize> {
        let name = ptr::from_ref(name).cast_mut();
        if self.names.get(guess) == Some(&name) {
            return Some(guess);
        }
        self.names.iter().position(|known| *known == name).or_else(|| self.by_bytes(name))
    }

    /// A string that is not interned, or interned by somebody else.
    #[cold]
    fn by_bytes(&self, name: *mut zend_string) -> Option<usize> {
        // SAFETY: live strings, whose bytes lie behind their headers.
        let bytes = |string: *mut zend_string| unsafe {
            std::slice::from_raw_parts((&raw const (*string).val).cast::<u8>(), (*string).len)
        };
        self.names.iter().position(|known| bytes(*known) == bytes(name))
    }

    /// Writes a new array over something that owns nothing, with what `value` gives for each key, by its number.
    #[inline]
    pub fn write<'v>(&self, out: &mut Zval, mut value: impl FnMut(usize) -> Plain<'v>) {
        // SAFETY: the model is a hash without gaps and iterators. A copy of its header and of its elements, which are null, behind their index
        // is an array of its own, since the keys are interned; it has one reference, which goes to the value.
        unsafe {
            let model = &*self.model;
            let buckets = model.__bindgen_anon_1.arData;
            // The index of an array lies in front of its elements, an u32 for each; the mask is minus their number.
            let index = (model.nTableMask as i32).unsigned_abs() as usize * size_of::<u32>();
            let block = _emalloc(index + model.nTableSize as usize * size_of::<Bucket>()).cast::<u8>();
            ptr::copy_nonoverlapping(
                buckets.cast::<u8>().sub(index),
                block,
                index + model.nNumUsed as usize * size_of::<Bucket>(),
            );
            let table = _emalloc(size_of::<HashTable>()).cast::<HashTable>();
            ptr::copy_nonoverlapping(self.model, table, 1);
            let elements = block.add(index).cast::<Bucket>();
            (*table).__bindgen_anon_1.arData = elements;
            for number in 0..self.names.len() {
                value(number).write(&mut (*elements.add(number)).val);
            }
            out.value.arr = table;
            out.u1.type_info = IS_ARRAY_EX;
        }
    }
}

impl Drop for Shape {
    fn drop(&mut self) {
        // SAFETY: ours, with one reference; its keys are interned and its elements null, so nothing else goes with it.
        unsafe { zend_array_destroy(self.model) };
    }
}
