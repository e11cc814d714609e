//! Requests and their answers.

use super::*;

#[test]
fn a_request_is_answered_and_the_connection_stays() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, request, mut response| {
            let text =
                format!("{} {}", String::from_utf8_lossy(request.method()), String::from_utf8_lossy(request.target()));
            response.end(text.as_bytes()).unwrap();
        });
        let mut client = server.connect();
        for path in ["/one", "/two?x=1"] {
            client.write_all(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
            let (head, body) = answer(&mut client);
            assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
            assert_eq!(body, format!("GET {path}"), "{mode:?}");
        }
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, request, mut response| {
            response.end(request.body()).unwrap();
        });
        let found = server.ask(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none\
             POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ntw\r\n1\r\no\r\n0\r\n\r\n\
             POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nthree",
        );
        let bodies: Vec<&str> =
            found.split("\r\n\r\n").skip(1).map(|part| part.split("HTTP/1.1").next().unwrap()).collect();
        assert_eq!(bodies, ["one", "two", "three"], "{mode:?}: {found}");
    }
}

#[test]
fn an_answer_that_nobody_gives_is_500() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, _, response| drop(response));
        let mut client = server.connect();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(answer(&mut client).0.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
    }
}

#[test]
fn what_is_no_request_is_refused() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, _, mut response| response.end(b"").unwrap());
        let found = server.ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        assert!(found.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{found}");
        assert!(found.contains("\r\nConnection: close\r\n"), "{found}");
    }
}

#[test]
fn headers_cookies_and_a_status_go_out() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, _, mut response| {
            response.status(418, b"").unwrap();
            response.header(b"x-one", &[b"1"], true).unwrap();
            response.cookie(&Cookie { name: b"a".to_vec(), value: b"b c".to_vec(), ..Cookie::default() }).unwrap();
            assert!(response.header(b"x-two", &[b"1\r\nX-Three: 1"], true).is_err());
            for code in [0, 99, 100, 103, 1000] {
                assert_eq!(response.status(code, b"").map_err(|e| e.kind()), Err(ErrorKind::InvalidParams));
            }
            response.end(b"short and stout").unwrap();
            assert_eq!(response.end(b"").map_err(|e| e.kind()), Err(ErrorKind::HttpContextUnavailable));
        });
        let mut client = server.connect();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let (head, body) = answer(&mut client);
        assert!(head.starts_with("HTTP/1.1 418 I'm a teapot\r\n"), "{head}");
        assert!(head.contains("\r\nX-One: 1\r\nSet-Cookie: a=b%20c\r\n") && !head.contains("Three"), "{head}");
        assert_eq!(body, "short and stout");
    }
}

#[test]
fn parts_are_chunks_with_a_trailer_behind_them() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, _, mut response| {
            response.trailer(b"X-Sum", b"3").unwrap();
            response.write(b"one").unwrap();
            assert!(response.header(b"X", &[b"1"], true).is_err());
            response.write(b"two").unwrap();
            response.end(b"three").unwrap();
        });
        let found = server.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assert!(found.contains("\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n"), "{found}");
        assert!(found.ends_with("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\nX-Sum: 3\r\n\r\n"), "{found}");
        let found = server.ask("GET / HTTP/1.0\r\n\r\n");
        assert!(found.ends_with("\r\n\r\nonetwothree"), "{found}");
    }
}

#[test]
fn a_head_has_no_body() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, request, mut response| match request.path() {
            b"/parts" => {
                response.write(b"one").unwrap();
                response.end(b"two").unwrap();
            }
            _ => response.end(b"body").unwrap(),
        });
        let found = server.ask(
            "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /parts HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        );
        assert_eq!(found.matches("HTTP/1.1 200 OK\r\n").count(), 3, "{found}");
        assert_eq!(found.matches("\r\nContent-Length: 4\r\n").count(), 2, "{found}");
        assert!(!found.contains("body") && !found.contains("one"), "{found}");
    }
}

#[test]
fn a_body_is_compressed_for_who_takes_that() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, _, mut response| response.end(&[b'a'; 1000]).unwrap());
        let mut client = server.connect();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n").unwrap();
        let (head, body) = answer(&mut client);
        assert!(head.contains("\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\n"), "{head}");
        assert!(body.len() < 100);
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert_eq!(answer(&mut client).1.len(), 1000);
    }
}

#[test]
fn what_could_not_be_sent_leaves_no_coding_behind() {
    for mode in BOTH {
        let server = serve(mode, &[("buffer_output_size", Value::Int(2000))], |_, _, mut response| {
            let noise: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            assert_eq!(response.end(&noise).map_err(|e| e.kind()), Err(ErrorKind::DataLengthTooLarge));
            response.end(b"it is too long").unwrap();
        });
        let mut client = server.connect();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n").unwrap();
        let (head, body) = answer(&mut client);
        assert!(!head.contains("Content-Encoding"), "{head}");
        assert_eq!(body, "it is too long");
    }
}

#[test]
fn a_long_body_arrives_whole() {
    for mode in BOTH {
        let server = serve(mode, &[("package_max_length", Value::Int(8 << 20))], |_, request, mut response| {
            response.end(request.body()).unwrap();
        });
        let body: String = (0..1_000_000).map(|i| char::from(b'a' + (i % 26) as u8)).collect();
        let mut client = server.connect();
        let asking =
            format!("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n", body.len());
        client.write_all(asking.as_bytes()).unwrap();
        assert_eq!(answer(&mut client).0, "HTTP/1.1 100 Continue\r\n\r\n");
        client.write_all(body.as_bytes()).unwrap();
        assert!(answer(&mut client).1 == body, "{mode:?}");
    }
}

#[test]
fn an_answer_that_was_given_up_is_made_by_another_object() {
    for mode in BOTH {
        let server = serve(mode, &[], |server, request, mut response| {
            response.detach().unwrap();
            assert!(response.end(b"no").is_err());
            let mut other = Response::create(server, request.session()).unwrap();
            other.end(b"yes").unwrap();
            if server.mode() == Mode::Base {
                assert!(Response::create(server, request.session()).is_err(), "it is answered");
            }
        });
        let mut client = server.connect();
        for _ in 0..2 {
            client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            assert_eq!(answer(&mut client).1, "yes");
        }
    }
}

#[test]
fn who_takes_no_answers_is_not_asked_for_more() {
    for mode in BOTH {
        let server = serve(mode, &[], |server, request, mut response| match request.path() {
            b"/count" => {
                let asked = server.worker_figures()[0].requests;
                response.end(asked.to_string().as_bytes()).unwrap();
            }
            _ => response.end(&vec![b'x'; 4 << 20]).unwrap(),
        });
        let mut greedy = server.connect();
        greedy.write_all("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100).as_bytes()).unwrap();
        let mut client = server.connect();
        let mut count = || {
            client.write_all(b"GET /count HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            answer(&mut client).1.parse::<u64>().unwrap()
        };
        let asked = (0..20).map(|_| count()).last().unwrap();
        assert!(asked < 60, "{mode:?}: {asked}");
        // And when it takes them, all are answered.
        for _ in 0..100 {
            assert_eq!(answer(&mut greedy).1.len(), 4 << 20);
        }
    }
}

#[test]
fn the_path_of_a_target_with_a_host_is_found() {
    for mode in BOTH {
        let server = serve(mode, &[], |_, request, mut response| {
            response.end(&[request.path(), b" ", request.query()].concat()).unwrap();
        });
        let mut client = server.connect();
        for (target, found) in
            [("http://a/b?c", "/b c"), ("http://a?c", "/ c"), ("http://a", "/ "), ("/b?c?d", "/b c?d")]
        {
            client.write_all(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
            let body = answer(&mut client).1;
            assert_eq!(body, found);
        }
    }
}
