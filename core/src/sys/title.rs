//! What `ps` and `top` show of this process: its title.

use std::io;

/// A title of the kernel's for a thread has at most so many bytes.
const NAME: usize = 15;

/// Shows `title` in place of the command line (`ps`, /proc/PID/cmdline), and its first 15 bytes as the process's name (`top`,
/// /proc/PID/comm). To be called on the main thread.
///
/// The command line is the memory in which the kernel left the program's arguments. A longer title is cut to the room there
/// is; returned is how many bytes of it fitted. Whoever kept pointers to the arguments (`argv` of a C program) reads the title
/// there from then on, so arguments are to be copied before; the environment behind them is never touched.
///
/// Errors: the title contains a zero byte; /proc does not tell where the arguments are (the name is set even so).
pub fn set(title: &[u8]) -> io::Result<usize> {
    if title.contains(&0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a process title cannot contain a zero byte"));
    }
    let mut name = [0; NAME + 1];
    let short = title.len().min(NAME);
    name[..short].copy_from_slice(&title[..short]);
    // SAFETY: PR_SET_NAME reads a C string of at most 16 bytes, which `name` is.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr(), 0, 0, 0) };

    let (start, room) = arguments()?;
    // The last byte stays zero: otherwise the kernel takes the title to go on in the environment.
    let fits = title.len().min(room - 1);
    // SAFETY: `start` and the `room` bytes from it are the arguments of this process: part of its stack mapping, writable, and
    // there for as long as the process lives. No Rust reference to them exists: std copies what it hands out.
    unsafe {
        let start = std::ptr::with_exposed_provenance_mut::<u8>(start);
        std::ptr::copy_nonoverlapping(title.as_ptr(), start, fits);
        std::ptr::write_bytes(start.add(fits), 0, room - fits);
    }
    Ok(fits)
}

/// Where the arguments lie and how many bytes they have (at least 1).
fn arguments() -> io::Result<(usize, usize)> {
    let stat = std::fs::read("/proc/self/stat")?;
    place(&stat).ok_or_else(|| {
        io::Error::new(io::ErrorKind::Unsupported, "/proc/self/stat does not tell where the program's arguments are")
    })
}

/// arg_start and arg_end are fields 48 and 49, see proc(5). The second field, the name in parentheses, may contain anything.
fn place(stat: &[u8]) -> Option<(usize, usize)> {
    let behind_name = stat.iter().rposition(|byte| *byte == b')')? + 1;
    let mut fields = std::str::from_utf8(&stat[behind_name..]).ok()?.split_ascii_whitespace().skip(45);
    let start: usize = fields.next()?.parse().ok()?;
    let end: usize = fields.next()?.parse().ok()?;
    (start != 0 && end > start).then(|| (start, end - start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cmdline() -> Vec<u8> {
        std::fs::read("/proc/self/cmdline").unwrap()
    }

    // One test: the title is the process's, and tests run in threads of it.
    #[test]
    fn the_title_takes_the_place_of_the_arguments_and_no_more() {
        let room = cmdline().len();
        assert_eq!(set(b"t: 1").unwrap(), 4);
        assert_eq!(&cmdline()[..6], b"t: 1\0\0");
        assert_eq!(std::fs::read("/proc/thread-self/comm").unwrap(), b"t: 1\n");

        let environment: Vec<_> = std::env::vars_os().collect();
        let long = vec![b'y'; room + 1000];
        assert_eq!(set(&long).unwrap(), room - 1);
        assert_eq!(cmdline()[..room - 1], long[..room - 1]);
        assert_eq!(std::env::vars_os().collect::<Vec<_>>(), environment);

        assert_eq!(set(b"").unwrap(), 0);
        assert_eq!(set(b"a\0b").unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn a_name_of_parentheses_and_blanks_does_not_shift_the_fields() {
        let numbers: Vec<String> = (4..=52).map(|field| field.to_string()).collect();
        let stat = format!("1 (a) b) R {}", numbers.join(" "));
        assert_eq!(place(stat.as_bytes()), Some((48, 1)));
        assert_eq!(place(b"1 (a) R 1 2"), None);
        assert_eq!(place(b""), None);
    }
}
