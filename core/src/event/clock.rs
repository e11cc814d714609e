//! Time as the engine stores it.

use crate::sys::clock::{monotonic, monotonic_coarse};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// What is to be added to the monotonic clock.
static OFFSET: OnceLock<u64> = OnceLock::new();

fn offset() -> u64 {
    *OFFSET.get_or_init(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |d| d.as_micros() as u64).saturating_sub(monotonic())
    })
}

/// Microseconds since 1970, as the wall clock had it when the program began, and monotonic since then: when somebody
/// sets the clock, no connection is taken for silent.
pub fn now_micros() -> u64 {
    offset() + monotonic()
}

/// By how much [`not_before_now_micros`] may be later than the time. Several ticks of any kernel, since the one that counts them may be late itself.
pub const COARSE: u64 = 20_000;

/// A time that is not before [`now_micros`], and at most [`COARSE`] after it. Costs a fraction of the exact one.
pub fn not_before_now_micros() -> u64 {
    offset() + monotonic_coarse() + COARSE
}

/// Microseconds as the seconds that programs see.
pub fn to_seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
