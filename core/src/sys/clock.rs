//! The monotonic clock.

fn read(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a valid place for the time; these clocks exist on every Linux.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    time.tv_sec as u64 * 1_000_000 + time.tv_nsec as u64 / 1000
}

/// Microseconds on CLOCK_MONOTONIC, see clock_gettime(2).
pub fn monotonic() -> u64 {
    read(libc::CLOCK_MONOTONIC)
}

/// The same as of the kernel's last tick, several times cheaper: a few milliseconds late, more if the machine was taken away for a while.
pub fn monotonic_coarse() -> u64 {
    read(libc::CLOCK_MONOTONIC_COARSE)
}
