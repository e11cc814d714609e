//! The thin layer over the Zend engine, and the only room of the extension that may be unsafe.
//!
//! `classes`, `bridge` and `functions` are written in safe Rust on top of it: class tables and
//! argument descriptions are constants, a method is a plain function of a [`Call`], an object's Rust
//! side is a [`Payload`], and PHP code is entered through one door, [`Callback::call`], which comes
//! back as an [`Outcome`] whatever the PHP code did. ext-php-rs gives the bindings, `Zval`, strings
//! and arrays; its class macros are not used because they cannot express this class hierarchy.
//!
//! Two rules hold everywhere:
//! - A fatal error in PHP is a longjmp. It may cross only frames that own nothing, so everything
//!   that can run PHP code goes through [`protect`], which remembers the bailout; the outermost
//!   method handler raises it again when nothing is left on its frame.
//! - Nothing borrowed from a `RefCell` and no `&mut` to shared state is held while PHP runs.
#![allow(unsafe_code)]

mod arginfo;
mod backtrace;
mod call;
mod callback;
mod class;
mod convert;
mod descriptor;
mod fork;
mod kept;
mod lazy;
mod module;
mod object;
mod php_made;
mod protect;
mod report;
mod rows;
mod runtime;
mod serialize;
mod stream;
mod uploads;
mod value;
mod variables;
mod wrap;

pub use arginfo::{
    ARRAY, ArgInfo, BOOL, CALLABLE, FALSE, FLOAT, LONG, MIXED, NONE, NULL, OBJECT, STRING, VOID, arg, arg_by_reference,
    arg_class, arg_object, more, opt, returns, returns_class,
};
pub use backtrace::backtrace;
pub use call::{Args, Call, Given, LongOrBytes, Thrown};
pub use callback::{Arg, Callback, Outcome};
pub use class::{
    ClassSlot, Default, Interface, Method, Parent, PropType, end, function, joined, length, method, register_child,
    register_plain, register_static, static_method,
};
pub use convert::{Number, to_string};
pub use descriptor::{is_stream, renew_standard_input, set_stream_blocking, socket_descriptor, stream_descriptor};
pub use fork::{begin_fork, end_script};
pub use kept::{Kept, Own, let_go, release};
pub use lazy::{Lazy, Made, register_lazy};
pub use module::{IniEntry, Lifecycle, Module};
pub use object::{Gc, Handlers, Live, Object, Payload, register, register_live};
pub use php_made::{closure, construct, dispatch_signals, reseed, set_title, socket_object, unread_bytes, weak_getter};
pub use report::{Exception, report_exception, throw, throw_error, thrown_or_ok, warning};
pub use rows::{Key, Plain, Shape, each, named};
pub use runtime::{
    clear_errno, end_process, flush_output, gai_error_text, has_died, ini_bool, ini_int, is_command_line,
    leave_process, sapi_name, script_key, set_exit_code, set_ini,
};
pub use serialize::{serialize, unserialize};
pub use stream::{Stream, open_stream};
pub use uploads::{forget_upload, note_upload};
pub use value::{array, boolean, bytes, fill, float, int, list, list_of, no, string_value, text};
pub use variables::{Repeated, Variables, max_input_vars, url_decoded};
pub use wrap::follow_pcntl;
