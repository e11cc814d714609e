//! ext/pcntl beside the event loop: what a script does with `pcntl_signal()` is told to the loop.

use super::protect::globals;
use super::report::thrown_or_ok;
use ext_php_rs::ffi::{zend_execute_data, zend_function, zend_hash_str_find, zif_handler, zval};
use ext_php_rs::types::Zval;
use std::mem::transmute;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

