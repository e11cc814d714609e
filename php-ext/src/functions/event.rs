//! The event loop: `swoole_event_*`, which are the static methods of `Swoole\Event` as well.

use crate::bridge::looping;
use crate::zend::{ArgInfo, Call, Method, Thrown, VOID, function, returns};

/// All of them. Not terminated: see [`joined`](crate::zend::joined).
pub const TABLE: &[Method] = &[function(c"swoole_event_wait", wait, WAIT)];

pub const WAIT: &[ArgInfo] = &[returns(0, VOID)];

/// Runs the loop until nothing is left in it. PHP calls this, too, when a script has ended.
pub fn wait(call: Call<'_>) -> Result<(), Thrown> {
    call.no_args()?;
    if call.is_outermost() {
        looping::wait_at_end();
        return Ok(());
    }
    looping::wait()
}
