//! A WebSocket echo server in Rust. Run with `cargo run -p swoole-core --example websocket -- 9502 base`, talk to
//! it from a browser's console: `s = new WebSocket("ws://127.0.0.1:9502"); s.onmessage = e => console.log(e.data); s.onopen = () => s.send("hello")`.

use std::rc::Rc;
use swoole_core::config::Value;
use swoole_core::protocol::websocket::flag;
use swoole_core::server::{Event, Flow, Frame, Mode, PortId, Role, Server, ServerEvents, SocketType};

struct Echo;

impl ServerEvents for Echo {
    fn wants(&self, _port: PortId, event: Event) -> bool {
        event == Event::Message
    }

    fn message(&self, server: &Server, _port: PortId, frame: Frame<'_>) -> Flow {
        // COMPRESS asks for it; a client that has not agreed to it gets the message as it is.
        if let Err(e) = server.push(frame.session, frame.opcode, flag::FIN | flag::COMPRESS, frame.data) {
            eprintln!("session {}: {e}", frame.session);
        }
        Flow::Continue
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(9502), |p| p.parse())?;
    let base = std::env::args().nth(2).is_some_and(|m| m == "base");
    let server = Server::new(if base { Mode::Base } else { Mode::Process })?;
    server.listen("127.0.0.1", port, SocketType::Tcp)?;
    for (name, value) in [
        ("worker_num", Value::Int(1)),
        ("open_websocket_protocol", Value::Bool(true)),
        ("websocket_compression", Value::Bool(true)),
        ("package_max_length", Value::Int(32 << 20)),
        ("socket_buffer_size", Value::Int(64 << 20)),
    ] {
        server.set(name, &value)?;
    }
    println!("listening on 127.0.0.1:{}", server.port_info(0)?.port);
    let ended = server.start(Rc::new(Echo))?;
    if ended.role != Role::Master || ended.exit_code != 0 {
        std::process::exit(ended.exit_code);
    }
    Ok(())
}
