//! The files of forms. Their names say which process they belong to, so that what a dead one has left can be told from what others work with, also
//! those of other servers that use the same directory.

use crate::log;
use crate::sys::holder::Holder;
use std::ffi::OsStr;
use std::fs::{File, read_dir, remove_file, rename};
use std::hash::Hasher as _;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What they all begin with. Then come [`machine`] and the bits of a [`Holder`], 8 hexadecimal digits each, and something random.
const PREFIX: &str = "swoole.upfile.";
const DIGITS: usize = 8;

/// Where numbers of processes mean the same: this system since it was booted, and this namespace of processes. 0: that is not to be known.
fn machine() -> u32 {
    static MACHINE: OnceLock<u32> = OnceLock::new();
    *MACHINE.get_or_init(|| {
        let boot = std::fs::read("/proc/sys/kernel/random/boot_id");
        let namespace = std::fs::metadata("/proc/self/ns/pid");
        let (Ok(boot), Ok(namespace)) = (boot, namespace) else { return 0 };
        let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
        hash.write(&boot);
        hash.write_u64(namespace.ino());
        (hash.finish() as u32).max(1)
    })
}

/// Finds [`machine`] out, while /proc is there to be read: workers may have another root directory.
pub(in crate::server) fn prepare() {
    machine();
}

/// Makes a file of this process in `directory`, for this user only. Who gets it is to delete it.
pub fn create(directory: &Path) -> io::Result<(File, PathBuf)> {
    let prefix = format!("{PREFIX}{:08x}.{:08x}.", machine(), Holder::this().bits());
    let made = tempfile::Builder::new().prefix(&prefix).tempfile_in(directory)?;
    made.keep().map_err(|e| e.error)
}

/// The file at `path`, which another process has made, becomes this one's: with its name, of which the length stays. Where that is not allowed, it stays as it is.
pub(in crate::server) fn take_over(path: &mut [u8]) {
    let name = memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
    let at = name + PREFIX.len() + DIGITS + 1;
    if holder(&path[name..]).is_none_or(|holder| holder == Holder::this()) {
        return;
    }
    let mut new = path.to_vec();
    new[at..at + DIGITS].copy_from_slice(format!("{:08x}", Holder::this().bits()).as_bytes());
    if rename(OsStr::from_bytes(path), OsStr::from_bytes(&new)).is_ok() {
        path.copy_from_slice(&new);
    }
}

/// Whose a file of that name is; None: it is none of this machine's.
fn holder(name: &[u8]) -> Option<Holder> {
    let rest = name.strip_prefix(PREFIX.as_bytes())?;
    let (machine_there, rest) = number(rest)?;
    let (bits, _) = number(rest)?;
    if machine_there == 0 || machine_there != machine() { None } else { Holder::from_bits(bits) }
}

fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(DIGITS)?;
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((number, rest.strip_prefix(b".")?))
}

/// Deletes what processes have left in `directory` that have ended without deleting it. Files of those that live stay, and all of which that cannot be known.
pub(in crate::server) fn sweep(directory: &Path) {
    let Ok(entries) = read_dir(directory) else { return };
    let left = entries.flatten().filter(|entry| {
        let name = entry.file_name();
        holder(name.as_bytes()).is_some_and(Holder::has_ended)
    });
    for entry in left {
        match remove_file(entry.path()) {
            Ok(()) => {
                log::info(format_args!("{} is deleted: the process that had it has ended", entry.path().display()))
            }
            Err(e) => log::debug(format_args!("{} cannot be deleted: {e}", entry.path().display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::process;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_what_the_dead_of_this_machine_have_left_is_deleted() {
        let directory = tempfile::tempdir().unwrap();
        let process::Forked::Parent(child) = process::fork_for_program().unwrap() else {
            let made = create(directory.path());
            process::end_at_once(made.is_err().into())
        };
        while process::reap(child).is_none() {
            std::thread::yield_now();
        }
        let [left] = &names(directory.path())[..] else { panic!("the child made one file") };
        let of_elsewhere = left.replacen(&format!("{:08x}", machine()), &format!("{:08x}", machine() ^ 1), 1);
        let strange = ["swoole.upfile.AbCdEf".to_owned(), of_elsewhere, "other".to_owned()];
        strange.iter().for_each(|name| drop(File::create(directory.path().join(name)).unwrap()));
        let (_file, own) = create(directory.path()).unwrap();
        sweep(directory.path());
        let mut wanted: Vec<String> = strange.to_vec();
        wanted.push(own.file_name().unwrap().to_str().unwrap().to_owned());
        wanted.sort();
        assert_eq!(names(directory.path()), wanted);
    }

    #[test]
    fn a_file_goes_over_to_another_process() {
        let directory = tempfile::tempdir().unwrap();
        let (_file, path) = create(directory.path()).unwrap();
        let mut here = path.as_os_str().as_bytes().to_vec();
        take_over(&mut here);
        assert_eq!(here, path.as_os_str().as_bytes(), "it is this one's already");
        let made = std::thread::spawn({
            let directory = directory.path().to_owned();
            move || create(&directory).unwrap().1
        });
        let of_thread = made.join().unwrap();
        let mut bytes = of_thread.as_os_str().as_bytes().to_vec();
        take_over(&mut bytes);
        assert!(!of_thread.exists());
        assert!(Path::new(OsStr::from_bytes(&bytes)).exists());
        sweep(directory.path());
        assert_eq!(names(directory.path()).len(), 2);
        for mut other in [&b"/tmp/swoole.upfile.AbCdEf"[..], b"x", b""].map(<[u8]>::to_vec) {
            let before = other.clone();
            take_over(&mut other);
            assert_eq!(other, before);
        }
    }
}
