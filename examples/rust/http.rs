//! An HTTP server in Rust. Run with `cargo run -p swoole-core --example http -- 9501 process`, talk to it with
//! `curl http://127.0.0.1:9501/`.

use std::rc::Rc;
use swoole_core::config::Value;
use swoole_core::server::{Event, Flow, Mode, PortId, Request, Response, Role, Server, ServerEvents, SocketType};

struct Hello;

impl ServerEvents for Hello {
    fn wants(&self, _port: PortId, event: Event) -> bool {
        event == Event::Request
    }

    fn request(&self, _server: &Server, request: Request, mut response: Response) -> Flow {
        let ended =
            response.header(b"Content-Type", &[b"text/plain"], false).and_then(|()| response.end(b"Hello, World!"));
        if let Err(e) = ended {
            eprintln!("session {}: {e}", request.session());
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
    server.set("open_http_protocol", &Value::Bool(true))?;
    println!("listening on http://127.0.0.1:{}", server.port_info(0)?.port);
    let ended = server.start(Rc::new(Hello))?;
    if ended.role != Role::Master || ended.exit_code != 0 {
        std::process::exit(ended.exit_code);
    }
    Ok(())
}
