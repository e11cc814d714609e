//! Both dialogs, against answers as the RFCs give them and against others.

use super::{Handshake, Step, http::LONGEST_HEAD, place};
use crate::config::{ClientSettings, Value};
use crate::error::{Error, ErrorKind};
use crate::net::SocketType;
use proptest::collection::vec;
use proptest::prelude::*;

fn of(options: &[(&str, &str)]) -> ClientSettings {
    let mut settings = ClientSettings::default();
    for (name, value) in options {
        assert_eq!(settings.set(name, &Value::from(*value)).unwrap(), []);
    }
    settings
}

fn socks5(login: Option<(&str, &str)>) -> ClientSettings {
    match login {
        Some((user, password)) => {
            of(&[("socks5_host", "proxy.test"), ("socks5_username", user), ("socks5_password", password)])
        }
        None => of(&[("socks5_host", "proxy.test")]),
    }
}

fn http(login: Option<(&str, &str)>) -> ClientSettings {
    match login {
        Some((user, password)) => {
            of(&[("http_proxy_host", "proxy.test"), ("http_proxy_user", user), ("http_proxy_password", password)])
        }
        None => of(&[("http_proxy_host", "proxy.test")]),
    }
}

fn start(settings: &ClientSettings, host: &str) -> Handshake {
    Handshake::start(settings, SocketType::Tcp, host, 81).unwrap().unwrap()
}

fn refused(settings: &ClientSettings, host: &str) -> String {
    let error = Handshake::start(settings, SocketType::Tcp, host, 81).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
    error.to_string()
}

fn fails(handshake: &mut Handshake, bytes: &[u8], kind: ErrorKind) -> Error {
    let error = handshake.feed(bytes).unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    let text = error.to_string();
    assert!(text.contains("target.test:81 through the ") && text.contains(" proxy proxy.test:"), "{text}");
    error
}

/// A SOCKS5 handshake that waits for the reply.
fn asked() -> Handshake {
    let mut handshake = start(&socks5(None), "target.test");
    handshake.feed(&[5, 0]).unwrap();
    handshake
}

const GRANTED: &[u8] = &[5, 0, 0, 1, 10, 0, 0, 1, 4, 56];

fn done(leftover: &[u8]) -> Step {
    Step::Done { leftover: leftover.to_vec() }
}

#[test]
fn without_a_proxy_there_is_no_handshake() {
    assert!(Handshake::start(&of(&[]), SocketType::Tcp, "a", 1).unwrap().is_none());
    assert!(Handshake::start(&of(&[("socks5_host", "")]), SocketType::Udp, "a", 1).unwrap().is_none());
}

#[test]
fn the_proxy_has_the_ports_of_the_options() {
    assert_eq!(start(&socks5(None), "a").proxy(), ("proxy.test", 1080));
    assert_eq!(start(&http(None), "a").proxy(), ("proxy.test", 8080));
    assert_eq!(
        start(&of(&[("http_proxy_host", "proxy.test"), ("http_proxy_port", "3128")]), "a").proxy(),
        ("proxy.test", 3128)
    );
}

#[test]
fn two_proxies_at_once_are_refused() {
    let both = of(&[("socks5_host", "proxy.test"), ("http_proxy_host", "other.test")]);
    assert!(refused(&both, "a").contains("http_proxy_host (other.test)"));
}

#[test]
fn a_proxy_for_anything_but_tcp_is_refused() {
    for kind in [SocketType::Udp, SocketType::Udp6, SocketType::UnixStream, SocketType::UnixDgram] {
        let error = Handshake::start(&socks5(None), kind, "target.test", 81).unwrap_err();
        assert!(error.to_string().contains("TCP sockets only"), "{error}");
    }
}

#[test]
fn hosts_that_could_say_something_else_to_the_proxy_are_refused() {
    for host in ["", "a b", "a\r\nX: y", "a/b", "u@a", "a:b", "[::1", "a?b", "a#b", "\u{e9}.test", "a\0"] {
        refused(&socks5(None), host);
        refused(&http(None), host);
    }
}

#[test]
fn socks5_without_login_sends_name_and_port() {
    let mut handshake = start(&socks5(None), "target.test");
    assert_eq!(handshake.greeting(), [5, 1, 0]);
    let mut request = vec![5, 1, 0, 3, 11];
    request.extend(b"target.test\0\x51");
    assert_eq!(handshake.feed(&[5, 0]).unwrap(), Step::Send(request));
    assert_eq!(handshake.feed(GRANTED).unwrap(), done(b""));
}

#[test]
fn socks5_sends_addresses_as_such() {
    let request = |host: &str| match start(&socks5(None), host).feed(&[5, 0]) {
        Ok(Step::Send(request)) => request,
        other => panic!("{other:?}"),
    };
    assert_eq!(request("10.1.2.3"), [5, 1, 0, 1, 10, 1, 2, 3, 0, 81]);
    let v6 = [5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 81];
    assert_eq!(request("2001:db8::7"), v6);
    assert_eq!(request("[2001:db8::7]"), v6);
}

#[test]
fn socks5_logs_in_if_the_proxy_wants_that() {
    let mut handshake = start(&socks5(Some(("me", "secret"))), "10.1.2.3");
    assert_eq!(handshake.greeting(), [5, 2, 0, 2]);
    assert_eq!(handshake.feed(&[5, 2]).unwrap(), Step::Send(b"\x01\x02me\x06secret".to_vec()));
    assert!(matches!(handshake.feed(&[1, 0]).unwrap(), Step::Send(request) if request[..2] == [5, 1]));
    assert_eq!(handshake.feed(GRANTED).unwrap(), done(b""));
}

#[test]
fn socks5_does_not_log_in_if_the_proxy_does_not_ask() {
    let mut handshake = start(&socks5(Some(("me", "secret"))), "10.1.2.3");
    assert!(matches!(handshake.feed(&[5, 0]).unwrap(), Step::Send(request) if request[..2] == [5, 1]));
}

#[test]
fn socks5_refuses_what_does_not_fit_into_a_byte_of_length() {
    let long = "u".repeat(256);
    let fits = "u".repeat(255);
    assert!(refused(&socks5(Some((&long, "p"))), "a").contains("socks5_username"));
    assert!(refused(&socks5(Some(("u", &long))), "a").contains("socks5_password"));
    assert!(refused(&socks5(None), &long).contains("at most 255 bytes"));
    start(&socks5(Some((&fits, &fits))), &fits);
}

#[test]
fn socks5_tells_a_refused_login() {
    let mut handshake = start(&socks5(Some(("me", "wrong"))), "target.test");
    handshake.feed(&[5, 2]).unwrap();
    fails(&mut handshake, &[1, 1], ErrorKind::Socks5AuthFailed);
}

#[test]
fn socks5_tells_that_no_login_fits() {
    let error = fails(&mut start(&socks5(None), "target.test"), &[5, 255], ErrorKind::Socks5UnsupportedMethod);
    assert!(error.to_string().contains("set socks5_username"));
    let with_login = socks5(Some(("me", "secret")));
    fails(&mut start(&with_login, "target.test"), &[5, 255], ErrorKind::Socks5UnsupportedMethod);
    fails(&mut start(&with_login, "target.test"), &[5, 1], ErrorKind::Socks5UnsupportedMethod);
    fails(&mut start(&socks5(None), "target.test"), &[5, 2], ErrorKind::Socks5UnsupportedMethod);
}

#[test]
fn socks5_tells_another_version_from_its_first_byte() {
    fails(&mut start(&socks5(None), "target.test"), b"H", ErrorKind::Socks5UnsupportedVersion);
    fails(&mut asked(), &[4], ErrorKind::Socks5UnsupportedVersion);
    let mut handshake = start(&socks5(Some(("me", "secret"))), "target.test");
    handshake.feed(&[5, 2]).unwrap();
    fails(&mut handshake, &[5], ErrorKind::Socks5UnsupportedVersion);
}

#[test]
fn socks5_tells_why_the_proxy_could_not_connect() {
    let error = fails(&mut asked(), &[5, 5], ErrorKind::Socks5ServerError);
    assert!(error.to_string().ends_with("the proxy answered 5: connection refused"), "{error}");
    fails(&mut asked(), &[5, 200], ErrorKind::Socks5ServerError);
    fails(&mut asked(), &[5, 0, 0, 9], ErrorKind::Socks5ServerError);
}

#[test]
fn socks5_refuses_bytes_that_nobody_asked_for() {
    fails(&mut start(&socks5(None), "target.test"), &[5, 0, 5], ErrorKind::Socks5ServerError);
}

#[test]
fn http_asks_for_host_and_port() {
    let handshake = start(&http(None), "target.test");
    assert_eq!(handshake.greeting(), b"CONNECT target.test:81 HTTP/1.1\r\nHost: target.test:81\r\n\r\n");
    let handshake = start(&http(None), "::1");
    assert_eq!(handshake.greeting(), b"CONNECT [::1]:81 HTTP/1.1\r\nHost: [::1]:81\r\n\r\n");
}

#[test]
fn http_logs_in_with_basic() {
    // the example of RFC 7617, section 2
    let handshake = start(&http(Some(("Aladdin", "open sesame"))), "a");
    let request = String::from_utf8(handshake.greeting().to_vec()).unwrap();
    assert!(request.contains("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"), "{request}");
    assert!(refused(&http(Some(("a:b", "c"))), "a").contains("colon"));
}

#[test]
fn http_is_done_with_any_2xx_whatever_its_fields_say() {
    for head in ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.0 299\r\nTransfer-Encoding: chunked\r\n\r\n"] {
        let mut handshake = start(&http(None), "target.test");
        assert_eq!(handshake.feed(format!("{head}hello").as_bytes()).unwrap(), done(b"hello"));
    }
}

#[test]
fn http_passes_over_answers_in_between() {
    let mut handshake = start(&http(None), "target.test");
    assert_eq!(
        handshake.feed(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTT").unwrap(),
        Step::More
    );
    assert_eq!(handshake.feed(b"P/1.1 200 OK\r\n\r\nx").unwrap(), done(b"x"));
}

#[test]
fn http_tells_what_the_proxy_answered() {
    let answer = |settings: &ClientSettings, answer: &[u8]| {
        fails(&mut start(settings, "target.test"), answer, ErrorKind::HttpProxyHandshakeFailed).to_string()
    };
    let text = answer(&http(None), b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 900\r\n\r\n<html>");
    assert!(text.ends_with("the proxy answered 502 Bad Gateway"), "{text}");
    assert!(
        answer(&http(None), b"HTTP/1.1 407 Login\r\n\r\n").ends_with("set http_proxy_user and http_proxy_password")
    );
    assert!(answer(&http(Some(("a", "b"))), b"HTTP/1.1 407 Login\r\n\r\n").contains("does not take http_proxy_user"));
    answer(&http(None), b"HTTP/1.1 101 Switching Protocols\r\n\r\n");
}

#[test]
fn http_refuses_what_is_no_http() {
    fails(&mut start(&http(None), "target.test"), b"SSH-2.0-x\r\n", ErrorKind::HttpProxyBadResponse);
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(200));
    fails(&mut start(&http(None), "target.test"), many.as_bytes(), ErrorKind::HttpProxyBadResponse);
}

#[test]
fn http_bounds_the_head_but_not_what_follows_it() {
    let endless = format!("HTTP/1.1 200 OK\r\nA: {}", "b".repeat(LONGEST_HEAD));
    fails(&mut start(&http(None), "target.test"), endless.as_bytes(), ErrorKind::HttpProxyBadResponse);
    let peer = vec![b'x'; 2 * LONGEST_HEAD];
    let answer = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &peer].concat();
    assert_eq!(start(&http(None), "target.test").feed(&answer).unwrap(), done(&peer));
}

#[test]
fn a_proxy_that_hangs_up_is_named() {
    let error = asked().closed();
    assert_eq!(error.kind(), ErrorKind::Socks5ServerError);
    assert!(error.to_string().contains("target.test:81 through the SOCKS5 proxy proxy.test:1080: the proxy closed"));
    assert_eq!(start(&http(None), "a").closed().kind(), ErrorKind::HttpProxyHandshakeError);
}

#[test]
fn places_with_ipv6_addresses_have_brackets() {
    assert_eq!(place("::1", 5), "[::1]:5");
    assert_eq!(place("[::1]", 5), "[::1]:5");
    assert_eq!(place("a", 5), "a:5");
}

/// Feeds `answer` in pieces; the last step must be the only one that is not More.
fn feed_cut(handshake: &mut Handshake, answer: &[u8], cuts: &[usize]) -> Step {
    let mut cuts = cuts.iter().copied().cycle();
    let mut rest = answer;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(cuts.next().unwrap_or(1).clamp(1, rest.len()));
        rest = after;
        match handshake.feed(piece).unwrap() {
            Step::More => {}
            Step::Done { mut leftover } => {
                // What has not been fed yet is the peer's all the same.
                leftover.extend(rest);
                return Step::Done { leftover };
            }
            step => {
                assert!(rest.is_empty(), "{} bytes left", rest.len());
                return step;
            }
        }
    }
    Step::More
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![Just(vec![1]), Just(vec![usize::MAX]), vec(1..20usize, 1..20)]
}

fn address() -> impl Strategy<Value = Vec<u8>> {
    let name = vec(any::<u8>(), 0..=255).prop_map(|name| [vec![3, name.len() as u8], name].concat());
    prop_oneof![
        vec(any::<u8>(), 4).prop_map(|ip| [vec![1], ip].concat()),
        vec(any::<u8>(), 16).prop_map(|ip| [vec![4], ip].concat()),
        name
    ]
}

proptest! {
    #[test]
    fn socks5_ends_where_the_reply_ends_however_it_is_cut(
        address in address(), port in any::<[u8; 2]>(), peer in vec(any::<u8>(), 0..600), cuts in cuts(), login in any::<bool>()
    ) {
        let login = login.then_some(("me", "secret"));
        let mut handshake = start(&socks5(login), "target.test");
        if login.is_some() {
            prop_assert!(matches!(feed_cut(&mut handshake, &[5, 2], &cuts), Step::Send(_)));
            prop_assert!(matches!(feed_cut(&mut handshake, &[1, 0], &cuts), Step::Send(_)));
        } else {
            prop_assert!(matches!(feed_cut(&mut handshake, &[5, 0], &cuts), Step::Send(_)));
        }
        let answer = [&[5, 0, 0], address.as_slice(), &port, &peer].concat();
        prop_assert_eq!(feed_cut(&mut handshake, &answer, &cuts), done(&peer));
    }

    #[test]
    fn http_ends_where_the_head_ends_however_it_is_cut(
        between in 0..3usize, fields in vec("[A-Za-z-]{1,20}: [ -~]{0,40}", 0..8), peer in vec(any::<u8>(), 0..600), cuts in cuts()
    ) {
        let mut handshake = start(&http(None), "target.test");
        let head = format!("{}HTTP/1.1 200 Fine\r\n{}\r\n", "HTTP/1.1 103 Hints\r\n\r\n".repeat(between),
            fields.iter().map(|f| format!("{f}\r\n")).collect::<String>());
        let answer = [head.as_bytes(), &peer].concat();
        prop_assert_eq!(feed_cut(&mut handshake, &answer, &cuts), done(&peer));
    }

    #[test]
    fn no_answer_makes_it_panic(pieces in vec(vec(prop_oneof![any::<u8>(), 0..6u8], 0..40), 1..6), is_http in any::<bool>()) {
        let settings = if is_http { http(None) } else { socks5(Some(("me", "secret"))) };
        let mut handshake = start(&settings, "target.test");
        for piece in &pieces {
            match handshake.feed(piece) {
                Ok(Step::More | Step::Send(_)) => {}
                Ok(Step::Done { .. }) | Err(_) => break,
            }
        }
    }
}
