//! One connection for several requests, and when there is another.

use super::*;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const LAST: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlast";

fn bodies(outcomes: &[Outcome]) -> Vec<(i32, String)> {
    outcomes.iter().map(short).collect()
}

#[test]
fn requests_are_done_in_order_over_one_connection() {
    let (port, server) = server(vec![vec![OK; 5]]);
    let client = client(port);
    let notes = noted(&client);
    let outcomes = all(&client, (0..5).map(|n| get(&format!("/{n}"))));
    assert_eq!(bodies(&outcomes), vec![(200, "ok".into()); 5]);
    let requests = server.join().unwrap();
    assert!(requests.iter().enumerate().all(|(n, request)| request.starts_with(&format!("GET /{n} "))));
    assert_eq!(notes.0.borrow().iter().filter(|note| *note == "connect").count(), 1);
    assert_eq!((client.pending(), client.error_code()), (0, 0));
}

#[test]
fn a_connection_that_is_idle_does_not_keep_the_loop() {
    let (port, server) = peer(|mut stream| {
        for _ in 0..2 {
            request(&mut stream);
            stream.write_all(OK).unwrap();
        }
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "it is closed when its client goes");
    });
    let client = client(port);
    assert_eq!(short(&one(&client, get("/"))), (200, "ok".into()));
    assert!(client.is_connected() && client.descriptor().is_some());
    assert_eq!(short(&one(&client, get("/"))), (200, "ok".into()), "it is used again");
    drop(client);
    server.join().unwrap();
}

#[test]
fn a_client_without_handle_is_done_when_it_is_answered() {
    let (port, server) = peer(|mut stream| {
        request(&mut stream);
        stream.write_all(OK).unwrap();
        stream.read(&mut [0]).unwrap()
    });
    let outcomes = Outcomes::default();
    ask(&client(port), get("/"), &outcomes);
    wait();
    assert_eq!(bodies(&outcomes.borrow()), [(200, "ok".into())]);
    assert_eq!(server.join().unwrap(), 0);
}

#[test]
fn a_new_connection_is_made_when_the_server_has_closed() {
    let (port, server) = server(vec![vec![OK], vec![LAST], vec![OK]]);
    let client = client(port);
    let notes = noted(&client);
    for expected in ["ok", "last", "ok"] {
        assert_eq!(short(&one(&client, post("/", b"x"))), (200, expected.into()));
        // Until the server's end of it is there.
        while expected == "ok" && client.0.work().is_some_and(|work| !work.is_seen_to_end()) {
            std::thread::yield_now();
        }
    }
    assert_eq!(server.join().unwrap().len(), 3);
    assert_eq!(notes.0.borrow().iter().filter(|note| *note == "connect").count(), 3);
}

#[test]
fn a_request_that_met_the_end_of_a_kept_connection_is_repeated_if_that_does_no_harm() {
    // The second request is read, and the connection closed without an answer.
    let (port, server) = server(vec![vec![OK, b""], vec![OK, b""]]);
    let client = client(port);
    let outcomes = all(&client, [get("/1"), get("/2"), post("/3", b"x")]);
    assert_eq!(bodies(&outcomes)[..2], [(200, "ok".into()), (200, "ok".into())]);
    assert_eq!(outcomes[2].as_ref().unwrap_err().failure, Failure::ServerReset);
    let paths: Vec<_> = server.join().unwrap().iter().map(|r| r.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(paths, ["/1", "/2", "/2", "/3"]);
}

#[test]
fn without_keep_alive_each_request_has_its_connection() {
    let (port, server) = server(vec![vec![OK], vec![OK]]);
    let client = client(port);
    client.set("keep_alive", &Value::Bool(false)).unwrap();
    assert_eq!(bodies(&all(&client, [get("/"), get("/")])), vec![(200, "ok".into()); 2]);
    assert!(!client.is_connected());
    assert!(server.join().unwrap().iter().all(|request| request.contains("Connection: close\r\n")));
}

#[test]
fn a_connection_on_which_something_unasked_comes_is_not_used_again() {
    let (port, server) = server(vec![vec![b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12"], vec![OK]]);
    let client = client(port);
    assert_eq!(bodies(&all(&client, [get("/"), get("/")])), [(200, "1".into()), (200, "ok".into())]);
    server.join().unwrap();
}

#[test]
fn a_callback_may_ask_for_more() {
    let (port, server) = server(vec![vec![OK, LAST], vec![OK]]);
    let client = client(port);
    let outcomes = Outcomes::default();
    let inner = outcomes.clone();
    let first = Box::new(move |client: &HttpClient, outcome: Outcome| {
        inner.borrow_mut().push(outcome);
        ask(client, get("/2"), &inner);
        ask(client, get("/3"), &inner);
        Flow::Continue
    });
    client.execute(get("/1"), first).unwrap();
    drop(client);
    wait();
    assert_eq!(bodies(&outcomes.borrow()), [(200, "ok".into()), (200, "last".into()), (200, "ok".into())]);
    server.join().unwrap();
}

#[test]
fn megabytes_are_uploaded_from_a_file_while_the_answer_may_come_early() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(20 << 20).unwrap();
    let upload = Upload { path: file.path().into(), name: b"f".to_vec(), ..Upload::default() };
    let request_of =
        |upload| Request { body: Body::Multipart { fields: Pairs::new(), files: vec![upload] }, ..get("/") };
    let (port, whole) = server(vec![vec![OK]]);
    let client = client(port);
    assert_eq!(short(&one(&client, request_of(upload.clone()))), (200, "ok".into()));
    assert!(whole.join().unwrap()[0].len() > 20 << 20);
    let (port, early) = peer(|mut stream| {
        let mut head = [0; 100];
        stream.read_exact(&mut head).unwrap();
        stream.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").unwrap();
        // Until the client gives up.
        let mut buffer = vec![0; 1 << 16];
        while stream.read(&mut buffer).is_ok_and(|count| count > 0) {}
    });
    let client = super::client(port);
    assert_eq!(short(&one(&client, request_of(upload))), (413, String::new()));
    assert!(!client.is_connected(), "what is left of the request would be taken for another");
    early.join().unwrap();
}
