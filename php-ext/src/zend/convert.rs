//! Values of one type as another, as PHP's weak mode does it.

use super::call::Thrown;
use super::protect::protected;
use super::report::thrown_or_ok;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{IS_DOUBLE, IS_LONG, zval_try_get_string_func};
use ext_php_rs::types::{ZendStr, Zval};
use std::ffi::{c_char, c_int};
use std::ptr;

// From zend_operators.h.
unsafe extern "C" {
    fn _is_numeric_string_ex(
        text: *const c_char,
        length: usize,
        int: *mut i64,
        float: *mut f64,
        allow_errors: bool,
        overflow: *mut c_int,
        trailing: *mut bool,
    ) -> u8;
}

/// A number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// an int
    Int(i64),
    /// a float
    Float(f64),
}

impl Number {
    /// The number that a value is, or stands for as a numeric string. None: it is none.
    #[inline]
    pub fn of(value: &Zval) -> Option<Number> {
        value
            .long()
            .map(Number::Int)
            .or_else(|| value.double().map(Number::Float))
            .or_else(|| value.zend_str().and_then(numeric))
    }

    /// As an int, if it is one.
    pub fn whole(self) -> Option<i64> {
        match self {
            Number::Int(n) => Some(n),
            // From 2^63 on no int holds it.
            Number::Float(f)
                if f.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f) =>
            {
                Some(f as i64)
            }
            Number::Float(_) => None,
        }
    }

    /// As a float.
    pub fn float(self) -> f64 {
        match self {
            Number::Int(n) => n as f64,
            Number::Float(f) => f,
        }
    }
}

/// The number that a numeric string stands for: `12`, ` 1.5e3`. None: it is no number, or there is more behind it than spaces.
fn numeric(text: &ZendStr) -> Option<Number> {
    let (mut int, mut float) = (0, 0.0);
    // SAFETY: a live string, which has a NUL behind its bytes, and two places for the answer.
    let kind = unsafe {
        _is_numeric_string_ex(
            (&raw const text.val).cast(),
            text.len,
            &raw mut int,
            &raw mut float,
            false,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    match u32::from(kind) {
        IS_LONG => Some(Number::Int(int)),
        IS_DOUBLE => Some(Number::Float(float)),
        _ => None,
    }
}

/// The value as a string. Err: it has none, or its `__toString()` has thrown, or died.
pub fn to_string(value: &Zval) -> Result<ZBox<ZendStr>, Thrown> {
    let value = ptr::from_ref(value).cast_mut();
    let mut string = ptr::null_mut();
    // SAFETY: a live value, which is only read; the closure owns nothing.
    let returned = unsafe { protected(&mut || string = zval_try_get_string_func(value)) };
    if !returned || string.is_null() {
        return Err(Thrown);
    }
    // SAFETY: the string is ours.
    let string = unsafe { ZBox::from_raw(string) };
    thrown_or_ok().map(|()| string)
}
