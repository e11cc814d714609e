//! What PHP's own functions do for us: a `Socket` of a descriptor, a `Closure` of a callable, a seed, a title,
//! the signals that wait.

use super::call::Thrown;
use super::callback::{Arg, Callback, Outcome};
use super::class::ClassSlot;
use super::object::Object;
use super::runtime::leave_process;
use super::value::array;
use ext_php_rs::types::{ZendHashTable, Zval};

/// A `Socket` object over a duplicate of `fd`; None if ext/sockets is not loaded or refuses it.
///
/// The object's layout belongs to ext/sockets, so it is asked to make one: `php://fd/N` duplicates
/// the descriptor into a stream, which the socket then owns.
pub fn socket_object(fd: i32) -> Result<Option<Zval>, Thrown> {
    let (Some(open), Some(import)) = (Callback::named("fopen"), Callback::named("socket_import_stream")) else {
        return Ok(None);
    };
    let stream = returned(
        open.call(&[Arg::Bytes(format!("php://fd/{fd}").as_bytes()), Arg::Bytes(b"r+")], Zval::shallow_clone),
    )?;
    let socket = returned(import.call(&[Arg::Value(&stream)], Zval::shallow_clone))?;
    Ok(socket.is_object().then_some(socket))
}

/// Bytes of a stream that PHP has read from its descriptor and the script has not taken.
pub fn unread_bytes(stream: &Zval) -> Result<i64, Thrown> {
    let unread = |data: &Zval| data.array().and_then(|data| data.get("unread_bytes")?.long()).unwrap_or(0);
    match Callback::named("stream_get_meta_data") {
        Some(ask) => returned(ask.call(&[Arg::Value(stream)], unread)),
        None => Ok(0),
    }
}

/// A `Closure` for something callable.
pub fn closure(callable: &Zval) -> Result<Zval, Thrown> {
    match Callback::named("Closure::fromCallable") {
        Some(from_callable) => returned(from_callable.call(&[Arg::Value(callable)], Zval::shallow_clone)),
        None => Ok(Zval::new()),
    }
}

/// What gives the object as long as something else keeps it, and then null.
pub fn weak_getter(object: Object<'_>) -> Result<Callback, Thrown> {
    let Some(create) = Callback::named("WeakReference::create") else { return Err(Thrown) };
    let reference = returned(create.call(&[Arg::Value(&object.value())], Zval::shallow_clone))?;
    let mut method = ZendHashTable::with_capacity(2);
    // Pushing a zval cannot fail: there is nothing to convert.
    let _ = method.push(reference).and_then(|()| method.push("get"));
    Callback::new(&array(method)).map_err(|_| Thrown)
}

/// A new object of `class`, made by its constructor with one argument.
pub fn construct(class: &ClassSlot, argument: &Zval) -> Result<Zval, Thrown> {
    let object = class.instantiate();
    let mut method = ZendHashTable::with_capacity(2);
    // Pushing a zval cannot fail: there is nothing to convert.
    let _ = method.push(object.shallow_clone()).and_then(|()| method.push("__construct"));
    match Callback::new(&array(method)) {
        Ok(constructor) => returned(constructor.call(&[Arg::Value(argument)], |_| ())).map(|()| object),
        Err(_) => Ok(object),
    }
}

/// Gives `mt_rand()` a new seed: processes forked from one that has used it would all draw the same numbers.
pub fn reseed() {
    if let Some(seed) = Callback::named("mt_srand") {
        // Nothing to do about a failure; it returns null.
        let _ = returned(seed.call(&[], |_| ()));
    }
}

/// Gives this process a title through PHP's command line, which knows how much room there is for it. None: this PHP cannot.
pub fn set_title(title: &[u8]) -> Result<Option<bool>, Thrown> {
    match Callback::named("cli_set_process_title") {
        Some(set) => returned(set.call(&[Arg::Bytes(title)], Zval::bool)),
        None => Ok(None),
    }
}

/// Runs the script's handlers of the signals that have arrived.
pub fn dispatch_signals() -> Result<(), Thrown> {
    match Callback::named("pcntl_signal_dispatch") {
        Some(dispatch) => returned(dispatch.call(&[], |_| ())),
        None => Ok(()),
    }
}

/// Lets PHP do now what it has put off until its next call. When memory runs out in an internal function, some builds of PHP let that
/// function fail and raise the fatal error only then.
pub(super) fn catch_up() -> Result<(), Thrown> {
    match Callback::named("gc_enabled") {
        Some(any) => returned(any.call(&[], |_| ())),
        None => Ok(()),
    }
}

fn returned<T>(outcome: Outcome<T>) -> Result<T, Thrown> {
    match outcome {
        Outcome::Returned(value) => Ok(value),
        Outcome::Threw | Outcome::Bailout => Err(Thrown),
        // It goes on unwinding in the method that has asked for this.
        Outcome::Exit(code) => {
            leave_process(code);
            Err(Thrown)
        }
    }
}
