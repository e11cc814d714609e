//! Ports of TLS.

use super::*;
use crate::event::local;
use crate::net::tls::testing::{self, Authority, End};
use crate::server::SessionId;
use std::cell::Cell;

/// Closes its first connection when it hears of it, and holds the others back for a moment.
struct Guard {
    ready: std::io::PipeWriter,
    connections: Cell<u32>,
    received: Cell<u32>,
    let_in: Rc<Cell<bool>>,
}

impl ServerEvents for Guard {
    fn wants(&self, _port: PortId, event: Event) -> bool {
        matches!(event, Event::Connect | Event::Receive)
    }
    fn worker_start(&self, server: &Server, _worker_id: i32) -> Flow {
        let port = server.port_info(0).map_or(0, |info| info.port);
        let _ = (&self.ready).write_all(&port.to_ne_bytes());
        Flow::Continue
    }
    fn connect(&self, server: &Server, _port: PortId, session: SessionId, _reactor: i32) -> Flow {
        self.connections.set(self.connections.get() + 1);
        if self.connections.get() == 1 {
            server.close(session, false).unwrap();
        } else {
            server.pause(session).unwrap();
            let (server, let_in) = (server.clone(), self.let_in.clone());
            let later = move |_| {
                let_in.set(true);
                server.resume(session).unwrap();
                Flow::Continue
            };
            local::after(Duration::from_millis(20), Rc::new(later)).unwrap();
        }
        Flow::Continue
    }
    fn receive(&self, server: &Server, _port: PortId, session: SessionId, _reactor: i32, data: &[u8]) -> Flow {
        self.received.set(self.received.get() + 1);
        let text = format!("{} {} {}", self.received.get(), self.let_in.get(), String::from_utf8_lossy(data));
        let _ = server.send(session, text.as_bytes());
        Flow::Continue
    }
}

/// What comes back for `data` that is sent in one piece with the end of the handshake, until `is_enough` or the server closes.
fn ask_at_once(server: &Running, data: &[u8], is_enough: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut socket = server.connect();
    let mut client = End::new(testing::client(&[]).session("localhost", &[]).unwrap());
    client.session.begin(&mut client.out).unwrap();
    socket.write_all(&client.taken()).unwrap();
    let (mut records, mut asked) = (vec![0; 64 << 10], false);
    while !is_enough(&client.got) && !client.ended {
        let count = socket.read(&mut records).unwrap();
        if count == 0 {
            break;
        }
        client.take(&records[..count], usize::MAX).unwrap();
        if client.session.is_established() && !asked {
            asked = true;
            client.session.encrypt(data, &mut client.out).unwrap();
        }
        socket.write_all(&client.taken()).unwrap();
    }
    client.got
}

#[test]
fn what_came_with_the_handshake_waits_if_its_connection_does() {
    let authority = Authority::new("authority");
    authority.issue("a", &["localhost"]);
    let file = |name| Value::from(authority.path(name).to_str().unwrap());
    let options =
        [("ssl_cert_file", file("a.pem")), ("ssl_key_file", file("a.key")), ("open_http_protocol", Value::Bool(false))];
    let server = serve_events(Mode::Base, &options, |ready| {
        Rc::new(Guard { ready, connections: Cell::new(0), received: Cell::new(0), let_in: Rc::default() })
    });
    assert_eq!(ask_at_once(&server, b"hello", |_| false), b"", "it is closed");
    let found = ask_at_once(&server, b"hello", |got| got.ends_with(b"hello"));
    assert_eq!(String::from_utf8_lossy(&found), "1 true hello");
}
