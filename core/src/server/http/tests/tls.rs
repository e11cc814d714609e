//! What comes in the very packet that ends a TLS handshake, while the program holds the connection back or takes its time.

use super::*;
use crate::event::local;
use crate::net::tls::testing::{Authority, End, client};
use crate::server::SessionId;
use std::cell::Cell;

/// What the program does when it hears of a connection, and where it notes that this one is paused.
type Connected = fn(&Server, SessionId, &Rc<Cell<bool>>);

struct Early {
    connected: Connected,
    paused: Rc<Cell<bool>>,
    mode: Mode,
    ready: std::io::PipeWriter,
}

impl Early {
    /// In PROCESS what came may have gone up before its connection was paused.
    fn is_let_in(&self) {
        assert!(self.mode == Mode::Process || !self.paused.get(), "what came was not held back");
    }
}

impl ServerEvents for Early {
    fn wants(&self, _port: PortId, event: Event) -> bool {
        matches!(event, Event::Connect | Event::Receive | Event::Request)
    }
    fn worker_start(&self, server: &Server, _worker_id: i32) -> Flow {
        let port = server.port_info(0).map_or(0, |info| info.port);
        let _ = (&self.ready).write_all(&port.to_ne_bytes());
        Flow::Continue
    }
    fn connect(&self, server: &Server, _port: PortId, session: SessionId, _reactor: i32) -> Flow {
        (self.connected)(server, session, &self.paused);
        Flow::Continue
    }
    fn receive(&self, server: &Server, _port: PortId, session: SessionId, _reactor: i32, data: &[u8]) -> Flow {
        self.is_let_in();
        // PROCESS: it came before the connection was closed.
        let _ = server.send(session, data);
        Flow::Continue
    }
    fn request(&self, _server: &Server, request: Request, mut response: Response) -> Flow {
        self.is_let_in();
        let _ = response.end(request.path());
        Flow::Continue
    }
}

/// Calls that later in this worker, when all that has come is done: a callback of the program's that comes back to a connection.
fn later(server: &Server, session: SessionId, then: impl Fn(&Server, SessionId) + 'static) {
    let server = server.clone();
    let call = move |_| {
        then(&server, session);
        Flow::Continue
    };
    local::after(Duration::from_millis(100), Rc::new(call)).unwrap();
}

/// Ends the handshake and says `bytes` in one send; what comes back, until that ends with `wanted`, or the server closes.
fn says_at_once(server: &Running, bytes: &[u8], wanted: &str) -> String {
    let mut socket = server.connect();
    let mut end = End::new(client(&[]).session("localhost", &[]).unwrap());
    end.session.begin(&mut end.out).unwrap();
    let mut part = vec![0; 1 << 14];
    let mut hear = |end: &mut End, socket: &mut TcpStream| {
        let count =
            socket.read(&mut part).unwrap_or_else(|e| panic!("{e}, behind {:?}", String::from_utf8_lossy(&end.got)));
        end.take(&part[..count], usize::MAX).unwrap();
        count > 0 && !end.ended
    };
    while !end.session.is_established() {
        socket.write_all(&end.taken()).unwrap();
        assert!(hear(&mut end, &mut socket));
    }
    // Behind the handshake's last record.
    assert!(!end.out.bytes().is_empty());
    end.session.encrypt(bytes, &mut end.out).unwrap();
    socket.write_all(&end.taken()).unwrap();
    while !String::from_utf8_lossy(&end.got).ends_with(wanted) && hear(&mut end, &mut socket) {}
    String::from_utf8_lossy(&end.got).into_owned()
}

#[test]
fn what_comes_with_the_end_of_the_handshake_is_answered() {
    let authority = Authority::new("authority");
    authority.issue("a", &["localhost"]);
    let file = |name: &str| Value::from(authority.path(name).to_str().unwrap());
    let (cert, key) = (file("a.pem"), file("a.key"));
    let ways: [(&str, bool, Connected); 5] = [
        ("at once", false, |_, _, _| {}),
        // time: the callback of a program that takes its time
        ("onConnect takes long", false, |_, _, _| std::thread::sleep(Duration::from_millis(100))),
        ("paused in onConnect", false, |server, session, paused| {
            server.pause(session).unwrap();
            paused.set(true);
            let paused = paused.clone();
            later(server, session, move |server, session| {
                paused.set(false);
                // PROCESS: the answer may be there before, and the client gone.
                let _ = server.resume(session);
            });
        }),
        ("confirmed later", true, |server, session, _| {
            later(server, session, |server, session| server.confirm(session).unwrap());
        }),
        ("closed in onConnect", false, |server, session, _| server.close(session, false).unwrap()),
    ];
    for mode in BOTH {
        for (what, delayed, connected) in ways {
            for http in [true, false] {
                let options = [
                    ("ssl_cert_file", cert.clone()),
                    ("ssl_key_file", key.clone()),
                    ("open_http_protocol", Value::Bool(http)),
                    ("enable_delay_receive", Value::Bool(delayed)),
                ];
                let server = serve_events(mode, &options, |ready| {
                    Rc::new(Early { connected, paused: Rc::default(), mode, ready })
                });
                let request: &[u8] = if http { b"GET /early HTTP/1.1\r\nHost: a\r\n\r\n" } else { b"early" };
                let said = says_at_once(&server, request, "early");
                if what == "closed in onConnect" {
                    assert_eq!(said, "", "{mode:?}");
                    continue;
                }
                assert!(said.ends_with("early"), "{mode:?}, {what}: closed behind {said:?}");
                assert_eq!(said.starts_with("HTTP/1.1 200 "), http, "{mode:?}, {what}: {said}");
            }
        }
    }
}
