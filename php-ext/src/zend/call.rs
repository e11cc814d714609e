//! A call from PHP: `$this`, the arguments with PHP's own coercion and error messages, the result.

use super::callback::Callback;
use super::object::{Object, Payload};
use super::protect;
use super::report::throw_error;
use super::value::{write_bool, write_int};
use ext_php_rs::ffi::{
    _zend_expected_type, _zend_expected_type_Z_EXPECTED_ARRAY as EXPECT_ARRAY,
    _zend_expected_type_Z_EXPECTED_ARRAY_OR_NULL as EXPECT_ARRAY_OR_NULL,
    _zend_expected_type_Z_EXPECTED_BOOL as EXPECT_BOOL, _zend_expected_type_Z_EXPECTED_DOUBLE as EXPECT_DOUBLE,
    _zend_expected_type_Z_EXPECTED_LONG as EXPECT_LONG, _zend_expected_type_Z_EXPECTED_STRING as EXPECT_STRING,
    _zend_expected_type_Z_EXPECTED_STRING_OR_LONG as EXPECT_STRING_OR_LONG, IS_ARRAY, IS_LONG, IS_NULL, IS_OBJECT,
    IS_REFERENCE, IS_STRING, zend_execute_data, zend_parse_arg_bool_slow, zend_parse_arg_double_slow,
    zend_parse_arg_long_slow, zend_parse_arg_str_or_long_slow, zend_parse_arg_str_slow, zend_string,
    zend_wrong_callback_error, zend_wrong_parameter_class_error, zend_wrong_parameter_type_error,
    zend_wrong_parameters_count_error, zval,
};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use std::ffi::CStr;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// ZEND_CALL_HAS_EXTRA_NAMED_PARAMS of zend_compile.h: bit 27 of a frame's call information.
const CALL_HAS_EXTRA_NAMED_PARAMS: u32 = 1 << 27;

// From zend_API.h.
unsafe extern "C" {
    fn zend_unexpected_extra_named_error();
}

/// An exception is pending in PHP, or a fatal error is on its way out: return to PHP now.
#[derive(Debug)]
pub struct Thrown;

/// One call of a method or function. Valid until the handler returns.
#[derive(Clone, Copy)]
pub struct Call<'c> {
    frame: *mut zend_execute_data,
    /// where its result goes
    out: *mut Zval,
    life: PhantomData<&'c zend_execute_data>,
}

/// What a handler gives back to PHP.
pub trait Returned {
    /// Writes the result. `out` holds null when a handler begins.
    fn write(self, out: &mut Zval);
}

impl Returned for () {
    fn write(self, _: &mut Zval) {}
}
impl Returned for bool {
    #[inline]
    fn write(self, out: &mut Zval) {
        write_bool(out, self);
    }
}
impl Returned for i64 {
    #[inline]
    fn write(self, out: &mut Zval) {
        write_int(out, self);
    }
}
/// An int or `false`.
impl Returned for Option<i64> {
    #[inline]
    fn write(self, out: &mut Zval) {
        match self {
            Some(n) => write_int(out, n),
            None => write_bool(out, false),
        }
    }
}
impl Returned for Zval {
    fn write(self, out: &mut Zval) {
        *out = self;
    }
}
/// The result was given already, by [`Call::give`].
pub struct Given(());

impl Returned for Given {
    #[inline]
    fn write(self, _: &mut Zval) {}
}
impl<T: Returned> Returned for Result<T, Thrown> {
    #[inline]
    fn write(self, out: &mut Zval) {
        if let Ok(value) = self {
            value.write(out);
        }
    }
}

/// Enters a handler: keeps panics on the Rust side and raises a remembered bailout at the end.
///
/// # Safety
/// Called by the engine only, with a live frame and its return value. `F` has no size.
pub(super) unsafe extern "C" fn enter<F, R>(frame: *mut zend_execute_data, out: *mut zval)
where
    F: Fn(Call<'_>) -> R + Copy + 'static,
    R: Returned,
{
    // SAFETY: both pointers come from the engine and live for this call.
    unsafe { handle::<F, R>(frame, out) };
    if protect::take_exit() {
        super::runtime::resume_exit();
    }
    // SAFETY: `handle` has returned, so this frame owns nothing; the frame below it is PHP's.
    unsafe { protect::resume_bailout() };
}

#[inline(always)]
unsafe fn handle<F, R>(frame: *mut zend_execute_data, out: *mut Zval)
where
    F: Fn(Call<'_>) -> R + Copy + 'static,
    R: Returned,
{
    const { assert!(size_of::<F>() == 0, "a handler is a function, not a closure with captures") };
    // SAFETY: a value of `F` was given to `method` when the table was built; it is Copy and has no
    // bytes, so another one can be made from nothing.
    let handler: F = unsafe { std::mem::zeroed() };
    let call = Call { frame, out, life: PhantomData };
    match catch_unwind(AssertUnwindSafe(|| handler(call))) {
        // SAFETY: the place of the result lives as long as the call, which nobody writes to any more.
        Ok(result) => result.write(unsafe { &mut *out }),
        Err(_) => throw_error(
            "internal error in the swoole extension (a Rust panic, described on standard error); please report it",
        ),
    }
}

impl<'c> Call<'c> {
    /// The object whose method is called.
    ///
    /// # Panics
    /// In a function or a static method, which have none.
    #[inline]
    pub fn this(&self) -> Object<'c> {
        // SAFETY: the frame is live. Its `This` holds the object, which it keeps alive for 'c, or says that there is none.
        unsafe {
            let this = &(*self.frame).This;
            assert!(u32::from(this.u1.v.type_) == IS_OBJECT, "a function or a static method has no $this");
            Object::from_raw(this.value.obj)
        }
    }

    /// Gives the result at once, as the last thing that a handler does; which then returns [`Given`]. Values that go up through several
    /// functions are copied in each, which costs more than making them.
    #[inline]
    pub fn give(&self, write: impl FnOnce(&mut Zval)) -> Given {
        // SAFETY: the place of the result lives as long as the call, and holds null until now.
        write(unsafe { &mut *self.out });
        Given(())
    }

    /// The Rust side of `$this`.
    #[inline]
    pub fn payload<T: Payload>(&self) -> Result<&'c T, Thrown> {
        self.this().payload_or_throw()
    }

    /// Whether no PHP code has called this: PHP itself did, as it does with shutdown functions.
    pub fn is_outermost(&self) -> bool {
        // SAFETY: the frame is live, and so are those of its callers.
        unsafe {
            let mut caller = (*self.frame).prev_execute_data;
            // PHP puts a frame without a function where it has none.
            while !caller.is_null() && (*caller).func.is_null() {
                caller = (*caller).prev_execute_data;
            }
            caller.is_null()
        }
    }

    /// Begins reading the arguments; throws PHP's ArgumentCountError unless there are `min` to `max` of them.
    #[inline]
    pub fn args(&self, min: u32, max: u32) -> Result<Args<'c>, Thrown> {
        // SAFETY: the frame is live; `num_args` is what the engine keeps in `This.u2`.
        let count = unsafe { (*self.frame).This.u2.num_args };
        if count < min || count > max {
            // SAFETY: throws for the running function; no preconditions.
            unsafe { zend_wrong_parameters_count_error(min, max) };
            return Err(Thrown);
        }
        // Only a function that takes any number of arguments gets names that it does not know.
        // SAFETY: as above; the flags of the call are kept in the type word of `This`.
        if unsafe { (*self.frame).This.u1.type_info } & CALL_HAS_EXTRA_NAMED_PARAMS != 0 {
            // SAFETY: throws for the running function; no preconditions.
            unsafe { zend_unexpected_extra_named_error() };
            return Err(Thrown);
        }
        Ok(Args { frame: self.frame, count, next: 0, life: PhantomData })
    }

    /// For a method without arguments.
    pub fn no_args(&self) -> Result<(), Thrown> {
        self.args(0, 0).map(|_| ())
    }
}

/// An argument that may be either.
pub enum LongOrBytes<'c> {
    /// an int (or what PHP coerces to one)
    Long(i64),
    /// a string
    Bytes(&'c [u8]),
}

/// The arguments of a call, read one after another.
pub struct Args<'c> {
    frame: *mut zend_execute_data,
    count: u32,
    next: u32,
    life: PhantomData<&'c zend_execute_data>,
}

impl<'c> Args<'c> {
    /// The next argument, with references followed; None if it was not given.
    #[inline]
    fn take(&mut self) -> Option<*mut Zval> {
        if self.next >= self.count {
            return None;
        }
        // The arguments lie behind the frame, rounded up to whole zvals.
        const HEADER: usize = size_of::<zend_execute_data>().div_ceil(size_of::<zval>());
        // SAFETY: `next < count`, and the engine has put `count` zvals behind the frame.
        let value = unsafe { &mut *self.frame.cast::<zval>().add(HEADER + self.next as usize) };
        self.next += 1;
        // SAFETY: an initialised value.
        match u32::from(unsafe { value.u1.v.type_ }) {
            ..IS_REFERENCE => Some(value),
            _ => Some(value.dereference_mut()),
        }
    }

    /// Runs one of PHP's coercions, which may run PHP code: `__toString()`, an error handler.
    fn coerced(&self, coerce: impl Fn() -> bool) -> bool {
        let mut done = false;
        // SAFETY: the closure owns nothing.
        unsafe { protect::protected(&mut || done = coerce()) };
        done
    }

    fn wrong<T>(&self, expected: _zend_expected_type, value: *mut Zval) -> Result<T, Thrown> {
        if !protect::bailing_out() {
            // SAFETY: throws for the running function, argument `next` (counted from 1), whose value this is.
            unsafe { zend_wrong_parameter_type_error(self.next, expected, value) };
        }
        Err(Thrown)
    }

    /// An int, or None if the argument was left out.
    #[inline]
    pub fn maybe_long(&mut self) -> Result<Option<i64>, Thrown> {
        let Some(value) = self.take() else { return Ok(None) };
        // SAFETY: `take` gives a live argument of this call; what has this type is an int.
        unsafe {
            if u32::from((*value).u1.v.type_) == IS_LONG {
                return Ok(Some((*value).value.lval));
            }
        }
        self.coerced_long(value)
    }

    #[cold]
    fn coerced_long(&self, value: *mut Zval) -> Result<Option<i64>, Thrown> {
        let mut n = 0;
        let out = &raw mut n;
        // SAFETY: as above; the function coerces as the caller's strict_types mode says, or answers false.
        if self.coerced(|| unsafe { zend_parse_arg_long_slow(value, out, self.next) }) {
            Ok(Some(n))
        } else {
            self.wrong(EXPECT_LONG, value)
        }
    }

    /// A required int.
    #[inline]
    pub fn long(&mut self) -> Result<i64, Thrown> {
        self.maybe_long().map(|n| n.unwrap_or_default())
    }

    /// An optional int.
    pub fn long_or(&mut self, default: i64) -> Result<i64, Thrown> {
        self.maybe_long().map(|n| n.unwrap_or(default))
    }

    /// An optional int, or None if it is null.
    pub fn nullable_long(&mut self) -> Result<Option<i64>, Thrown> {
        if self.next_is_null() {
            self.next += 1;
            return Ok(None);
        }
        self.maybe_long()
    }

    /// Whether the next argument is null; it is not read by that.
    fn next_is_null(&self) -> bool {
        let given = Args { frame: self.frame, count: self.count, next: self.next, life: PhantomData }.take();
        // SAFETY: `take` gives a live argument of this call.
        given.is_some_and(|value| unsafe { &*value }.is_null())
    }

    /// An optional float.
    pub fn float_or(&mut self, default: f64) -> Result<f64, Thrown> {
        let Some(value) = self.take() else { return Ok(default) };
        // SAFETY: `take` gives a live argument of this call.
        if let Some(f) = unsafe { &*value }.double() {
            return Ok(f);
        }
        let mut f = 0.0;
        let out = &raw mut f;
        // SAFETY: as above.
        if self.coerced(|| unsafe { zend_parse_arg_double_slow(value, out, self.next) }) {
            Ok(f)
        } else {
            self.wrong(EXPECT_DOUBLE, value)
        }
    }

    /// An optional bool.
    pub fn bool_or(&mut self, default: bool) -> Result<bool, Thrown> {
        let Some(value) = self.take() else { return Ok(default) };
        // SAFETY: `take` gives a live argument of this call.
        if let Some(b) = unsafe { &*value }.bool() {
            return Ok(b);
        }
        let mut b = false;
        let out = &raw mut b;
        // SAFETY: as above.
        if self.coerced(|| unsafe { zend_parse_arg_bool_slow(value, out, self.next) }) {
            Ok(b)
        } else {
            self.wrong(EXPECT_BOOL, value)
        }
    }

    /// The next argument, which stays the next.
    #[inline]
    fn peek(&self) -> Option<*mut Zval> {
        Args { frame: self.frame, count: self.count, next: self.next, life: PhantomData }.take()
    }

    /// Whether the next argument is a bool, and which; it is not read by that.
    pub fn next_bool(&self) -> Option<bool> {
        let value = self.peek()?;
        // SAFETY: `take` gives a live argument of this call.
        unsafe { &*value }.bool()
    }

    /// The next argument, if it is an array; else it stays the next.
    pub fn next_array(&mut self) -> Option<&'c ZendHashTable> {
        let value = self.peek()?;
        // SAFETY: `peek` gives a live argument of this call, whose array the frame keeps until the call ends.
        let array = unsafe { &*value }.array()?;
        self.next += 1;
        Some(array)
    }

    /// An array, or None if it is null or was left out. The frame does not keep an array that was passed by reference: that lives until PHP code runs.
    pub fn maybe_array(&mut self) -> Result<Option<&'c ZendHashTable>, Thrown> {
        let Some(value) = self.take() else { return Ok(None) };
        // SAFETY: a live argument whose array the frame keeps until the call ends.
        let found = unsafe { &*value };
        match found.array() {
            None if found.is_null() => Ok(None),
            None => self.wrong(EXPECT_ARRAY_OR_NULL, value),
            array => Ok(array),
        }
    }

    /// An optional float, or None if it is null.
    pub fn nullable_float_or(&mut self, default: f64) -> Result<Option<f64>, Thrown> {
        if self.next_is_null() {
            self.next += 1;
            return Ok(None);
        }
        self.float_or(default).map(Some)
    }

    /// Replaces the value of argument `index` (from 0), which is passed by reference and was given. What it was is let go of under protection.
    pub fn assign(&self, index: u32, value: Zval) {
        let mut at = Args { frame: self.frame, count: self.count, next: index, life: PhantomData };
        if let Some(place) = at.take() {
            // SAFETY: `take` gives a live argument of this call with its reference followed. It holds the new value before the old one goes,
            // whose destructor may look at it.
            super::kept::let_go(std::mem::replace(unsafe { &mut *place }, value));
        }
    }

    /// A required string, as bytes that live as long as the call.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'c [u8], Thrown> {
        Ok(self.maybe_bytes()?.unwrap_or_default())
    }

    /// A string, or None if the argument was left out.
    #[inline]
    pub fn maybe_bytes(&mut self) -> Result<Option<&'c [u8]>, Thrown> {
        Ok(self.maybe_string()?.map(ZendStr::as_bytes))
    }

    /// A string as PHP has it, or None if the argument was left out.
    #[inline]
    pub fn maybe_string(&mut self) -> Result<Option<&'c ZendStr>, Thrown> {
        let Some(value) = self.take() else { return Ok(None) };
        // SAFETY: `take` gives a live argument of this call, and the frame keeps its string until the call ends.
        unsafe {
            if u32::from((*value).u1.v.type_) == IS_STRING {
                return Ok((*value).value.str_.as_ref());
            }
        }
        self.coerced_string(value).map(Some)
    }

    #[cold]
    fn coerced_string(&self, value: *mut Zval) -> Result<&'c ZendStr, Thrown> {
        let mut s = std::ptr::null_mut();
        let out = &raw mut s;
        // SAFETY: as above; on success the argument itself holds the string `s`.
        if self.coerced(|| unsafe { zend_parse_arg_str_slow(value, out, self.next) }) {
            // SAFETY: the argument holds the string until the call ends.
            Ok(unsafe { &*s })
        } else {
            self.wrong(EXPECT_STRING, value)
        }
    }

    /// A string as PHP has it, or None if the argument is null or was left out.
    #[inline]
    pub fn nullable_string(&mut self) -> Result<Option<&'c ZendStr>, Thrown> {
        match self.peek() {
            // SAFETY: `peek` gives a live argument of this call.
            Some(value) if u32::from(unsafe { (*value).u1.v.type_ }) == IS_NULL => {
                self.next += 1;
                Ok(None)
            }
            _ => self.maybe_string(),
        }
    }

    /// A required string that names something (a host, an event): bytes that are not UTF-8 are replaced.
    pub fn text(&mut self) -> Result<String, Thrown> {
        Ok(String::from_utf8_lossy(self.bytes()?).into_owned())
    }

    /// A required int or string.
    pub fn long_or_bytes(&mut self) -> Result<LongOrBytes<'c>, Thrown> {
        let Some(value) = self.take() else { return Ok(LongOrBytes::Long(0)) };
        // SAFETY: `take` gives a live argument of this call, and the frame keeps its string until the call ends.
        let found = unsafe { &*value };
        if let Some(n) = found.long() {
            return Ok(LongOrBytes::Long(n));
        }
        if let Some(s) = found.zend_str() {
            return Ok(LongOrBytes::Bytes(s.as_bytes()));
        }
        let (mut s, mut n) = (std::ptr::null_mut(), 0);
        let (text, long) = (&raw mut s, &raw mut n);
        // SAFETY: as above; on success either `s` is set and held by the argument, or `n` is.
        if self.coerced(|| unsafe { zend_parse_arg_str_or_long_slow(value, text, long, self.next) }) {
            // SAFETY: the argument holds the string until the call ends.
            Ok(if s.is_null() { LongOrBytes::Long(n) } else { LongOrBytes::Bytes(unsafe { string_bytes(s) }) })
        } else {
            self.wrong(EXPECT_STRING_OR_LONG, value)
        }
    }

    /// A required array.
    #[inline]
    pub fn array(&mut self) -> Result<&'c ZendHashTable, Thrown> {
        let value = self.take().unwrap_or(std::ptr::null_mut());
        // SAFETY: null, or a live argument whose array the frame keeps until the call ends.
        unsafe {
            if let Some(found) = value.as_ref()
                && u32::from(found.u1.v.type_) == IS_ARRAY
            {
                return Ok(&*found.value.arr);
            }
        }
        self.wrong(EXPECT_ARRAY, value)
    }

    /// A required argument of any type.
    #[inline]
    pub fn any(&mut self) -> &'c Zval {
        static NULL: NullZval = NullZval(Zval::new());
        self.maybe_any().unwrap_or(&NULL.0)
    }

    /// An argument of any type, or None if it was left out.
    #[inline]
    pub fn maybe_any(&mut self) -> Option<&'c Zval> {
        // SAFETY: `take` gives a live argument, which the frame keeps until the call ends.
        self.take().map(|value| unsafe { &*value })
    }

    /// What is left of the arguments, for a function that takes any number of them.
    #[inline]
    pub fn rest(&mut self) -> Vec<Zval> {
        if self.next >= self.count {
            return Vec::new();
        }
        // SAFETY: `take` gives a live argument of this call.
        std::iter::from_fn(|| self.take().map(|value| unsafe { &*value }.shallow_clone())).collect()
    }

    /// An optional callable: None if it was left out or is null.
    pub fn maybe_callback(&mut self) -> Result<Option<Callback>, Thrown> {
        let value = self.any();
        if value.is_null() { Ok(None) } else { self.resolved(value).map(Some) }
    }

    /// A required object whose class, `class`, or a class it extends, was registered with `T`.
    pub fn object<T: Payload>(&mut self, class: &'static CStr) -> Result<Object<'c>, Thrown> {
        let value = self.take().unwrap_or(std::ptr::null_mut());
        // SAFETY: null, or a live argument whose object the frame keeps until the call ends.
        let found = unsafe { value.as_ref() }.and_then(Object::of);
        found.filter(|object| object.payload::<T>().is_some()).ok_or_else(|| {
            // SAFETY: throws for the running function, argument `next`, whose value this is.
            unsafe { zend_wrong_parameter_class_error(self.next, class.as_ptr(), value) };
            Thrown
        })
    }

    /// A required callable, resolved now, with the rights of the code that passed it.
    #[inline]
    pub fn callback(&mut self) -> Result<Callback, Thrown> {
        let value = self.any();
        self.resolved(value)
    }

    #[inline]
    fn resolved(&self, value: &Zval) -> Result<Callback, Thrown> {
        match Callback::of_closure(value) {
            Some(callback) => Ok(callback),
            None => self.looked_up(value),
        }
    }

    #[cold]
    fn looked_up(&self, value: &Zval) -> Result<Callback, Thrown> {
        Callback::new(value).map_err(|why| {
            if !protect::bailing_out() {
                // SAFETY: throws for the running function, argument `next`; takes over the message.
                unsafe { zend_wrong_callback_error(self.next, why.into_raw()) };
            }
            Thrown
        })
    }
}

struct NullZval(Zval);
// SAFETY: an immutable null: nothing in it is shared or counted.
unsafe impl Sync for NullZval {}

/// # Safety
/// `s` is a live string that is kept for 'c.
unsafe fn string_bytes<'c>(s: *mut zend_string) -> &'c [u8] {
    // SAFETY: a zend_string carries its bytes, `len` of them, behind its header.
    unsafe { std::slice::from_raw_parts((&raw const (*s).val).cast(), (*s).len) }
}
