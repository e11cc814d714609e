//! Where lines go: standard output, or a file whose name may change with the clock.

use super::Rotation;
use crate::error::{Error, Result};
use crate::sys::fd::{is_writable, redirect_stdio};
use chrono::{DateTime, FixedOffset, Local};
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

pub(super) struct Sink {
    /// None: standard output
    path: Option<PathBuf>,
    rotation: Rotation,
    /// what the open file's name ends in
    suffix: String,
    file: File,
    /// standard output and error go to the file too
    with_output: bool,
}

impl Sink {
    pub(super) fn open(path: Option<&Path>, rotation: Rotation) -> Result<Sink> {
        // a daemon leaves its directory; the log must not wander with it
        let path = path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()));
        let suffix = suffix(rotation, &Local::now().fixed_offset());
        let file = open(path.as_deref(), &suffix)?;
        Ok(Sink { path, rotation, suffix, file, with_output: false })
    }

    pub(super) fn reopen(&mut self) -> Result<()> {
        let suffix = suffix(self.rotation, &Local::now().fixed_offset());
        self.file = open(self.path.as_deref(), &suffix)?;
        self.suffix = suffix;
        self.redirect()
    }

    pub(super) fn take_output(&mut self) -> Result<()> {
        self.with_output = self.path.is_some();
        self.redirect()
    }

    fn redirect(&self) -> Result<()> {
        if !self.with_output {
            return Ok(());
        }
        redirect_stdio(Some(&self.file)).map_err(|e| Error::system("cannot send standard output to the log file", &e))
    }

    /// Writes one record with one system call; false if it was not written as a whole.
    pub(super) fn write(&mut self, now: &DateTime<FixedOffset>, record: &[u8]) -> bool {
        if self.path.is_some() && self.rotation != Rotation::Single {
            self.rotate(now);
        }
        // A pipe that nobody reads must not stop the server: the line is dropped, and counted.
        if self.path.is_none() && !is_writable(&self.file) {
            return false;
        }
        loop {
            match self.file.write(record) {
                Ok(written) => return written == record.len(),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }

    fn rotate(&mut self, now: &DateTime<FixedOffset>) {
        let suffix = suffix(self.rotation, now);
        if suffix == self.suffix {
            return;
        }
        // a worker that gave up its rights may be unable to make the new file: better a line in
        // the old one than none. It is tried again with the next date, not with each line.
        if let Ok(file) = open(self.path.as_deref(), &suffix) {
            self.file = file;
            // Should that fail, what is printed goes on to the old file; the log itself goes to the new one.
            let _ = self.redirect();
        }
        self.suffix = suffix;
    }
}

fn suffix(rotation: Rotation, now: &DateTime<FixedOffset>) -> String {
    now.format(rotation.suffix()).to_string()
}

fn open(path: Option<&Path>, suffix: &str) -> Result<File> {
    match path {
        Some(path) => {
            let mut name = OsString::from(path);
            name.push(suffix);
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(&name)
                .map_err(|e| Error::system(format!("cannot open the log file {name:?} for appending"), &e))
        }
        None => std::io::stdout()
            .as_fd()
            .try_clone_to_owned()
            .map(File::from)
            .map_err(|e| Error::system("cannot log to standard output", &e)),
    }
}
