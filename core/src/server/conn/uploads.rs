//! Forms that are too long to be kept in memory: their files are written as they come.
//!
//! What a worker is given of such a form is a list of its parts, see `protocol::http1::multipart`. Its files belong to whoever has it in hand: to the
//! connection until it is handed up and answered, to the worker's `Request` from then on.

use crate::log;
use crate::protocol::http1::Refusal;
use crate::protocol::http1::multipart::{Disposition, Event, Limits, Malformed, Parser, write_field, write_file};
use crate::server::http::upload_file;
use crate::server::port::Uploads;
use crate::sys::process::Identity;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::fchown;
use std::path::{Path, PathBuf};

/// A form that is coming.
#[derive(Debug)]
pub struct Upload {
    parser: Parser,
    /// its parts so far
    list: Vec<u8>,
    /// the part that is coming
    part: Option<Part>,
    files: Files,
}

#[derive(Debug)]
struct Part {
    about: Disposition,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Field(Vec<u8>),
    File { file: File, shown: PathBuf, size: u64 },
}

impl Part {
    /// More of its content. `listed`: bytes of what came before it and is no file, of `most`.
    fn add(&mut self, data: &[u8], listed: usize, place: &Uploads, most: u64) -> Result<(), Refusal> {
        match &mut self.content {
            Content::Field(value) => {
                if (listed + value.len() + data.len()) as u64 > most {
                    return Err(TOO_LONG);
                }
                value.extend_from_slice(data);
            }
            Content::File { file, size, .. } => {
                file.write_all(data).map_err(|e| failed(&e, place))?;
                *size += data.len() as u64;
            }
        }
        Ok(())
    }
}

/// Files on disk that are deleted with this.
#[derive(Debug, Default)]
pub struct Files(Vec<PathBuf>);

impl Files {
    /// They are somebody else's now.
    pub fn leave(&mut self) {
        self.0.clear();
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for path in &self.0 {
            // The program may have moved it.
            let _ = std::fs::remove_file(path);
        }
    }
}

const TOO_LONG: Refusal = Refusal { status: 413, why: "the fields of the form are too long" };

impl Upload {
    /// For a form whose parts are divided by `boundary`.
    pub fn new(boundary: &[u8]) -> Upload {
        Upload {
            parser: Parser::new(boundary, Limits::default()),
            list: Vec::new(),
            part: None,
            files: Files::default(),
        }
    }

    /// A piece of it. `most`: bytes of all that is no file.
    pub fn piece(&mut self, mut bytes: &[u8], place: &Uploads, most: u64) -> Result<(), Refusal> {
        loop {
            let (used, event) = self.parser.next(bytes).map_err(refusal)?;
            match event {
                Event::More | Event::End => return Ok(()),
                Event::Part(about) => self.part = Some(Part { content: self.files.content(&about, place)?, about }),
                Event::Data(data) => {
                    if let Some(part) = &mut self.part {
                        part.add(data, self.list.len(), place, most)?;
                    }
                }
                Event::PartEnd => {
                    let Some(part) = self.part.take() else { continue };
                    match part.content {
                        Content::Field(value) => write_field(&mut self.list, &part.about, &value),
                        Content::File { shown, size, .. } => {
                            write_file(&mut self.list, &part.about, shown.as_os_str().as_bytes(), size);
                        }
                    }
                    // Names count too: a thousand long ones would be megabytes.
                    if self.list.len() as u64 > most {
                        return Err(TOO_LONG);
                    }
                }
            }
            bytes = &bytes[used..];
        }
    }

    /// All of it has come: the list of its parts, and its files.
    pub fn end(self) -> Result<(Vec<u8>, Files), Refusal> {
        if !self.parser.is_ended() {
            return Err(Refusal { status: 400, why: "the form has no end" });
        }
        Ok((self.list, self.files))
    }
}

impl Files {
    fn content(&mut self, about: &Disposition, place: &Uploads) -> Result<Content, Refusal> {
        // Browsers send a file without a name where none was chosen.
        if about.filename.as_ref().is_none_or(Vec::is_empty) {
            return Ok(Content::Field(Vec::new()));
        }
        let (file, path) = upload_file::create(&place.directory).map_err(|e| failed(&e, place))?;
        self.0.push(path.clone());
        let Identity { user, group } = place.owner;
        if user.is_some() || group.is_some() {
            fchown(&file, user, group).map_err(|e| failed(&e, place))?;
        }
        let shown = path.file_name().map_or_else(|| path.clone(), |name| place.shown.join(Path::new(name)));
        Ok(Content::File { file, shown, size: 0 })
    }
}

fn refusal(malformed: Malformed) -> Refusal {
    match malformed {
        Malformed::Bad(why) => Refusal { status: 400, why },
        Malformed::TooLarge(why) => Refusal { status: 413, why },
    }
}

fn failed(e: &io::Error, place: &Uploads) -> Refusal {
    log::error(format_args!("a file that is being uploaded cannot be written to {}: {e}", place.directory.display()));
    let is_full = matches!(e.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    Refusal { status: if is_full { 507 } else { 500 }, why: "the file cannot be written" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_count_as_what_has_to_be_kept() {
        let place = Uploads { directory: std::env::temp_dir(), shown: std::env::temp_dir(), owner: Identity::NONE };
        let part = format!("--b\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n\r\n", "n".repeat(4000));
        let mut upload = Upload::new(b"b");
        upload.piece(part.repeat(2).as_bytes(), &place, 10_000).unwrap();
        assert_eq!(upload.piece(part.repeat(2).as_bytes(), &place, 10_000).map_err(|e| e.status), Err(413));
    }
}
