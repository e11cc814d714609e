//! Waiting for a message of a System V queue for a time, which msgrcv(2) itself cannot.

use super::check;
use super::msgqueue::MessageQueue;
use super::process::generation;
use std::io;
use std::time::Duration;

/// What precedes the bytes of a message: its kind.
const HEAD: usize = size_of::<libc::c_long>();
/// Room for the first try; as much as one message holds unless the administrator raised it.
const USUAL: usize = 8 * 1024;
/// How often the sleeper is woken once its time is over, should the first signal have come before it slept.
const AGAIN: Duration = Duration::from_millis(10);

/// Ends the waits of one thread: a timer that sends that thread a signal, whose handler does nothing but interrupt. Forked processes do not have it.
#[derive(Debug)]
pub struct Waiter {
    timer: libc::timer_t,
    /// the fork that it belongs to
    fork: u32,
}

/// A signal that programs hardly use.
fn signal() -> i32 {
    libc::SIGRTMAX() - 1
}

extern "C" fn nothing(_: libc::c_int) {}

fn to_timespec(time: Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: time.as_secs().min(i32::MAX as u64) as libc::time_t,
        tv_nsec: libc::c_long::from(time.subsec_nanos() as i32),
    }
}

impl Waiter {
    /// For the calling thread of this process. Errors: the user has as many timers or pending signals as the system allows (ulimit -i).
    pub fn new() -> io::Result<Waiter> {
        // SAFETY: zeroed structures of numbers and a null handler are valid places to be filled; the handler does nothing at all; the timer
        // names the calling thread, and its number is written to a valid place.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = nothing as *const () as libc::sighandler_t;
            libc::sigemptyset(&raw mut action.sa_mask);
            check(libc::sigaction(signal(), &raw const action, std::ptr::null_mut()))?;
            let mut event: libc::sigevent = std::mem::zeroed();
            event.sigev_notify = libc::SIGEV_THREAD_ID;
            event.sigev_signo = signal();
            event.sigev_notify_thread_id = libc::gettid();
            let mut timer: libc::timer_t = std::ptr::null_mut();
            check(libc::timer_create(libc::CLOCK_MONOTONIC, &raw mut event, &raw mut timer))?;
            Ok(Waiter { timer, fork: generation() })
        }
    }

    /// Waits until `queue` has a message, for at most `limit` (above zero), and takes it into `buffer`: its kind. None: the time is over, or a signal
    /// came: look at what it was. The thread sleeps in the kernel, which hands it the message at once. To be called on the thread that it was made on.
    pub fn receive(&self, queue: &MessageQueue, buffer: &mut Vec<u8>, limit: Duration) -> io::Result<Option<i64>> {
        // What is there needs no timer.
        if let Some(kind) = queue.try_receive(0, buffer)? {
            return Ok(Some(kind));
        }
        self.set(limit)?;
        let got = receive(queue, buffer);
        self.set(Duration::ZERO)?;
        got
    }

    fn set(&self, limit: Duration) -> io::Result<()> {
        let times = libc::itimerspec { it_value: to_timespec(limit), it_interval: to_timespec(AGAIN) };
        // SAFETY: the timer is this object's; the times live for the call.
        check(unsafe { libc::timer_settime(self.timer, 0, &raw const times, std::ptr::null_mut()) }).map(drop)
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        if self.fork == generation() {
            // SAFETY: the timer is this object's, in this process.
            unsafe {
                libc::timer_delete(self.timer);
            }
        }
    }
}

/// Waits for a message as long as it takes. None: a signal came.
fn receive(queue: &MessageQueue, buffer: &mut Vec<u8>) -> io::Result<Option<i64>> {
    buffer.clear();
    buffer.reserve(HEAD + USUAL);
    let room = buffer.capacity() - HEAD;
    // SAFETY: the vector owns `HEAD + room` bytes, of which msgrcv writes a kind and at most `room` bytes.
    let got = unsafe { libc::msgrcv(queue.id(), buffer.as_mut_ptr().cast(), room, 0, 0) };
    if got >= 0 {
        // SAFETY: msgrcv wrote the kind and `got` bytes behind it.
        unsafe { buffer.set_len(HEAD + got as usize) };
        let mut head = [0; HEAD];
        head.copy_from_slice(&buffer[..HEAD]);
        buffer.drain(..HEAD);
        return Ok(Some(libc::c_long::from_ne_bytes(head)));
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::EINTR) => Ok(None),
        // It is longer than that, and stays until somebody has room for it.
        Some(libc::E2BIG) => queue.try_receive(0, buffer),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_wait_ends_with_its_time_or_with_a_message() {
        let queue = MessageQueue::open(0).unwrap();
        let waiter = Waiter::new().unwrap();
        let mut buffer = Vec::new();
        let begun = Instant::now();
        assert_eq!(waiter.receive(&queue, &mut buffer, Duration::from_millis(30)).unwrap(), None);
        assert!(begun.elapsed() >= Duration::from_millis(30));
        let other = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(10));
            queue.try_send(3, [b"from", b" beside"]).unwrap()
        });
        assert_eq!(waiter.receive(&queue, &mut buffer, Duration::from_secs(20)).unwrap(), Some(3));
        assert_eq!(buffer, b"from beside");
        assert!(other.join().unwrap());
        queue.remove().unwrap();
        assert!(waiter.receive(&queue, &mut buffer, Duration::from_secs(20)).is_err());
    }
}
