//! Methods of `Swoole\Process` that start it, and those of the process itself.

use super::super::{did_you_mean, refuse, value_or_warn, warn_of};
use super::{Owner, State, show_pipe, slot, state};
use crate::bridge::{looping, settings};
use crate::functions::runtime::set_title;
use crate::zend::{self, Arg, Call, Callback, Exception, Object, Outcome, Thrown, int, no, warning};
use ext_php_rs::types::Zval;
use std::ffi::CString;
use swoole_core::error::{Error, ErrorKind, Result as EngineResult};
use swoole_core::log;
use swoole_core::process::control;
use swoole_core::sys::process::Forked;

/// Accepts what this engine has no use for.
pub fn set(call: Call<'_>) -> Result<(), Thrown> {
    const KNOWN: &str = "enable_coroutine";
    let given = call.args(1, 1)?.array()?;
    state(call.this())?;
    for (key, _) in settings::pairs(given) {
        let name = settings::name(&key);
        if name != KNOWN {
            let near = did_you_mean(&name, [KNOWN].into_iter());
            warning(&format!("unknown setting \"{name}\" of a process{near}"))?;
        }
    }
    Ok(())
}

/// Forks the process. Its number; false if it could not be. Does not return in the process itself.
pub fn start(call: Call<'_>) -> Result<Zval, Thrown> {
    call.no_args()?;
    let object = call.this();
    let state = state(object)?;
    let (Owner::Script, Some(callback)) = (state.owner.get(), &state.callback) else {
        let owner = if state.owner.get() == Owner::Server { "server" } else { "pool" };
        refuse(ErrorKind::WrongOperation, format!("this process belongs to a {owner}, which starts it"))?;
        return Ok(no());
    };
    match value_or_warn(state.change(|engine| engine.fork()))? {
        None => Ok(no()),
        Some(Forked::Parent(pid)) => {
            object.set_property(slot::PID, int(pid));
            object.set_property(slot::ID, int(state.number));
            show_pipe(object, state);
            Ok(int(pid))
        }
        Some(Forked::Child) => run(object, state, callback),
    }
}

/// Ends the process if the Rust code below fails: its parent's script must not go on in it.
struct NoWayBack;

impl Drop for NoWayBack {
    fn drop(&mut self) {
        zend::end_process(looping::UNCAUGHT);
    }
}

/// Calls the function, runs the loop until it is empty, and ends as a script ends. Runs in: the process.
fn run(object: Object<'_>, state: &State, callback: &Callback) -> ! {
    let _no_way_back = NoWayBack;
    looping::begin_fork(zend::begin_fork());
    zend::reseed();
    become_it(object, state, state.number);
    match callback.call(&[Arg::Value(&object.value())], |_| ()) {
        Outcome::Returned(()) => looping::run_to_end(),
        Outcome::Threw => {
            looping::end_loop();
            zend::set_exit_code(looping::UNCAUGHT);
            if let Some(exception) = Exception::take() {
                exception.end_script();
            }
        }
        Outcome::Exit(code) => {
            looping::end_loop();
            zend::set_exit_code(code);
        }
        // PHP has reported the error and set the code.
        Outcome::Bailout => looping::end_loop(),
    }
    zend::end_script()
}

/// The properties and standard streams of the running process, which is the one that `object` stands for.
fn become_it(object: Object<'_>, state: &State, id: i32) {
    show_pipe(object, state);
    object.set_property(slot::PID, int(std::process::id()));
    object.set_property(slot::ID, int(id));
    if state.with(|engine| Ok(engine.is_redirected())) == Ok(true) {
        zend::renew_standard_input();
    }
}

/// The running process, which a server has forked, becomes the one that `object` stands for. What is to be called in it.
/// Runs in: user process.
pub fn enter(object: Object<'_>, worker_id: Option<i32>) -> Option<Callback> {
    let state = state(object).ok()?;
    if let Err(error) = state.change(|engine| engine.enter()) {
        log::error(format_args!("a user process cannot use its pipe: {error}"));
    }
    become_it(object, state, worker_id.unwrap_or(state.number));
    state.callback.clone()
}

/// False with a warning unless the running process is the one of `$this`.
fn is_here(call: Call<'_>, what: &str) -> Result<bool, Thrown> {
    if state(call.this())?.is_running_process() {
        return Ok(true);
    }
    refuse(
        ErrorKind::WrongOperation,
        format!(
            "{what} is for the process itself, but this one is not the process of this object; call it in the process's function"
        ),
    )
}

/// Ends the process: as `exit($exit_code)`, wherever it is called in it.
pub fn exit(call: Call<'_>) -> Result<(), Thrown> {
    let code = call.args(0, 1)?.long_or(0)?;
    if !is_here(call, "exit()")? {
        return Ok(());
    }
    let code = match i32::try_from(code) {
        Ok(code @ 0..=255) => code,
        _ => {
            refuse(
                ErrorKind::InvalidParams,
                format!("{code} is no exit code; codes are 0 to 255. The process ends with 1"),
            )?;
            1
        }
    };
    zend::leave_process(code);
    Err(Thrown)
}

/// Becomes another program. Returns only if it could not.
pub fn exec(call: Call<'_>) -> Result<bool, Thrown> {
    let mut args = call.args(2, 2)?;
    let (file, given) = (args.bytes()?, args.array()?);
    if !is_here(call, "exec()")? {
        return Ok(false);
    }
    let file = c_string("the path of the program", file);
    let arguments: EngineResult<Vec<CString>> = settings::pairs(given).map(|(_, value)| argument(value)).collect();
    match file.and_then(|file| Ok((file, arguments?))) {
        Ok((file, arguments)) => {
            zend::flush_output()?;
            failed(control::exec(&file, &arguments))
        }
        Err(error) => failed(error),
    }
}

fn failed(error: Error) -> Result<bool, Thrown> {
    warn_of(&error.remember())?;
    Ok(false)
}

/// An argument of a program: a scalar as PHP writes it.
fn argument(value: &Zval) -> EngineResult<CString> {
    let value = value.dereference();
    if let Some(text) = value.zend_str() {
        return c_string("an argument of the program", text.as_bytes());
    }
    if value.is_array() || value.is_object() || value.is_resource() {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            "an argument of a program is a string or a number; an array, an object or a resource is none",
        ));
    }
    c_string("an argument of the program", value.coerce_to_string().unwrap_or_default().as_bytes())
}

fn c_string(what: &str, bytes: &[u8]) -> EngineResult<CString> {
    CString::new(bytes)
        .map_err(|_| Error::new(ErrorKind::InvalidParams, format!("{what} has a zero byte, where it would be cut")))
}

/// What `ps` shows of the running process.
pub fn name(call: Call<'_>) -> Result<bool, Thrown> {
    let title = call.args(1, 1)?.bytes()?;
    state(call.this())?;
    set_title(title)
}
