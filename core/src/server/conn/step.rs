//! What a worker asked for, done to a socket: the same for a reactor and for a BASE worker.

use super::connection::hold;
use super::side::SocketSide;
use crate::ipc::Parcel;
use crate::ipc::message::{FileHead, Kind};
use crate::log;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Does what a message of a worker asks for. A message for a connection that has gone is counted.
pub fn carry_out(side: &mut SocketSide, message: Parcel<'_>) {
    let session = message.session;
    if message.kind == Kind::Closed {
        if let Some(place) = side.place(session)
            && let Some(connection) = side.get_mut(place)
        {
            connection.unheard = connection.unheard.saturating_sub(1);
            if connection.unheard == 0 {
                side.close_heard(place);
            }
        }
        return;
    }
    let Some(place) = side.writable_place(session) else {
        if matches!(
            message.kind,
            Kind::Send | Kind::SendAndTell | Kind::SendFile | Kind::Answer | Kind::AnswerFile | Kind::SendClose
        ) {
            side.figures().undeliverable.add_own(message.parts.len() as u64);
            log::debug(format_args!("an answer to session {session} is dropped: it was closed meanwhile"));
        }
        return;
    };
    match message.kind {
        Kind::Send if side.is_early(place, message.parts, false) => {}
        Kind::SendClose if side.is_early(place, message.parts, true) => {}
        Kind::SendClose => side.send_close(place, &message.parts.concat()),
        Kind::Send => {
            side.write(place, message.parts);
            side.answered_by_program(place);
        }
        Kind::Answer => side.answer(place, message),
        Kind::AnswerFile => answer_file(side, place, message.bytes()),
        Kind::SendAndTell => {
            side.write(place, message.parts);
            side.tell_flushed(place);
            side.answered_by_program(place);
        }
        Kind::SendFile => send_file(side, place, message.bytes()),
        Kind::Shut => side.close(place, message.bytes().first() == Some(&1)),
        Kind::Pause => side.set_hold(place, hold::PAUSED, true),
        Kind::Resume => {
            side.set_hold(place, hold::PAUSED, false);
            if side.get(place).is_some_and(|c| c.unread) {
                side.read_again(place);
            }
        }
        Kind::Confirm => side.set_hold(place, hold::UNCONFIRMED, false),
        Kind::Taken => side.set_hold(place, hold::QUEUED, false),
        _ => {}
    }
}

/// Opens what a worker has found to be a file: that file, and no other. Who owns the sockets may have other rights than the worker, so
/// what a path leads to meanwhile is not sent.
fn open<'a>(path: &'a [u8], part: &FileHead) -> (&'a Path, io::Result<File>) {
    let path = Path::new(OsStr::from_bytes(path));
    // Non-blocking: a path that has become a pipe since it was checked must not stop the loop.
    let opened = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path);
    let same = opened.and_then(|file| if part.is_of(&file)? { Ok(file) } else { Err(io::ErrorKind::NotFound.into()) });
    (path, same)
}

fn answer_file(side: &mut SocketSide, place: usize, payload: &[u8]) {
    let parsed = payload.split_first_chunk::<2>().and_then(|(flags, rest)| {
        let (part, rest) = FileHead::parse(rest)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (path, head) = rest.split_at_checked(u16::from_ne_bytes(*length).into())?;
        Some((*flags, part, path, head))
    });
    let Some((flags, part, path, head)) = parsed else { return };
    match open(path, &part) {
        (_, Ok(file)) => side.answer_by_file(place, flags, head, file, part),
        (path, Err(e)) => {
            log::error(format_args!(
                "{} vanished, or was replaced, before it was sent: {e}; its request is answered by 500",
                path.display()
            ));
            side.give_up_request(place);
        }
    }
}

fn send_file(side: &mut SocketSide, place: usize, payload: &[u8]) {
    let Some((head, path)) = FileHead::parse(payload) else { return };
    let (path, opened) = open(path, &head);
    match opened.and_then(|file| side.write_file(place, file, head.offset, head.length)) {
        Ok(()) => {}
        Err(e) => {
            // The client expects these bytes in the middle of its stream: without them it is of no use.
            log::error(format_args!(
                "sendfile: {} vanished, or was replaced, before it was sent: {e}; the connection is closed",
                path.display()
            ));
            side.abort_by_server(place, e.raw_os_error().unwrap_or(libc::ENOENT));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_path_leads_to_meanwhile_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        let (page, secret) = (directory.path().join("page"), directory.path().join("secret"));
        std::fs::write(&page, "page").unwrap();
        std::fs::write(&secret, "secret").unwrap();
        let part = FileHead::of_part(0, 4).of(&File::open(&page).unwrap()).unwrap();
        let path = page.as_os_str().as_bytes();
        assert!(open(path, &part).1.is_ok());
        std::fs::rename(&page, directory.path().join("old")).unwrap();
        assert!(open(path, &part).1.is_err());
        // A new file may be given the number of one that was deleted a moment before.
        std::fs::remove_file(directory.path().join("old")).unwrap();
        for _ in 0..20 {
            std::fs::write(&page, "else").unwrap();
            assert!(open(path, &part).1.is_err());
            std::fs::remove_file(&page).unwrap();
        }
        std::os::unix::fs::symlink(&secret, &page).unwrap();
        assert_eq!(open(path, &part).1.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
