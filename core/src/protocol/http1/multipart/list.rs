//! A form as a list of its parts: what a worker is given of one whose files were written to disk as they came; and the same view of a form
//! that came in one piece.

use super::{Disposition, Event, Limits, Malformed, Parser};

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// what it is
    pub part: Disposition,
    /// what is in it
    pub content: Content<'a>,
}

/// What is in a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// these bytes
    Bytes(&'a [u8]),
    /// what is in a file
    File {
        /// its path
        path: &'a [u8],
        /// its size in bytes
        size: u64,
    },
}

/// Size that stands for "the bytes are in the list".
const HERE: u64 = u64::MAX;

/// Appends a field, or a file that is no file on disk, to a list.
pub fn write_field(out: &mut Vec<u8>, part: &Disposition, value: &[u8]) {
    write(out, part, HERE, value);
}

/// Appends a file to a list: where it lies, and its size in bytes.
pub fn write_file(out: &mut Vec<u8>, part: &Disposition, path: &[u8], size: u64) {
    write(out, part, size, path);
}

fn write(out: &mut Vec<u8>, part: &Disposition, size: u64, content: &[u8]) {
    out.push(part.filename.is_some().into());
    out.extend_from_slice(&size.to_ne_bytes());
    for text in [&part.name[..], part.filename.as_deref().unwrap_or_default(), &part.content_type, content] {
        out.extend_from_slice(&(text.len() as u64).to_ne_bytes());
        out.extend_from_slice(text);
    }
}

/// The parts of a list, in order. What is no list ends it.
pub fn listed(mut list: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    std::iter::from_fn(move || {
        let (has_filename, rest) = list.split_first()?;
        let (size, mut rest) = number(rest)?;
        let mut texts = [&b""[..]; 4];
        for text in &mut texts {
            let (length, behind) = number(rest)?;
            (*text, rest) = behind.split_at_checked(usize::try_from(length).ok()?)?;
        }
        list = rest;
        let [name, filename, content_type, content] = texts;
        let filename = (*has_filename != 0).then(|| filename.to_vec());
        let part = Disposition { name: name.to_vec(), filename, content_type: content_type.to_vec() };
        let content = if size == HERE { Content::Bytes(content) } else { Content::File { path: content, size } };
        Some(Entry { part, content })
    })
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u64::from_ne_bytes(*number), rest))
}

/// The parts of a form that is there as a whole, in order. After an error nothing follows.
pub fn parts<'a>(
    body: &'a [u8],
    boundary: &[u8],
    limits: Limits,
) -> impl Iterator<Item = Result<Entry<'a>, Malformed>> {
    let mut parser = Some(Parser::new(boundary, limits));
    let mut from = 0;
    std::iter::from_fn(move || {
        let entry = next(parser.as_mut()?, body, &mut from).transpose();
        if !matches!(entry, Some(Ok(_))) {
            parser = None;
        }
        entry
    })
}

fn next<'a>(parser: &mut Parser, body: &'a [u8], from: &mut usize) -> Result<Option<Entry<'a>>, Malformed> {
    let mut entry = None;
    let mut data = *from..*from;
    loop {
        let (used, event) = parser.next(&body[*from..])?;
        *from += used;
        match event {
            Event::More => return Err(Malformed::Bad("the form has no end")),
            Event::End => return Ok(None),
            Event::Part(part) => {
                entry = Some(part);
                data = *from..*from;
            }
            // All of the form is there: its data comes in one piece, and from the input.
            Event::Data(bytes) => data = *from - bytes.len()..*from,
            Event::PartEnd => {
                let content = Content::Bytes(&body[data]);
                return Ok(entry.map(|part| Entry { part, content }));
            }
        }
    }
}
