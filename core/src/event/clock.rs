//! Wall-clock time as the engine stores it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Microseconds since 1970.
pub fn now_micros() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as u64)
}

/// Microseconds as the seconds that programs see.
pub fn to_seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
