//! What a client receives, handed to another descriptor.

use super::*;
use std::cell::Cell;
use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

#[test]
fn all_that_is_received_goes_into_a_file() {
    const SIZE: usize = 5 << 20;
    let (port, peer) = peer(|mut stream| stream.write_all(&pattern(SIZE)).unwrap());
    let file = tempfile::NamedTempFile::new().unwrap();
    let to = file.as_file().as_raw_fd();
    let events =
        run(port, Events { on_connect: calls(move |client| client.pipe(Some(to)).unwrap()), ..Events::default() });
    assert_eq!(events.noted(), ["connect", "close"]);
    assert!(std::fs::read(file.path()).unwrap() == pattern(SIZE));
    peer.join().unwrap();
}

#[test]
fn reading_waits_for_a_slow_target_and_nothing_is_lost() {
    const SIZE: usize = 20 << 20;
    let (port, peer) = peer(|mut stream| stream.write_all(&pattern(SIZE)).unwrap());
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let reader = std::thread::spawn(move || {
        let mut got = Vec::new();
        theirs.read_to_end(&mut got).unwrap();
        got
    });
    let to = ours.as_raw_fd();
    let keep = Rc::new(RefCell::new(Some(ours)));
    let closing = keep.clone();
    let events = run(
        port,
        Events {
            on_connect: calls(move |client| client.pipe(Some(to)).unwrap()),
            on_close: calls(move |_| drop(closing.borrow_mut().take())),
            ..Events::default()
        },
    );
    assert_eq!(events.noted(), ["connect", "close"]);
    assert!(reader.join().unwrap() == pattern(SIZE));
    peer.join().unwrap();
}

#[test]
fn a_target_that_takes_none_stops_the_reading_until_it_does() {
    const SIZE: usize = 20 << 20;
    let (port, peer) = peer(|mut stream| stream.write_all(&pattern(SIZE)).unwrap());
    let (ours, theirs) = UnixStream::pair().unwrap();
    let to = ours.as_raw_fd();
    // Nobody reads for a while; then everything comes.
    let reader = Rc::new(Cell::new(None));
    let begun = reader.clone();
    let theirs = RefCell::new(Some(theirs));
    let begin = move |_| {
        let mut theirs = theirs.borrow_mut().take().unwrap();
        begun.set(Some(std::thread::spawn(move || {
            let mut got = Vec::new();
            theirs.read_to_end(&mut got).unwrap();
            got
        })));
        Flow::Continue
    };
    event::after(Duration::from_millis(50), Rc::new(begin)).unwrap();
    let keep = Rc::new(RefCell::new(Some(ours)));
    let closing = keep.clone();
    run(
        port,
        Events {
            on_connect: calls(move |client| client.pipe(Some(to)).unwrap()),
            on_close: calls(move |_| drop(closing.borrow_mut().take())),
            ..Events::default()
        },
    );
    assert!(reader.take().unwrap().join().unwrap() == pattern(SIZE));
    peer.join().unwrap();
}

#[test]
fn a_target_that_fails_closes_the_client() {
    let (port, peer) = peer(|mut stream| while stream.write_all(&[1; 65536]).is_ok() {});
    let (ours, theirs) = UnixStream::pair().unwrap();
    drop(theirs);
    let to = ours.as_raw_fd();
    let events = run(
        port,
        Events {
            on_connect: calls(move |client| client.pipe(Some(to)).unwrap()),
            on_close: calls(|client| assert_eq!(client.error_code(), libc::EPIPE)),
            ..Events::default()
        },
    );
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
    drop(ours);
}

#[test]
fn a_target_that_the_program_closes_closes_the_client_and_not_what_has_its_number_now() {
    let (port, peer) = peer(|mut stream| {
        stream.write_all(b"one").unwrap();
        let mut go = [0];
        stream.read_exact(&mut go).unwrap();
        stream.write_all(b"two").unwrap();
        let _ = stream.read(&mut go);
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    let target: Rc<RefCell<Option<OwnedFd>>> = Rc::new(RefCell::new(Some(file.reopen().unwrap().into())));
    let to = target.borrow().as_ref().unwrap().as_raw_fd();
    let path = file.path().to_owned();
    let closing = target.clone();
    let on_connect = move |client: &AsyncClient| {
        client.pipe(Some(to)).unwrap();
        let (client, closing, path) = (client.clone(), closing.clone(), path.clone());
        let look: Rc<RefCell<Option<event::TimerId>>> = Rc::default();
        let own = look.clone();
        let tick = move |_| {
            if std::fs::read(&path).unwrap() == b"one" {
                drop(closing.borrow_mut().take());
                client.send(b"!").unwrap();
                event::clear(own.borrow_mut().take().unwrap());
            }
            Flow::Continue
        };
        *look.borrow_mut() = Some(event::tick(Duration::from_millis(1), Rc::new(tick)).unwrap());
    };
    let events = run(port, Events { on_connect: calls(on_connect), ..Events::default() });
    assert_eq!(events.noted(), ["connect", "close"]);
    assert_eq!(std::fs::read(file.path()).unwrap(), b"one");
    peer.join().unwrap();
}

#[test]
fn after_the_end_of_a_pipe_receive_is_called_again() {
    let (port, peer) = peer(|mut stream| {
        stream.write_all(b"to the file").unwrap();
        let mut go = [0];
        stream.read_exact(&mut go).unwrap();
        stream.write_all(b"to the program").unwrap();
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    let (to, path) = (file.as_file().as_raw_fd(), file.path().to_owned());
    let on_connect = move |client: &AsyncClient| {
        client.pipe(Some(to)).unwrap();
        let (client, path) = (client.clone(), path.clone());
        let own: Rc<Cell<event::TimerId>> = Rc::default();
        let look = own.clone();
        let tick = move |_| {
            if std::fs::read(&path).unwrap() == b"to the file" {
                client.pipe(None).unwrap();
                client.send(b"!").unwrap();
                event::clear(own.get());
            }
            Flow::Continue
        };
        look.set(event::tick(Duration::from_millis(1), Rc::new(tick)).unwrap());
    };
    let events = run(port, Events { on_connect: calls(on_connect), ..Events::default() });
    assert_eq!(events.bytes(), b"to the program");
    peer.join().unwrap();
}

#[test]
fn what_is_here_already_goes_through_a_pipe_that_is_set_in_receive() {
    let (port, peer) = peer(|mut stream| stream.write_all(b"head\nbody and half a li").unwrap());
    let file = tempfile::NamedTempFile::new().unwrap();
    let to = file.as_file().as_raw_fd();
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("open_eof_split", &Value::from(true)).unwrap();
    client.set("package_eof", &Value::from("\n")).unwrap();
    let on_receive = move |client: &AsyncClient, _: &[u8]| {
        client.pipe(Some(to)).unwrap();
        Flow::Continue
    };
    let events = connect(&client, port, Events { on_receive: Some(Box::new(on_receive)), ..Events::default() });
    wait();
    assert_eq!(events.bytes(), b"head\n");
    assert_eq!(std::fs::read(file.path()).unwrap(), b"body and half a li");
    peer.join().unwrap();
}

#[test]
fn two_clients_piped_to_one_another_are_a_proxy() {
    const SIZE: usize = 8 << 20;
    let (up_port, upstream) = peer(echo);
    let (down_port, downstream) = peer(|mut stream| {
        let mut copy = stream.try_clone().unwrap();
        let writer = std::thread::spawn(move || {
            copy.write_all(&pattern(SIZE)).unwrap();
        });
        let mut got = vec![0; SIZE];
        stream.read_exact(&mut got).unwrap();
        writer.join().unwrap();
        got
    });
    let (up, down) = (AsyncClient::new(SocketType::Tcp), AsyncClient::new(SocketType::Tcp));
    let (other, closes) = (down.clone(), up.clone());
    let on_connect = move |up: &AsyncClient| {
        let up = up.clone();
        let events = Events {
            on_connect: calls(move |down| {
                up.pipe(down.descriptor()).unwrap();
                down.pipe(up.descriptor()).unwrap();
            }),
            on_close: calls({
                let closes = closes.clone();
                move |_| drop(closes.close(false))
            }),
            ..Events::default()
        };
        connect(&other, down_port, events);
    };
    let events = connect(&up, up_port, Events { on_connect: calls(on_connect), ..Events::default() });
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    assert!(downstream.join().unwrap() == pattern(SIZE));
    upstream.join().unwrap();
}

#[test]
fn a_descriptor_that_is_closed_is_no_target() {
    let (port, peer) = peer(echo);
    let to = File::open("/dev/null").unwrap().as_raw_fd();
    let on_connect = move |client: &AsyncClient| {
        // Far above what other tests have open.
        assert_eq!(client.pipe(Some(to + 100_000)).unwrap_err().kind(), ErrorKind::InvalidParams);
        client.close(false).unwrap();
    };
    run(port, Events { on_connect: calls(on_connect), ..Events::default() });
    peer.join().unwrap();
}
