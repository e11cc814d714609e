//! The one door into PHP code: a callable, resolved once and called many times.

use super::call::Thrown;
use super::object::{Gc, Object};
use super::protect::{bailing_out, globals, protected};
use ext_php_rs::ffi::{
    _efree, IS_NULL, IS_OBJECT, IS_OBJECT_EX, IS_UNDEF, ZEND_ACC_CALL_VIA_TRAMPOLINE, zend_call_function,
    zend_class_entry, zend_fcall_info, zend_fcall_info_cache, zend_fcall_info_init, zend_function, zend_is_unwind_exit,
    zend_object, zend_release_fcall_info_cache, zval, zval_ptr_dtor,
};
use ext_php_rs::types::Zval;
use std::ffi::{c_char, c_void};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::{self, NonNull};

/// An argument for PHP code. Made into a zval only inside the protected call.
#[derive(Clone, Copy)]
pub enum Arg<'a> {
    /// any value; PHP gets a further reference to it
    Value(&'a Zval),
    /// an int
    Int(i64),
    /// a string; copied once
    Bytes(&'a [u8]),
    /// whatever the function makes
    Made(&'a dyn Fn() -> Zval),
}

/// How a call into PHP code ended.
#[must_use]
pub enum Outcome<T> {
    /// it returned, and this was read from its result
    Returned(T),
    /// an exception is pending: see [`super::report_exception`]
    Threw,
    /// it called `exit`; the unwinding is over and the code is this
    Exit(i32),
    /// a fatal error, which PHP has reported; no PHP code may run in this process any more
    Bailout,
}

impl<T> Outcome<T> {
    /// How PHP code has ended that this layer has run, and that answered with `result`.
    pub fn of(result: Result<T, Thrown>) -> Outcome<T> {
        if bailing_out() {
            return Outcome::Bailout;
        }
        // SAFETY: globals of this process; `exception` is null or a live object.
        let exception = unsafe { (*globals()).exception };
        if !exception.is_null() {
            // SAFETY: it is not null.
            if unsafe { zend_is_unwind_exit(exception) } {
                super::report::drop_exception();
                // SAFETY: globals of this process.
                return Outcome::Exit(unsafe { (*globals()).exit_status });
            }
            return Outcome::Threw;
        }
        match result {
            Ok(value) => Outcome::Returned(value),
            Err(Thrown) => Outcome::Threw,
        }
    }
}

// From zend_closures.h.
unsafe extern "C" {
    static zend_ce_closure: *mut zend_class_entry;
}

const NO_FUNCTION: zend_fcall_info_cache = zend_fcall_info_cache {
    function_handler: ptr::null_mut(),
    calling_scope: ptr::null_mut(),
    called_scope: ptr::null_mut(),
    object: ptr::null_mut(),
};

/// Arguments that need no memory of their own: as many as any event has.
const FEW_ARGS: usize = 5;

/// Why something is not callable, in PHP's words. Allocated by the engine.
pub struct WhyNot(*mut c_char);

impl WhyNot {
    /// Hands the message to an engine function that frees it.
    pub fn into_raw(self) -> *mut c_char {
        ManuallyDrop::new(self).0
    }
}

impl Drop for WhyNot {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: allocated by the engine for the caller of `zend_fcall_info_init`, freed once.
            unsafe { _efree(self.0.cast()) };
        }
    }
}

/// A PHP callable. Resolving it once saves the lookup on each call and keeps the rights of the place
/// where it was given: a private method passed from inside its class stays callable.
///
/// One word, since timers are set in great numbers: the closure, which tells what it is at once, or, with [`RESOLVED`] added, the address of
/// what was found for anything else.
pub struct Callback(NonNull<c_void>);

/// Both kinds of addresses are even.
const RESOLVED: usize = 1;

/// What a callback points to.
enum Callable<'a> {
    /// a reference to it belongs to the callback
    Closure(*mut zend_object),
    Resolved(&'a Resolved),
}

/// What a lookup has found.
struct Resolved {
    callable: Zval,
    // Keeps the object that `cache` points to: `'A::method'` named inside an object of A is resolved to
    // that object, which nothing in `callable` keeps.
    object: Zval,
    // Its function is null where it must be looked up on each call (`__call`).
    cache: zend_fcall_info_cache,
    /// arguments of its own, where the engine keeps it
    extra: Vec<Zval>,
}

impl Callback {
    /// Resolves `callable`, or says why it cannot be called.
    pub fn new(callable: &Zval) -> Result<Callback, WhyNot> {
        match Self::of_closure(callable) {
            Some(callback) => Ok(callback),
            None => Self::resolve(callable),
        }
    }

    /// A closure, of which nothing need be looked up.
    #[inline]
    pub(super) fn of_closure(callable: &Zval) -> Option<Callback> {
        // SAFETY: a live object has a class; that of closures is there before any module starts. The reference counted here is ours.
        unsafe {
            if u32::from(callable.u1.v.type_) != IS_OBJECT {
                return None;
            }
            let object = NonNull::new(callable.value.obj)?;
            if !ptr::eq((*object.as_ptr()).ce, zend_ce_closure) {
                return None;
            }
            (*object.as_ptr()).gc.refcount += 1;
            Some(Callback(object.cast()))
        }
    }

    fn of_resolved(resolved: Resolved) -> Callback {
        let address = NonNull::from(Box::leak(Box::new(resolved)));
        Callback(address.cast().map_addr(|address| address | RESOLVED))
    }

    #[inline]
    fn callable(&self) -> Callable<'_> {
        match self.resolved() {
            None => Callable::Closure(self.0.as_ptr().cast()),
            // SAFETY: a box of ours, which nobody else has.
            Some(resolved) => Callable::Resolved(unsafe { resolved.as_ref() }),
        }
    }

    #[inline]
    fn resolved(&self) -> Option<NonNull<Resolved>> {
        if self.0.addr().get() & RESOLVED == 0 {
            return None;
        }
        NonNull::new(self.0.as_ptr().map_addr(|address| address - RESOLVED).cast())
    }

    /// The same with arguments of its own.
    #[cold]
    pub(super) fn with(self, extra: Vec<Zval>) -> Callback {
        // What a closure has told stays true as long as it lives.
        let object = match self.callable() {
            Callable::Closure(_) => Zval::new(),
            Callable::Resolved(resolved) => resolved.object.shallow_clone(),
        };
        Self::of_resolved(Resolved { callable: self.value(), object, cache: self.cache(), extra })
    }

    /// Those arguments.
    pub(super) fn extra(&self) -> &[Zval] {
        match self.callable() {
            Callable::Closure(_) => &[],
            Callable::Resolved(resolved) => &resolved.extra,
        }
    }

    /// What it owns, each to be let go of.
    #[inline]
    pub(super) fn into_values(self, mut let_go: impl FnMut(Zval)) {
        let this = ManuallyDrop::new(self);
        let Some(resolved) = this.resolved() else {
            return let_go(owned(this.0.as_ptr().cast()));
        };
        // SAFETY: the box goes back to where it came from; `self` is not used any more.
        let Resolved { callable, object, extra, .. } = *unsafe { Box::from_raw(resolved.as_ptr()) };
        let_go(callable);
        let_go(object);
        extra.into_iter().for_each(let_go);
    }

    fn resolve(callable: &Zval) -> Result<Callback, WhyNot> {
        let mut callable = callable.shallow_clone();
        let mut info = MaybeUninit::<zend_fcall_info>::zeroed();
        let mut cache = NO_FUNCTION;
        let mut why = ptr::null_mut();
        let mut result = -1;
        // SAFETY: all pointers are valid for the call; the callable lives on in the value returned. An
        // autoloader may run and die; the closure owns nothing.
        unsafe {
            protected(&mut || {
                result = zend_fcall_info_init(
                    &raw mut callable,
                    0,
                    info.as_mut_ptr(),
                    &raw mut cache,
                    ptr::null_mut(),
                    &raw mut why,
                );
            });
        }
        let why = WhyNot(why);
        if result != 0 {
            return Err(why);
        }
        let object = if cache.object.is_null() {
            Zval::new()
        } else {
            // SAFETY: on success the cache names a live object or none.
            unsafe { Object::from_raw(cache.object) }.value()
        };
        // SAFETY: on success the cache names a live function.
        if is_one_shot(unsafe { &*cache.function_handler }) {
            // SAFETY: releases the one-shot function that the lookup of a `__call` method made.
            unsafe { zend_release_fcall_info_cache(&raw mut cache) };
            cache.function_handler = ptr::null_mut();
        }
        Ok(Self::of_resolved(Resolved { callable, object, cache, extra: Vec::new() }))
    }

    /// What is called.
    #[inline]
    fn cache(&self) -> zend_fcall_info_cache {
        let closure = match self.callable() {
            Callable::Closure(closure) => closure,
            Callable::Resolved(resolved) => return resolved.cache,
        };
        let mut cache = NO_FUNCTION;
        // SAFETY: the closure is ours. Its handler only tells what it holds and keeps: its function, scope and object.
        unsafe {
            if let Some(tell) = (*(*closure).handlers).get_closure {
                let (scope, function) = (&raw mut cache.calling_scope, &raw mut cache.function_handler);
                tell(closure, scope, function, &raw mut cache.object, true);
            }
            cache.called_scope = cache.calling_scope;
            if cache.function_handler.as_ref().is_some_and(is_one_shot) {
                cache.function_handler = ptr::null_mut();
            }
        }
        cache
    }

    /// The PHP function or static method of that name.
    pub fn named(name: &str) -> Option<Callback> {
        Callback::new(&super::value::text(name)).ok()
    }

    /// The callable as it was given.
    pub fn value(&self) -> Zval {
        match self.callable() {
            // SAFETY: the closure is ours.
            Callable::Closure(closure) => unsafe { Object::from_raw(closure) }.value(),
            Callable::Resolved(resolved) => resolved.callable.shallow_clone(),
        }
    }

    /// Shows the values it holds to the garbage collector.
    pub fn trace(&self, gc: &mut Gc) {
        match self.callable() {
            // The reference that is shown is ours.
            Callable::Closure(closure) => gc.add(&ManuallyDrop::new(owned(closure))),
            Callable::Resolved(resolved) => {
                gc.add(&resolved.callable);
                gc.add(&resolved.object);
            }
        }
    }

    /// Calls it and gives its result to `read`, which only looks at it (null where there is none). The
    /// result is let go of inside, since its destructor is PHP code too. Whatever the PHP code does, this returns.
    #[inline]
    pub fn call<T>(&self, args: &[Arg<'_>], read: impl Fn(&Zval) -> T) -> Outcome<T> {
        let mut few = [const { MaybeUninit::uninit() }; FEW_ARGS];
        let mut many = Vec::new();
        let values = match few.get_mut(..args.len()) {
            Some(few) => few,
            None => {
                many.resize_with(args.len(), MaybeUninit::uninit);
                &mut many
            }
        };
        let mut frame = Frame { args, values, callback: self, cache: self.cache(), result: MaybeUninit::uninit() };
        // A call may re-enter and call this same callback again: the copy above is its own.
        let mut value = None;
        // SAFETY: the closure and what it calls own nothing: arguments and result are MaybeUninit, and
        // what was read belongs to this frame, which no longjmp skips.
        let returned = unsafe {
            protected(&mut || {
                frame.enter_php();
                value = Some(read(frame.result()));
                frame.release();
            })
        };
        Outcome::of(value.filter(|_| returned).ok_or(Thrown))
    }
}

impl Clone for Callback {
    /// Further references to the same values: either may be dropped first.
    fn clone(&self) -> Self {
        match self.callable() {
            Callable::Closure(_) => {
                // Its reference goes over to the new one.
                std::mem::forget(self.value());
                Callback(self.0)
            }
            Callable::Resolved(r) => Self::of_resolved(Resolved {
                callable: r.callable.shallow_clone(),
                object: r.object.shallow_clone(),
                cache: r.cache,
                extra: r.extra.iter().map(Zval::shallow_clone).collect(),
            }),
        }
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        Callback(self.0).into_values(drop);
    }
}

/// The value that owns a reference to this object.
#[inline]
fn owned(object: *mut zend_object) -> Zval {
    let mut value = Zval::new();
    value.value.obj = object;
    value.u1.type_info = IS_OBJECT_EX;
    value
}

fn is_one_shot(function: &zend_function) -> bool {
    // SAFETY: functions of all kinds begin with the same fields.
    unsafe { function.common.fn_flags & ZEND_ACC_CALL_VIA_TRAMPOLINE != 0 }
}

/// All that a call needs, in one place that owns nothing.
struct Frame<'a> {
    args: &'a [Arg<'a>],
    values: &'a mut [MaybeUninit<zval>],
    callback: &'a Callback,
    cache: zend_fcall_info_cache,
    result: MaybeUninit<zval>,
}

impl Frame<'_> {
    /// A longjmp may leave this function from any of its calls; what was built by then is left to
    /// PHP's end-of-request cleaning, as PHP does with its own frames.
    fn enter_php(&mut self) {
        for (value, arg) in self.values.iter_mut().zip(self.args) {
            value.write(match *arg {
                Arg::Value(v) => v.shallow_clone(),
                Arg::Int(n) => super::value::int(n),
                Arg::Bytes(b) => super::value::bytes(b),
                Arg::Made(make) => make(),
            });
        }
        let result = self.result.as_mut_ptr();
        // SAFETY: a plain write of the type word of memory that belongs to this frame.
        unsafe { (*result).u1.type_info = IS_UNDEF };
        // SAFETY: zero is valid in each field. What is copied bit by bit the callback keeps, and nothing drops the copy.
        let mut info = unsafe { MaybeUninit::<zend_fcall_info>::zeroed().assume_init() };
        info.size = size_of::<zend_fcall_info>();
        match self.callback.callable() {
            Callable::Closure(closure) => {
                info.function_name.value.obj = closure;
                info.function_name.u1.type_info = IS_OBJECT_EX;
            }
            // SAFETY: as above.
            Callable::Resolved(resolved) => unsafe {
                ptr::copy_nonoverlapping(&raw const resolved.callable, &raw mut info.function_name, 1);
            },
        }
        info.object = self.cache.object;
        info.retval = result;
        info.params = self.values.as_mut_ptr().cast();
        info.param_count = self.args.len() as u32;
        let mut info = ManuallyDrop::new(info);
        let cache = if self.cache.function_handler.is_null() { ptr::null_mut() } else { &raw mut self.cache };
        // SAFETY: a callable, with arguments and result that live in this frame.
        unsafe {
            zend_call_function(&raw mut *info, cache);
            // A call that was refused has no result.
            if (*result).u1.type_info == IS_UNDEF {
                (*result).u1.type_info = IS_NULL;
            }
        }
    }

    /// What the function returned. Only after `enter_php`.
    fn result(&self) -> &Zval {
        // SAFETY: `enter_php` has made it a value.
        unsafe { self.result.assume_init_ref() }
    }

    /// Lets go of result and arguments, which may run destructors. Only after `enter_php`.
    fn release(&mut self) {
        // SAFETY: `enter_php` has made it a value; released once.
        unsafe { zval_ptr_dtor(self.result.as_mut_ptr()) };
        for value in &mut *self.values {
            // SAFETY: written above; released once. The callee took references of its own.
            unsafe { zval_ptr_dtor(value.as_mut_ptr()) };
        }
    }
}
