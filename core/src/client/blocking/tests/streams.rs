//! Sending and receiving bytes.

use super::*;
use socket2::SockRef;
use std::io::Seek;
use std::sync::mpsc;
use std::time::Instant;

/// Closes with RST instead of FIN.
fn reset(stream: TcpStream) {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
}

#[test]
fn what_is_sent_comes_back() {
    let (mut client, thread) = connected(&[], |mut stream| {
        let asked = read(&mut stream, 5);
        stream.write_all(&asked).unwrap();
    });
    assert_eq!(client.send(b"hello").unwrap(), 5);
    assert_eq!(client.sent(), 5);
    assert_eq!(recv(&mut client, 100), b"hello");
    thread.join().unwrap();
}

#[test]
fn ten_megabytes_go_both_ways() {
    let data = pattern(10 << 20);
    let (mut client, thread) = connected(&[], |mut stream| {
        let got = read(&mut stream, 10 << 20);
        stream.write_all(&got).unwrap();
    });
    assert_eq!(client.send(&data).unwrap(), data.len());
    assert_eq!(client.sent(), data.len() as u64);
    let mut back = Vec::new();
    while back.len() < data.len() {
        let bytes = recv(&mut client, 65535);
        assert!((1..=65535).contains(&bytes.len()));
        back.extend(bytes);
    }
    assert!(back == data);
    thread.join().unwrap();
}

#[test]
fn no_more_is_received_than_was_asked_for() {
    let (mut client, thread) = connected(&[], |mut stream| stream.write_all(b"abcdef").unwrap());
    thread.join().unwrap();
    assert_eq!(recv_with(&mut client, 4, WAIT_ALL).unwrap(), b"abcd");
    // What is left is still to be seen by poll.
    assert!(!client.has_pending());
    assert_eq!(recv(&mut client, 4), b"ef");
    assert_eq!(recv(&mut client, 4), b"");
    assert_eq!(recv_with(&mut client, 0, RecvFlags::default()).unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn a_silent_peer_is_waited_for_as_long_as_said_and_the_connection_goes_on() {
    let (mut client, thread) = connected(&[], |mut stream| {
        let asked = read(&mut stream, 2);
        stream.write_all(&asked).unwrap();
    });
    client.set_timeout(SHORT);
    let begun = Instant::now();
    let error = recv_with(&mut client, 10, RecvFlags::default()).unwrap_err();
    assert_eq!(error.code(), libc::EAGAIN);
    assert!(error.to_string().starts_with("nothing came from 127.0.0.1:"), "{error}");
    assert!(begun.elapsed() >= SHORT);
    assert!(client.is_connected());
    client.set_timeout(LONG);
    client.send(b"go").unwrap();
    assert_eq!(recv(&mut client, 10), b"go");
    thread.join().unwrap();
}

#[test]
fn nothing_is_waited_for_if_that_is_asked() {
    let (mut client, thread) = connected(&[], |mut stream| drop(read(&mut stream, 1)));
    let error = recv_with(&mut client, 10, DONT_WAIT).unwrap_err();
    assert_eq!(error.code(), libc::EAGAIN);
    client.send(b"a").unwrap();
    thread.join().unwrap();
}

#[test]
fn a_peer_that_closes_gives_nothing_again_and_again() {
    let (mut client, thread) = connected(&[], drop);
    thread.join().unwrap();
    assert_eq!(recv(&mut client, 10), b"");
    assert_eq!(recv(&mut client, 10), b"");
    assert!(client.is_connected());
    client.close().unwrap();
}

#[test]
fn a_reset_is_an_error_and_the_end() {
    let (mut client, thread) = connected(&[], reset);
    thread.join().unwrap();
    let error = recv_with(&mut client, 10, RecvFlags::default()).unwrap_err();
    assert_eq!(error.code(), libc::ECONNRESET, "{error}");
    assert!(error.to_string().starts_with("cannot receive from 127.0.0.1:"), "{error}");
    assert!(!client.is_connected());
    client.close().unwrap();
}

#[test]
fn sending_to_a_peer_that_is_gone_is_an_error_and_no_signal() {
    // Not before the client knows that it is connected.
    let (mut client, thread) = connected(&[], |mut stream| {
        read(&mut stream, 1);
        reset(stream);
    });
    client.send(b"x").unwrap();
    thread.join().unwrap();
    let error = loop {
        if let Err(e) = client.send(b"hello") {
            break e;
        }
    };
    assert!([libc::ECONNRESET, libc::EPIPE].contains(&error.code()), "{error}");
    assert!(error.to_string().starts_with("cannot send 5 bytes to 127.0.0.1:"), "{error}");
    assert_eq!(client.send(b"hello").unwrap_err().code(), libc::EPIPE);
}

#[test]
fn a_peer_that_sends_no_more_still_receives() {
    let (mut client, thread) = connected(&[], |mut stream| {
        stream.write_all(b"last words").unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        all(stream)
    });
    assert_eq!(recv_with(&mut client, 100, WAIT_ALL).unwrap(), b"last words");
    assert_eq!(recv(&mut client, 100), b"");
    client.send(b"and you?").unwrap();
    client.close().unwrap();
    assert_eq!(thread.join().unwrap(), b"and you?");
}

#[test]
fn a_client_that_sends_no_more_still_receives() {
    let (mut client, thread) = connected(&[], |mut stream| {
        let mut asked = Vec::new();
        stream.read_to_end(&mut asked).unwrap();
        stream.write_all(&asked).unwrap();
    });
    client.send(b"question").unwrap();
    client.shutdown(How::Write).unwrap();
    assert_eq!(recv_with(&mut client, 8, WAIT_ALL).unwrap(), b"question");
    assert_eq!(client.send(b"more").unwrap_err().code(), libc::EPIPE);
    thread.join().unwrap();
}

#[test]
fn a_peer_that_takes_none_is_given_up_and_what_it_took_is_counted() {
    let (go, gone) = mpsc::channel::<()>();
    let (mut client, thread) = connected(&[("kernel_socket_send_buffer_size", Value::Int(65536))], move |stream| {
        gone.recv().unwrap_err();
        all(stream)
    });
    client.set_timeout(SHORT);
    let data = pattern(64 << 20);
    let error = client.send(&data).unwrap_err();
    assert_eq!(error.code(), libc::EAGAIN, "{error}");
    let sent = client.sent();
    assert!(sent > 0 && sent < data.len() as u64);
    assert!(error.to_string().contains(&format!("took {sent} of 67108864 bytes in time")), "{error}");
    let more = SendFlags { dont_wait: true, out_of_band: false };
    assert_eq!(client.send_with(&data, more).unwrap_err().code(), libc::EAGAIN);
    drop(go);
    client.close().unwrap();
    assert!(thread.join().unwrap() == data[..sent as usize]);
}

#[test]
fn without_waiting_a_part_is_sent() {
    let (go, gone) = mpsc::channel::<()>();
    let (mut client, thread) = connected(&[], move |stream| {
        gone.recv().unwrap_err();
        all(stream)
    });
    let data = pattern(64 << 20);
    let sent = client.send_with(&data, SendFlags { dont_wait: true, out_of_band: false }).unwrap();
    assert!(sent > 0 && sent < data.len());
    assert_eq!(client.sent(), sent as u64);
    drop(go);
    client.close().unwrap();
    assert!(thread.join().unwrap() == data[..sent]);
}

#[test]
fn peeking_leaves_the_bytes_where_they_are() {
    let (mut client, thread) = connected(&[], |mut stream| stream.write_all(b"abcdef").unwrap());
    assert_eq!(recv_with(&mut client, 1, PEEK).unwrap(), b"a");
    // They are still to be seen by poll.
    assert!(!client.has_pending());
    assert_eq!(recv_with(&mut client, 6, RecvFlags { wait_all: true, ..PEEK }).unwrap(), b"abcdef");
    assert_eq!(recv_with(&mut client, 2, PEEK).unwrap(), b"ab");
    assert_eq!(recv(&mut client, 100), b"abcdef");
    thread.join().unwrap();
    assert_eq!(recv_with(&mut client, 1, PEEK).unwrap(), b"");
}

#[test]
fn all_that_was_asked_for_is_waited_for() {
    let data = pattern(3_000);
    let sent = data.clone();
    let (mut client, thread) = connected(&[], move |mut stream| {
        stream.set_nodelay(true).unwrap();
        sent.iter().for_each(|byte| stream.write_all(&[*byte]).unwrap());
    });
    assert_eq!(recv_with(&mut client, 2_000, WAIT_ALL).unwrap(), data[..2_000]);
    // The peer closes: that is all.
    assert_eq!(recv_with(&mut client, 2_000, WAIT_ALL).unwrap(), data[2_000..]);
    thread.join().unwrap();
}

#[test]
fn when_the_time_is_over_all_that_came_is_given() {
    let (go, gone) = mpsc::channel::<()>();
    let (mut client, thread) = connected(&[], move |mut stream| {
        stream.write_all(b"part").unwrap();
        gone.recv().unwrap_err();
    });
    assert_eq!(recv_with(&mut client, 4, RecvFlags { wait_all: true, ..PEEK }).unwrap(), b"part");
    client.set_timeout(SHORT);
    assert_eq!(recv_with(&mut client, 100, WAIT_ALL).unwrap(), b"part");
    assert_eq!(recv_with(&mut client, 100, WAIT_ALL).unwrap_err().code(), libc::EAGAIN);
    drop(go);
    thread.join().unwrap();
}

#[test]
fn an_urgent_byte_is_waited_for_and_received_apart() {
    let (mut client, thread) = connected(&[], |mut stream| {
        read(&mut stream, 1);
        stream.write_all(b"ab").unwrap();
        SockRef::from(&stream).send_out_of_band(b"!").unwrap();
        stream
    });
    client.set_timeout(SHORT);
    assert_eq!(recv_with(&mut client, 1, URGENT).unwrap_err().code(), libc::EAGAIN);
    client.set_timeout(LONG);
    client.send(b"a").unwrap();
    assert_eq!(recv_with(&mut client, 10, URGENT).unwrap(), b"!");
    assert_eq!(recv_with(&mut client, 2, WAIT_ALL).unwrap(), b"ab");
    client.close().unwrap();
    thread.join().unwrap();
}

#[test]
fn an_urgent_byte_is_sent() {
    let (mut client, thread) = connected(&[], |mut stream| {
        let mut urgent = [0];
        read(&mut stream, 2);
        SockRef::from(&stream).recv_out_of_band(sys::mem::as_uninit(&mut urgent)).unwrap();
        urgent
    });
    client.send_with(b"ab!", SendFlags { dont_wait: false, out_of_band: true }).unwrap();
    assert_eq!(&thread.join().unwrap(), b"!");
}

fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file.rewind().unwrap();
    file
}

#[test]
fn files_are_sent_whole_and_in_parts() {
    let content = pattern(10 << 20);
    let file = file(&content);
    let (mut client, thread) = connected(&[], all);
    assert_eq!(client.send_file(file.path(), 0, 0).unwrap(), 10 << 20);
    assert_eq!(client.send_file(file.path(), 100, 50).unwrap(), 50);
    assert_eq!(client.send_file(file.path(), (10 << 20) - 7, 0).unwrap(), 7);
    assert_eq!(client.sent(), 7);
    client.close().unwrap();
    let expected = [&content, &content[100..150], &content[(10 << 20) - 7..]].concat();
    assert!(thread.join().unwrap() == expected);
}

#[test]
fn files_that_cannot_be_sent_are_told_and_nothing_is_sent() {
    let (mut client, thread) = connected(&[], all);
    let short = file(b"content");
    let mut kind = |path: &Path, offset, length| client.send_file(path, offset, length).unwrap_err().kind();
    assert_eq!(kind(Path::new("/nowhere/at/all"), 0, 0), ErrorKind::FileNotExist);
    assert_eq!(kind(Path::new("/"), 0, 0), ErrorKind::IsNotRegularFile);
    assert_eq!(kind(file(b"").path(), 0, 0), ErrorKind::FileEmpty);
    assert_eq!(kind(short.path(), 7, 0), ErrorKind::FileEmpty);
    assert_eq!(kind(short.path(), 5, 3), ErrorKind::InvalidParams);
    client.close().unwrap();
    assert_eq!(thread.join().unwrap(), b"");
}

#[test]
fn a_file_for_a_peer_that_takes_none_is_given_up_and_counted() {
    let (go, gone) = mpsc::channel::<()>();
    let (mut client, thread) = connected(&[], move |stream| {
        gone.recv().unwrap_err();
        all(stream)
    });
    client.set_timeout(SHORT);
    let content = pattern(64 << 20);
    assert_eq!(client.send_file(file(&content).path(), 0, 0).unwrap_err().code(), libc::EAGAIN);
    let sent = client.sent();
    assert!(sent > 0 && sent < content.len() as u64);
    drop(go);
    client.close().unwrap();
    assert!(thread.join().unwrap() == content[..sent as usize]);
}
