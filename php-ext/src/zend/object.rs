//! Objects with a Rust side: one header for a whole class hierarchy, the Rust value in front of it.

use super::call::Thrown;
use super::class::{ClassSlot, Declared, Method, Parent, declare};
use super::report::throw_error;
use ext_php_rs::ffi::{
    HashTable, IS_OBJECT_EX, ext_php_rs_zend_object_alloc, instanceof_function_slow, object_properties_init,
    std_object_handlers, zend_class_entry, zend_get_gc_buffer, zend_get_gc_buffer_create, zend_get_gc_buffer_grow,
    zend_object, zend_object_handlers, zend_object_std_dtor, zend_object_std_init, zend_std_get_gc,
    zend_std_get_properties, zend_std_has_property, zend_std_read_property, zend_string, zval,
};
use ext_php_rs::types::{ZendStr, Zval};
use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;

/// The Rust side of a class's objects. Made empty with the object and filled by the constructor, so
/// that a subclass that forgets `parent::__construct()` has an empty one, not a broken one.
///
/// Methods get it shared, because PHP code may call any method of an object while another one runs:
/// what changes in it is in cells.
pub trait Payload: std::default::Default + 'static {
    /// The class's handlers: one static per payload type.
    fn handlers() -> &'static Handlers;
    /// Shows every PHP value that it holds to the garbage collector, once. Only what nothing else holds with
    /// the same reference: the collector frees what it finds unreachable.
    fn trace(&self, gc: &mut Gc) {
        let _ = gc;
    }
}

/// A payload whose object has properties that change by themselves.
pub trait Live: Payload {
    /// Brings the properties up to date: the script is about to read one of that name, or (None) all.
    fn refresh(&self, object: Object<'_>, name: Option<&[u8]>);
}

#[repr(C)]
pub(super) struct Header<T> {
    pub(super) payload: T,
    object: zend_object,
}

/// # Safety
/// `object` lies in a `Header<T>`.
pub(super) unsafe fn header_of<T>(object: *mut zend_object) -> *mut Header<T> {
    // SAFETY: the caller's promise.
    unsafe { Header::of(object) }
}

impl<T> Header<T> {
    const OFFSET: usize = std::mem::offset_of!(Header<T>, object);

    /// # Safety
    /// `object` lies in a `Header<T>`.
    unsafe fn of(object: *mut zend_object) -> *mut Header<T> {
        // SAFETY: the caller's promise: the header begins OFFSET bytes before.
        unsafe { object.cast::<u8>().sub(Self::OFFSET).cast() }
    }
}

/// A class's object handlers, filled when it is registered.
pub struct Handlers(UnsafeCell<MaybeUninit<zend_object_handlers>>);

// SAFETY: written once while the module starts, when there is one thread; only read after that.
unsafe impl Sync for Handlers {}

impl Handlers {
    /// Empty handlers, for a static.
    pub const fn new() -> Self {
        Handlers(UnsafeCell::new(MaybeUninit::uninit()))
    }

    pub(super) fn raw(&self) -> *mut zend_object_handlers {
        self.0.get().cast()
    }
}

/// Registers a class whose objects have a `T`. Module start only.
pub fn register<T: Payload>(
    slot: &ClassSlot,
    name: &str,
    classic: Option<&str>,
    methods: &'static [Method],
) -> Declared {
    let declared = declare(slot, name, classic, Parent::None, methods);
    let handlers = T::handlers().raw();
    // SAFETY: module start: nobody else reads or writes the handlers or the class.
    unsafe {
        ptr::copy_nonoverlapping(&raw const std_object_handlers, handlers, 1);
        (*handlers).offset = Header::<T>::OFFSET as c_int;
        (*handlers).free_obj = Some(free::<T>);
        (*handlers).get_gc = Some(get_gc::<T>);
        (*handlers).clone_obj = None;
        (*declared.raw()).__bindgen_anon_2.create_object = Some(create::<T>);
    }
    declared.process_bound();
    declared
}

/// As [`register`], for properties that are up to date whenever they are read.
pub fn register_live<T: Live>(
    slot: &ClassSlot,
    name: &str,
    classic: Option<&str>,
    methods: &'static [Method],
) -> Declared {
    let declared = register::<T>(slot, name, classic, methods);
    let handlers = T::handlers().raw();
    // SAFETY: module start: nobody else reads or writes the handlers.
    unsafe {
        (*handlers).read_property = Some(read_property::<T>);
        (*handlers).has_property = Some(has_property::<T>);
        (*handlers).get_properties = Some(get_properties::<T>);
    }
    declared
}

/// # Safety
/// `object` was made by `create::<T>` and is live; `name` is null or a live string.
unsafe fn refresh<T: Live>(object: *mut zend_object, name: *const zend_string) {
    // SAFETY: the caller's promise.
    unsafe {
        let name = name.as_ref().map(ZendStr::as_bytes);
        (*Header::<T>::of(object)).payload.refresh(Object::from_raw(object), name);
    }
}

unsafe extern "C" fn read_property<T: Live>(
    object: *mut zend_object,
    name: *mut zend_string,
    kind: c_int,
    _cache: *mut *mut c_void,
    result: *mut zval,
) -> *mut zval {
    // SAFETY: the engine reads a property of a live object with these handlers. Without the cache it asks here each time.
    unsafe {
        refresh::<T>(object, name);
        zend_std_read_property(object, name, kind, ptr::null_mut(), result)
    }
}

unsafe extern "C" fn has_property<T: Live>(
    object: *mut zend_object,
    name: *mut zend_string,
    kind: c_int,
    _cache: *mut *mut c_void,
) -> c_int {
    // SAFETY: as above.
    unsafe {
        refresh::<T>(object, name);
        zend_std_has_property(object, name, kind, ptr::null_mut())
    }
}

unsafe extern "C" fn get_properties<T: Live>(object: *mut zend_object) -> *mut HashTable {
    // SAFETY: as above.
    unsafe {
        refresh::<T>(object, ptr::null());
        zend_std_get_properties(object)
    }
}

pub(super) unsafe extern "C" fn create<T: Payload>(class: *mut zend_class_entry) -> *mut zend_object {
    const { assert!(align_of::<T>() <= 8, "the Zend allocator aligns to 8") };
    // SAFETY: the engine asks for an object of a class registered with `T`, or of a subclass; the
    // memory is large enough for the header and the subclass's properties.
    unsafe {
        let header: *mut Header<T> = ext_php_rs_zend_object_alloc(size_of::<Header<T>>(), class).cast();
        (&raw mut (*header).payload).write(T::default());
        let object = &raw mut (*header).object;
        zend_object_std_init(object, class);
        object_properties_init(object, class);
        (*object).handlers = T::handlers().raw();
        object
    }
}

unsafe extern "C" fn free<T: Payload>(object: *mut zend_object) {
    // SAFETY: the engine frees each object once, with the handlers it was made with. Its own part goes
    // first: after that no WeakReference finds the object, and destructors that run while the payload
    // goes cannot see half of it.
    unsafe {
        zend_object_std_dtor(object);
        ptr::drop_in_place(&raw mut (*Header::<T>::of(object)).payload);
    }
}

/// What the garbage collector is shown.
pub struct Gc(*mut zend_get_gc_buffer);

impl Gc {
    /// Shows one value. Each reference that is held is shown once.
    pub fn add(&mut self, value: &Zval) {
        // SAFETY: the engine's buffer, valid during `get_gc`; it holds bitwise copies that it does not own.
        unsafe {
            if (*self.0).cur == (*self.0).end {
                zend_get_gc_buffer_grow(self.0);
            }
            ptr::copy_nonoverlapping(value, (*self.0).cur, 1);
            (*self.0).cur = (*self.0).cur.add(1);
        }
    }
}

unsafe extern "C" fn get_gc<T: Payload>(
    object: *mut zend_object,
    table: *mut *mut zval,
    count: *mut c_int,
) -> *mut HashTable {
    // SAFETY: called by the collector with a live object made by `create::<T>` and two out parameters.
    unsafe {
        let (mut own, mut own_count) = (ptr::null_mut::<zval>(), 0);
        let properties = zend_std_get_gc(object, &raw mut own, &raw mut own_count);
        let mut gc = Gc(zend_get_gc_buffer_create());
        for i in 0..own_count as usize {
            gc.add(&*own.add(i));
        }
        (*Header::<T>::of(object)).payload.trace(&mut gc);
        *table = (*gc.0).start;
        *count = (*gc.0).cur.offset_from((*gc.0).start) as c_int;
        properties
    }
}

/// A PHP object that lives at least as long as `'o`.
#[derive(Clone, Copy)]
pub struct Object<'o> {
    raw: *mut zend_object,
    life: PhantomData<&'o zend_object>,
}

impl<'o> Object<'o> {
    /// # Safety
    /// `raw` is an object that lives for 'o.
    #[inline]
    pub(super) unsafe fn from_raw(raw: *mut zend_object) -> Self {
        Object { raw, life: PhantomData }
    }

    /// The object in `value`.
    pub fn of(value: &'o Zval) -> Option<Self> {
        let value = value.dereference();
        // SAFETY: the value is an object, which it keeps alive for 'o.
        value.is_object().then(|| unsafe { Object::from_raw(value.value.obj) })
    }

    /// Its Rust side, if its class, or a class it extends, was registered with `T`.
    #[inline]
    pub fn payload<T: Payload>(self) -> Option<&'o T> {
        // SAFETY: the object is live. Handlers are unique per payload type, so equal handlers mean
        // that `create::<T>` has made it; the payload lives as long as the object.
        unsafe { ptr::eq((*self.raw).handlers, T::handlers().raw()).then(|| &(*Header::<T>::of(self.raw)).payload) }
    }

    /// As [`Object::payload`]; throws if there is none.
    #[inline]
    pub fn payload_or_throw<T: Payload>(self) -> Result<&'o T, Thrown> {
        self.payload().ok_or_else(|| {
            throw_error("this object was not made by the swoole extension");
            Thrown
        })
    }

    pub(super) fn raw(self) -> *mut zend_object {
        self.raw
    }

    /// The name of its class, as PHP shows it.
    pub fn class_name(self) -> &'o str {
        // SAFETY: a live object has a class, which has a name, and stays.
        unsafe { (*(*self.raw).ce).name.as_ref() }.and_then(|name| name.as_str().ok()).unwrap_or_default()
    }

    /// A value that refers to it.
    #[inline]
    pub fn value(self) -> Zval {
        let mut value = Zval::new();
        // SAFETY: the object is live; the new value owns the reference counted here.
        unsafe { (*self.raw).gc.refcount += 1 };
        value.value.obj = self.raw;
        value.u1.type_info = IS_OBJECT_EX;
        value
    }

    /// Whether it is of that class, or of one that extends it.
    pub fn is_a(self, class: &ClassSlot) -> bool {
        // SAFETY: a live object has a class, and a registered class stays.
        unsafe {
            let own = (*self.raw).ce;
            ptr::eq(own, class.raw()) || instanceof_function_slow(own, class.raw())
        }
    }

    /// Whether it can be converted to a string: its class says how.
    pub fn is_stringable(self) -> bool {
        // SAFETY: a live object has a class and handlers.
        unsafe {
            let cast = |handlers: &zend_object_handlers| handlers.cast_object.map(|cast| cast as *const ());
            !(*(*self.raw).ce).__tostring.is_null() || cast(&*(*self.raw).handlers) != cast(&std_object_handlers)
        }
    }

    pub(super) fn slot(self, index: usize) -> *mut Zval {
        // SAFETY: the object is live, and `index` is one of the class's declared properties.
        unsafe {
            assert!(index < (*(*self.raw).ce).default_properties_count as usize);
            (&raw mut (*self.raw).properties_table).cast::<Zval>().add(index)
        }
    }

    /// The declared property with that number; null if the script has unset it.
    pub fn property(self, index: usize) -> Zval {
        // SAFETY: a slot of a live object holds an initialised zval.
        let value = unsafe { &*self.slot(index) }.dereference();
        // SAFETY: reading the type word of an initialised zval.
        if unsafe { value.u1.type_info } == 0 { Zval::new() } else { value.shallow_clone() }
    }

    /// Sets the declared property with that number. `value` must be of its declared type.
    pub fn set_property(self, index: usize, value: Zval) {
        // SAFETY: as in `property`. A reference to the property is kept, its value replaced. The old
        // value goes last, when the slot already holds the new one: its destructor may look at it.
        super::kept::let_go(unsafe { std::mem::replace((*self.slot(index)).dereference_mut(), value) });
    }
}
