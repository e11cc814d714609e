//! Declared properties that are made when somebody first looks at them: a script that asks for none of them does not pay for any.

use super::class::{ClassSlot, Declared, Method};
use super::object::{Object, Payload, header_of, register};
use super::protect::resume_bailout;
use super::report::{throw_error, without_error_handler};
use ext_php_rs::ffi::{
    HashTable, IS_UNDEF, zend_class_entry, zend_hash_find, zend_object, zend_property_info, zend_std_get_properties,
    zend_std_get_property_ptr_ptr, zend_std_has_property, zend_std_read_property, zend_std_unset_property, zend_string,
    zval,
};
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// Which of an object's properties are there, by their numbers' bits: made, or the script's own.
#[derive(std::default::Default)]
pub struct Made(Cell<u32>);

impl Made {
    /// Notes that the property is there; false: it was before.
    fn note(&self, number: usize) -> bool {
        let before = self.0.get();
        self.0.set(before | 1 << number);
        before & 1 << number == 0
    }
}

/// A payload whose object has such properties.
pub trait Lazy: Payload {
    /// Their numbers.
    const LAZY: Range<usize>;
    /// Which of them are there.
    fn made(&self) -> &Made;
    /// Makes the property with that number, by [`Object::fill`]; it may make others too. One that it does not make is null.
    fn make(&self, object: Object<'_>, number: usize);
}

/// Registers a class whose objects have a `T`. Module start only.
pub fn register_lazy<T: Lazy>(
    slot: &ClassSlot,
    name: &str,
    classic: Option<&str>,
    methods: &'static [Method],
) -> Declared {
    let declared = register::<T>(slot, name, classic, methods);
    let handlers = T::handlers().raw();
    // SAFETY: module start: nobody else reads or writes the handlers or the class.
    unsafe {
        (*handlers).read_property = Some(read_property::<T>);
        (*handlers).get_property_ptr_ptr = Some(get_property_ptr_ptr::<T>);
        (*handlers).has_property = Some(has_property::<T>);
        (*handlers).unset_property = Some(unset_property::<T>);
        (*handlers).get_properties = Some(get_properties::<T>);
        (*declared.raw()).__bindgen_anon_2.create_object = Some(create::<T>);
    }
    declared
}

impl Object<'_> {
    /// Gives a property a value, unless the script has done that before.
    pub fn fill<T: Lazy>(self, payload: &T, number: usize, value: Zval) {
        payload.made().note(number);
        // SAFETY: a slot of a live object, see `slot`; it holds nothing that would be lost.
        unsafe {
            let slot = self.slot(number);
            if (*slot).u1.type_info == IS_UNDEF {
                slot.write(value);
            }
        }
    }

    /// Forgets what was made, or set: the property is made anew when somebody looks.
    pub fn forget<T: Lazy>(self, payload: &T, number: usize) {
        let made = &payload.made().0;
        if made.get() & 1 << number != 0 {
            made.set(made.get() & !(1 << number));
            let mut gone = Zval::new();
            gone.u1.type_info = IS_UNDEF;
            // SAFETY: a slot of a live object. It is empty before the old value goes, whose destructor may look at it.
            super::kept::let_go(unsafe { std::mem::replace(&mut *self.slot(number), gone) });
        }
    }
}

unsafe extern "C" fn create<T: Lazy>(class: *mut zend_class_entry) -> *mut zend_object {
    // SAFETY: as `create` of `object.rs`; the declared properties hold their defaults, null, which own nothing.
    unsafe {
        let raw = super::object::create::<T>(class);
        let object = Object::from_raw(raw);
        for number in T::LAZY {
            (*object.slot(number)).u1.type_info = IS_UNDEF;
        }
        raw
    }
}

/// Sees to it that a property is there.
///
/// # Safety
/// `object` was made by `create::<T>` and is live.
unsafe fn look<T: Lazy>(object: *mut zend_object, number: usize) {
    // SAFETY: the caller's promise.
    let (payload, object) = unsafe { (&(*header_of::<T>(object)).payload, Object::from_raw(object)) };
    if !payload.made().note(number) {
        return;
    }
    // SAFETY: a slot of a live object, see `slot`.
    let there = || unsafe { (*object.slot(number)).u1.type_info != IS_UNDEF };
    if there() {
        return;
    }
    // A handler of a warning may let go of what the script has of the object, which PHP reads on in.
    let held = object.value();
    if catch_unwind(AssertUnwindSafe(|| payload.make(object, number))).is_err() {
        throw_error(
            "internal error in the swoole extension (a Rust panic, described on standard error); please report it",
        );
    }
    if !there() {
        object.fill(payload, number, Zval::new());
    }
    super::kept::outlive(held);
}

/// As [`look`], by the property's name.
///
/// # Safety
/// As [`look`]; `name` is a live string.
unsafe fn look_at<T: Lazy>(object: *mut zend_object, name: *mut zend_string) {
    const FIRST: usize = std::mem::offset_of!(zend_object, properties_table);
    // SAFETY: the caller's promise. A class knows its declared properties by name, with the places of their slots in the object (of static ones: elsewhere, but
    // there are none).
    unsafe {
        let found = zend_hash_find(&raw const (*(*object).ce).properties_info, name);
        if let Some(found) = found.as_ref() {
            let offset = (*found.value.ptr.cast::<zend_property_info>()).offset as usize;
            let number = offset.wrapping_sub(FIRST) / size_of::<zval>();
            if T::LAZY.contains(&number) {
                look::<T>(object, number);
            }
        }
    }
}

unsafe extern "C" fn read_property<T: Lazy>(
    object: *mut zend_object,
    name: *mut zend_string,
    kind: c_int,
    cache: *mut *mut c_void,
    result: *mut zval,
) -> *mut zval {
    // SAFETY: the engine reads a property of a live object with these handlers. It comes here only until the property is there. This frame owns nothing.
    unsafe {
        look_at::<T>(object, name);
        resume_bailout();
        zend_std_read_property(object, name, kind, cache, result)
    }
}

unsafe extern "C" fn get_property_ptr_ptr<T: Lazy>(
    object: *mut zend_object,
    name: *mut zend_string,
    kind: c_int,
    cache: *mut *mut c_void,
) -> *mut zval {
    // SAFETY: as above.
    unsafe {
        look_at::<T>(object, name);
        resume_bailout();
        zend_std_get_property_ptr_ptr(object, name, kind, cache)
    }
}

unsafe extern "C" fn has_property<T: Lazy>(
    object: *mut zend_object,
    name: *mut zend_string,
    kind: c_int,
    cache: *mut *mut c_void,
) -> c_int {
    // SAFETY: as above.
    unsafe {
        look_at::<T>(object, name);
        resume_bailout();
        zend_std_has_property(object, name, kind, cache)
    }
}

unsafe extern "C" fn unset_property<T: Lazy>(
    object: *mut zend_object,
    name: *mut zend_string,
    cache: *mut *mut c_void,
) {
    // SAFETY: as above. What was never there would come back at the next look.
    unsafe {
        look_at::<T>(object, name);
        resume_bailout();
        zend_std_unset_property(object, name, cache);
    }
}

unsafe extern "C" fn get_properties<T: Lazy>(object: *mut zend_object) -> *mut HashTable {
    // SAFETY: as above.
    unsafe {
        // PHP looks at the variable again that the object was in, so the script's code, which may have changed it, is not called here.
        without_error_handler(|| T::LAZY.for_each(|number| look::<T>(object, number)));
        resume_bailout();
        zend_std_get_properties(object)
    }
}

impl Declared {
    /// The class's `__destruct()` is there for subclasses that call it, and does nothing: PHP need not call it.
    pub fn without_destructor(&self) -> &Self {
        // SAFETY: module start; the class is ours.
        unsafe { (*self.raw()).destructor = ptr::null_mut() };
        self
    }
}
