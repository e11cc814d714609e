//! Many clients at once.

use super::*;
use crate::sys::limits;
use std::cell::Cell;
use std::os::fd::AsRawFd;

/// Accepts for ever, and sends back what comes, all in one thread.
fn echo_for_all() -> (u16, JoinHandle<()>, std::sync::mpsc::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = std::sync::mpsc::channel();
    let serve = move || {
        listener.set_nonblocking(true).unwrap();
        let mut poll = mio::Poll::new().unwrap();
        let mut events = mio::Events::with_capacity(1024);
        let readable = mio::Interest::READABLE;
        let watch = |poll: &mio::Poll, fd: RawFd| {
            poll.registry().register(&mut mio::unix::SourceFd(&fd), mio::Token(fd as usize), readable).unwrap();
        };
        watch(&poll, listener.as_raw_fd());
        let mut streams = std::collections::HashMap::new();
        let mut buffer = [0; 4096];
        while stopped.try_recv() != Err(std::sync::mpsc::TryRecvError::Disconnected) {
            poll.poll(&mut events, Some(Duration::from_millis(10))).unwrap();
            for event in &events {
                let fd = event.token().0 as RawFd;
                if fd == listener.as_raw_fd() {
                    while let Ok((stream, _)) = listener.accept() {
                        stream.set_nonblocking(true).unwrap();
                        watch(&poll, stream.as_raw_fd());
                        streams.insert(stream.as_raw_fd(), stream);
                    }
                    continue;
                }
                loop {
                    let stream: &mut TcpStream = streams.get_mut(&fd).unwrap();
                    match stream.read(&mut buffer) {
                        Ok(count @ 1..) => stream.write_all(&buffer[..count]).unwrap(),
                        Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => break,
                        _ => {
                            streams.remove(&fd);
                            break;
                        }
                    }
                }
            }
        }
    };
    (port, std::thread::spawn(serve), stop)
}

#[test]
fn two_thousand_clients_at_once_get_each_its_own_answer() {
    const CLIENTS: usize = 2000;
    let limit = limits::descriptors();
    assert!(limit > 2 * CLIENTS as u64 + 500, "raise `ulimit -n` ({limit})");
    let (port, server, stop) = echo_for_all();
    let (open, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let all: Vec<Rc<Events>> = (0..CLIENTS)
        .map(|number| {
            let (opened, closed, most) = (open.clone(), open.clone(), most.clone());
            let expected = format!("message {number}");
            let message = expected.clone();
            let events = Events {
                on_connect: calls(move |client| {
                    opened.set(opened.get() + 1);
                    most.set(most.get().max(opened.get()));
                    client.send(message.as_bytes()).unwrap();
                }),
                on_receive: Some(Box::new(move |client, data| {
                    assert_eq!(data, expected.as_bytes());
                    client.close(false).unwrap();
                    Flow::Continue
                })),
                on_close: calls(move |_| closed.set(closed.get() - 1)),
                ..Events::default()
            };
            connect(&AsyncClient::new(SocketType::Tcp), port, events)
        })
        .collect();
    wait();
    assert!(all.iter().all(|events| events.noted() == ["connect", "receive", "close"]));
    assert_eq!(open.get(), 0);
    drop(stop);
    server.join().unwrap();
}
