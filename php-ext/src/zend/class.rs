//! Class tables: methods, properties, parents, interfaces, both names.

use super::arginfo::ArgInfo;
use super::call::{Call, Returned, enter};
use super::object::Object;
use ext_php_rs::ffi::{
    _ZEND_TYPE_NAME_BIT, IS_DOUBLE, IS_INTERNED_STRING_EX, ZEND_ACC_ALLOW_DYNAMIC_PROPERTIES,
    ZEND_ACC_NOT_SERIALIZABLE, ZEND_ACC_PUBLIC, ZEND_ACC_STATIC, object_init_ex, zend_ce_arrayaccess,
    zend_ce_countable, zend_ce_exception, zend_ce_iterator, zend_class_entry, zend_class_implements,
    zend_declare_class_constant_ex, zend_declare_typed_property, zend_function_entry, zend_internal_arg_info,
    zend_register_class_alias_ex, zend_register_internal_class_ex, zend_string, zend_string_init_interned, zend_type,
};
use ext_php_rs::types::Zval;
use std::ffi::{CStr, c_void};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

// From ext/spl/spl_array.h, which is always built in.
unsafe extern "C" {
    static spl_ce_ArrayIterator: *mut zend_class_entry;
}

/// A method or function in a table. Tables end with [`end`].
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Method(zend_function_entry);

// SAFETY: points to static text and tables only and is never changed.
unsafe impl Sync for Method {}

/// A public method: `handler` is a plain function of the call. The first of `signature` tells the
/// number of required arguments and the return type.
pub const fn method<F, R>(name: &'static CStr, handler: F, signature: &'static [ArgInfo]) -> Method
where
    F: Fn(Call<'_>) -> R + Copy + 'static,
    R: Returned,
{
    entry(name, handler, signature, ZEND_ACC_PUBLIC)
}

/// A public static method: its call has no `this()`.
pub const fn static_method<F, R>(name: &'static CStr, handler: F, signature: &'static [ArgInfo]) -> Method
where
    F: Fn(Call<'_>) -> R + Copy + 'static,
    R: Returned,
{
    entry(name, handler, signature, ZEND_ACC_PUBLIC | ZEND_ACC_STATIC)
}

/// A function outside classes.
pub const fn function<F, R>(name: &'static CStr, handler: F, signature: &'static [ArgInfo]) -> Method
where
    F: Fn(Call<'_>) -> R + Copy + 'static,
    R: Returned,
{
    entry(name, handler, signature, 0)
}

/// The end of a table.
pub const fn end() -> Method {
    Method(zend_function_entry { fname: ptr::null(), handler: None, arg_info: ptr::null(), num_args: 0, flags: 0 })
}

/// How long [`joined`] is.
pub const fn length(tables: &[&[Method]]) -> usize {
    let (mut length, mut table) = (1, 0);
    while table < tables.len() {
        length += tables[table].len();
        table += 1;
    }
    length
}

/// Several tables without an end, as one with an end.
pub const fn joined<const N: usize>(tables: &[&[Method]]) -> [Method; N] {
    let mut all = [end(); N];
    let (mut at, mut table) = (0, 0);
    while table < tables.len() {
        let mut entry = 0;
        while entry < tables[table].len() {
            all[at] = tables[table][entry];
            (at, entry) = (at + 1, entry + 1);
        }
        table += 1;
    }
    all
}

const fn entry<F, R>(name: &'static CStr, _handler: F, signature: &'static [ArgInfo], flags: u32) -> Method
where
    F: Fn(Call<'_>) -> R + Copy + 'static,
    R: Returned,
{
    Method(zend_function_entry {
        fname: name.as_ptr(),
        handler: Some(enter::<F, R>),
        // ArgInfo is a transparent wrapper.
        arg_info: signature.as_ptr().cast::<zend_internal_arg_info>(),
        num_args: (signature.len() - 1) as u32,
        flags,
    })
}

/// The table as the engine wants it.
pub(super) fn raw_table(table: &'static [Method]) -> *const zend_function_entry {
    assert!(table.last().is_some_and(|m| m.0.fname.is_null()), "a method table ends with end()");
    table.as_ptr().cast()
}

/// Holds a class once it is registered.
pub struct ClassSlot(AtomicPtr<zend_class_entry>);

impl ClassSlot {
    /// An empty slot, for a static.
    pub const fn new() -> Self {
        ClassSlot(AtomicPtr::new(ptr::null_mut()))
    }

    pub(super) fn raw(&self) -> *mut zend_class_entry {
        let class = self.0.load(Relaxed);
        assert!(!class.is_null(), "the class is registered when the module starts");
        class
    }

    /// A new object of this class, without running its constructor.
    pub fn instantiate(&self) -> Zval {
        let mut value = MaybeUninit::uninit();
        // SAFETY: a registered class that is not abstract; the value is written whatever happens.
        unsafe {
            object_init_ex(value.as_mut_ptr(), self.raw());
            value.assume_init()
        }
    }

    /// A new object, handed to `fill` before anyone else sees it.
    pub fn make(&self, fill: impl FnOnce(Object<'_>)) -> Zval {
        let value = self.instantiate();
        if let Some(object) = Object::of(&value) {
            fill(object);
        }
        value
    }
}

/// What a class inherits from.
#[derive(Clone, Copy)]
pub enum Parent {
    /// nothing
    None,
    /// PHP's `Exception`
    Exception,
    /// a class of this extension, registered before
    Of(&'static ClassSlot),
    /// PHP's `ArrayIterator`
    ArrayIterator,
}

/// Interfaces of PHP itself.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub enum Interface {
    Iterator,
    ArrayAccess,
    Countable,
}

/// Default of a property.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub enum Default {
    Null,
    Int(i64),
    Float(f64),
    Bool(bool),
    EmptyString,
}

/// Type of a property.
#[derive(Clone, Copy)]
pub enum PropType {
    /// built-in types (a mask of the constants in `arginfo`)
    Mask(u32),
    /// a class, or null
    NullableClass(&'static str),
}

impl PropType {
    /// `int`
    pub const INT: PropType = PropType::Mask(super::LONG);
    /// `float`
    pub const FLOAT: PropType = PropType::Mask(1 << IS_DOUBLE);
    /// `bool`
    pub const BOOL: PropType = PropType::Mask(super::BOOL);
    /// `string`
    pub const STRING: PropType = PropType::Mask(super::STRING);
    /// `?int`
    pub const NULLABLE_INT: PropType = PropType::Mask(super::LONG | super::NULL);
    /// `mixed`
    pub const MIXED: PropType = PropType::Mask(super::MIXED);
    /// `?string`
    pub const NULLABLE_STRING: PropType = PropType::Mask(super::STRING | super::NULL);
    /// `?array`
    pub const NULLABLE_ARRAY: PropType = PropType::Mask(super::ARRAY | super::NULL);
}

/// A class that is being registered.
pub struct Declared(*mut zend_class_entry);

/// An interned, persistent string.
fn interned(s: &str) -> *mut zend_string {
    // SAFETY: the engine sets the function before it starts modules; the bytes are copied.
    unsafe {
        let init = zend_string_init_interned.expect("the engine is running");
        init(s.as_ptr().cast(), s.len(), true)
    }
}

/// Registers a class under its namespaced and its classic name. Module start only.
pub(super) fn declare(
    slot: &ClassSlot,
    name: &str,
    classic: Option<&str>,
    parent: Parent,
    methods: &'static [Method],
) -> Declared {
    // `swoole.use_namespace` chooses which of the names is the real one, the one that get_class() gives.
    let (real, alias) = match classic {
        Some(classic) if !super::ini_bool("swoole.use_namespace") => (classic, Some(name)),
        _ => (name, classic),
    };
    // SAFETY: module start: the engine copies the zeroed entry with its name and method table, which
    // are static; parents are built-in classes.
    unsafe {
        let mut entry = ManuallyDrop::new(MaybeUninit::<zend_class_entry>::zeroed());
        let raw = entry.as_mut_ptr();
        (*raw).name = interned(real);
        (*raw).info.internal.builtin_functions = raw_table(methods);
        let parent = match parent {
            Parent::None => ptr::null_mut(),
            Parent::Exception => zend_ce_exception,
            Parent::Of(slot) => slot.raw(),
            Parent::ArrayIterator => spl_ce_ArrayIterator,
        };
        let class = zend_register_internal_class_ex(raw, parent);
        if let Some(alias) = alias {
            zend_register_class_alias_ex(alias.as_ptr().cast(), alias.len(), class, true);
        }
        slot.0.store(class, Relaxed);
        Declared(class)
    }
}

impl Declared {
    pub(super) fn raw(&self) -> *mut zend_class_entry {
        self.0
    }

    /// Its objects hold things of this process: they cannot be serialized. Scripts may add properties.
    pub fn process_bound(&self) -> &Self {
        // SAFETY: module start; the class is ours.
        unsafe { (*self.0).ce_flags |= ZEND_ACC_NOT_SERIALIZABLE | ZEND_ACC_ALLOW_DYNAMIC_PROPERTIES };
        self
    }

    /// Declares public properties; their slots are numbered from 0 in this order.
    pub fn properties(&self, list: &[(&str, PropType, Default)]) -> &Self {
        for (name, kind, default) in list {
            let mut value = Zval::new();
            match *default {
                Default::Null => {}
                Default::Int(n) => value.set_long(n),
                Default::Float(f) => value.set_double(f),
                Default::Bool(b) => value.set_bool(b),
                Default::EmptyString => {
                    value.value.str_ = interned("");
                    value.u1.type_info = IS_INTERNED_STRING_EX;
                }
            }
            let kind = match *kind {
                PropType::Mask(type_mask) => zend_type { ptr: ptr::null_mut(), type_mask },
                PropType::NullableClass(class) => {
                    zend_type { ptr: interned(class).cast::<c_void>(), type_mask: _ZEND_TYPE_NAME_BIT | super::NULL }
                }
            };
            // SAFETY: module start; the default is not counted (a scalar or an interned string) and is copied.
            unsafe {
                zend_declare_typed_property(
                    self.0,
                    interned(name),
                    &raw mut value,
                    ZEND_ACC_PUBLIC as i32,
                    ptr::null_mut(),
                    kind,
                )
            };
            std::mem::forget(value);
        }
        self
    }

    /// Declares public constants.
    pub fn constants(&self, list: &[(&str, i64)]) -> &Self {
        for (name, value) in list {
            let mut value = super::int(*value);
            // SAFETY: module start; the name is interned and the value, an int, is copied.
            unsafe {
                zend_declare_class_constant_ex(
                    self.0,
                    interned(name),
                    &raw mut value,
                    ZEND_ACC_PUBLIC as i32,
                    ptr::null_mut(),
                );
            }
        }
        self
    }

    /// Declares that the class implements `list`; its methods must be in the table.
    pub fn implements(&self, list: &[Interface]) -> &Self {
        for interface in list {
            // SAFETY: module start; built-in interfaces exist before any module starts.
            unsafe {
                let interface = match interface {
                    Interface::Iterator => zend_ce_iterator,
                    Interface::ArrayAccess => zend_ce_arrayaccess,
                    Interface::Countable => zend_ce_countable,
                };
                zend_class_implements(self.0, 1, interface);
            }
        }
        self
    }
}

/// Registers a class that extends another one of this extension, whose Rust side its objects have. Module start only.
pub fn register_child(
    slot: &ClassSlot,
    name: &str,
    classic: Option<&str>,
    parent: &'static ClassSlot,
    methods: &'static [Method],
) -> Declared {
    let declared = declare(slot, name, classic, Parent::Of(parent), methods);
    declared.process_bound();
    declared
}

/// Registers a class without a Rust side. Module start only.
pub fn register_static(
    slot: &ClassSlot,
    name: &str,
    classic: Option<&str>,
    parent: Parent,
    methods: &'static [Method],
) -> Declared {
    declare(slot, name, classic, parent, methods)
}

/// Registers a class without methods and without a Rust side. Module start only.
pub fn register_plain(slot: &ClassSlot, name: &str, classic: Option<&str>, parent: Parent) -> Declared {
    const NO_METHODS: &[Method] = &[end()];
    declare(slot, name, classic, parent, NO_METHODS)
}
