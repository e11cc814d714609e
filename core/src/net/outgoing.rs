//! What a client has not taken yet: bytes and parts of files, in order.

use crate::sys;
use socket2::Socket;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, IoSlice};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;

/// A chunk grows up to this size before a new one is begun.
const CHUNK: usize = 64 << 10;
/// Chunks in one writev.
const AT_ONCE: usize = 32;
/// Bytes of a file in one sendfile.
const FILE_STEP: usize = 1 << 20;

#[derive(Debug)]
enum Chunk {
    Bytes { bytes: Vec<u8>, from: usize },
    File { file: File, offset: u64, left: u64 },
}

/// A queue of what is to be written to one socket. Its length is bounded by whoever adds to it.
#[derive(Debug, Default)]
pub struct OutQueue {
    chunks: VecDeque<Chunk>,
    queued: u64,
    /// that part of `queued` which is of files
    of_files: u64,
}

/// How a flush ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flushed {
    /// bytes that the kernel took
    pub written: u64,
    /// the queue is empty; else the socket takes no more for now
    pub empty: bool,
}

impl OutQueue {
    /// Bytes that wait.
    pub fn queued(&self) -> u64 {
        self.queued
    }

    /// That part of them which is held in memory; the rest is in files.
    pub fn in_memory(&self) -> u64 {
        self.queued - self.of_files
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Adds bytes at the end.
    pub fn push_bytes(&mut self, data: &[u8]) {
        if data.is_empty() {
            return;
        }
        self.queued += data.len() as u64;
        match self.chunks.back_mut() {
            Some(Chunk::Bytes { bytes, .. }) if bytes.len() + data.len() <= CHUNK => bytes.extend_from_slice(data),
            _ => self.chunks.push_back(Chunk::Bytes { bytes: data.to_vec(), from: 0 }),
        }
    }

    /// Adds a part of a file at the end.
    pub fn push_file(&mut self, file: File, offset: u64, length: u64) {
        if length > 0 {
            self.queued += length;
            self.of_files += length;
            self.chunks.push_back(Chunk::File { file, offset, left: length });
        }
    }

    /// Writes what the socket takes. Errors are the socket's (the queue is of no use then), or
    /// `UnexpectedEof` if a file became shorter than what was promised of it.
    pub fn flush(&mut self, socket: &Socket) -> io::Result<Flushed> {
        let mut written = 0u64;
        while !self.chunks.is_empty() {
            let step = match self.step(socket) {
                Ok(step) => step,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Flushed { written, empty: false });
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            written += step;
            self.queued -= step;
            self.take(step);
        }
        self.chunks = VecDeque::new();
        Ok(Flushed { written, empty: true })
    }

    /// What is to be written next, at least one byte and `most` at most; a file's bytes are read into `scratch`. There must be something. Errors: the file cannot be read, or
    /// `UnexpectedEof` if it became shorter than what was promised of it.
    pub fn front<'a>(&'a self, most: usize, scratch: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        match self.chunks.front() {
            Some(Chunk::Bytes { bytes, from }) => Ok(&bytes[*from..bytes.len().min(*from + most)]),
            Some(Chunk::File { file, offset, left }) => {
                scratch.resize((*left).min(most as u64) as usize, 0);
                match file.read_at(scratch, *offset)? {
                    0 => Err(io::ErrorKind::UnexpectedEof.into()),
                    count => Ok(&scratch[..count]),
                }
            }
            None => Ok(&[]),
        }
    }

    /// Forgets bytes at the front that [`OutQueue::front`] gave: they were written.
    pub fn advance(&mut self, bytes: u64) {
        self.queued -= bytes;
        self.take(bytes);
    }

    fn step(&self, socket: &Socket) -> io::Result<u64> {
        if let Some(Chunk::File { file, offset, left }) = self.chunks.front() {
            let sent = sys::fd::send_file(socket.as_fd(), file, *offset, (*left).min(FILE_STEP as u64) as usize)?;
            return if sent == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(sent as u64) };
        }
        let mut slices = [IoSlice::new(&[]); AT_ONCE];
        let mut count = 0;
        for (slot, chunk) in slices.iter_mut().zip(&self.chunks) {
            let Chunk::Bytes { bytes, from } = chunk else {
                break;
            };
            *slot = IoSlice::new(&bytes[*from..]);
            count += 1;
        }
        let sent = if count == 1 {
            socket.send_with_flags(&slices[0], libc::MSG_NOSIGNAL)?
        } else {
            socket.send_vectored_with_flags(&slices[..count], libc::MSG_NOSIGNAL)?
        };
        Ok(sent as u64)
    }

    /// Removes what was written from the front.
    fn take(&mut self, mut sent: u64) {
        while sent > 0 {
            match self.chunks.front_mut() {
                Some(Chunk::Bytes { bytes, from }) => {
                    let here = ((bytes.len() - *from) as u64).min(sent);
                    *from += here as usize;
                    sent -= here;
                    if *from < bytes.len() {
                        return;
                    }
                }
                Some(Chunk::File { offset, left, .. }) => {
                    let here = (*left).min(sent);
                    *offset += here;
                    *left -= here;
                    self.of_files -= here;
                    sent -= here;
                    if *left > 0 {
                        return;
                    }
                }
                None => return,
            }
            self.chunks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
