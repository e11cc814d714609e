//! The same as `bench/minimal_client.c`, with this project's event-driven client and no other language in between. Arguments: port,
//! connections, how many of them may wait for their answer at once, bytes of a message.

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::rc::Rc;
use std::time::{Duration, Instant};
use swoole_core::client::{AsyncClient, AsyncEvents};
use swoole_core::event::{self, Flow};
use swoole_core::net::SocketType;

/// All of them.
struct Many {
    port: u16,
    total: usize,
    message: Vec<u8>,
    clients: RefCell<Vec<AsyncClient>>,
    answered: Cell<usize>,
    closed: Cell<usize>,
}

/// What each of them calls.
struct Events(Rc<Many>);

fn open(many: &Rc<Many>) {
    let client = AsyncClient::new(SocketType::Tcp);
    many.clients.borrow_mut().push(client.clone());
    let events = Rc::new(Events(many.clone()));
    client.connect("127.0.0.1", many.port, Duration::ZERO, events).expect("a connection begins");
}

impl AsyncEvents for Events {
    fn connect(&self, client: &AsyncClient) -> Flow {
        client.send(&self.0.message).expect("it is connected");
        Flow::Continue
    }

    fn receive(&self, _: &AsyncClient, data: &[u8]) -> Flow {
        let many = &self.0;
        assert_eq!(data, many.message, "the answer");
        many.answered.set(many.answered.get() + 1);
        if many.clients.borrow().len() < many.total {
            open(many);
        } else if many.answered.get() == many.total {
            many.clients.take().iter().for_each(|client| client.close(false).expect("it is connected"));
        }
        Flow::Continue
    }

    fn error(&self, _: &AsyncClient, error: &swoole_core::error::Error) -> Flow {
        panic!("{error}");
    }

    fn close(&self, _: &AsyncClient) -> Flow {
        self.0.closed.set(self.0.closed.get() + 1);
        Flow::Continue
    }
}

/// Seconds of user and system time of this process, from /proc/self/schedstat's nanoseconds.
fn cpu() -> Result<f64, Box<dyn Error>> {
    let mut nanoseconds = 0.0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let stat = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        nanoseconds += stat.split(' ').next().unwrap_or_default().parse::<f64>()?;
    }
    Ok(nanoseconds / 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = std::env::args().skip(1).map(|arg| arg.parse()).collect::<Result<Vec<usize>, _>>()?;
    let [port, total, unanswered, bytes] = args[..] else {
        return Err("usage: many_clients PORT CONNECTIONS UNANSWERED BYTES".into());
    };
    let many = Rc::new(Many {
        port: u16::try_from(port)?,
        total,
        message: vec![b'x'; bytes],
        clients: RefCell::default(),
        answered: Cell::new(0),
        closed: Cell::new(0),
    });
    let (begun, before) = (Instant::now(), cpu()?);
    (0..unanswered.min(total)).for_each(|_| open(&many));
    let _ = event::wait()?;
    if (many.answered.get(), many.closed.get()) != (total, total) {
        return Err(format!("{} of {total} were answered, {} closed", many.answered.get(), many.closed.get()).into());
    }
    println!("{{\"wall\": {:.6}, \"cpu\": {:.6}}}", begun.elapsed().as_secs_f64(), cpu()? - before);
    Ok(())
}
