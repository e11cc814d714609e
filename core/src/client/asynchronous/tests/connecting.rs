//! From connect to its event.

use super::*;
use std::cell::Cell;
use std::os::unix::net::UnixListener;
use std::time::Instant;

#[test]
fn connect_is_told_by_the_loop_and_never_from_within_connect() {
    let (port, peer) = peer(drop);
    let events = connect(&AsyncClient::new(SocketType::Tcp), port, Events::default());
    assert!(events.noted().is_empty());
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn a_unix_socket_that_connects_at_once_is_told_by_the_loop_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let listener = UnixListener::bind(&path).unwrap();
    let client = AsyncClient::new(SocketType::UnixStream);
    let events = Rc::new(Events { on_connect: sends(b"hi"), ..Events::default() });
    client.connect(path.to_str().unwrap(), 0, TIME, events.clone()).unwrap();
    assert!(events.noted().is_empty());
    let peer = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let mut got = [0; 2];
        stream.read_exact(&mut got).unwrap();
        stream.write_all(&got).unwrap();
    });
    wait();
    assert_eq!(
        (events.noted(), events.bytes()),
        (vec!["connect".into(), "receive".into(), "close".into()], b"hi".to_vec())
    );
    peer.join().unwrap();
}

#[test]
fn nobody_there_is_an_error_that_names_host_port_and_reason() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = AsyncClient::new(SocketType::Tcp);
    let events = connect(&client, port, Events::default());
    wait();
    let expected = format!("error cannot connect to 127.0.0.1:{port}: Connection refused (os error 111)");
    assert_eq!(events.noted(), [expected]);
    assert_eq!(client.error_code(), libc::ECONNREFUSED);
    assert!(!client.is_connected());
}

#[test]
fn a_unix_socket_that_does_not_exist_is_an_error_of_the_loop() {
    let client = AsyncClient::new(SocketType::UnixStream);
    let events = Rc::new(Events::default());
    client.connect("/nowhere/s", 0, TIME, events.clone()).unwrap();
    assert!(events.noted().is_empty());
    wait();
    assert_eq!(events.noted(), ["error cannot connect to /nowhere/s: No such file or directory (os error 2)"]);
}

#[test]
fn a_full_queue_of_a_unix_listener_is_tried_again_until_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s");
    let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
    socket.bind(&socket2::SockAddr::unix(&path).unwrap()).unwrap();
    socket.listen(0).unwrap();
    let listener: UnixListener = socket.into();
    let first = std::os::unix::net::UnixStream::connect(&path).unwrap();
    let client = AsyncClient::new(SocketType::UnixStream);
    let events = Rc::new(Events { on_connect: calls(|client| client.close(false).unwrap()), ..Events::default() });
    client.connect(path.to_str().unwrap(), 0, TIME, events.clone()).unwrap();
    // The queue is emptied once the client has found it full.
    let accepts = Rc::new(listener);
    let accepting = accepts.clone();
    let accept = move |_| {
        drop(accepting.accept().unwrap());
        Flow::Continue
    };
    event::after(Duration::from_millis(25), Rc::new(accept)).unwrap();
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    drop((first, accepts));
}

#[test]
fn a_peer_that_never_answers_is_an_error_after_the_timeout() {
    // Nobody accepts, and the queue is full: the kernel drops the packet that opens the connection.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    socket.listen(0).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let _first = TcpStream::connect(address).unwrap();
    let client = AsyncClient::new(SocketType::Tcp);
    let events = Rc::new(Events::default());
    let begun = Instant::now();
    client.connect("127.0.0.1", address.port(), Duration::from_millis(60), events.clone()).unwrap();
    wait();
    assert!(begun.elapsed() >= Duration::from_millis(60));
    let expected = format!("error cannot connect to {address} within 60ms: Connection timed out (os error 110)");
    assert_eq!(events.noted(), [expected]);
    assert_eq!(client.error_code(), libc::ETIMEDOUT);
}

#[test]
fn what_cannot_be_begun_is_refused_at_once() {
    let client = AsyncClient::new(SocketType::Tcp);
    let begin = |host: &str, port| client.connect(host, port, TIME, Rc::new(Events::default())).unwrap_err();
    assert_eq!(begin("", 80).kind(), ErrorKind::InvalidParams);
    assert_eq!(begin("127.0.0.1", 0).kind(), ErrorKind::InvalidParams);
    assert_eq!(begin("::1", 80).kind(), ErrorKind::InvalidParams);
    client.set("bind_address", &Value::from("192.0.2.1")).unwrap();
    assert_eq!(begin("127.0.0.1", 80).code(), libc::EADDRNOTAVAIL);
    assert_eq!(client.error_code(), libc::EADDRNOTAVAIL);
    assert!(event::is_idle(), "nothing is left behind");
}

#[test]
fn a_client_is_never_its_own_peer() {
    // A free port of those from which the kernel lets connections come.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("bind_address", &Value::from("127.0.0.1")).unwrap();
    client.set("bind_port", &Value::Int(port.into())).unwrap();
    let events = connect(&client, port, Events { on_connect: calls(|c| c.close(true).unwrap()), ..Events::default() });
    wait();
    let expected = format!("error cannot connect to 127.0.0.1:{port}: Connection refused (os error 111)");
    assert_eq!(events.noted(), [expected]);
}

#[test]
fn an_address_to_come_from_is_no_name_since_looking_it_up_would_hold_up_the_loop() {
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("bind_address", &Value::from("localhost")).unwrap();
    let error = client.connect("127.0.0.1", 80, TIME, Rc::new(Events::default())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
    assert!(error.to_string().contains("bind_address"), "{error}");
}

#[test]
fn connecting_twice_is_refused() {
    let (port, peer) = peer(drop);
    let client = AsyncClient::new(SocketType::Tcp);
    let again = move |client: &AsyncClient| {
        let error = client.connect("127.0.0.1", port, TIME, Rc::new(Events::default())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongOperation);
    };
    let events = connect(&client, port, Events { on_connect: calls(again), ..Events::default() });
    again(&client);
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn closing_while_connecting_gives_up_without_any_event() {
    let (port, peer) = peer(drop);
    let client = AsyncClient::new(SocketType::Tcp);
    let events = connect(&client, port, Events::default());
    client.close(false).unwrap();
    assert_eq!(client.close(false).unwrap_err().kind(), ErrorKind::ClientNoConnection);
    wait();
    assert!(events.noted().is_empty());
    peer.join().unwrap();
}

#[test]
fn closing_before_a_refusal_is_told_gives_up_without_any_event() {
    let client = AsyncClient::new(SocketType::UnixStream);
    let events = Rc::new(Events::default());
    client.connect("/nowhere/s", 0, TIME, events.clone()).unwrap();
    client.close(false).unwrap();
    wait();
    assert!(events.noted().is_empty());
}

#[test]
fn a_client_connects_again_in_its_error_callback() {
    let (port, peer) = peer(drop);
    let second = Rc::new(Events::default());
    let next = second.clone();
    let first = Rc::new(Events {
        on_error: calls(move |client| client.connect("127.0.0.1", port, TIME, next.clone()).unwrap()),
        ..Events::default()
    });
    let client = AsyncClient::new(SocketType::Tcp);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    client.connect("127.0.0.1", nobody, TIME, first.clone()).unwrap();
    wait();
    assert_eq!((first.noted().len(), second.noted()), (1, vec!["connect".to_string(), "close".to_string()]));
    peer.join().unwrap();
}

#[test]
fn a_client_connects_again_in_its_close_callback() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let peer = std::thread::spawn(move || (0..3).for_each(|_| drop(listener.accept().unwrap())));
    let events: Rc<RefCell<Option<Rc<Events>>>> = Rc::default();
    let (left, again) = (Cell::new(2), events.clone());
    let made = Rc::new(Events {
        on_close: calls(move |client| {
            if left.replace(left.get() - 1) > 0 {
                client.connect("127.0.0.1", port, TIME, again.borrow().clone().unwrap()).unwrap();
            }
        }),
        ..Events::default()
    });
    *events.borrow_mut() = Some(made.clone());
    AsyncClient::new(SocketType::Tcp).connect("127.0.0.1", port, TIME, made.clone()).unwrap();
    wait();
    assert_eq!(made.noted(), ["connect", "close"].repeat(3));
    *events.borrow_mut() = None;
    peer.join().unwrap();
}

#[test]
fn the_loop_keeps_a_client_of_which_nobody_has_a_handle() {
    let (port, peer) = peer(echo);
    let events = connect(
        &AsyncClient::new(SocketType::Tcp),
        port,
        Events {
            on_connect: sends(b"ping"),
            on_receive: Some(Box::new(|client, _| {
                client.close(false).unwrap();
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    assert_eq!(Rc::strong_count(&events), 1, "nothing holds it any more");
    peer.join().unwrap();
}

#[test]
fn it_comes_from_the_address_and_port_that_it_is_bound_to() {
    let (port, peer) = peer(|stream| stream.peer_addr().unwrap());
    let client = AsyncClient::new(SocketType::Tcp);
    let free = TcpListener::bind("127.0.0.2:0").unwrap().local_addr().unwrap();
    client.set("bind_address", &Value::from("127.0.0.2")).unwrap();
    client.set("bind_port", &Value::from(i64::from(free.port()))).unwrap();
    let events = connect(
        &client,
        port,
        Events {
            on_connect: calls(move |client| {
                let own = client.local_address().unwrap();
                assert_eq!((own.host.as_str(), own.port), ("127.0.0.2", free.port()));
                assert_eq!(client.peer_address().unwrap(), Address { host: "127.0.0.1".into(), port });
            }),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    assert_eq!(peer.join().unwrap(), free);
}
