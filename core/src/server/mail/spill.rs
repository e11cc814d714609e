//! Files for what is too long for shared memory.

use crate::error::{Error, Result};
use crate::sys::process::Identity;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

/// What the files' names begin with.
const PREFIX: &str = "swoole.task.";

/// The path of a file whose path within `root` is `path`.
pub fn seen_from_outside(root: &Path, path: &[u8]) -> Vec<u8> {
    let inside = Path::new(std::ffi::OsStr::from_bytes(path));
    root.join(inside.strip_prefix("/").unwrap_or(inside)).into_os_string().into_vec()
}

/// Writes `bytes` to a new file in `dir` (a directory within `root`, which those who read it live in; None: so does this process), readable for `reader` (None: this process's user); its path. Errors: the directory does not exist or cannot be written to, the disk is full.
pub fn write(dir: &Path, root: Option<&Path>, reader: Option<Identity>, bytes: &[u8]) -> Result<Vec<u8>> {
    let place = root.map(|root| root.join(dir.strip_prefix("/").unwrap_or(dir)));
    let place = place.as_deref().unwrap_or(dir);
    let failed = |e: &std::io::Error| {
        let what =
            format_args!("cannot write {} bytes to a file in {} (option task_tmpdir)", bytes.len(), dir.display());
        Error::system(what, e)
    };
    let mut file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(place).map_err(|e| failed(&e))?;
    file.write_all(bytes).map_err(|e| failed(&e))?;
    if let Some(Identity { user, group }) = reader {
        std::os::unix::fs::fchown(file.as_file(), user, group).map_err(|e| failed(&e))?;
    }
    let (_, path) = file.keep().map_err(|e| failed(&e.error))?;
    Ok(match (root, path.file_name()) {
        (Some(_), Some(name)) => dir.join(name),
        _ => path,
    }
    .into_os_string()
    .into_vec())
}

/// Reads the file at `path` to `out`. Errors: it is gone, or not one of ours.
pub fn read(path: &[u8], out: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Read as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = checked(path)?;
    out.clear();
    // No link to elsewhere, and no pipe that would stop this process.
    let mut file = fs::File::options().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("this is no regular file"));
    }
    file.read_to_end(out)?;
    Ok(())
}

/// Deletes the file at `path`.
pub fn remove(path: &[u8]) {
    if let Ok(path) = checked(path) {
        let _ = fs::remove_file(path);
    }
}

/// A message queue may hold what others have put there: no other file is read, let alone deleted.
fn checked(path: &[u8]) -> std::io::Result<PathBuf> {
    let path = PathBuf::from(std::ffi::OsStr::from_bytes(path));
    let ours = path.file_name().is_some_and(|name| name.as_bytes().starts_with(PREFIX.as_bytes()));
    if ours { Ok(path) } else { Err(std::io::Error::other("this is not a file of task_tmpdir")) }
}
