//! What the loop does with a connection: one step of its [`Link`](super::link::Link) at a time, then the program is told. Nothing is borrowed
//! while it is.

use super::link::Read;
use super::secure::Ready as WhenSecure;
use super::{AsyncClient, Conn, Stage, connecting, datagrams, no_connection, soon, timer};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Flow, Ready, local};
use crate::log;
use crate::net::tls;
use crate::protocol::Verdict;
use std::cell::Cell;
use std::io;
use std::rc::{Rc, Weak};
use std::time::Duration;

/// Bytes of one read, and the longest delivery without a packet protocol.
pub(super) const READ_SIZE: usize = 64 << 10;
/// Longest datagram of a Unix socket; above what the kernel takes by default (net.core.wmem_max).
const UNIX_DATAGRAM: usize = 256 << 10;
/// Reads of one connection before others have their turn.
const READS: usize = 4;
/// How long a peer may take none of the bytes that wait when the program has closed.
pub(super) const LINGER: Duration = Duration::from_secs(5);

thread_local! {
    /// What is read goes here first; empty while it is in use.
    pub(super) static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

macro_rules! go_on {
    ($flow:expr) => {
        if let leave @ Flow::Leave { .. } = $flow {
            return leave;
        }
    };
}

/// The loop says that a connection's socket is ready.
pub(super) fn ready(client: &AsyncClient, conn: &Rc<Conn>, event: Ready) -> Flow {
    if event.hangup {
        conn.link.borrow_mut().hangup = true;
    }
    if conn.stage.get() == Stage::Connecting {
        let flow = connecting::ready(client, conn, event);
        if conn.stage.get() != Stage::Open {
            return flow;
        }
        if flow != Flow::Continue {
            again(client, conn);
            return flow;
        }
    } else if event.writable || event.gone {
        {
            let mut link = conn.link.borrow_mut();
            link.flush(conn);
            // With nobody to read its end, this is all that tells of it.
            link.ended |= event.gone && link.deaf;
        }
        let flow = settle(client, conn);
        if flow != Flow::Continue {
            again(client, conn);
            return flow;
        }
    }
    if event.readable || event.hangup || conn.link.borrow().unread { read(client, conn) } else { Flow::Continue }
}

/// Has the connection read, and what it holds told, at the end of this turn of the loop.
pub(super) fn again(client: &AsyncClient, conn: &Rc<Conn>) {
    {
        let mut link = conn.link.borrow_mut();
        link.unread = true;
        if std::mem::replace(&mut link.listed, true) {
            return;
        }
    }
    let (client, conn) = (client.clone(), conn.clone());
    soon(move || {
        conn.link.borrow_mut().listed = false;
        go_on!(settle(&client, &conn));
        read(&client, &conn)
    });
}

/// After a call of the program that may have crossed a watermark or found the connection broken.
pub(super) fn after_send(client: &AsyncClient, conn: &Rc<Conn>) {
    let link = conn.link.borrow();
    if link.has_level() || link.broken != 0 {
        drop(link);
        again(client, conn);
    }
}

/// Tells crossed watermarks, and ends the connection if that only waited for its bytes to be sent.
fn settle(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    while conn.is_open()
        && !local::is_ending()
        && let Some(full) = { conn.link.borrow_mut().take_level() }
    {
        let events = &conn.events;
        go_on!(if full { events.buffer_full(client) } else { events.buffer_empty(client) });
    }
    if is_done(conn) { end(client, conn) } else { Flow::Continue }
}

/// Whether nothing is left to do.
fn is_done(conn: &Conn) -> bool {
    let link = conn.link.borrow();
    match conn.stage.get() {
        Stage::Open => link.ended && link.waits() == 0,
        Stage::Closing => link.waits() == 0,
        Stage::Connecting | Stage::Ended => false,
    }
}

/// As [`settle`], but not within the program's own call.
pub(super) fn end_later_if_done(client: &AsyncClient, conn: &Rc<Conn>) {
    if is_done(conn) {
        again(client, conn);
    }
}

/// Lets go of everything; true if this is the first time.
pub(super) fn drop_link(client: &AsyncClient, conn: &Rc<Conn>) -> bool {
    if conn.stage.replace(Stage::Ended) == Stage::Ended {
        return false;
    }
    let mut link = conn.link.borrow_mut();
    link.stop_timer();
    link.say_goodbye();
    link.drop_socket();
    let (pipe, attempt) = (link.pipe.take(), link.attempt.take());
    drop(link);
    drop((pipe, attempt));
    let mut current = client.0.current.borrow_mut();
    if std::ptr::eq(current.as_ptr(), Rc::as_ptr(conn)) {
        *current = Weak::new();
    }
    true
}

/// The connection has ended; from the loop.
fn end(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    let was_closing = conn.stage.get() == Stage::Closing;
    if !drop_link(client, conn) {
        return Flow::Continue;
    }
    let (broken, lost) = (conn.link.borrow().broken, conn.link.borrow().lost);
    client.0.error.set(broken);
    if was_closing && lost > 0 {
        // The program has seen all its sends succeed.
        let why = io::Error::from_raw_os_error(broken);
        log::warning(format_args!(
            "{lost} bytes for {} are lost, which waited when it was closed: {why}",
            conn.place()
        ));
    }
    conn.events.close(client)
}

/// The connection failed, which the log is told.
fn fail(client: &AsyncClient, conn: &Rc<Conn>, error: &Error) -> Flow {
    log::warning(format_args!("the connection with {} is closed: {error}", conn.place()));
    conn.link.borrow_mut().broken = error.code();
    end(client, conn)
}

/// Ends a connection or an attempt because the program wants it.
pub(super) fn close(client: &AsyncClient, conn: &Rc<Conn>, force: bool) -> Result<()> {
    match conn.stage.get() {
        Stage::Connecting => {
            connecting::give_up(client, conn);
            return Ok(());
        }
        Stage::Open if conn.link.borrow().is_untold => {
            drop_link(client, conn);
            return Ok(());
        }
        Stage::Ended => return Err(no_connection()),
        Stage::Closing if !force => return Err(no_connection()),
        Stage::Open | Stage::Closing => {}
    }
    if force || conn.link.borrow().waits() == 0 {
        drop_link(client, conn);
        let (client, conn) = (client.clone(), conn.clone());
        soon(move || {
            client.0.error.set(0);
            conn.events.close(&client)
        });
        return Ok(());
    }
    conn.stage.set(Stage::Closing);
    linger(client, conn);
    Ok(())
}

/// Gives a peer time to take what waits.
fn linger(client: &AsyncClient, conn: &Rc<Conn>) {
    let waited = conn.link.borrow().waits();
    let weak = (Rc::downgrade(&client.0), Rc::downgrade(conn));
    let timer = timer(LINGER, move || {
        let (Some(client), Some(conn)) = (weak.0.upgrade(), weak.1.upgrade()) else { return Flow::Continue };
        let client = AsyncClient(client);
        let waits = conn.link.borrow().waits();
        if waits < waited {
            linger(&client, &conn);
            return Flow::Continue;
        }
        conn.link.borrow_mut().lose(libc::ETIMEDOUT);
        end(&client, &conn)
    });
    conn.link.borrow_mut().timer = Some(timer);
}

/// Reads and tells what has come.
fn read(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    {
        let mut link = conn.link.borrow_mut();
        if conn.stage.get() == Stage::Open && !link.may_read() {
            link.unread = true;
            return Flow::Continue;
        }
        link.unread = false;
    }
    let datagrams = client.0.kind.is_datagram();
    let size = if datagrams && client.0.kind.is_unix() { UNIX_DATAGRAM } else { tls::BUFFER.max(READ_SIZE) };
    let mut buffer = BUFFER.take();
    if buffer.len() < size {
        buffer.resize(size, 0);
    }
    let flow = match conn.stage.get() {
        Stage::Open if datagrams => datagrams::receive(client, conn, &mut buffer[..size]),
        Stage::Open | Stage::Closing => read_stream(client, conn, &mut buffer[..size]),
        Stage::Connecting | Stage::Ended => Flow::Continue,
    };
    BUFFER.set(buffer);
    flow
}

fn read_stream(client: &AsyncClient, conn: &Rc<Conn>, buffer: &mut [u8]) -> Flow {
    let held = std::mem::take(&mut conn.link.borrow_mut().held);
    if held {
        let flow = deliver(client, conn, &[]);
        if flow != Flow::Continue || !goes_on(conn) {
            return stop(client, conn, flow);
        }
    }
    for _ in 0..READS {
        let read = conn.link.borrow_mut().read(buffer);
        let (count, more) = match read {
            Read::Bytes { count, more } => (count, more),
            Read::Nothing => return Flow::Continue,
            Read::End(code) => return read_end(client, conn, code),
        };
        let ready = {
            let mut link = conn.link.borrow_mut();
            link.unread = more;
            link.take_ready()
        };
        if let Some(ready) = ready {
            return secured(client, conn, ready, &buffer[..count]);
        }
        let flow = deliver(client, conn, &buffer[..count]);
        if flow != Flow::Continue || !goes_on(conn) {
            return stop(client, conn, flow);
        }
        if !more {
            return Flow::Continue;
        }
    }
    again(client, conn);
    Flow::Continue
}

/// The handshake of a connection is over that had been there before. What came with its end is told afterwards.
fn secured(client: &AsyncClient, conn: &Rc<Conn>, ready: WhenSecure, fresh: &[u8]) -> Flow {
    {
        let mut link = conn.link.borrow_mut();
        link.stop_timer();
        link.input.extend_from_slice(fresh);
        link.held |= !fresh.is_empty();
        link.flush(conn);
    }
    let flow = ready(client);
    if conn.stage.get() != Stage::Ended {
        again(client, conn);
    }
    flow
}

/// Whether what the peer sent is still wanted.
pub(super) fn goes_on(conn: &Conn) -> bool {
    match conn.stage.get() {
        // A callback has ended the loop: no more of them are called.
        _ if local::is_ending() => false,
        Stage::Open => conn.link.borrow().may_read(),
        // Read so that the peer's last bytes do not make the kernel reset the connection while what waits is sent.
        Stage::Closing => true,
        Stage::Connecting | Stage::Ended => false,
    }
}

/// The program reads no more for now, or has left the loop.
fn stop(client: &AsyncClient, conn: &Rc<Conn>, flow: Flow) -> Flow {
    if goes_on(conn) {
        again(client, conn);
    } else {
        conn.link.borrow_mut().unread = true;
    }
    flow
}

/// The peer sends no more, or the connection failed.
fn read_end(client: &AsyncClient, conn: &Rc<Conn>, code: i32) -> Flow {
    {
        let mut link = conn.link.borrow_mut();
        link.ended = true;
        if code != 0 {
            link.lose(code);
        }
    }
    settle(client, conn)
}

/// Tells what the bytes in `fresh` complete.
fn deliver(client: &AsyncClient, conn: &Rc<Conn>, fresh: &[u8]) -> Flow {
    if !conn.is_open() || (fresh.is_empty() && conn.link.borrow().input.is_empty()) {
        return Flow::Continue;
    }
    let (mut input, mut progress) = {
        let mut link = conn.link.borrow_mut();
        if conn.config.raw && link.input.is_empty() {
            drop(link);
            return tell(client, conn, fresh);
        }
        (std::mem::take(&mut link.input), link.progress)
    };
    // Bytes that make whole packages in one read are never copied into the connection's own buffer.
    let owned = !input.is_empty();
    if owned {
        input.extend_from_slice(fresh);
    }
    let bytes: &[u8] = if owned { &input } else { fresh };
    let (mut from, mut wanted) = (0, 0);
    let (mut flow, mut refused) = (Flow::Continue, None);
    while flow == Flow::Continue && from < bytes.len() && conn.is_open() && !local::is_ending() {
        {
            let mut link = conn.link.borrow_mut();
            if !link.may_read() {
                link.held = true;
                break;
            }
            if link.is_shaking() {
                break;
            }
            if link.pipe.is_some() {
                drop(link);
                flow = tell(client, conn, &bytes[from..]);
                from = bytes.len();
                break;
            }
        }
        let events = &conn.events;
        match conn.config.protocol.next(&mut progress, &bytes[from..], &mut |data| events.package_length(client, data))
        {
            Verdict::Deliver(length) if conn.is_open() => {
                let package = &bytes[from..from + length];
                from += length;
                flow = events.receive(client, package);
            }
            Verdict::Deliver(_) => break,
            Verdict::More { total } => {
                wanted = total.unwrap_or(0);
                break;
            }
            Verdict::Reject(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    if conn.stage.get() == Stage::Ended {
        return flow;
    }
    if from < bytes.len() && conn.link.borrow().is_shaking() {
        // Whoever is between could have put them there, and they would be taken for what came encrypted.
        refused = Some(Error::new(ErrorKind::SslHandshakeFailed, "bytes came in the clear after TLS was begun"));
    }
    if let Some(error) = refused {
        return fail(client, conn, &error);
    }
    if owned {
        input.drain(..from);
    } else {
        input = fresh[from..].to_vec();
    }
    if input.is_empty() {
        input = Vec::new();
    } else {
        input.reserve(wanted.saturating_sub(input.len()));
    }
    let mut link = conn.link.borrow_mut();
    if link.deaf {
        input = Vec::new();
    }
    link.held |= flow != Flow::Continue;
    (link.input, link.progress) = (input, progress);
    flow
}

/// Hands over what was received: to the program, or to the descriptor that takes its place.
pub(super) fn tell(client: &AsyncClient, conn: &Rc<Conn>, data: &[u8]) -> Flow {
    let put = {
        let mut link = conn.link.borrow_mut();
        let Some(pipe) = &mut link.pipe else {
            drop(link);
            return conn.events.receive(client, data);
        };
        let weak = (Rc::downgrade(&client.0), Rc::downgrade(conn));
        let put = pipe.put(data, move || match (weak.0.upgrade(), weak.1.upgrade()) {
            (Some(client), Some(conn)) => piped(&AsyncClient(client), &conn),
            _ => Flow::Continue,
        });
        put.map_err(|e| {
            Error::system(format_args!("descriptor {}, to which it is piped, takes no more", pipe.target()), &e)
        })
    };
    match put {
        Ok(()) => Flow::Continue,
        Err(error) => fail(client, conn, &error),
    }
}

/// The descriptor that takes what is received may take more.
fn piped(client: &AsyncClient, conn: &Rc<Conn>) -> Flow {
    let (flushed, old) = {
        let mut link = conn.link.borrow_mut();
        let Some(pipe) = &mut link.pipe else { return Flow::Continue };
        let flushed = pipe.flush().map_err(|e| {
            let what =
                format!("descriptor {}, to which it is piped, has not taken {} bytes", pipe.target(), pipe.waits());
            Error::system(what, &e)
        });
        if pipe.waits() > 0 && flushed.is_ok() {
            return Flow::Continue;
        }
        let old = if pipe.is_last { link.pipe.take() } else { None };
        (flushed, old)
    };
    drop(old);
    if let Err(error) = flushed {
        return fail(client, conn, &error);
    }
    go_on!(settle(client, conn));
    read(client, conn)
}
