//! A part of a file that is to be sent.

use crate::error::{Error, ErrorKind, Result};
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Opens a regular file to send `length` bytes of it from `offset` (0: to its end); the file and how many bytes that are. Errors: it does not exist or cannot be opened
/// (`FileNotExist`), is not a regular one, has nothing at `offset` (`FileEmpty`), or is shorter than that (`InvalidParams`).
pub fn part(path: &Path, offset: u64, length: u64) -> Result<(File, u64)> {
    let shown = path.display();
    // Non-blocking: opening a named pipe would wait for its writer.
    let opened = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path);
    let found = opened.and_then(|file| file.metadata().map(|found| (file, found)));
    let (file, found) =
        found.map_err(|e| Error::new(ErrorKind::FileNotExist, format!("sendfile: cannot open {shown}: {e}")))?;
    if !found.is_file() {
        return Err(Error::new(ErrorKind::IsNotRegularFile, format!("sendfile: {shown} is not a regular file")));
    }
    let size = found.len();
    if offset >= size {
        return Err(Error::new(
            ErrorKind::FileEmpty,
            format!("sendfile: {shown} has {size} bytes, there is nothing to send from offset {offset}"),
        ));
    }
    let length = if length == 0 { size - offset } else { length };
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!("sendfile: {shown} has {size} bytes, {length} from offset {offset} are not there"),
        ));
    }
    Ok((file, length))
}
