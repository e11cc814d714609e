//! How a connection ends, and what is told of it.

use super::*;
use crate::sys::process::{self, Forked};
use crate::sys::signal;
use std::cell::Cell;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::channel;

/// As a peer that was killed does: the connection is reset.
fn reset(stream: TcpStream) {
    socket2::SockRef::from(&stream.as_fd()).set_linger(Some(Duration::ZERO)).unwrap();
}

#[test]
fn a_callback_that_closes_is_the_last_but_for_close() {
    let (port, peer) = peer(|mut stream| stream.write_all(b"1 2 3 4 ").unwrap());
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("open_eof_split", &Value::from(true)).unwrap();
    client.set("package_eof", &Value::from(" ")).unwrap();
    let events = Events {
        on_receive: Some(Box::new(|client, data| {
            if data == b"2 " {
                client.close(false).unwrap();
                assert!(!client.is_connected());
                assert!(client.descriptor().is_none());
                assert_eq!(client.close(false).unwrap_err().kind(), ErrorKind::ClientNoConnection);
                assert_eq!(client.send(b"x").unwrap_err().kind(), ErrorKind::ClientNoConnection);
            }
            Flow::Continue
        })),
        ..Events::default()
    };
    let events = connect(&client, port, events);
    wait();
    assert_eq!(*events.received.borrow(), [b"1 ", b"2 "]);
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}

#[test]
fn close_is_told_once_and_never_from_within_close() {
    let (port, peer) = peer(echo);
    let events: Rc<RefCell<Option<Rc<Events>>>> = Rc::default();
    let noted = events.clone();
    let made = Rc::new(Events {
        on_connect: calls(move |client| {
            client.close(false).unwrap();
            assert_eq!(noted.borrow().as_ref().unwrap().noted(), ["connect"]);
        }),
        ..Events::default()
    });
    *events.borrow_mut() = Some(made.clone());
    AsyncClient::new(SocketType::Tcp).connect("127.0.0.1", port, TIME, made.clone()).unwrap();
    wait();
    assert_eq!(made.noted(), ["connect", "close"]);
    *events.borrow_mut() = None;
    peer.join().unwrap();
}

#[test]
fn connecting_again_right_after_close_tells_the_close_first() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let peer = std::thread::spawn(move || (0..2).map(|_| listener.accept().unwrap().0).collect::<Vec<_>>());
    let order: Rc<RefCell<Vec<&str>>> = Rc::default();
    let (first, second, third) = (order.clone(), order.clone(), order.clone());
    let next = Rc::new(Events {
        on_connect: calls(move |client| {
            second.borrow_mut().push("second connect");
            client.close(false).unwrap();
        }),
        ..Events::default()
    });
    let again = next.clone();
    connect(
        &AsyncClient::new(SocketType::Tcp),
        port,
        Events {
            on_connect: calls(move |client| {
                client.close(false).unwrap();
                client.connect("127.0.0.1", port, TIME, again.clone()).unwrap();
                first.borrow_mut().push("first connect");
            }),
            on_close: calls(move |_| third.borrow_mut().push("first close")),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(*order.borrow(), ["first connect", "first close", "second connect"]);
    assert_eq!(next.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn a_peer_that_has_ended_its_side_still_gets_all_that_waits() {
    const SIZE: usize = 20 << 20;
    let (sent, may_read) = channel::<()>();
    let (port, peer) = peer(move |mut stream| {
        stream.write_all(b"request").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        may_read.recv().unwrap();
        std::io::copy(&mut stream, &mut std::io::sink()).unwrap()
    });
    let events = run(
        port,
        Events {
            on_receive: Some(Box::new(move |client, _| {
                client.send(&vec![1; SIZE]).unwrap();
                sent.send(()).unwrap();
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    assert_eq!(peer.join().unwrap(), SIZE as u64);
    assert_eq!(events.noted().last().unwrap(), "close");
    assert_eq!(events.noted().iter().filter(|note| *note == "close").count(), 1);
}

#[test]
fn close_sends_what_waits_first_and_close_by_force_does_not() {
    for force in [false, true] {
        const SIZE: usize = 20 << 20;
        let (go, may_read) = channel::<()>();
        let (port, peer) = peer(move |mut stream| {
            may_read.recv().unwrap();
            std::io::copy(&mut stream, &mut std::io::sink()).unwrap_or(0)
        });
        let events = run(
            port,
            Events {
                on_connect: calls(move |client| {
                    client.send(&vec![1; SIZE]).unwrap();
                    client.close(force).unwrap();
                    assert!(!client.is_connected());
                    go.send(()).unwrap();
                }),
                ..Events::default()
            },
        );
        assert_eq!(events.noted(), ["connect", "close"]);
        assert_eq!(peer.join().unwrap() == SIZE as u64, !force);
    }
}

#[test]
fn a_reset_by_the_peer_is_a_close_with_its_error() {
    let (go, may_reset) = channel::<()>();
    let (port, peer) = peer(move |stream| {
        may_reset.recv().unwrap();
        reset(stream);
    });
    let client = AsyncClient::new(SocketType::Tcp);
    let events = connect(
        &client,
        port,
        Events {
            on_connect: calls(move |_| go.send(()).unwrap()),
            on_close: calls(|client| assert_eq!(client.error_code(), libc::ECONNRESET)),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn what_a_peer_sent_before_it_reset_the_connection_is_received_even_if_connect_was_not_told_yet() {
    let (done, is_reset) = channel::<()>();
    let (port, peer) = peer(move |mut stream| {
        stream.write_all(b"last words").unwrap();
        reset(stream);
        done.send(()).unwrap();
    });
    let client = AsyncClient::new(SocketType::Tcp);
    let events = connect(&client, port, Events::default());
    is_reset.recv().unwrap();
    wait();
    assert_eq!((events.bytes(), client.error_code()), (b"last words".to_vec(), libc::ECONNRESET));
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}

#[test]
fn sending_to_a_peer_that_is_gone_fails_and_close_follows() {
    let (go, may_reset) = channel::<()>();
    let (done, is_reset) = channel::<()>();
    let (port, peer) = peer(move |stream| {
        may_reset.recv().unwrap();
        reset(stream);
        done.send(()).unwrap();
    });
    let events = run(
        port,
        Events {
            on_connect: calls(move |client| {
                go.send(()).unwrap();
                is_reset.recv().unwrap();
                let error = (0..100).find_map(|_| client.send(b"x").err()).expect("it is reset");
                assert!([libc::ECONNRESET, libc::EPIPE].contains(&error.code()), "{error}");
                assert!(client.send(b"y").is_err());
            }),
            ..Events::default()
        },
    );
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn shutting_down_the_sending_side_lets_the_answer_come() {
    const SIZE: usize = 15 << 20;
    let (port, peer) = peer(|mut stream| {
        let got = std::io::copy(&mut stream, &mut std::io::sink()).unwrap();
        stream.write_all(&got.to_be_bytes()).unwrap();
    });
    let events = run(
        port,
        Events {
            on_connect: calls(|client| {
                client.send(&vec![1; SIZE]).unwrap();
                client.shutdown(How::Write).unwrap();
                let error = client.send(b"more").unwrap_err();
                assert_eq!(error.code(), libc::EPIPE);
                assert!(client.is_connected());
            }),
            ..Events::default()
        },
    );
    assert_eq!(events.bytes(), (SIZE as u64).to_be_bytes());
    assert_eq!(events.noted().last().unwrap(), "close");
    peer.join().unwrap();
}

#[test]
fn shutting_down_both_sides_ends_the_connection() {
    let (port, peer) = peer(echo);
    let events =
        run(port, Events { on_connect: calls(|client| client.shutdown(How::Both).unwrap()), ..Events::default() });
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn with_its_receiving_side_shut_down_it_sends_and_receives_nothing() {
    let (port, peer) = peer(|mut stream| {
        let mut got = Vec::new();
        stream.read_to_end(&mut got).unwrap();
        got
    });
    let events = run(
        port,
        Events {
            on_connect: calls(|client| {
                client.shutdown(How::Read).unwrap();
                client.send(b"still sent").unwrap();
                client.close(false).unwrap();
            }),
            ..Events::default()
        },
    );
    assert_eq!(events.noted(), ["connect", "close"]);
    assert_eq!(peer.join().unwrap(), b"still sent");
}

#[test]
fn a_reset_is_noticed_although_nothing_is_received_any_more() {
    let (go, may_reset) = channel::<()>();
    let (port, peer) = peer(move |stream| {
        may_reset.recv().unwrap();
        reset(stream);
    });
    let events = run(
        port,
        Events {
            on_connect: calls(move |client| {
                client.shutdown(How::Read).unwrap();
                go.send(()).unwrap();
            }),
            ..Events::default()
        },
    );
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn methods_of_a_client_that_is_not_connected_say_so() {
    let client = AsyncClient::new(SocketType::Tcp);
    let all = [
        client.send(b"x").unwrap_err(),
        client.send_file(Path::new("/etc/passwd"), 0, 0).unwrap_err(),
        client.pipe(None).unwrap_err(),
        client.pause().unwrap_err(),
        client.resume().unwrap_err(),
        client.shutdown(How::Both).unwrap_err(),
        client.close(false).unwrap_err(),
        client.local_address().unwrap_err(),
        client.peer_address().unwrap_err(),
    ];
    assert!(all.iter().all(|error| error.kind() == ErrorKind::ClientNoConnection));
    assert_eq!((client.queued(), client.descriptor(), client.is_connected()), (0, None, false));
}

#[test]
fn ending_the_loop_closes_clients_that_nobody_holds_and_tells_the_others_that_they_are_not_connected() {
    let (port, first) = peer(echo);
    let (other_port, second) = peer(echo);
    let held = AsyncClient::new(SocketType::Tcp);
    let waiting = connect(&held, other_port, Events::default());
    let exits = Events { on_connect: calls(|_| event::exit().unwrap()), ..Events::default() };
    let events = connect(&AsyncClient::new(SocketType::Tcp), port, exits);
    wait();
    assert_eq!(events.noted(), ["connect"]);
    assert_eq!(Rc::strong_count(&events), 1);
    first.join().unwrap();
    assert!(!held.is_connected());
    assert_eq!(held.send(b"x").unwrap_err().kind(), ErrorKind::ClientNoConnection);
    assert_eq!(Rc::strong_count(&waiting), 1, "a client that is held holds nothing of a loop that is gone");
    second.join().unwrap();
}

#[test]
fn the_error_code_in_close_is_the_reason_and_no_earlier_error() {
    let (port, peer) = peer(|mut stream| drop(stream.read(&mut [0])));
    let events = Events {
        on_connect: calls(move |client| {
            client.connect("127.0.0.1", port, TIME, Rc::new(Events::default())).unwrap_err();
            assert_eq!(client.error_code(), ErrorKind::WrongOperation as i32);
            client.send(b"x").unwrap();
        }),
        on_close: calls(|client| assert_eq!(client.error_code(), 0)),
        ..Events::default()
    };
    let events = connect(&AsyncClient::new(SocketType::Tcp), port, events);
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    peer.join().unwrap();
}

#[test]
fn a_forked_process_has_no_part_in_its_parents_connection() {
    let (port, peer) = peer(echo);
    let told = Rc::new(Cell::new(false));
    let telling = told.clone();
    let events = connect(
        &AsyncClient::new(SocketType::Tcp),
        port,
        Events {
            on_connect: calls(move |client| {
                let (mut ours, mut theirs) = UnixStream::pair().unwrap();
                let parent = process::pid();
                match process::fork().unwrap() {
                    Forked::Child => {
                        process::die_with_parent(parent);
                        let ok = !client.is_connected()
                            && client.send(b"x").unwrap_err().kind() == ErrorKind::ClientNoConnection
                            && client.close(true).unwrap_err().kind() == ErrorKind::ClientNoConnection
                            && client.descriptor().is_none()
                            && event::is_idle();
                        theirs.write_all(&[u8::from(ok)]).unwrap();
                        loop {
                            std::thread::park();
                        }
                    }
                    Forked::Parent(pid) => {
                        let mut ok = [0];
                        ours.read_exact(&mut ok).unwrap();
                        process::kill(pid, signal::SIGKILL).unwrap();
                        while process::reap(pid).is_none() {
                            std::thread::yield_now();
                        }
                        telling.set(ok == [1]);
                        client.send(b"still here").unwrap();
                    }
                }
            }),
            on_receive: Some(Box::new(|client, data| {
                assert_eq!(data, b"still here");
                client.close(false).unwrap();
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    assert!(told.get());
    peer.join().unwrap();
}

#[test]
fn after_exit_in_a_callback_no_other_package_is_told() {
    let (port, peer) = peer(|mut stream| stream.write_all(b"1 2 3 4 ").unwrap());
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("open_eof_split", &Value::from(true)).unwrap();
    client.set("package_eof", &Value::from(" ")).unwrap();
    let ends = |_: &AsyncClient, data: &[u8]| {
        if data == b"2 " {
            event::exit().unwrap();
        }
        Flow::Continue
    };
    let events = connect(&client, port, Events { on_receive: Some(Box::new(ends)), ..Events::default() });
    wait();
    assert_eq!(*events.received.borrow(), [b"1 ", b"2 "]);
    assert_eq!(Rc::strong_count(&events), 1, "nothing of it is left");
    peer.join().unwrap();
}
