//! Messages by connections.

use super::*;
use crate::process::ProcessOptions;
use crate::sys::signal::{SIGTERM, SIGUSR1};
use proptest::collection::vec;
use proptest::prelude::*;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// A pool that listens, with its port.
fn pool(workers: usize, settings: PoolSettings) -> (Pool, u16) {
    let pool = Pool::new(workers, PoolIpc::Socket).expect("a pool");
    pool.set(settings).expect("settings");
    pool.listen("127.0.0.1", 0, 0).expect("a port");
    let port = pool.port();
    (pool, port)
}

/// Answers "begin:", then what came, in two writes.
fn echo() -> Calls {
    Calls {
        message: Some(Box::new(|pool, data| {
            pool.write(b"got:").unwrap();
            pool.write(data).unwrap();
            Flow::Continue
        })),
        ..Calls::default()
    }
}

fn connect(port: u16) -> TcpStream {
    let client = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    client.set_read_timeout(Some(LIMIT)).unwrap();
    client.set_nodelay(true).unwrap();
    client
}

fn frame(body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32).to_be_bytes()[..], body].concat()
}

fn answer(client: &mut impl io::Read) -> io::Result<Vec<u8>> {
    let mut head = [0; HEAD];
    client.read_exact(&mut head)?;
    let mut body = vec![0; u32::from_be_bytes(head) as usize];
    client.read_exact(&mut body)?;
    Ok(body)
}

use connections::HEAD;

#[test]
fn many_messages_of_one_connection_are_answered_each_in_order() {
    let (pool, port) = pool(2, PoolSettings::default());
    let _started = Started::new(pool, |_| echo());
    let mut client = connect(port);
    client.write_all(&frame(b"one")).unwrap();
    assert_eq!(answer(&mut client).unwrap(), b"got:one");
    // Several at once, one of them empty, one longer than any buffer.
    let long = vec![b'x'; 1_500_000];
    let all: Vec<Vec<u8>> = (0..200).map(|n| format!("message {n}").into_bytes()).chain([vec![], long]).collect();
    let mut sender = client.try_clone().unwrap();
    let sent = all.clone();
    let writer = std::thread::spawn(move || sent.iter().for_each(|body| sender.write_all(&frame(body)).unwrap()));
    for body in &all {
        assert!(answer(&mut client).unwrap() == [b"got:", &body[..]].concat());
    }
    writer.join().unwrap();
}

#[test]
fn a_client_that_sends_byte_by_byte_or_nothing_holds_up_no_other() {
    let (pool, port) = pool(1, PoolSettings::default());
    let _started = Started::new(pool, |_| echo());
    let _silent = connect(port);
    let (mut slow, mut quick) = (connect(port), connect(port));
    for byte in frame(b"slow") {
        slow.write_all(&[byte]).unwrap();
        quick.write_all(&frame(b"quick")).unwrap();
        assert_eq!(answer(&mut quick).unwrap(), b"got:quick");
    }
    assert_eq!(answer(&mut slow).unwrap(), b"got:slow");
}

#[test]
fn a_client_that_takes_no_answers_holds_up_no_other_and_gets_them_all() {
    let (pool, port) = pool(1, PoolSettings::default());
    let _started = Started::new(pool, |_| echo());
    let (mut slow, mut quick) = (connect(port), connect(port));
    let body = vec![b's'; 500_000];
    let mut sender = slow.try_clone().unwrap();
    let sent = body.clone();
    let writer = std::thread::spawn(move || (0..40).for_each(|_| sender.write_all(&frame(&sent)).unwrap()));
    for _ in 0..100 {
        quick.write_all(&frame(b"quick")).unwrap();
        assert_eq!(answer(&mut quick).unwrap(), b"got:quick");
    }
    for _ in 0..40 {
        assert!(answer(&mut slow).unwrap() == [b"got:", &body[..]].concat());
    }
    writer.join().unwrap();
}

#[test]
fn a_half_closed_connection_gets_its_answers_and_is_closed() {
    let (pool, port) = pool(1, PoolSettings::default());
    let _started = Started::new(pool, |_| echo());
    let mut client = connect(port);
    client.write_all(&[frame(b"a"), frame(b"b"), vec![0, 0]].concat()).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(answer(&mut client).unwrap(), b"got:a");
    assert_eq!(answer(&mut client).unwrap(), b"got:b");
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
}

#[test]
fn too_long_a_message_is_refused_after_what_came_before_and_the_log_tells() {
    let (pool, port) = pool(1, PoolSettings { max_package_size: 1000, ..PoolSettings::default() });
    let started = Started::new(pool, |_| echo());
    let mut client = connect(port);
    client.write_all(&frame(&[b'x'; 1000])).unwrap();
    assert_eq!(answer(&mut client).unwrap().len(), 1004);
    client.write_all(&[frame(b"last"), frame(&[b'x'; 1001])].concat()).unwrap();
    assert_eq!(answer(&mut client).unwrap(), b"got:last");
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    let log = started.log();
    assert!(log.contains("a message of 1001 bytes, max_package_size allows 1000"), "{log}");
    // Its worker goes on.
    let mut other = connect(port);
    other.write_all(&frame(b"x")).unwrap();
    assert_eq!(answer(&mut other).unwrap(), b"got:x");
}

#[test]
fn a_message_without_an_answer_gets_none_and_an_empty_answer_is_one() {
    let (pool, port) = pool(1, PoolSettings::default());
    let _started = Started::new(pool, |_| Calls {
        message: Some(Box::new(|pool, data| {
            match data {
                b"silent" => {}
                b"empty" => pool.write(b"").unwrap(),
                _ => pool.write(data).unwrap(),
            }
            Flow::Continue
        })),
        ..Calls::default()
    });
    let mut client = connect(port);
    client.write_all(&[frame(b"silent"), frame(b"empty"), frame(b"x")].concat()).unwrap();
    assert_eq!(answer(&mut client).unwrap(), b"");
    assert_eq!(answer(&mut client).unwrap(), b"x");
}

#[test]
fn a_unix_socket_is_listened_on_and_its_file_goes_with_the_pool() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.sock");
    let pool = Pool::new(2, PoolIpc::Socket).unwrap();
    pool.listen(&format!("unix:{}", path.display()), 0, 16).unwrap();
    let mut started = Started::new(pool, |_| echo());
    let mut client = UnixStream::connect(&path).unwrap();
    client.write_all(&frame(b"x")).unwrap();
    assert_eq!(answer(&mut client).unwrap(), b"got:x");
    started.signal(SIGTERM);
    assert_eq!(started.ended().status, 0);
    assert!(!path.exists());
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
}

#[test]
fn an_answer_is_delivered_also_if_its_callback_ends_the_process() {
    let (pool, port) = pool(1, PoolSettings::default());
    let mut started = Started::new(pool, |say| Calls {
        worker_start: go_on(move |_, _| say.line("begins")),
        message: Some(Box::new(|pool, data| {
            pool.write(&vec![data[0]; 3_000_000]).unwrap();
            Flow::Leave { code: 4 }
        })),
        ..Calls::default()
    });
    assert_eq!(started.line(), "begins");
    let mut client = connect(port);
    client.write_all(&frame(b"xyz")).unwrap();
    assert!(answer(&mut client).unwrap() == vec![b'x'; 3_000_000]);
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    assert_eq!(started.line(), "begins");
    assert!(started.log().contains("exit code 4"));
}

#[test]
fn a_message_whose_rest_is_on_its_way_is_awaited_when_the_pool_ends() {
    let (pool, port) = pool(1, PoolSettings::default());
    let mut started = Started::new(pool, |_| echo());
    let (mut idle, mut amid) = (connect(port), connect(port));
    for client in [&mut idle, &mut amid] {
        client.write_all(&frame(b"x")).unwrap();
        assert_eq!(answer(client).unwrap(), b"got:x");
    }
    let bytes = frame(b"the rest comes later");
    amid.write_all(&bytes[..10]).unwrap();
    // Read by the worker before the signal comes: it answers in turn.
    let mut probe = connect(port);
    probe.write_all(&frame(b"y")).unwrap();
    assert_eq!(answer(&mut probe).unwrap(), b"got:y");
    started.signal(SIGTERM);
    assert_eq!(idle.read(&mut [0]).unwrap(), 0, "nothing is under way there");
    amid.write_all(&bytes[10..]).unwrap();
    assert_eq!(answer(&mut amid).unwrap(), b"got:the rest comes later");
    assert_eq!(amid.read(&mut [0]).unwrap(), 0);
    assert_eq!(started.ended().status, 0);
}

/// Sends one number after another, each until it is answered, on as many connections as that takes, until `enough`. How many numbers, how many connections.
fn insist(port: u16, enough: &AtomicBool) -> io::Result<(u64, u32)> {
    let (mut client, mut connections, mut number) = (connect(port), 1, 0_u64);
    while !enough.load(Relaxed) {
        let asked = client.write_all(&frame(&number.to_le_bytes())).and_then(|()| answer(&mut client));
        match asked {
            Ok(body) => {
                assert_eq!(body, [b"got:", &number.to_le_bytes()[..]].concat());
                number += 1;
            }
            Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => return Err(e),
            Err(_) => (client, connections) = (connect(port), connections + 1),
        }
    }
    Ok((number, connections))
}

#[test]
fn under_reloads_each_message_is_handled_once_or_its_connection_closed_before_it_is() {
    let (pool, port) = pool(2, PoolSettings { max_wait_time: LIMIT, ..PoolSettings::default() });
    let sums = shared::<AtomicU64>(1);
    let seen = sums.clone();
    let mut started = Started::new(pool, move |say| Calls {
        worker_start: go_on(move |_, _| say.line("begins")),
        message: Some(Box::new(move |pool, data| {
            sums[0].fetch_add(1, Relaxed);
            pool.write(b"got:").unwrap();
            pool.write(data).unwrap();
            Flow::Continue
        })),
        ..Calls::default()
    });
    started.lines(2);
    let enough = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let enough = enough.clone();
            std::thread::spawn(move || insist(port, &enough).unwrap())
        })
        .collect();
    for reload in 1..=6 {
        started.signal(SIGUSR1);
        started.lines(2);
        until("messages are handled", || seen[0].load(Relaxed) > reload * 200);
    }
    enough.store(true, Relaxed);
    let (numbers, connections): (Vec<u64>, Vec<u32>) = clients.into_iter().map(|client| client.join().unwrap()).unzip();
    assert!(connections.iter().sum::<u32>() > 4, "{connections:?}");
    // What was handled was answered: nothing is handled twice.
    assert_eq!(seen[0].load(Relaxed), numbers.iter().sum::<u64>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_arrive_as_sent_however_the_stream_is_cut(
        bodies in vec(vec(any::<u8>(), 0..3000), 1..30),
        pieces in vec(1_usize..4000, 1..40),
    ) {
        let (pool, port) = pool(1, PoolSettings { max_package_size: 3000, ..PoolSettings::default() });
        let _started = Started::new(pool, |_| echo());
        let mut client = connect(port);
        let mut sender = client.try_clone().unwrap();
        let stream: Vec<u8> = bodies.iter().flat_map(|body| frame(body)).collect();
        let writer = std::thread::spawn(move || {
            let (mut rest, mut pieces) = (&stream[..], pieces.iter().cycle());
            while let Some(piece) = pieces.next().filter(|_| !rest.is_empty()) {
                let (now, later) = rest.split_at((*piece).min(rest.len()));
                sender.write_all(now).unwrap();
                rest = later;
            }
            sender.shutdown(Shutdown::Write).unwrap();
        });
        for body in &bodies {
            prop_assert_eq!(answer(&mut client).unwrap(), [b"got:", &body[..]].concat());
        }
        prop_assert_eq!(client.read(&mut [0]).unwrap(), 0);
        writer.join().unwrap();
    }
}

/// Answers with the number of a process that it has started, which runs until it is killed.
fn starting() -> Calls {
    Calls {
        message: Some(Box::new(|pool, _| {
            let mut child = Process::new(ProcessOptions::default()).unwrap();
            match child.fork().unwrap() {
                Forked::Parent(pid) => pool.write(pid.to_string().as_bytes()).unwrap(),
                Forked::Child => loop {
                    std::thread::sleep(LIMIT);
                },
            }
            Flow::Continue
        })),
        ..Calls::default()
    }
}

#[test]
fn a_process_that_a_worker_starts_keeps_neither_its_connections_nor_the_port() {
    let (pool, port) = pool(1, PoolSettings::default());
    let mut started = Started::new(pool, |_| starting());
    let mut client = connect(port);
    client.write_all(&frame(b"start one")).unwrap();
    let child: i32 = String::from_utf8(answer(&mut client).unwrap()).unwrap().parse().unwrap();
    client.set_read_timeout(Some(LIMIT / 4)).unwrap();
    started.signal(SIGTERM);
    started.ended();
    let end = client.read(&mut [0]);
    let again = TcpStream::connect(("127.0.0.1", port));
    process::kill(child, SIGKILL).unwrap();
    assert_eq!(end.unwrap(), 0);
    assert!(again.is_err(), "nobody listens any more");
}

#[test]
fn a_time_to_wait_without_end_does_not_trouble_the_end() {
    let (pool, port) = pool(1, PoolSettings { max_wait_time: Duration::MAX, ..PoolSettings::default() });
    let mut started = Started::new(pool, |_| echo());
    let mut client = connect(port);
    client.write_all(&frame(b"x")).unwrap();
    assert_eq!(answer(&mut client).unwrap(), b"got:x");
    started.signal(SIGTERM);
    let ended = started.ended();
    assert_eq!((ended.exit_code(), ended.signal()), (0, 0), "{}", started.log());
}
