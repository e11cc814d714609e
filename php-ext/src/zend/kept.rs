//! Callables that the engine keeps, and letting go of PHP values where no PHP code is running.

use super::callback::Callback;
use super::protect::{bailing_out, protected};
use super::report::{settle_exception, thrown_or_ok};
use ext_php_rs::ffi::{IS_TYPE_REFCOUNTED, zval_ptr_dtor};
use ext_php_rs::types::Zval;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ops::Deref;

/// A callable that the engine keeps, with arguments of its own. It may be let go of anywhere: its destructors are
/// PHP code, which runs under protection.
pub struct Kept(ManuallyDrop<Callback>);

impl Kept {
    /// Keeps `callback`, and `extra` for its caller.
    #[inline]
    pub fn new(callback: Callback, extra: Vec<Zval>) -> Kept {
        let callback = if extra.is_empty() { callback } else { callback.with(extra) };
        Kept(ManuallyDrop::new(callback))
    }

    /// The callable.
    pub fn callback(&self) -> &Callback {
        &self.0
    }

    /// What was given with it.
    pub fn extra(&self) -> &[Zval] {
        self.0.extra()
    }

    /// Lets go of it. What its destructors throw stays pending: see [`Outcome::of`].
    pub fn let_go(self) {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: taken once, here, and `self` is not used any more.
        unsafe { ManuallyDrop::take(&mut this.0) }.into_values(let_go);
    }
}

impl From<Callback> for Kept {
    /// Without arguments of its own.
    fn from(callback: Callback) -> Kept {
        Kept(ManuallyDrop::new(callback))
    }
}

impl Drop for Kept {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: taken once, here, and `self` is not used any more.
        unsafe { ManuallyDrop::take(&mut self.0) }.into_values(release);
    }
}

/// Lets go of a value where no PHP code is running that could catch what its destructor throws: that is reported.
/// After a fatal error the value is left to PHP's cleaning at the end.
///
/// An exception (or exit) that is on its way already goes on: the value goes because of it, with what held it. What a destructor throws then, PHP
/// chains to it.
#[inline]
pub fn release(value: Zval) {
    if let Err(value) = give_up(value) {
        let on_its_way = thrown_or_ok().is_err();
        let_go(value);
        if !on_its_way {
            settle_exception();
        }
    }
}

/// Gives up a reference for which nothing else is to be done: it is not the last, and the garbage collector knows of the value already or need not
/// know. That spares the protection.
#[inline]
fn give_up(value: Zval) -> Result<(), Zval> {
    /// GC_INFO_MASK and GC_NOT_COLLECTABLE of zend_types.h: where the collector has noted it, and that it need not.
    const NOTED: u32 = 0xffff_fc00 | 1 << 4;
    if bailing_out() {
        return Err(value);
    }
    // SAFETY: a value that is counted points to its counter.
    unsafe {
        if value.u1.type_info >> 8 & IS_TYPE_REFCOUNTED != 0 {
            let counted = value.value.counted;
            if (*counted).gc.refcount == 1 || (*counted).gc.u.type_info & NOTED == 0 {
                return Err(value);
            }
            (*counted).gc.refcount -= 1;
        }
    }
    std::mem::forget(value);
    Ok(())
}

/// Lets go of a value inside a method: what its destructor throws is for the method's caller.
#[inline]
pub fn let_go(value: Zval) {
    let mut value = ManuallyDrop::new(value);
    // SAFETY: the type word of an initialised value.
    if unsafe { value.u1.type_info } >> 8 & IS_TYPE_REFCOUNTED == 0 {
        return;
    }
    let value = &raw mut *value;
    // SAFETY: an owned value, never dropped but here; the closure owns nothing.
    unsafe { protected(&mut || zval_ptr_dtor(value)) };
}

/// A reference of a method's own to a value whose place the script may change meanwhile. It is let go of as by [`let_go`].
pub struct Own(ManuallyDrop<Zval>);

impl Own {
    /// A further reference.
    pub fn of(value: &Zval) -> Own {
        Own(ManuallyDrop::new(value.shallow_clone()))
    }
}

impl Deref for Own {
    type Target = Zval;

    fn deref(&self) -> &Zval {
        &self.0
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // SAFETY: taken once, here, and `self` is not used any more.
        let_go(unsafe { ManuallyDrop::take(&mut self.0) });
    }
}

thread_local! {
    static OUTLIVED: Cell<Option<Zval>> = const { Cell::new(None) };
}

/// Gives up a reference to an object that PHP goes on with, although code that ran meanwhile may have let go of all others. If it has, the object stays until the
/// next one comes here, or the script ends.
#[inline]
pub(super) fn outlive(object: Zval) {
    let object = ManuallyDrop::new(object);
    // SAFETY: an object is counted. There are no more references than before it was held, so the collector need not look at it.
    unsafe {
        let counted = object.value.counted;
        if (*counted).gc.refcount > 1 {
            (*counted).gc.refcount -= 1;
            return;
        }
    }
    if !bailing_out() {
        let before = OUTLIVED.replace(Some(ManuallyDrop::into_inner(object)));
        before.into_iter().for_each(release);
    }
}

/// The script has ended: its objects go.
pub(super) fn forget_outlived() {
    OUTLIVED.take().into_iter().for_each(release);
}
