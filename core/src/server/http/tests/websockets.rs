//! WebSocket servers at work.

use super::{BOTH, LIMIT, Running, serve_events};
use crate::config::Value;
use crate::protocol::websocket::{self, Opcode, Reader, Rules, Step, close, deflate, flag, handshake};
use crate::server::{
    Event, Flow, Frame, Mode, PortId, Request, Response, Server, ServerEvents, SessionId, WebSocketStatus,
};
use crate::sys::process;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::rc::Rc;

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

/// A server whose messages are commands.
struct Events {
    wanted: &'static [Event],
    ready: std::io::PipeWriter,
}

fn say(server: &Server, session: SessionId, text: &str) {
    if let Err(e) = server.push(session, Opcode::Text, flag::FIN, text.as_bytes()) {
        eprintln!("push: {e}");
    }
}

/// Says something to all WebSockets.
fn say_to_all(server: &Server, text: &str) {
    let sessions = server.connection_list(0, 100, None).unwrap_or_default();
    sessions.into_iter().filter(|session| server.is_established(*session)).for_each(|s| say(server, s, text));
}

impl ServerEvents for Events {
    fn wants(&self, _port: PortId, event: Event) -> bool {
        event == Event::Message || self.wanted.contains(&event)
    }
    fn worker_start(&self, server: &Server, _worker_id: i32) -> Flow {
        let port = server.port_info(0).map_or(0, |info| info.port);
        let _ = (&self.ready).write_all(&port.to_ne_bytes());
        Flow::Continue
    }
    fn request(&self, _server: &Server, _request: Request, mut response: Response) -> Flow {
        response.end(b"plain").unwrap();
        Flow::Continue
    }
    fn handshake(&self, _server: &Server, request: Request, mut response: Response) -> Flow {
        if request.query() == b"no" {
            response.status(403, b"").unwrap();
        } else {
            let key = request.header(b"sec-websocket-key").unwrap_or_default();
            response.status(101, b"").unwrap();
            response.header(b"Upgrade", &[b"websocket"], false).unwrap();
            response.header(b"Sec-WebSocket-Accept", &[handshake::accept(key).as_bytes()], false).unwrap();
            response.header(b"X-Own", &[b"yes"], false).unwrap();
        }
        response.end(b"").unwrap();
        Flow::Continue
    }
    fn before_handshake_response(
        &self,
        _: &Server,
        request: &Request,
        mut response: Response,
    ) -> (Flow, Option<Response>) {
        response.header(b"X-Before", &[b"yes"], false).unwrap();
        if request.query() == b"no" {
            response.status(401, b"").unwrap();
        }
        (Flow::Continue, Some(response))
    }
    fn open(&self, server: &Server, request: Request) -> Flow {
        say(server, request.session(), "open");
        Flow::Continue
    }
    fn message(&self, server: &Server, _port: PortId, frame: Frame<'_>) -> Flow {
        let session = frame.session;
        match (frame.opcode, frame.data) {
            (Opcode::Ping | Opcode::Pong, data) => {
                say(server, session, &format!("{:?} {}", frame.opcode, String::from_utf8_lossy(data)));
            }
            (Opcode::Close, _) => {
                let (code, reason) = frame.close.unwrap();
                server.disconnect(session, 4000 + code % 1000, reason.to_uppercase().as_bytes()).unwrap();
            }
            (_, b"status") => {
                let status = server.connection_info(session, false).unwrap().websocket_status;
                assert_eq!(status, Some(WebSocketStatus::Active));
                server.disconnect(session, close::NORMAL, b"").unwrap();
                let status = server.connection_info(session, false).unwrap().websocket_status;
                assert_eq!(status, Some(WebSocketStatus::Closing));
                assert!(!server.is_established(session));
                assert!(server.push(session, Opcode::Text, flag::FIN, b"late").is_err());
            }
            (_, b"bye") => server.disconnect(session, 3001, b"good bye").unwrap(),
            (_, b"close") => server.close(session, false).unwrap(),
            (_, b"die") => process::end_at_once(3),
            (_, b"all") => say_to_all(server, "to all"),
            (_, b"bad") => {
                assert!(server.push(session, Opcode::Text, flag::FIN, b"\xff").is_err());
                assert!(server.push(session, Opcode::Ping, flag::FIN, &[0; 126]).is_err());
                assert!(server.disconnect(session, 1005 + 1, b"").is_err());
                say(server, session, "refused");
            }
            (_, b"parts") => {
                for (opcode, flags, data) in
                    [(Opcode::Text, 0, "one "), (Opcode::Continuation, 0, "two "), (Opcode::Continuation, 1, "three")]
                {
                    server.push(session, opcode, flags | flag::COMPRESS, data.as_bytes()).unwrap();
                }
            }
            (opcode, data) => server.push(session, opcode, frame.flags, data).unwrap(),
        }
        Flow::Continue
    }
    fn close(&self, server: &Server, _port: PortId, _session: SessionId, reactor: i32) -> Flow {
        say_to_all(server, if reactor < 0 { "closed by server" } else { "closed" });
        Flow::Continue
    }
    fn disconnect(&self, server: &Server, _port: PortId, _session: SessionId) -> Flow {
        say_to_all(server, "disconnected");
        Flow::Continue
    }
}

fn serve(mode: Mode, wanted: &'static [Event], options: &[(&str, Value)]) -> Running {
    let mut all = vec![("open_websocket_protocol", Value::Bool(true))];
    all.extend(options.iter().map(|(name, value)| (*name, value.clone())));
    serve_events(mode, &all, |ready| Rc::new(Events { wanted, ready }))
}

/// What came, or that nothing more comes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Got {
    Frame(Opcode, Vec<u8>),
    End,
}

struct Client {
    stream: TcpStream,
    reader: Reader,
    input: Vec<u8>,
}

fn request(target: &str, headers: &str) -> String {
    format!(
        "GET {target} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {KEY}\r\n{headers}\r\n"
    )
}

impl Client {
    /// Makes the handshake; the answer's head.
    fn open(server: &Running, target: &str, headers: &str, behind: &[u8]) -> (Client, String) {
        let mut stream = server.connect();
        stream.set_nodelay(true).unwrap();
        stream.write_all(&[request(target, headers).as_bytes(), behind].concat()).unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap_or_else(|e| panic!("{e}, behind {}", head.escape_ascii()));
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let rules = Rules { masked: false, deflate: head.contains("permessage-deflate"), limit: 1 << 20 };
        (Client { stream, reader: Reader::new(rules), input: Vec::new() }, head)
    }

    /// A WebSocket that is open.
    fn new(server: &Running) -> Client {
        let (client, head) = Client::open(server, "/", "", b"");
        assert!(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n") && head.contains(ACCEPT), "{head}");
        client
    }

    fn send(&mut self, opcode: Opcode, flags: u8, data: &[u8]) {
        self.stream.write_all(&frame(opcode, flags, data)).unwrap();
    }

    fn text(&mut self, text: &str) {
        self.send(Opcode::Text, flag::FIN, text.as_bytes());
    }

    fn next(&mut self) -> Got {
        loop {
            let got = match self.reader.next(&mut self.input) {
                Step::Message { used, message } => Some((used, Got::Frame(message.opcode, message.data.to_vec()))),
                Step::More { used } => {
                    self.input.drain(..used);
                    None
                }
                Step::Refuse(refusal) => panic!("the server broke the protocol: {refusal:?}"),
            };
            if let Some((used, got)) = got {
                self.input.drain(..used);
                return got;
            }
            let mut more = [0; 4096];
            match self.stream.read(&mut more) {
                Ok(0) => return Got::End,
                Ok(count) => self.input.extend_from_slice(&more[..count]),
                Err(e) => panic!("nothing came within {LIMIT:?}: {e}"),
            }
        }
    }

    /// What comes until the end.
    fn rest(&mut self) -> Vec<Got> {
        std::iter::from_fn(|| Some(self.next()).filter(|got| *got != Got::End)).collect()
    }
}

fn frame(opcode: Opcode, flags: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    websocket::write(&mut bytes, opcode, flags, Some([1, 2, 3, 4]), data);
    bytes
}

fn text(text: &str) -> Got {
    Got::Frame(Opcode::Text, text.as_bytes().to_vec())
}

fn closed(code: u16, reason: &str) -> Got {
    Got::Frame(Opcode::Close, close::data(code, reason))
}

#[test]
fn messages_are_echoed_pings_answered_and_a_close_ends_it() {
    for mode in BOTH {
        let server = serve(mode, &[], &[]);
        let mut client = Client::new(&server);
        client.text("hello");
        assert_eq!(client.next(), text("hello"));
        client.send(Opcode::Ping, flag::FIN, b"are you there");
        assert_eq!(client.next(), Got::Frame(Opcode::Pong, b"are you there".to_vec()));
        client.send(Opcode::Pong, flag::FIN, b"nobody asked");
        let long = vec![b'x'; 300_000];
        client.send(Opcode::Binary, 0, &long[..100_000]);
        client.send(Opcode::Continuation, flag::FIN, &long[100_000..]);
        assert_eq!(client.next(), Got::Frame(Opcode::Binary, long));
        client.send(Opcode::Close, flag::FIN, &close::data(1000, "done"));
        assert_eq!(client.rest(), [closed(1000, "")]);
    }
}

#[test]
fn deadlines_of_requests_are_not_those_of_websockets() {
    let options = ["http_head_timeout", "http_body_timeout", "http_keepalive_timeout"].map(|o| (o, Value::Float(0.2)));
    for mode in BOTH {
        let server = serve(mode, &[], &options);
        let mut client = Client::new(&server);
        client.stream.set_read_timeout(Some(std::time::Duration::from_millis(700))).unwrap();
        assert!(client.stream.read(&mut [0]).is_err(), "{mode:?}");
        client.stream.set_read_timeout(Some(LIMIT)).unwrap();
        client.text("hello");
        assert_eq!(client.next(), text("hello"), "{mode:?}");
    }
}

#[test]
fn what_was_asked_before_a_close_is_answered_before_it() {
    for mode in BOTH {
        let server = serve(mode, &[], &[]);
        let mut client = Client::new(&server);
        let frames = [frame(Opcode::Text, 1, b"one"), frame(Opcode::Text, 1, b"two"), frame(Opcode::Close, 1, b"")];
        client.stream.write_all(&frames.concat()).unwrap();
        assert_eq!(client.rest(), [text("one"), text("two"), closed(1005, "")], "{mode:?}");
    }
}

#[test]
fn frames_that_come_with_the_handshake_are_read_and_what_open_pushes_comes_first() {
    for mode in BOTH {
        let server = serve(mode, &[Event::Open], &[]);
        let (mut client, head) = Client::open(&server, "/", "", &frame(Opcode::Text, 1, b"early"));
        assert!(head.contains(ACCEPT), "{head}");
        assert_eq!([client.next(), client.next()], [text("open"), text("early")], "{mode:?}");
    }
}

#[test]
fn wrong_handshakes_are_refused_and_plain_requests_are_answered() {
    for mode in BOTH {
        let server = serve(mode, &[Event::Request], &[]);
        let without_key = request("/", "").replace(&format!("Sec-WebSocket-Key: {KEY}\r\n"), "Connection: close\r\n");
        assert!(server.ask(&without_key).starts_with("HTTP/1.1 400 "));
        let old = request("/", "Connection: close\r\n").replace("Version: 13", "Version: 8");
        let answer = server.ask(&old);
        assert!(answer.starts_with("HTTP/1.1 426 ") && answer.contains("Sec-WebSocket-Version: 13\r\n"), "{answer}");
        assert!(server.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").ends_with("\r\n\r\nplain"));
    }
    let server = serve(Mode::Base, &[], &[]);
    assert!(server.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 404 "));
}

#[test]
fn a_program_may_make_the_handshake_itself() {
    for mode in BOTH {
        let server = serve(mode, &[Event::Handshake, Event::Open], &[]);
        let (mut client, head) = Client::open(&server, "/", "", b"");
        assert!(
            head.starts_with("HTTP/1.1 101 ") && head.contains(ACCEPT) && head.contains("X-Own: yes\r\n"),
            "{head}"
        );
        client.text("hello");
        assert_eq!(client.next(), text("hello"), "there is no onOpen before it");
        let (_, head) = Client::open(&server, "/?no", "", b"");
        assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
    }
}

#[test]
fn a_program_may_add_to_the_handshake_or_refuse_it() {
    for mode in BOTH {
        let server = serve(mode, &[Event::BeforeHandshakeResponse, Event::Open], &[]);
        let (mut client, head) = Client::open(&server, "/", "", b"");
        assert!(head.contains(ACCEPT) && head.contains("X-Before: yes\r\n"), "{head}");
        assert_eq!(client.next(), text("open"));
        let (_, head) = Client::open(&server, "/?no", "", b"");
        assert!(head.starts_with("HTTP/1.1 401 ") && head.contains("X-Before: yes\r\n"), "{head}");
    }
}

#[test]
fn a_subprotocol_is_agreed_to_if_it_is_offered() {
    let server = serve(Mode::Base, &[], &[("websocket_subprotocol", Value::from("chat, news"))]);
    let (_, head) = Client::open(&server, "/", "Sec-WebSocket-Protocol: soap, news, chat\r\n", b"");
    assert!(head.contains("Sec-WebSocket-Protocol: chat\r\n"), "{head}");
    let (_, head) = Client::open(&server, "/", "Sec-WebSocket-Protocol: soap\r\n", b"");
    assert!(head.contains(" 101 ") && !head.contains("Sec-WebSocket-Protocol"), "{head}");
}

#[test]
fn messages_are_compressed_where_both_agree() {
    let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    for mode in BOTH {
        let options = [("websocket_compression", Value::Bool(true)), ("package_max_length", Value::Int(100_000))];
        let server = serve(mode, &[], &options);
        let (mut client, head) = Client::open(&server, "/", offer, b"");
        assert!(
            head.contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"),
            "{head}"
        );
        let plain = vec![b'a'; 10_000];
        let mut small = Vec::new();
        assert!(deflate::compress(&plain, 15, &mut small));
        client.send(Opcode::Text, flag::FIN | flag::RSV1, &small);
        assert_eq!(client.next(), Got::Frame(Opcode::Text, small.clone()), "{mode:?}: it comes back compressed");
        client.text("plain");
        assert_eq!(client.next(), text("plain"), "what came as it is goes as it is");
        client.text("parts");
        assert_eq!(client.next(), text("one two three"), "parts are not compressed");
        client.send(Opcode::Binary, flag::FIN | flag::RSV1, &[0xff; 20]);
        assert_eq!(client.next(), closed(1007, "a compressed message is damaged"));

        let (mut client, _) = Client::open(&server, "/", offer, b"");
        let mut bomb = Vec::new();
        assert!(deflate::compress(&[0; 100_001], 15, &mut bomb));
        client.send(Opcode::Binary, flag::FIN | flag::RSV1, &bomb);
        assert_eq!(client.next(), closed(1009, "a message is longer than package_max_length"));
    }
    let server = serve(Mode::Base, &[], &[]);
    let (_, head) = Client::open(&server, "/", offer, b"");
    assert!(!head.contains("permessage-deflate"), "the option is off: {head}");
}

#[test]
fn a_client_that_breaks_the_protocol_is_told_why() {
    for mode in BOTH {
        let server = serve(mode, &[], &[("package_max_length", Value::Int(65536))]);
        for (bytes, code) in [
            (vec![0x81, 0x01, b'a'], 1002),
            (frame(Opcode::Text, 1, b"\xff"), 1007),
            (frame(Opcode::Binary, 1, &[0; 65537]), 1009),
        ] {
            let mut client = Client::new(&server);
            client.stream.write_all(&bytes).unwrap();
            let got = client.rest();
            let [Got::Frame(Opcode::Close, data)] = &got[..] else { panic!("{mode:?}: {got:?}") };
            assert_eq!(close::parse(data).unwrap().0, code);
        }
    }
}

#[test]
fn a_client_that_is_refused_amid_sending_hears_why() {
    for mode in BOTH {
        let server = serve(mode, &[], &[("package_max_length", Value::Int(65536))]);
        let mut client = Client::new(&server);
        let bytes = frame(Opcode::Binary, 1, &[0; 65537]);
        client.stream.write_all(&bytes[..20]).unwrap();
        // It has been refused by the head; whether the rest meets a server that has closed is a matter of luck without a lingering one.
        assert!(matches!(client.next(), Got::Frame(Opcode::Close, _)), "{mode:?}");
        client.stream.write_all(&bytes[20..]).unwrap();
        assert_eq!(client.next(), Got::End, "{mode:?}: no reset");
    }
}

#[test]
fn a_half_message_is_awaited_in_a_reload() {
    let mut server = serve(Mode::Base, &[], &[("max_wait_time", Value::Int(10))]);
    let mut client = Client::new(&server);
    client.send(Opcode::Text, 0, b"half ");
    client.send(Opcode::Ping, flag::FIN, b"");
    assert_eq!(client.next(), Got::Frame(Opcode::Pong, Vec::new()));
    process::kill(server.pid, crate::sys::signal::SIGUSR1).unwrap();
    // Long enough for a worker that does not wait to have closed it.
    std::thread::sleep(std::time::Duration::from_millis(300));
    client.send(Opcode::Continuation, flag::FIN, b"whole");
    assert_eq!(client.rest(), [text("half whole"), closed(1001, "")]);
    server.next_worker();
}

#[test]
fn the_server_says_good_bye_and_waits_for_an_answer() {
    for mode in BOTH {
        let server = serve(mode, &[], &[]);
        let mut client = Client::new(&server);
        let frames = [frame(Opcode::Text, 1, b"bye"), frame(Opcode::Text, 1, b"not heard")];
        client.stream.write_all(&frames[0]).unwrap();
        assert_eq!(client.next(), closed(3001, "good bye"));
        client.stream.write_all(&frames[1]).unwrap();
        client.send(Opcode::Close, flag::FIN, &close::data(3001, ""));
        assert_eq!(client.next(), Got::End);

        let mut silent = Client::new(&server);
        silent.text("bye");
        assert_eq!(silent.rest(), [closed(3001, "good bye")], "it ends without an answer too");

        let mut client = Client::new(&server);
        client.text("close");
        assert_eq!(client.rest(), [closed(1000, "")], "close() says it in the protocol's own way");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_and_the_table_knows_how_far_it_is() {
    for mode in BOTH {
        let server = serve(mode, &[], &[]);
        let mut client = Client::new(&server);
        client.text("bad");
        assert_eq!(client.next(), text("refused"));
        client.text("status");
        assert_eq!(client.next(), closed(1000, ""));
    }
}

#[test]
fn control_frames_go_to_the_program_that_wants_them() {
    let options = ["open_websocket_ping_frame", "open_websocket_pong_frame", "open_websocket_close_frame"];
    for mode in BOTH {
        let server = serve(mode, &[], &options.map(|name| (name, Value::Bool(true))));
        let mut client = Client::new(&server);
        client.send(Opcode::Ping, flag::FIN, b"1");
        assert_eq!(client.next(), text("Ping 1"));
        client.send(Opcode::Pong, flag::FIN, b"2");
        assert_eq!(client.next(), text("Pong 2"));
        client.send(Opcode::Close, flag::FIN, &close::data(1001, "bye"));
        assert_eq!(client.rest(), [closed(4001, "BYE")]);
    }
}

#[test]
fn the_ends_of_websockets_and_of_other_connections_are_told_apart() {
    for mode in BOTH {
        let server = serve(mode, &[Event::Close, Event::Disconnect], &[]);
        let mut watcher = Client::new(&server);
        drop(server.connect());
        assert_eq!(watcher.next(), text("disconnected"), "{mode:?}");
        drop(Client::new(&server));
        assert_eq!(watcher.next(), text("closed"), "{mode:?}");
        // It stays until then: else it might be the first to close.
        let mut client = Client::new(&server);
        client.text("close");
        assert_eq!(watcher.next(), text("closed by server"), "{mode:?}");
    }
}

#[test]
fn any_worker_pushes_to_any_websocket() {
    for mode in BOTH {
        let server = serve(mode, &[], &[("worker_num", Value::Int(2))]);
        let mut clients: Vec<Client> = (0..8).map(|_| Client::new(&server)).collect();
        clients[3].text("all");
        for client in &mut clients {
            assert_eq!(client.next(), text("to all"), "{mode:?}");
        }
    }
}

#[test]
fn a_half_message_outlives_its_worker() {
    let mut server = serve(Mode::Process, &[], &[]);
    let mut client = Client::new(&server);
    client.send(Opcode::Text, 0, b"half ");
    client.text_of_another(&server, "die");
    server.next_worker();
    client.send(Opcode::Continuation, flag::FIN, b"whole");
    assert_eq!(client.next(), text("half whole"));
}

impl Client {
    fn text_of_another(&self, server: &Running, text: &str) {
        let mut other = Client::new(server);
        other.text(text);
        // Its connection stays; what it asked for happens on the way.
        std::mem::forget(other);
    }
}

#[test]
fn a_server_that_ends_says_that_it_goes_away() {
    for mode in BOTH {
        let server = serve(mode, &[], &[]);
        let mut client = Client::new(&server);
        process::kill(server.pid, crate::sys::signal::SIGTERM).unwrap();
        assert_eq!(client.rest(), [closed(1001, "")], "{mode:?}");
    }
}
