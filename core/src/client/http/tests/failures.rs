//! When there is no answer.

use super::*;
use std::time::Instant;

#[test]
fn a_refused_connection_is_minus_one_for_each_request() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = client(port);
    let notes = noted(&client);
    let outcomes = all(&client, [get("/"), post("/", b"x")]);
    for outcome in outcomes {
        let failed = outcome.unwrap_err();
        assert_eq!((failed.failure as i32, failed.error.code()), (-1, libc::ECONNREFUSED));
    }
    assert_eq!(client.error_code(), libc::ECONNREFUSED);
    assert_eq!(*notes.0.borrow(), ["error", "error"]);
}

#[test]
fn no_answer_in_time_is_minus_two() {
    let (port, server) = peer(|mut stream| {
        request(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel").unwrap();
        stream.read(&mut [0]).unwrap()
    });
    let client = client(port);
    client.set("timeout", &Value::from(0.05)).unwrap();
    let notes = noted(&client);
    let began = Instant::now();
    let failed = one(&client, get("/")).unwrap_err();
    assert!(began.elapsed() >= Duration::from_millis(50));
    assert_eq!((failed.failure as i32, failed.error.code()), (-2, libc::ETIMEDOUT));
    assert_eq!(server.join().unwrap(), 0, "the connection is closed");
    assert_eq!(*notes.0.borrow(), ["connect", "close"]);
}

#[test]
fn a_connection_that_ends_too_early_is_minus_three() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ] {
        let failed = cut(answer.as_bytes().to_vec(), 1000).unwrap_err();
        assert_eq!(failed.failure as i32, -3, "{answer:?}");
    }
}

#[test]
fn requests_of_a_client_that_is_closed_fail() {
    let (port, server) = peer(|mut stream| {
        request(&mut stream);
        stream.read(&mut [0]).unwrap()
    });
    let client = client(port);
    let outcomes = Outcomes::default();
    ask(&client, get("/1"), &outcomes);
    ask(&client, get("/2"), &outcomes);
    let held = client.clone();
    let closer = Rc::new(Closer(RefCell::default()));
    client.set_events(Some(closer.clone()));
    wait();
    assert_eq!(outcomes.borrow().len(), 2);
    assert!(outcomes.borrow().iter().all(|outcome| outcome.as_ref().unwrap_err().failure == Failure::ServerReset));
    assert_eq!(*closer.0.borrow(), ["close"]);
    assert!(held.close().is_err(), "there is nothing more to close");
    let _ = server.join();
}

/// Closes its client as soon as it is connected.
struct Closer(RefCell<Vec<&'static str>>);

impl HttpEvents for Closer {
    fn connect(&self, client: &HttpClient) -> Flow {
        client.close().unwrap();
        assert!(!client.is_connected());
        Flow::Continue
    }
    fn close(&self, _: &HttpClient) -> Flow {
        self.0.borrow_mut().push("close");
        Flow::Continue
    }
}

#[test]
fn nothing_is_left_of_a_client_whose_loop_has_ended() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = client(listener.local_addr().unwrap().port());
    let held = Rc::new(());
    let (weak, inner) = (Rc::downgrade(&held), client.clone());
    let done = Box::new(move |_: &HttpClient, _| {
        drop((held, inner));
        Flow::Continue
    });
    client.execute(get("/"), done).unwrap();
    event::exit().unwrap();
    assert!(weak.upgrade().is_none(), "the callback went with the loop");
    assert_eq!((client.pending(), client.is_connected()), (0, false));
}
