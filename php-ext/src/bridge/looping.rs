//! PHP functions that the event loop calls, and the loop of a plain script, which runs by itself when the script has ended.
//!
//! Runs in: plain scripts, and every process of a server.

use super::Host;
use crate::classes::warn_of;
use crate::zend::{self, Arg, Callback, Exception, Kept, Outcome, Thrown};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use swoole_core::error::Error;
use swoole_core::event::{self, Flow};

/// What this process knows of its loop.
struct Looping {
    /// this process belongs to a server or a pool
    host: RefCell<Option<Rc<Host>>>,
    /// the script has ended inside of the loop: it does not run again
    over: Cell<bool>,
    /// what has ended the loop
    left: RefCell<Option<Left>>,
}

/// How a callback of a plain script has ended, other than by returning.
enum Left {
    Threw(Exception),
    Exit(i32),
}

/// Exit code of a script that ends with an exception that nothing has caught.
pub const UNCAUGHT: i32 = 255;

thread_local! {
    static LOOPING: Looping =
        const { Looping { host: RefCell::new(None), over: Cell::new(false), left: RefCell::new(None) } };
}

/// The loop runs when the script has ended. (PHP has one thread; one that is not local to it is asked for faster.)
static AT_END: AtomicBool = AtomicBool::new(false);

/// From now on this process, and those forked from it, are a server's or a pool's. Whose it was before: see [`go_back`].
pub fn enter(host: Rc<Host>) -> Option<Rc<Host>> {
    LOOPING.with(|l| l.host.replace(Some(host)))
}

/// The server or pool could not start: this process is what it was, which may be a worker of another one.
pub fn go_back(before: Option<Rc<Host>>) {
    let refused = LOOPING.with(|l| l.host.replace(before));
    drop(refused);
}

/// The loop of the server or pool has ended in this process. Unless `goes_on`, the script ends with it.
pub fn leave(goes_on: bool) {
    let host = LOOPING.with(|l| {
        l.over.set(!goes_on);
        l.host.take()
    });
    drop(host);
}

/// This process was forked, wherever its parent was, and is to have a loop of its own. `without_end`: nothing is called any more at the end of the script but what
/// it registers itself.
pub fn begin_fork(without_end: bool) {
    leave(true);
    if without_end {
        AT_END.store(false, Relaxed);
    }
    let left = LOOPING.with(|l| l.left.take());
    drop(left);
}

/// Whoever puts something into the loop calls this, so that it runs when the script has ended: in a plain script of the command line, and
/// only there.
#[inline]
pub fn attend() {
    if !AT_END.load(Relaxed) {
        run_at_end();
    }
}

#[cold]
fn run_at_end() {
    if LOOPING.with(|l| l.host.borrow().is_some()) || !zend::is_command_line() {
        return;
    }
    if let Some(register) = Callback::named("register_shutdown_function") {
        AT_END.store(true, Relaxed);
        // It refuses only what cannot be called.
        let _ = register.call(&[Arg::Bytes(b"swoole_event_wait")], |_| ());
    }
}

/// Calls a function that the loop keeps: `args`, then what was given with it. An exception ends the loop of a plain script, and [`conclude`]
/// throws it there; in a process of a server it is reported and the loop goes on. exit ends either.
pub fn run_kept(kept: &Kept, args: &[Arg<'_>]) -> Flow {
    ask_kept(kept, args, |_| ()).err().unwrap_or(Flow::Continue)
}

/// As [`run_kept`], for a function that is not called again: it is let go of.
pub fn run_once(kept: Kept, args: &[Arg<'_>]) -> Flow {
    let host = host();
    if let Err(flow) = settle(host.as_deref(), call(&kept, args, |_| ())) {
        return flow;
    }
    // A destructor of what it held may have thrown, called exit, or ended in a fatal error.
    kept.let_go();
    settle(host.as_deref(), Outcome::of(Ok(()))).err().unwrap_or(Flow::Continue)
}

/// As [`run_kept`]; gives what `read` makes of the function's result.
pub fn ask_kept<T>(kept: &Kept, args: &[Arg<'_>], read: impl Fn(&Zval) -> T) -> Result<T, Flow> {
    // Asked before the call: a process that the function forks is to end where it leaves that.
    let host = host();
    settle(host.as_deref(), call(kept, args, read))
}

/// Calls a function now, for the loop. What it ends, and how, as [`run_kept`].
pub fn run(callback: &Callback, args: &[Arg<'_>]) -> Flow {
    let host = host();
    settle(host.as_deref(), callback.call(args, |_| ())).err().unwrap_or(Flow::Continue)
}

fn call<T>(kept: &Kept, args: &[Arg<'_>], read: impl Fn(&Zval) -> T) -> Outcome<T> {
    if kept.extra().is_empty() {
        return kept.callback().call(args, read);
    }
    let args: Vec<Arg<'_>> = args.iter().copied().chain(kept.extra().iter().map(Arg::Value)).collect();
    kept.callback().call(&args, read)
}

/// Warns of what has failed in the loop. The script's error handler may throw.
pub fn warn(error: &Error) -> Flow {
    settle(host().as_deref(), Outcome::of(warn_of(error))).err().unwrap_or(Flow::Continue)
}

/// How this process takes what callbacks end with, if it belongs to a server or a pool; not one that the script has forked by itself.
fn host() -> Option<Rc<Host>> {
    LOOPING.with(|l| l.host.borrow().as_ref().filter(|host| host.is_of_this_process()).cloned())
}

fn settle<T>(host: Option<&Host>, outcome: Outcome<T>) -> Result<T, Flow> {
    if let Some(host) = host {
        return host.settle(outcome);
    }
    let (left, code) = match outcome {
        Outcome::Returned(value) => return Ok(value),
        Outcome::Threw => (Exception::take().map(Left::Threw), 255),
        Outcome::Exit(code) => (Some(Left::Exit(code)), code),
        // Raised again where the method that runs the loop returns.
        Outcome::Bailout => (None, 255),
    };
    let before = LOOPING.with(|l| l.left.replace(left));
    drop(before);
    Err(Flow::Leave { code })
}

/// Goes on in PHP with what has ended the loop: throws an exception that a callback has left, or ends the script if it called exit. For methods in
/// which the engine has called back.
pub fn conclude() -> Result<(), Thrown> {
    match LOOPING.with(|l| l.left.take()) {
        None => Ok(()),
        Some(Left::Threw(exception)) => {
            exception.throw();
            Err(Thrown)
        }
        Some(Left::Exit(code)) => {
            end_loop();
            zend::leave_process(code);
            Err(Thrown)
        }
    }
}

/// The script has ended: runs the loop, unless the script has died or has left the loop by exit.
pub fn wait_at_end() {
    if !LOOPING.with(|l| l.over.get()) && !zend::has_died() {
        run_to_end();
    }
    // What a later shutdown function puts into the loop asks for another run.
    AT_END.store(false, Relaxed);
}

/// Runs the loop where no code of the script comes after it: what ends it is for nobody to catch.
pub fn run_to_end() {
    if event::wait().is_err() {
        return;
    }
    // PHP is told by hand: if this threw, the shutdown functions after this one would not be called.
    match LOOPING.with(|l| l.left.take()) {
        None => {}
        Some(Left::Threw(exception)) => {
            end_loop();
            zend::set_exit_code(UNCAUGHT);
            exception.end_script();
        }
        Some(Left::Exit(code)) => {
            end_loop();
            zend::set_exit_code(code);
        }
    }
}

/// The loop does not run any more in this process: the script ends without it.
pub fn end_loop() {
    LOOPING.with(|l| l.over.set(true));
}

/// The script and all that belongs to it has ended: PHP values must not outlive it.
pub fn forget() {
    event::local::close();
    leave(true);
    AT_END.store(false, Relaxed);
    let left = LOOPING.with(|l| l.left.take());
    drop(left);
}
