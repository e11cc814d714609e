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
