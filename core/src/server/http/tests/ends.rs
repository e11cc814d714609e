//! Requests whose worker dies, leaves, or never has them as a whole.

use super::*;

fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_there() {
        assert!(began.elapsed() < LIMIT, "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_request_that_its_worker_dies_with_is_500() {
    let mut server = serve(Mode::Process, &[], |_, request, mut response| {
        if request.path() == b"/die" {
            process::end_at_once(7);
        }
        response.end(b"well").unwrap();
    });
    let mut client = server.connect();
    client.write_all(b"GET /die HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let found = rest(&mut client);
    assert!(found.starts_with("HTTP/1.1 500 ") && found.contains("\r\nConnection: close\r\n"), "{found}");
    server.next_worker();
    assert!(server.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").ends_with("well"));
}

#[test]
fn an_answer_that_its_worker_dies_with_is_cut() {
    let server = serve(Mode::Process, &[], |_, _, mut response| {
        response.write(b"one").unwrap();
        process::end_at_once(7);
    });
    let mut client = server.connect();
    client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut all = Vec::new();
    // A reset, or the end: the client sees that the last chunk is missing.
    let _ = client.read_to_end(&mut all);
    let found = String::from_utf8_lossy(&all);
    assert!(!found.contains("\r\n0\r\n") && !found.contains("500"), "{found}");
}

#[test]
fn requests_in_the_ring_go_to_the_next_worker() {
    let server = serve(Mode::Process, &[], |server, request, mut response| {
        if request.path() == b"/die" {
            // The other request lies behind this one.
            wait_for("the other request", || server.worker_figures()[0].queue_depth > 0);
            process::end_at_once(7);
        }
        response.end(b"well").unwrap();
    });
    let (mut first, mut second) = (server.connect(), server.connect());
    first.write_all(b"GET /die HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    second.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert!(rest(&mut first).starts_with("HTTP/1.1 500 "));
    assert_eq!(answer(&mut second).1, "well");
}

#[test]
fn a_worker_that_is_ended_by_its_callback_answers_500() {
    for mode in BOTH {
        let server = serve(mode, &[], |server, request, response| {
            if request.path() == b"/stop" {
                server.stop(None).unwrap();
            }
            drop(response);
        });
        let mut client = server.connect();
        client.write_all(b"GET /stop HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(answer(&mut client).0.starts_with("HTTP/1.1 500 "), "{mode:?}");
    }
}

#[test]
fn a_server_that_ends_says_so_before_it_closes() {
    for mode in BOTH {
        let server = serve(mode, &[], |server, request, mut response| {
            if request.path() == b"/end" {
                server.shutdown().unwrap();
            }
            response.end(b"well").unwrap();
        });
        let (mut client, mut other) = (server.connect(), server.connect());
        other.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(answer(&mut other).0.contains("\r\nConnection: keep-alive\r\n"));
        // Whoever goes on asking is told at some time, and the connection ends behind that answer.
        let (began, mut path) = (Instant::now(), "/end");
        loop {
            assert!(began.elapsed() < LIMIT);
            client.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
            let (head, body) = answer(&mut client);
            assert_eq!(body, "well");
            if head.contains("\r\nConnection: close\r\n") {
                break;
            }
            path = "/";
        }
        assert_eq!(rest(&mut client), "");
        assert_eq!(rest(&mut other), "", "one that is silent is closed");
    }
}

#[test]
fn a_worker_that_leaves_answers_what_it_has_in_hand() {
    use std::cell::RefCell;
    thread_local!(static KEPT: RefCell<Vec<Response>> = const { RefCell::new(Vec::new()) });
    for mode in BOTH {
        let mut server = serve(mode, &[], |server, request, mut response| {
            if request.path() == b"/reload" {
                response.end(b"").unwrap();
                server.reload().unwrap();
            } else {
                KEPT.with_borrow_mut(|kept| kept.push(response));
                let later = || KEPT.with_borrow_mut(Vec::clear);
                crate::event::local::after(
                    Duration::from_millis(300),
                    Rc::new(move |_| {
                        later();
                        Flow::Continue
                    }),
                )
                .unwrap();
            }
        });
        let (mut late, mut client) = (server.connect(), server.connect());
        late.write_all(b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        client.write_all(b"GET /reload HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        answer(&mut client);
        assert!(answer(&mut late).0.starts_with("HTTP/1.1 500 "), "it was dropped, but not before its time");
        server.next_worker();
    }
}

#[test]
fn who_takes_too_long_to_ask_is_told() {
    let options = [("http_head_timeout", Value::Float(0.2)), ("http_body_timeout", Value::Float(0.2))];
    for mode in BOTH {
        let server = serve(mode, &options, |_, _, mut response| response.end(b"").unwrap());
        for part in ["GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab"] {
            let found = server.ask(part);
            assert!(found.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{found}");
        }
    }
}

#[test]
fn who_never_asks_is_closed_without_a_word() {
    for mode in BOTH {
        let options = [("http_head_timeout", Value::Float(0.2))];
        let server = serve(mode, &options, |_, _, mut response| response.end(b"").unwrap());
        for nothing in ["", "\r\n"] {
            assert_eq!(server.ask(nothing), "", "{mode:?}");
        }
        // Between two requests a client may take longer.
        let mut client = server.connect();
        for _ in 0..2 {
            client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            answer(&mut client);
            let (began, mut byte) = (Instant::now(), [0]);
            client.set_read_timeout(Some(Duration::from_millis(600))).unwrap();
            assert!(client.read(&mut byte).is_err() && began.elapsed() > Duration::from_millis(500), "{mode:?}");
        }
    }
}

#[test]
fn the_time_for_the_first_head_begins_with_the_connection() {
    for mode in BOTH {
        let options = [("http_head_timeout", Value::Int(2))];
        let server = serve(mode, &options, |_, _, mut response| response.end(b"").unwrap());
        let (mut client, began) = (server.connect(), Instant::now());
        client.set_read_timeout(Some(Duration::from_millis(1200))).unwrap();
        assert!(client.read(&mut [0]).is_err());
        client.set_read_timeout(Some(LIMIT)).unwrap();
        client.write_all(b"GET").unwrap();
        let begun = Instant::now();
        assert!(rest(&mut client).starts_with("HTTP/1.1 408 "));
        assert!(began.elapsed() >= Duration::from_secs(2) && begun.elapsed() < Duration::from_secs(2), "{mode:?}");
    }
}

#[test]
fn who_asks_no_more_is_closed() {
    let options = [("http_keepalive_timeout", Value::Float(0.3)), ("http_head_timeout", Value::Int(0))];
    for mode in BOTH {
        let server = serve(mode, &options, |server, request, mut response| {
            if request.path() != b"/detached" {
                return response.end(b"well").unwrap();
            }
            response.detach().unwrap();
            let (server, session) = (server.clone(), request.session());
            crate::event::local::after(
                Duration::from_millis(800),
                Rc::new(move |_| {
                    Response::create(&server, session).unwrap().end(b"late").unwrap();
                    Flow::Continue
                }),
            )
            .unwrap();
        });
        let mut client = server.connect();
        // Not while it waits for an answer.
        for (path, said) in [("/", "well"), ("/detached", "late"), ("/", "well")] {
            client.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
            assert_eq!(answer(&mut client).1, said, "{mode:?}");
        }
        assert_eq!(rest(&mut client), "", "{mode:?}");
    }
}

#[test]
fn a_long_form_is_written_to_disk() {
    for mode in BOTH {
        let place = tempfile::tempdir().unwrap();
        let options = [
            ("package_max_length", Value::Int(64 << 10)),
            ("upload_max_filesize", Value::Int(10 << 20)),
            ("upload_tmp_dir", Value::from(place.path().to_str().unwrap())),
        ];
        let server = serve(mode, &options, |_, request, mut response| {
            use crate::protocol::http1::multipart::{Content, listed};
            let mut told = String::new();
            for entry in listed(request.body()) {
                told += &match entry.content {
                    Content::Bytes(value) => {
                        format!("{}={} ", String::from_utf8_lossy(&entry.part.name), String::from_utf8_lossy(value))
                    }
                    Content::File { path, size } => {
                        let path = std::path::Path::new(std::str::from_utf8(path).unwrap());
                        let on_disk = std::fs::read(path).unwrap();
                        assert!(on_disk.iter().all(|byte| *byte == b'x'));
                        format!("{} of {size} ", on_disk.len())
                    }
                };
            }
            response.end(told.as_bytes()).unwrap();
        });
        let file = "x".repeat(3_000_000);
        let form = format!(
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n\r\n{file}\r\n--b--\r\n"
        );
        let head = format!(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
            form.len()
        );
        let mut client = server.connect();
        for _ in 0..2 {
            client.write_all(head.as_bytes()).unwrap();
            client.write_all(form.as_bytes()).unwrap();
            assert_eq!(answer(&mut client).1, "a=one 3000000 of 3000000 ");
        }
        wait_for("the files are deleted", || std::fs::read_dir(place.path()).unwrap().count() == 0);
        // What is above the limit, and what is no form, is refused before it has come.
        for (kind, length) in [("multipart/form-data; boundary=b", 20 << 20), ("text/plain", 100 << 10)] {
            let found = server.ask(&format!(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
            ));
            assert!(found.starts_with("HTTP/1.1 413 "), "{found}");
        }
    }
}

#[test]
fn a_refusal_of_head_has_no_body() {
    let options = [("http_head_timeout", Value::Float(0.2))];
    for mode in BOTH {
        let server = serve(mode, &options, |_, _, _| process::end_at_once(7));
        for (part, status) in [("HEAD / HTTP/1.1\r\nX y: z\r\n\r\n", 400), ("HEAD / HT", 408)] {
            let found = server.ask(part);
            assert!(found.starts_with(&format!("HTTP/1.1 {status} ")) && found.ends_with("\r\n\r\n"), "{found}");
        }
        if mode == Mode::Process {
            let found = server.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assert!(found.starts_with("HTTP/1.1 500 ") && found.ends_with("\r\n\r\n"), "{found}");
        }
    }
}
