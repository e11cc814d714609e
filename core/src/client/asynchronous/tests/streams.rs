//! Bytes to and fro.

use super::*;
use std::cell::Cell;
use std::io::Seek;

#[test]
fn what_is_sent_comes_back() {
    let (port, peer) = peer(echo);
    let events = run(
        port,
        Events {
            on_connect: sends(b"hello"),
            on_receive: Some(Box::new(|client, data| {
                assert_eq!(data, b"hello");
                client.close(false).unwrap();
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}

#[test]
fn what_the_peer_says_first_is_received() {
    let (port, peer) = peer(|mut stream| stream.write_all(b"220 ready").unwrap());
    let events = run(port, Events::default());
    assert_eq!(
        (events.noted(), events.bytes()),
        (vec!["connect".into(), "receive".into(), "close".into()], b"220 ready".to_vec())
    );
    peer.join().unwrap();
}

/// Bytes that repeat with no power of two.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

#[test]
fn ten_megabytes_come_back_whole_from_a_peer_that_reads_slowly() {
    const SIZE: usize = 10 << 20;
    let (port, peer) = peer(|mut stream| {
        let mut buffer = vec![0; 10_000];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            std::thread::yield_now();
            stream.write_all(&buffer[..count]).unwrap();
        }
    });
    let got = Rc::new(Cell::new(0));
    let counted = got.clone();
    let data = pattern(SIZE);
    let events = run(
        port,
        Events {
            on_connect: calls(move |client| {
                assert_eq!(client.send(&data).unwrap(), SIZE);
                assert!(client.queued() > 0);
            }),
            on_receive: Some(Box::new(move |client, data| {
                counted.set(counted.get() + data.len());
                if counted.get() == SIZE {
                    client.close(false).unwrap();
                }
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    assert!(events.bytes() == pattern(SIZE));
    assert_eq!((&events.noted()[0], events.noted().last().unwrap()), (&"connect".into(), &"close".into()));
    peer.join().unwrap();
}

#[test]
fn more_than_the_buffer_takes_is_refused_and_nothing_of_it_is_sent() {
    let (ready, may_read) = std::sync::mpsc::channel::<()>();
    let (port, peer) = peer(move |mut stream| {
        may_read.recv().unwrap();
        let mut got = Vec::new();
        stream.read_to_end(&mut got).unwrap();
        got
    });
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("socket_buffer_size", &Value::from(100_000)).unwrap();
    let expected: Rc<RefCell<Vec<u8>>> = Rc::default();
    let sent = expected.clone();
    let events = connect(
        &client,
        port,
        Events {
            on_connect: calls(move |client| {
                // More than the kernel takes; without anything waiting it is accepted.
                let first = pattern(12 << 20);
                client.send(&first).unwrap();
                let error = client.send(b"one more").unwrap_err();
                assert_eq!((error.kind(), client.error_code()), (ErrorKind::OutputBufferOverflow, 1009));
                sent.borrow_mut().extend(first);
                client.close(false).unwrap();
                assert_eq!(client.send(b"closed").unwrap_err().kind(), ErrorKind::ClientNoConnection);
                ready.send(()).unwrap();
            }),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(events.noted(), ["connect", "close"]);
    assert!(peer.join().unwrap() == *expected.borrow());
}

#[test]
fn crossing_the_watermarks_is_told_by_the_loop_once_for_each_crossing() {
    let (go, may_read) = std::sync::mpsc::channel::<()>();
    let (port, peer) = peer(move |mut stream| {
        may_read.recv().unwrap();
        std::io::copy(&mut stream, &mut std::io::sink()).unwrap()
    });
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("socket_buffer_size", &Value::from(40 << 20)).unwrap();
    client.set("buffer_high_watermark", &Value::from(1 << 20)).unwrap();
    client.set("buffer_low_watermark", &Value::from(1000)).unwrap();
    let events = connect(
        &client,
        port,
        Events {
            on_connect: calls(|client| {
                (0..3).for_each(|_| assert_eq!(client.send(&pattern(8 << 20)).unwrap(), 8 << 20))
            }),
            on_full: calls(move |client| {
                assert!(client.queued() > 1 << 20);
                go.send(()).unwrap();
            }),
            on_empty: calls(|client| {
                assert!(client.queued() <= 1000);
                client.close(false).unwrap();
            }),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(events.noted(), ["connect", "full", "empty", "close"]);
    assert_eq!(peer.join().unwrap(), 24 << 20);
}

#[test]
fn files_are_sent_in_order_with_what_is_sent() {
    let mut large = tempfile::NamedTempFile::new().unwrap();
    large.write_all(&pattern(3 << 20)).unwrap();
    large.rewind().unwrap();
    let mut small = tempfile::NamedTempFile::new().unwrap();
    small.write_all(b"0123456789").unwrap();
    let (port, peer) = peer(|mut stream| {
        let mut got = Vec::new();
        stream.read_to_end(&mut got).unwrap();
        got
    });
    let (large_path, small_path) = (large.path().to_owned(), small.path().to_owned());
    run(
        port,
        Events {
            on_connect: calls(move |client| {
                client.send(b"head").unwrap();
                client.send_file(&large_path, 0, 0).unwrap();
                client.send_file(&small_path, 2, 3).unwrap();
                client.send_file(&large_path, 5, 100_000).unwrap();
                client.send(b"tail").unwrap();
                client.close(false).unwrap();
            }),
            ..Events::default()
        },
    );
    let large = pattern(3 << 20);
    let expected = [b"head", &large[..], b"234", &large[5..100_005], b"tail"].concat();
    assert!(peer.join().unwrap() == expected);
}

#[test]
fn a_file_that_cannot_be_sent_is_refused_with_the_reason() {
    let (port, peer) = peer(echo);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "ten bytes.").unwrap();
    let path = file.path().to_owned();
    let check = move |client: &AsyncClient| {
        let refused = |path: &Path, offset, length| client.send_file(path, offset, length).unwrap_err().kind();
        assert_eq!(refused(Path::new("/nowhere"), 0, 0), ErrorKind::FileNotExist);
        assert_eq!(refused(Path::new("/tmp"), 0, 0), ErrorKind::IsNotRegularFile);
        assert_eq!(refused(&path, 10, 0), ErrorKind::FileEmpty);
        assert_eq!(refused(&path, 5, 6), ErrorKind::InvalidParams);
        assert_eq!(refused(&path, 5, u64::MAX), ErrorKind::InvalidParams);
        client.close(false).unwrap();
    };
    run(port, Events { on_connect: calls(check), ..Events::default() });
    peer.join().unwrap();
}

#[test]
fn nothing_is_received_while_it_is_paused_and_nothing_is_lost() {
    let (port, peer) = peer(|mut stream| stream.write_all(&pattern(5 << 20)).unwrap());
    let events = run(
        port,
        Events {
            on_receive: Some(Box::new(|client, _| {
                client.pause().unwrap();
                let client = client.clone();
                let deferred = move || {
                    client.resume().unwrap();
                    Flow::Continue
                };
                event::defer(Box::new(deferred)).unwrap();
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    assert!(events.bytes() == pattern(5 << 20));
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}

#[test]
fn a_peer_that_closes_while_it_is_paused_is_noticed_when_it_is_resumed() {
    let (port, peer) = peer(|mut stream| stream.write_all(b"last words").unwrap());
    let paused = Rc::new(Cell::new(false));
    let (setting, checked) = (paused.clone(), paused.clone());
    let events = connect(
        &AsyncClient::new(SocketType::Tcp),
        port,
        Events {
            on_connect: calls(move |client| {
                client.pause().unwrap();
                setting.set(true);
                let (client, paused) = (client.clone(), setting.clone());
                let resume = move |_| {
                    paused.set(false);
                    client.resume().unwrap();
                    Flow::Continue
                };
                event::after(Duration::from_millis(30), Rc::new(resume)).unwrap();
            }),
            on_close: calls(move |_| assert!(!checked.get())),
            ..Events::default()
        },
    );
    wait();
    assert_eq!(
        (events.noted(), events.bytes()),
        (vec!["connect".into(), "receive".into(), "close".into()], b"last words".to_vec())
    );
    assert!(!paused.get());
    peer.join().unwrap();
}

#[test]
fn one_client_that_always_has_something_does_not_keep_others_waiting() {
    let (port, flood) = peer(|mut stream| while stream.write_all(&[0; 65536]).is_ok() {});
    let (other_port, other) = peer(echo);
    let flooded = AsyncClient::new(SocketType::Tcp);
    let events = connect(&flooded, port, Events::default());
    let stop = flooded.clone();
    let begin = Events {
        on_connect: sends(b"x"),
        on_receive: Some(Box::new(move |client, _| {
            client.close(false).unwrap();
            stop.close(true).unwrap();
            Flow::Continue
        })),
        ..Events::default()
    };
    let second = connect(&AsyncClient::new(SocketType::Tcp), other_port, begin);
    wait();
    assert_eq!(second.noted(), ["connect", "receive", "close"]);
    assert_eq!(events.noted().last().unwrap(), "close");
    flood.join().unwrap();
    other.join().unwrap();
}

#[test]
fn leaving_the_loop_in_a_callback_loses_nothing() {
    let (port, peer) = peer(|mut stream| stream.write_all(b"a\r\nb\r\nc\r\n").unwrap());
    let client = AsyncClient::new(SocketType::Tcp);
    client.set("open_eof_split", &Value::from(true)).unwrap();
    client.set("package_eof", &Value::from("\r\n")).unwrap();
    let leaves = Events {
        on_connect: Some(Box::new(|_| Flow::Leave { code: 7 })),
        on_receive: Some(Box::new(|_, _| Flow::Leave { code: 8 })),
        ..Events::default()
    };
    let events = connect(&client, port, leaves);
    drop(client);
    let mut codes = Vec::new();
    while let Flow::Leave { code } = event::wait().unwrap() {
        codes.push(code);
    }
    assert_eq!(codes, [7, 8, 8, 8]);
    assert_eq!(*events.received.borrow(), [b"a\r\n", b"b\r\n", b"c\r\n"]);
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}
