//! Waiting once for several descriptors, without the loop.

use swoole_core::event;
use swoole_core::event::select::{Interrupt, Selected};

use super::swoole_event_flag::*;
use crate::error::swoole_result;
use crate::support::args::{Out, invalid, seconds, slice};
use crate::support::boundary;

/// A descriptor that `swoole_select` waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct swoole_selected {
    /// the descriptor
    pub fd: i32,
    /// asked: flags of `swoole_event_flag`, at least one
    pub events: i32,
    /// found: those of them that are so. `SWOOLE_EVENT_READ` also at its end, and READ and WRITE when
    /// it has failed
    pub ready: i32,
}

const ALL: i32 = SWOOLE_EVENT_READ as i32 | SWOOLE_EVENT_WRITE as i32 | SWOOLE_EVENT_EXCEPT as i32;

fn has(events: i32, flag: super::swoole_event_flag) -> bool {
    events & flag as i32 != 0
}

/// Waits until something that is asked for in `list`, which has `count` entries, is so, or `timeout`
/// seconds are over (below 0: without end), and writes what is so to the entries' `ready`. `ready` may
/// be NULL; it gets of how many entries something is so, 0 if the time was over. There may be any
/// number of entries, more than the 1024 of select(2), and a descriptor may be in several.
///
/// Needs no loop and runs none: timers, clients and signal handlers wait meanwhile. A signal does not
/// end it early. Any thread, any process. `SWOOLE_ERROR_INVALID_PARAMS` if a descriptor is not open; `list` is
/// left as it was then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swoole_select(
    list: *mut swoole_selected,
    count: usize,
    timeout: f64,
    ready: *mut usize,
) -> swoole_result {
    boundary::result(|| {
        // SAFETY: the caller's pointer and count, as the header asks; nothing writes to it meanwhile.
        let asked = unsafe { slice(list.cast_const(), count, "the list of descriptors") }?;
        let timeout = if timeout < 0.0 { None } else { Some(seconds(timeout)?) };
        if count == 0 && timeout.is_none() {
            return Err(invalid("waiting without end for no descriptor was asked for; pass a descriptor or a timeout"));
        }
        let mut all = Vec::with_capacity(count);
        for one in asked {
            let swoole_selected { fd, events, .. } = *one;
            if fd < 0 {
                return Err(invalid(format!("{fd} is no descriptor; take it out of what is waited for")));
            }
            if events & ALL == 0 || events & !ALL != 0 {
                return Err(invalid(format!(
                    "descriptor {fd} is to be waited for with the flags {events}; pass SWOOLE_EVENT_READ ({}), SWOOLE_EVENT_WRITE ({}), SWOOLE_EVENT_EXCEPT ({}) or several of them",
                    SWOOLE_EVENT_READ as i32, SWOOLE_EVENT_WRITE as i32, SWOOLE_EVENT_EXCEPT as i32
                )));
            }
            all.push(Selected {
                fd,
                read: has(events, SWOOLE_EVENT_READ),
                write: has(events, SWOOLE_EVENT_WRITE),
                except: has(events, SWOOLE_EVENT_EXCEPT),
            });
        }
        let found = event::select(&mut all, timeout, Interrupt::Never)?;
        for (i, one) in all.iter().enumerate() {
            let flag = |so: bool, flag: super::swoole_event_flag| if so { flag as i32 } else { 0 };
            let ready = flag(one.read, SWOOLE_EVENT_READ)
                | flag(one.write, SWOOLE_EVENT_WRITE)
                | flag(one.except, SWOOLE_EVENT_EXCEPT);
            // SAFETY: `i` is below the number of entries that the caller promised, and the slice is not used any more.
            unsafe { (*list.add(i)).ready = ready };
        }
        // SAFETY: the caller's pointer, NULL or valid as the header asks.
        unsafe { Out::optional(ready) }.put(found);
        Ok(())
    })
}
