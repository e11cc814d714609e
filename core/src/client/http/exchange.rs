//! One request and its answer, without the connection.

use super::answer::Answer;
use super::body::Store;
use super::request::{Pairs, Request};
use super::wire;
use super::{Done, Inner};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{TimerId, local};
use crate::protocol::http1::{AnswerHead, AnswerLimits, AnswerReader, AnswerStep, BadAnswer, lex};
use crate::protocol::websocket::handshake::ClientHandshake;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::time::{Instant, SystemTime};

/// A request that was taken.
pub(super) struct Job {
    pub request: Request,
    pub upgrade: bool,
    pub done: Done,
    /// of a download
    pub file: Option<File>,
    /// it was sent over a kept connection that turned out to be closed
    pub again: bool,
}

/// The request that is being done.
pub(super) struct Exchange {
    /// differs from those of all others of the same work
    pub id: u64,
    pub job: Job,
    pub reader: AnswerReader,
    pub answer: Answer,
    pub store: Option<Store>,
    pub handshake: Option<ClientHandshake>,
    /// what goes over this connection is its request
    pub sent: bool,
    /// something of the answer has come
    pub begun: bool,
    pub deadline: Option<Instant>,
    pub timer: Option<TimerId>,
}

/// What a look at received bytes came to.
pub(super) enum Found {
    /// more is needed
    Nothing,
    /// the answer is whole; so many bytes are behind it
    Answered(usize),
    Broken(Error),
}

impl Job {
    /// Errors: it cannot be done as it is.
    pub fn new(request: Request, upgrade: bool, done: Done) -> Result<Job> {
        wire::check(&request)?;
        let file = match &request.download {
            None => None,
            Some(download) => {
                let shown = download.path.display();
                let failed = |e| Error::system(format_args!("cannot download into {shown}"), &e);
                let file =
                    File::options().write(true).create(true).truncate(false).open(&download.path).map_err(failed)?;
                let length = file.metadata().map_err(failed)?.len();
                if download.offset > length {
                    return Err(Error::new(
                        ErrorKind::InvalidParams,
                        format!("a download was to go on at {} of {shown}, which has {length} bytes", download.offset),
                    ));
                }
                Some(file)
            }
        };
        Ok(Job { request, upgrade, done, file, again: false })
    }

    /// Whether doing it twice is as doing it once (RFC 9110, 9.2.2).
    pub fn may_be_repeated(&self) -> bool {
        [&b"GET"[..], b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE"].contains(&wire::method(&self.request))
    }
}

impl Exchange {
    pub fn new(id: u64, job: Job, client: &Inner) -> Exchange {
        let settings = client.settings.borrow();
        let protocols =
            job.request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"sec-websocket-protocol"));
        let protocols: Vec<String> = protocols
            .flat_map(|(_, value)| {
                String::from_utf8_lossy(value).split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>()
            })
            .collect();
        let protocols: Vec<&str> = protocols.iter().map(String::as_str).collect();
        let handshake = job.upgrade.then(|| ClientHandshake::new(&protocols, settings.port.websocket_compression));
        let is_head = wire::method(&job.request) == b"HEAD";
        let timeout = settings.own.timeout;
        Exchange {
            id,
            // How long a body may be depends on where it goes.
            reader: AnswerReader::new(is_head, wire::takes_codings(&job.request), AnswerLimits::default()),
            answer: Answer::default(),
            store: None,
            handshake,
            sent: false,
            begun: false,
            deadline: if timeout.is_zero() { None } else { Instant::now().checked_add(timeout) },
            timer: None,
            job,
        }
    }

    pub fn stop_timer(&mut self) {
        if let Some(timer) = self.timer.take() {
            local::clear(timer);
        }
    }

    /// Looks at what came.
    pub fn read(&mut self, client: &Inner, bytes: &[u8]) -> Found {
        self.begun |= !bytes.is_empty();
        let mut from = 0;
        loop {
            let (job, answer, store) = (&mut self.job, &mut self.answer, &mut self.store);
            let (used, step) = match self.reader.next(&bytes[from..]) {
                Ok(found) => found,
                Err(error) => return Found::Broken(bad_answer(error)),
            };
            from += used;
            let done = match step {
                AnswerStep::More => return Found::Nothing,
                AnswerStep::Interim(_) => Ok(()),
                AnswerStep::Head(head) => begin_body(job, answer, client, &head).map(|begun| *store = Some(begun)),
                AnswerStep::Data(data) => store.as_mut().map_or(Ok(()), |store| store.push(data)),
                AnswerStep::End { trailer } => {
                    answer.trailers = pairs(lex::fields(trailer));
                    self.end_body();
                    return Found::Answered(bytes.len() - from);
                }
            };
            if let Err(error) = done {
                return Found::Broken(error);
            }
        }
    }

    /// The connection has ended: whether the answer is whole by that.
    pub fn end(&mut self) -> Result<()> {
        match self.reader.end() {
            Ok(_) if self.begun => {
                self.end_body();
                Ok(())
            }
            Err(error) if self.begun => Err(bad_answer(error)),
            _ => Err(Error::new(ErrorKind::SocketClosed, "the server closed the connection before it answered")),
        }
    }

    fn end_body(&mut self) {
        match self.store.take() {
            Some(Store::Memory(body, _)) => self.answer.body = body,
            Some(Store::File(_, written)) => self.answer.downloaded = Some(written),
            None => {}
        }
    }
}

fn bad_answer(error: BadAnswer) -> Error {
    Error::new(ErrorKind::HttpInvalidProtocol, error.to_string())
}

fn pairs<'a>(lines: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Pairs {
    lines.map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec())).collect()
}

/// The head is there: where the body goes.
fn begin_body(job: &mut Job, answer: &mut Answer, client: &Inner, head: &AnswerHead<'_>) -> Result<Store> {
    (answer.status, answer.reason, answer.headers) = (head.status, head.reason.to_vec(), pairs(head.headers()));
    if head.status == 101 && !job.upgrade {
        let why = "the server changes to another protocol (101), which was not asked for";
        return Err(Error::new(ErrorKind::HttpInvalidProtocol, why));
    }
    let target = wire::target(&job.request);
    let mut jar = client.jar.borrow_mut();
    for line in answer.all(b"set-cookie") {
        jar.take(line, client.site(&target), SystemTime::now());
    }
    drop(jar);
    let mut store = match (&job.request.download, job.file.take()) {
        (Some(download), Some(mut file)) if matches!(answer.status, 200 | 206) => {
            let from = if answer.status == 206 { download.offset } else { 0 };
            check_range(answer, &job.request, from)?;
            let ready = file.set_len(from).and_then(|()| file.seek(SeekFrom::Start(from)));
            ready.map_err(|e| Error::system(format_args!("cannot download into {}", download.path.display()), &e))?;
            Store::File(file, 0)
        }
        _ => Store::Memory(Vec::new(), client.limit()),
    };
    store.expect(head.length.unwrap_or(0));
    Ok(store)
}

/// A part of a file must be the one that was asked for.
fn check_range(answer: &Answer, request: &Request, from: u64) -> Result<()> {
    let own = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"range"));
    if answer.status != 206 || own {
        return Ok(());
    }
    let said = String::from_utf8_lossy(answer.header(b"content-range").unwrap_or_default()).into_owned();
    let begin = said.strip_prefix("bytes ").and_then(|range| range.split('-').next()?.parse::<u64>().ok());
    if begin == Some(from) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::HttpInvalidProtocol,
        format!("a file from byte {from} was asked for, and the answer has another part of it (Content-Range: {said})"),
    ))
}
