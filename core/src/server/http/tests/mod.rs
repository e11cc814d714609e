//! HTTP servers at work, in both modes: real processes, real sockets. A server runs in a process of its own, since a process has
//! one only, and the test is its client.

mod answers;
mod ends;
mod files;
mod tls;
mod websockets;

use crate::config::Value;
use crate::error::ErrorKind;
use crate::server::{Cookie, Event, Flow, Mode, PortId, Request, Response, Server, ServerEvents, SocketType};
use crate::sys::process::{self, Forked};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Nothing here takes that long on a machine that is busy with other things.
const LIMIT: Duration = Duration::from_secs(20);

type Handler = fn(&Server, Request, Response);

struct Events {
    handler: Handler,
    ready: std::io::PipeWriter,
}

impl ServerEvents for Events {
    fn wants(&self, _port: PortId, event: Event) -> bool {
        event == Event::Request
    }
    fn worker_start(&self, server: &Server, _worker_id: i32) -> Flow {
        let port = server.port_info(0).map_or(0, |info| info.port);
        let _ = (&self.ready).write_all(&port.to_ne_bytes());
        Flow::Continue
    }
    fn request(&self, server: &Server, request: Request, response: Response) -> Flow {
        (self.handler)(server, request, response);
        Flow::Continue
    }
}

/// A server in a process of its own, which ends with this.
struct Running {
    pid: i32,
    port: u16,
    ready: std::io::PipeReader,
}

/// Starts a server with one worker.
fn serve(mode: Mode, options: &[(&str, Value)], handler: Handler) -> Running {
    serve_events(mode, options, |ready| Rc::new(Events { handler, ready }))
}

/// Starts a server with one worker, if `options` do not say otherwise. Its events tell the pipe when a worker starts.
fn serve_events(
    mode: Mode,
    options: &[(&str, Value)],
    events: impl FnOnce(std::io::PipeWriter) -> Rc<dyn ServerEvents>,
) -> Running {
    let (mut ready, say) = std::io::pipe().unwrap();
    let parent = process::pid();
    let pid = match process::fork_for_program().unwrap() {
        Forked::Parent(pid) => pid,
        Forked::Child => {
            process::die_with_parent(parent);
            let run = || -> crate::error::Result<i32> {
                let server = Server::new(mode)?;
                server.listen("127.0.0.1", 0, SocketType::Tcp)?;
                for (name, value) in [
                    ("worker_num", Value::Int(1)),
                    ("open_http_protocol", Value::Bool(true)),
                    ("log_file", Value::from("/dev/null")),
                ] {
                    server.set(name, &value)?;
                }
                for (name, value) in options {
                    server.set(name, value)?;
                }
                if options.iter().any(|(name, _)| *name == "ssl_cert_file") {
                    server.secure(0)?;
                }
                Ok(server.start(events(say))?.exit_code)
            };
            let code = run().unwrap_or_else(|e| {
                eprintln!("the server does not start: {e}");
                101
            });
            process::end_at_once(code);
        }
    };
    drop(say);
    let port = worker_started(&mut ready);
    Running { pid, port, ready }
}

/// Waits until a worker has started; the port that it serves.
fn worker_started(ready: &mut std::io::PipeReader) -> u16 {
    let mut port = [0; 2];
    ready.read_exact(&mut port).expect("the server starts");
    u16::from_ne_bytes(port)
}

impl Running {
    fn connect(&self) -> TcpStream {
        let client = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        client.set_read_timeout(Some(LIMIT)).unwrap();
        client
    }

    /// What comes back for `bytes` until the server closes; the client sends nothing more, but does not say so.
    fn ask(&self, bytes: &str) -> String {
        let mut client = self.connect();
        client.write_all(bytes.as_bytes()).unwrap();
        rest(&mut client)
    }

    /// Waits until another worker has started.
    fn next_worker(&mut self) {
        worker_started(&mut self.ready);
    }
}

/// What a connection gives until it ends.
fn rest(client: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let ended = client.read_to_end(&mut all);
    let text = String::from_utf8_lossy(&all).into_owned();
    ended.unwrap_or_else(|e| panic!("{e}, behind {text:?}"));
    text
}

/// Reads an answer with a `Content-Length`.
fn answer(client: &mut TcpStream) -> (String, String) {
    let mut all = Vec::new();
    let mut byte = [0];
    while !all.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).unwrap_or_else(|e| panic!("{e}, behind {:?}", String::from_utf8_lossy(&all)));
        all.push(byte[0]);
    }
    let head = String::from_utf8(all).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    client.read_exact(&mut body).unwrap();
    (head, String::from_utf8_lossy(&body).into_owned())
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = process::kill(self.pid, crate::sys::signal::SIGTERM);
        let began = Instant::now();
        while process::reap(self.pid).is_none() {
            if began.elapsed() > LIMIT {
                let _ = process::kill(self.pid, libc::SIGKILL);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = self.ready.as_raw_fd();
    }
}

const BOTH: [Mode; 2] = [Mode::Base, Mode::Process];
