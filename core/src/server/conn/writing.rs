//! What a client is sent: at once, as far as its socket takes it, and the rest from a queue when it takes more.

use super::connection::{Stage, hold};
use super::side::{Level, Notice, SocketSide};
use crate::net::outgoing::OutQueue;
use crate::net::tls::Trouble;
use crate::server::shared::connections::flag;
use socket2::Socket;
use std::fs::File;
use std::io;
use std::sync::atomic::Ordering::Relaxed;

/// Files up to this size are read when they are sent; a longer one is kept open while it waits.
const SMALL_FILE: u64 = 64 << 10;

/// Pieces of an answer that are sent at once; what is behind them is queued.
const AT_ONCE: usize = 16;

/// Files up to this size are copied behind the head of their answer: that costs less than sending them by themselves.
const TINY_FILE: u64 = 8 << 10;

impl SocketSide {
    /// Sends or queues bytes. `slices` follow one another. The connection must be open for output.
    pub fn write(&mut self, place: usize, slices: &[&[u8]]) {
        let corked = self.corked.is_some_and(|(corked, _)| corked == place);
        let Some(connection) = self.connections.get_mut(place).and_then(Option::as_deref_mut) else { return };
        if connection.stage == Stage::Closed {
            return;
        }
        let Some(socket) = &connection.socket else { return };
        let mut from = 0usize;
        if connection.output.is_none() && !corked {
            let sent = match &mut connection.tls {
                Some(tls) => tls.write(socket, slices),
                None => send(socket, slices).map_err(Trouble::Socket),
            };
            match sent {
                Ok(count) => from = count,
                Err(Trouble::Socket(e)) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(trouble) => return self.abort(place, trouble.code()),
            }
            let now = self.now;
            self.figures().sent_bytes.add_own(from as u64);
            self.entry(place).last_send_time.store(now, Relaxed);
        }
        if from < slices.iter().map(|s| s.len()).sum() {
            self.queue(place, |output| {
                for slice in slices {
                    let skip = from.min(slice.len());
                    from -= skip;
                    output.push_bytes(&slice[skip..]);
                }
            });
        } else {
            self.note_unsent(place);
        }
    }

    /// Queues a part of a file and sends what goes at once. Errors: the file cannot be read.
    pub fn write_file(&mut self, place: usize, file: File, offset: u64, length: u64) -> io::Result<()> {
        if length <= SMALL_FILE {
            // So that what waits for a client holds few descriptors.
            let mut bytes = vec![0; length as usize];
            std::os::unix::fs::FileExt::read_exact_at(&file, &mut bytes, offset)?;
            self.write(place, &[&bytes]);
            return Ok(());
        }
        self.queue(place, |output| output.push_file(file, offset, length));
        self.flush(place);
        Ok(())
    }

    /// Sends or queues bytes, and a part of a file behind them: in one packet where that is possible. Errors: the file cannot be read.
    pub fn write_before_file(
        &mut self,
        place: usize,
        head: &[u8],
        file: File,
        offset: u64,
        length: u64,
    ) -> io::Result<()> {
        if length <= TINY_FILE {
            let mut bytes = vec![0; head.len() + length as usize];
            bytes[..head.len()].copy_from_slice(head);
            std::os::unix::fs::FileExt::read_exact_at(&file, &mut bytes[head.len()..], offset)?;
            self.write(place, &[&bytes]);
            return Ok(());
        }
        let corked = self.corked.is_some_and(|(corked, _)| corked == place);
        let Some(connection) = self.get(place).filter(|c| c.stage != Stage::Closed) else { return Ok(()) };
        let mut from = 0;
        if let (Some(socket), None, None, false) = (&connection.socket, &connection.output, &connection.tls, corked) {
            match socket.send_with_flags(head, libc::MSG_NOSIGNAL | libc::MSG_MORE) {
                Ok(count) => from = count,
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
                Err(e) => {
                    self.fail(place, &e);
                    return Ok(());
                }
            }
            self.figures().sent_bytes.add_own(from as u64);
        }
        self.queue(place, |output| {
            output.push_bytes(&head[from..]);
            output.push_file(file, offset, length);
        });
        if !corked {
            self.flush(place);
        }
        Ok(())
    }

    pub(super) fn queue(&mut self, place: usize, add: impl FnOnce(&mut OutQueue)) {
        // Not `self.now`: a callback that ran long may be what queues this.
        let now = crate::event::clock::now_micros();
        let Some(connection) = self.get_mut(place) else { return };
        if connection.output.is_none() {
            connection.stuck_since = now;
        }
        add(connection.output.get_or_insert_default());
        self.note_level(place);
    }

    /// Publishes how much waits for a client, and notes a crossed watermark.
    fn note_level(&mut self, place: usize) {
        let Some(connection) = self.get(place).filter(|c| !c.untold) else { return };
        let (session, queued) = (connection.session, connection.queued());
        let settings = &self.ports[connection.port].settings;
        let (high, low) = (settings.buffer_high_watermark as u64, settings.buffer_low_watermark as u64);
        let entry = self.entry(place);
        entry.send_queued.store(queued, Relaxed);
        let full = entry.has(flag::FULL);
        let level = match full {
            false if queued > 0 && queued >= high => Level::Full,
            true if queued <= low => Level::Low,
            _ => return,
        };
        entry.mark(flag::FULL, level == Level::Full);
        self.notices.push_back(Notice::Level(session, level));
    }

    /// Writes what a client takes. If the connection is finishing and nothing is left, it is closed.
    pub fn flush(&mut self, place: usize) {
        let now = self.now;
        let Some(connection) = self.connections.get_mut(place).and_then(Option::as_deref_mut) else { return };
        let (Some(socket), Some(output)) = (&connection.socket, &mut connection.output) else { return };
        let before = connection.tls.as_ref().map_or(0, |tls| tls.unsent()) as u64 + output.queued();
        let flushed = match &mut connection.tls {
            Some(tls) => tls.flush(socket, output),
            None => output.flush(socket).map_err(Trouble::Socket),
        };
        match flushed {
            Ok(flushed) => {
                if connection.queued() < before {
                    connection.stuck_since = now;
                }
                if flushed.empty {
                    connection.output = None;
                }
                let told = flushed.empty && std::mem::take(&mut connection.tell_flushed);
                let done = flushed.empty && connection.stage == Stage::Finishing;
                let unsent = connection.held & hold::UNSENT != 0 && flushed.empty;
                self.figures().sent_bytes.add_own(flushed.written);
                self.entry(place).last_send_time.store(now, Relaxed);
                if told {
                    self.entry(place).flushed.fetch_add(1, Relaxed);
                }
                self.note_level(place);
                if unsent {
                    self.set_hold(place, hold::UNSENT, false);
                }
                if done {
                    self.shut_orderly(place);
                }
            }
            Err(trouble) => self.abort(place, trouble.code()),
        }
    }

    /// Whoever sent with `SendAndTell` is told once the queue is written.
    pub fn tell_flushed(&mut self, place: usize) {
        match self.get_mut(place) {
            Some(connection) if connection.output.is_some() => connection.tell_flushed = true,
            _ => drop(self.entry(place).flushed.fetch_add(1, Relaxed)),
        }
    }
}

/// Sends what follows one another; how many bytes the kernel took.
fn send(socket: &Socket, slices: &[&[u8]]) -> io::Result<usize> {
    loop {
        let sent = match slices {
            [one] => socket.send_with_flags(one, libc::MSG_NOSIGNAL),
            many => {
                let mut vectors = [io::IoSlice::new(&[]); AT_ONCE];
                let count = many.len().min(AT_ONCE);
                vectors.iter_mut().zip(many).for_each(|(vector, slice)| *vector = io::IoSlice::new(slice));
                socket.send_vectored_with_flags(&vectors[..count], libc::MSG_NOSIGNAL)
            }
        };
        match sent {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
