//! The few words of HTTP/1.x that a scraper needs: from a request's head to the whole answer. No sockets.
//!
//! Runs in: master.

use httparse::{EMPTY_HEADER, Request, Status};

/// Longest head of a request, in bytes.
pub const LONGEST_HEAD: usize = 8 << 10;
/// Most headers of a request.
const MOST_HEADERS: usize = 100;
/// The text format that [`super::prometheus`] writes.
const FIGURES: &str = "text/plain; version=0.0.4; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

/// The answer to the request whose first bytes are `head`; None: its head goes on. `figures` is asked for what /metrics shows.
pub fn answer(head: &[u8], figures: impl FnOnce() -> String) -> Option<Vec<u8>> {
    let mut headers = [EMPTY_HEADER; MOST_HEADERS];
    let mut request = Request::new(&mut headers);
    match request.parse(head) {
        Ok(Status::Complete(_)) => {}
        Ok(Status::Partial) if head.len() < LONGEST_HEAD => return None,
        Ok(Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
            let told = format!("The head of a request may have {LONGEST_HEAD} bytes and {MOST_HEADERS} headers.\n");
            return Some(response("431 Request Header Fields Too Large", PLAIN, "", &told, true));
        }
        Err(e) => {
            return Some(response("400 Bad Request", PLAIN, "", &format!("That is no HTTP/1.x request: {e}.\n"), true));
        }
    }
    let (method, target) = (request.method.unwrap_or(""), request.path.unwrap_or(""));
    let with_body = method != "HEAD";
    if !matches!(method, "GET" | "HEAD") {
        let told = "Only GET and HEAD are answered.\n";
        return Some(response("405 Method Not Allowed", PLAIN, "Allow: GET, HEAD\r\n", told, with_body));
    }
    Some(match path_of(target) {
        "/metrics" => response("200 OK", FIGURES, "", &figures(), with_body),
        "/" => response("200 OK", PLAIN, "", "The figures are at /metrics.\n", with_body),
        _ => response("404 Not Found", PLAIN, "", "The figures are at /metrics.\n", with_body),
    })
}

/// The path of a request's target, which may be a whole URL and may have a query.
fn path_of(target: &str) -> &str {
    let target = match target.split_once("://") {
        Some(("http" | "https", rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        _ => target,
    };
    target.split(['?', '#']).next().unwrap_or("")
}

fn response(status: &str, content_type: &str, more: &str, body: &str, with_body: bool) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n{more}Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    );
    let mut whole = head.into_bytes();
    if with_body {
        whole.extend_from_slice(body.as_bytes());
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(head: &str) -> String {
        let answer = answer(head.as_bytes(), || "swoole_x 1\n".into());
        String::from_utf8(answer.expect("a whole request")).expect("text")
    }

    #[test]
    fn a_get_of_metrics_gets_the_figures() {
        let got = ask("GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n");
        assert!(got.starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(got.contains("Content-Type: text/plain; version=0.0.4"));
        assert!(got.contains("\r\nContent-Length: 11\r\n") && got.contains("\r\nConnection: close\r\n"));
        assert!(got.ends_with("\r\n\r\nswoole_x 1\n"));
    }

    #[test]
    fn a_head_gets_the_length_and_no_body() {
        let got = ask("HEAD /metrics HTTP/1.0\r\n\r\n");
        assert!(got.contains("Content-Length: 11\r\n") && got.ends_with("\r\n\r\n"));
    }

    #[test]
    fn a_query_and_a_whole_url_are_understood() {
        for target in ["/metrics?name[]=x", "http://host:9/metrics", "/metrics?a=http://b/c"] {
            assert!(ask(&format!("GET {target} HTTP/1.1\r\n\r\n")).ends_with("swoole_x 1\n"), "{target}");
        }
        assert!(ask("GET http://host HTTP/1.1\r\n\r\n").ends_with("at /metrics.\n"));
    }

    #[test]
    fn other_paths_methods_and_garbage_are_refused() {
        let status = |head: &str| ask(head)[9..12].to_owned();
        assert_eq!(status("GET / HTTP/1.1\r\n\r\n"), "200");
        assert_eq!(status("GET /metricsx HTTP/1.1\r\n\r\n"), "404");
        assert_eq!(status("GET * HTTP/1.1\r\n\r\n"), "404");
        assert_eq!(status("POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"), "405");
        assert_eq!(status("\x16\x03\x01\x02 \r\n\r\n"), "400");
        assert_eq!(status("GET /metrics HTTP/2.0\r\n\r\n"), "400");
        assert_eq!(status(&format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MOST_HEADERS + 1))), "431");
        assert_eq!(status(&format!("GET /{}", "a".repeat(LONGEST_HEAD))), "431");
    }

    #[test]
    fn a_head_that_goes_on_is_awaited() {
        let whole = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
        for length in 0..whole.len() {
            assert_eq!(answer(&whole.as_bytes()[..length], || unreachable!()), None, "{length}");
        }
    }
}
