//! Argument and return types of methods and functions, as constants that Reflection reads.

use ext_php_rs::ffi::{
    _ZEND_IS_VARIADIC_BIT, _ZEND_SEND_MODE_SHIFT, _ZEND_TYPE_NAME_BIT, IS_ARRAY, IS_CALLABLE, IS_DOUBLE, IS_FALSE,
    IS_LONG, IS_NULL, IS_OBJECT, IS_STRING, IS_VOID, MAY_BE_ANY, MAY_BE_BOOL, zend_internal_arg_info, zend_type,
};
use std::ffi::{CStr, c_char, c_void};
use std::ptr;

/// No declared type.
pub const NONE: u32 = 0;
/// `null`
pub const NULL: u32 = 1 << IS_NULL;
/// `false`
pub const FALSE: u32 = 1 << IS_FALSE;
/// `bool`
pub const BOOL: u32 = MAY_BE_BOOL;
/// `float`
pub const FLOAT: u32 = 1 << IS_DOUBLE;
/// `int`
pub const LONG: u32 = 1 << IS_LONG;
/// `string`
pub const STRING: u32 = 1 << IS_STRING;
/// `array`
pub const ARRAY: u32 = 1 << IS_ARRAY;
/// `object`
pub const OBJECT: u32 = 1 << IS_OBJECT;
/// `callable`
pub const CALLABLE: u32 = 1 << IS_CALLABLE;
/// `mixed`
pub const MIXED: u32 = MAY_BE_ANY;
/// `void`
pub const VOID: u32 = 1 << IS_VOID;

/// One argument, or, as the first of a table, the number of required arguments and the return type.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct ArgInfo(zend_internal_arg_info);

/// First entry of a table: `required` arguments, return type `mask`.
pub const fn returns(required: usize, mask: u32) -> ArgInfo {
    head(required, zend_type { ptr: ptr::null_mut(), type_mask: mask })
}

/// As [`returns`], for a return type with a class in it: `class|mask`.
pub const fn returns_class(required: usize, class: &'static CStr, mask: u32) -> ArgInfo {
    head(required, zend_type { ptr: class.as_ptr().cast_mut().cast::<c_void>(), type_mask: mask | _ZEND_TYPE_NAME_BIT })
}

/// A required argument.
pub const fn arg(name: &'static CStr, mask: u32) -> ArgInfo {
    ArgInfo(zend_internal_arg_info {
        name: name.as_ptr(),
        type_: zend_type { ptr: ptr::null_mut(), type_mask: mask },
        default_value: ptr::null(),
    })
}

/// A required argument that is passed by reference.
pub const fn arg_by_reference(name: &'static CStr, mask: u32) -> ArgInfo {
    arg(name, mask | 1 << _ZEND_SEND_MODE_SHIFT)
}

/// A required argument that is an object of a class.
pub const fn arg_object(name: &'static CStr, class: &'static CStr) -> ArgInfo {
    arg_class(name, class, 0)
}

/// A required argument that is an object of a class, or of the types of `mask`.
pub const fn arg_class(name: &'static CStr, class: &'static CStr, mask: u32) -> ArgInfo {
    ArgInfo(zend_internal_arg_info {
        name: name.as_ptr(),
        type_: zend_type { ptr: class.as_ptr().cast_mut().cast::<c_void>(), type_mask: mask | _ZEND_TYPE_NAME_BIT },
        default_value: ptr::null(),
    })
}

/// An optional argument with its default as PHP source text.
pub const fn opt(name: &'static CStr, mask: u32, default: &'static CStr) -> ArgInfo {
    ArgInfo(zend_internal_arg_info {
        name: name.as_ptr(),
        type_: zend_type { ptr: ptr::null_mut(), type_mask: mask },
        default_value: default.as_ptr(),
    })
}

/// Any number of further arguments, as the last of a table: `mixed ...$name`.
pub const fn more(name: &'static CStr) -> ArgInfo {
    arg(name, MIXED | _ZEND_IS_VARIADIC_BIT)
}

const fn head(required: usize, type_: zend_type) -> ArgInfo {
    // The engine keeps the number of required arguments where the others keep their name.
    ArgInfo(zend_internal_arg_info {
        name: ptr::without_provenance::<c_char>(required),
        type_,
        default_value: ptr::null(),
    })
}
