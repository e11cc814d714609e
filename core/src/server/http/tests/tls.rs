//! What comes in the very packet that ends a TLS handshake, while the program holds the connection back or takes its time.

use super::*;
use crate::event::local;
use crate::net::tls::testing::{Authority, End, client};
use crate::server::SessionId;

struct Early {
    connected: fn(&Server, SessionId),
    ready: std::io::PipeWriter,
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
        (self.connected)(server, session);
        Flow::Continue
    }
    fn receive(&self, server: &Server, _port: PortId, session: SessionId, _reactor: i32, data: &[u8]) -> Flow {
        server.send(session, data).unwrap();
        Flow::Continue
    }
    fn request(&self, _server: &Server, request: Request, mut response: Response) -> Flow {
        response.end(request.path()).unwrap();
        Flow::Continue
    }
}

/// Calls that later in this worker, when all that has come is done: a callback of the program's that comes back to a connection.
fn later(server: &Server, session: SessionId, then: fn(&Server, SessionId)) {
    let server = server.clone();
    let call = move |_| {
        then(&server, session);
        Flow::Continue
    };
    local::after(Duration::from_millis(100), Rc::new(call)).unwrap();
}

/// Ends the handshake and says `bytes` in one send; what comes back, up to `wanted`.
fn says_at_once(server: &Running, bytes: &[u8], wanted: &str) -> String {
    let mut socket = server.connect();
    let mut end = End::new(client(&[]).session("localhost", &[]).unwrap());
    end.session.begin(&mut end.out).unwrap();
    let mut part = vec![0; 1 << 14];
    let mut hear = |end: &mut End, socket: &mut TcpStream| {
        let count = socket.read(&mut part).unwrap_or_else(|e| panic!("{e}, behind {:?}", String::from_utf8_lossy(&end.got)));
        assert!(count > 0, "closed behind {:?}", String::from_utf8_lossy(&end.got));
        end.take(&part[..count], usize::MAX).unwrap();
    };
    while !end.session.is_established() {
        socket.write_all(&end.taken()).unwrap();
        hear(&mut end, &mut socket);
    }
    // Behind the handshake's last record.
    assert!(!end.out.bytes().is_empty());
    end.session.encrypt(bytes, &mut end.out).unwrap();
    socket.write_all(&end.taken()).unwrap();
    while !String::from_utf8_lossy(&end.got).ends_with(wanted) {
        hear(&mut end, &mut socket);
    }
    String::from_utf8_lossy(&end.got).into_owned()
}

#[test]
fn what_comes_with_the_end_of_the_handshake_is_answered() {
    let authority = Authority::new("authority");
    authority.issue("a", &["localhost"]);
    let file = |name: &str| Value::from(authority.path(name).to_str().unwrap());
    let (cert, key) = (file("a.pem"), file("a.key"));
    let ways: [(&str, bool, fn(&Server, SessionId)); 4] = [
        ("at once", false, |_, _| {}),
        // time: the callback of a program that takes its time
        ("onConnect takes long", false, |_, _| std::thread::sleep(Duration::from_millis(100))),
        ("paused in onConnect", false, |server, session| {
            server.pause(session).unwrap();
            // PROCESS: the answer may be there before, and the client gone.
            later(server, session, |server, session| drop(server.resume(session)));
        }),
        ("confirmed later", true, |server, session| {
            later(server, session, |server, session| server.confirm(session).unwrap());
        }),
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
                let server = serve_events(mode, &options, |ready| Rc::new(Early { connected, ready }));
                let said = if http {
                    says_at_once(&server, b"GET /early HTTP/1.1\r\nHost: a\r\n\r\n", "/early")
                } else {
                    says_at_once(&server, b"early", "early")
                };
                assert_eq!(said.starts_with("HTTP/1.1 200 "), http, "{mode:?}, {what}: {said}");
            }
        }
    }
}
