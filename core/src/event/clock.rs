//! Time as the engine stores it.

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// When the clock was first asked, on both clocks.
static BEGIN: OnceLock<(Instant, u64)> = OnceLock::new();

/// Microseconds since 1970, as the wall clock had it when the program began, and monotonic since then: when somebody
/// sets the clock, no connection is taken for silent.
pub fn now_micros() -> u64 {
    let (instant, micros) = BEGIN.get_or_init(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        (Instant::now(), since.map_or(0, |d| d.as_micros() as u64))
    });
    micros + instant.elapsed().as_micros() as u64
}

/// Microseconds as the seconds that programs see.
pub fn to_seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
