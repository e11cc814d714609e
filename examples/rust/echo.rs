//! An echo server in Rust. Run with `cargo run -p swoole-core --example echo -- 9501 process`, talk to
//! it with `nc 127.0.0.1 9501`.

use std::rc::Rc;
use swoole_core::config::Value;
use swoole_core::server::{Event, Flow, Mode, PortId, Role, Server, ServerEvents, SessionId, SocketType};

struct Echo;

impl ServerEvents for Echo {
    fn wants(&self, _port: PortId, event: Event) -> bool {
        event == Event::Receive
    }

    fn receive(&self, server: &Server, _port: PortId, session: SessionId, _reactor: i32, data: &[u8]) -> Flow {
        if let Err(e) = server.send(session, data) {
            eprintln!("session {session}: {e}");
        }
        Flow::Continue
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(9501), |p| p.parse())?;
    let base = std::env::args().nth(2).is_some_and(|m| m == "base");
    let server = Server::new(if base { Mode::Base } else { Mode::Process })?;
    server.listen("127.0.0.1", port, SocketType::Tcp)?;
    server.set("worker_num", &Value::Int(1))?;
    println!("listening on 127.0.0.1:{}", server.port_info(0)?.port);
    let ended = server.start(Rc::new(Echo))?;
    if ended.role != Role::Master || ended.exit_code != 0 {
        std::process::exit(ended.exit_code);
    }
    Ok(())
}
