//! The client as a WebSocket.

use super::*;
use crate::protocol::websocket::{self, Reader, Rules, Step, close, flag, handshake};

/// Answers the handshake; what came.
fn shake(stream: &mut TcpStream, more: &str) -> String {
    let request = request(stream);
    let key = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
    let accept = handshake::accept(key.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{more}\r\n"
    );
    stream.write_all(answer.as_bytes()).unwrap();
    request
}

/// What a client's frames are, until it closes.
fn frames(stream: &mut TcpStream, deflate: bool) -> Vec<String> {
    let mut reader = Reader::new(Rules { masked: true, deflate, limit: 1 << 20 });
    let (mut bytes, mut found) = (Vec::new(), Vec::new());
    loop {
        let (used, message) = match reader.next(&mut bytes) {
            Step::Message { used, message } => {
                let mut data = message.data.to_vec();
                if message.compressed {
                    data.clear();
                    websocket::deflate::inflate(message.data, 1 << 20, &mut data).unwrap();
                }
                (used, Some((message.opcode, message.compressed, data)))
            }
            Step::More { used } => (used, None),
            Step::Refuse(refusal) => panic!("{refusal:?}"),
        };
        bytes.drain(..used);
        match message {
            Some((opcode, compressed, data)) => {
                let mark = if compressed { " compressed" } else { "" };
                found.push(format!("{opcode:?}{mark} {}", String::from_utf8_lossy(&data)));
                if opcode == Opcode::Close {
                    return found;
                }
            }
            None => {
                let mut buffer = [0; 4096];
                match stream.read(&mut buffer).unwrap() {
                    0 => return found,
                    count => bytes.extend_from_slice(&buffer[..count]),
                }
            }
        }
    }
}

fn frame(opcode: Opcode, flags: u8, data: &[u8]) -> Vec<u8> {
    websocket::pack(opcode, flags, data).unwrap()
}

/// Upgrades, notes the outcome, and calls that when it is a WebSocket.
fn upgrade(client: &HttpClient, request: Request, then: impl FnOnce(&HttpClient) + 'static) -> Outcomes {
    let outcomes = Outcomes::default();
    let noted = outcomes.clone();
    let done = Box::new(move |client: &HttpClient, outcome: Outcome| {
        let switched = outcome.as_ref().is_ok_and(|answer| answer.status == 101);
        assert_eq!(client.is_websocket(), switched);
        noted.borrow_mut().push(outcome);
        if switched {
            then(client);
        }
        Flow::Continue
    });
    client.upgrade(request, done).unwrap();
    outcomes
}

#[test]
fn messages_go_both_ways() {
    let (port, server) = peer(|mut stream| {
        let request = shake(&mut stream, "");
        let mut bytes = frame(Opcode::Text, flag::FIN, "gr\u{fc}\u{df}e".as_bytes());
        bytes.extend(frame(Opcode::Binary, 0, b"in "));
        bytes.extend(frame(Opcode::Ping, flag::FIN, b"there?"));
        bytes.extend(frame(Opcode::Continuation, flag::FIN, b"parts"));
        bytes.extend(frame(Opcode::Close, flag::FIN, &close::data(1001, "bye")));
        bytes.iter().for_each(|byte| stream.write_all(&[*byte]).unwrap());
        (request, frames(&mut stream, false))
    });
    let client = client(port);
    let notes = noted(&client);
    let outcomes = upgrade(&client, get("/chat"), |client| {
        client.push(b"hello", Opcode::Text, flag::FIN).unwrap();
        client.push(b"a", Opcode::Binary, 0).unwrap();
        client.push(b"b", Opcode::Continuation, flag::FIN | flag::COMPRESS).unwrap();
        assert_eq!(client.push(b"\xff", Opcode::Text, flag::FIN).unwrap_err().kind(), ErrorKind::WebsocketPackFailed);
        assert_eq!(client.push(&[0; 126], Opcode::Ping, flag::FIN).unwrap_err().kind(), ErrorKind::WebsocketPackFailed);
        assert_eq!(
            client.execute(get("/"), Box::new(|_, _| unreachable!())).unwrap_err().kind(),
            ErrorKind::WrongOperation
        );
    });
    wait();
    assert_eq!(outcomes.borrow()[0].as_ref().unwrap().status, 101);
    assert_eq!(*notes.0.borrow(), ["connect", "Text gr\u{fc}\u{df}e", "Binary in parts", "close"]);
    let (request, sent) = server.join().unwrap();
    assert!(
        request.starts_with("GET /chat HTTP/1.1\r\n")
            && request.contains("Upgrade: websocket\r\n")
            && request.matches("Connection: ").count() == 1
    );
    assert_eq!(sent[..3], ["Text hello", "Binary ab", "Pong there?"]);
    assert!(sent[3].starts_with("Close") && sent[3].ends_with("bye"), "{sent:?}");
    assert_eq!(client.push(b"x", Opcode::Text, flag::FIN).unwrap_err().kind(), ErrorKind::WebsocketUnconnected);
}

#[test]
fn messages_right_behind_the_handshake_are_told_after_its_callback() {
    let (port, server) = peer(|mut stream| {
        let request = request(&mut stream);
        let key = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
        let head = format!(
            "HTTP/1.1 101 x\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
            handshake::accept(key.as_bytes())
        );
        let bytes = [head.as_bytes(), &frame(Opcode::Text, flag::FIN, b"first"), &frame(Opcode::Close, flag::FIN, b"")]
            .concat();
        stream.write_all(&bytes).unwrap();
        frames(&mut stream, false)
    });
    let client = client(port);
    let notes = noted(&client);
    let inner = notes.clone();
    upgrade(&client, get("/"), move |_| inner.note("open"));
    wait();
    assert_eq!(*notes.0.borrow(), ["connect", "open", "Text first", "close"]);
    assert_eq!(server.join().unwrap(), ["Close "]);
}

#[test]
fn a_client_that_closes_says_so() {
    let (port, server) = peer(|mut stream| {
        shake(&mut stream, "");
        frames(&mut stream, false)
    });
    let client = client(port);
    let notes = noted(&client);
    upgrade(&client, get("/"), |client| {
        client.push(b"last", Opcode::Text, flag::FIN).unwrap();
        client.close().unwrap();
        assert!(!client.is_websocket() && !client.is_connected());
    });
    wait();
    assert_eq!(server.join().unwrap(), ["Text last", "Close \u{3}\u{fffd}"]);
    assert_eq!(*notes.0.borrow(), ["connect", "close"]);
}

#[test]
fn messages_are_compressed_where_both_want_it() {
    let text = "again and ".repeat(100);
    let (port, server) = peer(|mut stream| {
        shake(
            &mut stream,
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n",
        );
        stream
            .write_all(&frame(Opcode::Text, flag::FIN | flag::COMPRESS, "again and ".repeat(100).as_bytes()))
            .unwrap();
        stream.write_all(&frame(Opcode::Close, flag::FIN, b"")).unwrap();
        frames(&mut stream, true)
    });
    let client = client(port);
    client.set("websocket_compression", &Value::Bool(true)).unwrap();
    let notes = noted(&client);
    let sent = text.clone();
    upgrade(&client, get("/"), move |client| {
        client.push(sent.as_bytes(), Opcode::Text, flag::FIN | flag::COMPRESS).unwrap();
        client.push(b"not", Opcode::Text, flag::FIN).unwrap();
    });
    wait();
    assert_eq!(notes.0.borrow()[1], format!("Text {text}"));
    assert_eq!(server.join().unwrap(), [format!("Text compressed {text}"), "Text not".into(), "Close ".into()]);
}

#[test]
fn a_server_that_breaks_the_protocol_is_told_why() {
    let bad = [
        (vec![0x81, 0x81, 1, 2, 3, 4, 5], close::PROTOCOL_ERROR),
        (vec![0x81, 1, 0xff], close::BAD_DATA),
        (vec![0xc1, 0], close::PROTOCOL_ERROR),
        (vec![0x82, 127, 0, 0, 0, 0, 0x10, 0, 0, 0], close::TOO_BIG),
    ];
    for (bytes, code) in bad {
        let (port, server) = peer(move |mut stream| {
            shake(&mut stream, "");
            stream.write_all(&bytes).unwrap();
            let mut frame = Vec::new();
            let _ = stream.read_to_end(&mut frame);
            frame
        });
        let client = client(port);
        let notes = noted(&client);
        upgrade(&client, get("/"), |_| ());
        wait();
        assert_eq!(*notes.0.borrow(), ["connect", "close"]);
        let frame = websocket::unpack(&server.join().unwrap(), 1000).unwrap();
        assert_eq!((frame.opcode, close::parse(&frame.data).unwrap().0), (Opcode::Close, code));
    }
}

#[test]
fn a_handshake_that_is_refused_or_wrong_is_told() {
    const NO: &[u8] = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
    const WRONG: &[u8] =
        b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n";
    let (port, server) = server(vec![vec![NO, WRONG]]);
    let client = client(port);
    let outcomes = upgrade(&client, get("/"), |_| ());
    wait();
    assert_eq!(short(&outcomes.borrow()[0]), (403, "no".into()));
    let outcomes = upgrade(&client, get("/"), |_| ());
    wait();
    let failed = outcomes.borrow()[0].clone().unwrap_err();
    assert_eq!((failed.failure, failed.error.kind()), (Failure::ServerReset, ErrorKind::WebsocketHandshakeFailed));
    server.join().unwrap();
}

#[test]
fn a_callback_that_closes_or_leaves_is_the_last() {
    let (port, server) = peer(|mut stream| {
        shake(&mut stream, "");
        let two = [frame(Opcode::Text, flag::FIN, b"1"), frame(Opcode::Text, flag::FIN, b"2")].concat();
        stream.write_all(&two).unwrap();
        frames(&mut stream, false)
    });
    struct Closes(RefCell<u32>);
    impl HttpEvents for Closes {
        fn message(&self, client: &HttpClient, _: Message<'_>) -> Flow {
            *self.0.borrow_mut() += 1;
            client.close().unwrap();
            Flow::Continue
        }
    }
    let client = client(port);
    let events = Rc::new(Closes(RefCell::new(0)));
    client.set_events(Some(events.clone()));
    upgrade(&client, get("/"), |_| ());
    wait();
    assert_eq!(*events.0.borrow(), 1);
    assert_eq!(server.join().unwrap().len(), 1);
}
