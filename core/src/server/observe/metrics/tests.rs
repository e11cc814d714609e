use super::*;
use std::net::TcpStream;

const BODY: &str = "swoole_x 1\n";

fn serving() -> (Metrics, String) {
    let metrics = Metrics::new(bind("0").unwrap()).unwrap();
    let address = metrics.bound.shown.clone();
    (metrics, address)
}

/// Turns of the port until `done`, waiting for its descriptor in between as a loop does.
fn turn_until(metrics: &mut Metrics, mut done: impl FnMut(&Metrics) -> bool) {
    let mut outer = Poller::new().unwrap();
    outer.registrar().unwrap().add_readable(metrics, 0).unwrap();
    let (mut events, begin) = (Vec::new(), Instant::now());
    while !done(metrics) {
        assert!(begin.elapsed() < Duration::from_secs(10), "still not done");
        let wait = metrics.next().map_or(Duration::from_millis(20), |at| at.saturating_duration_since(Instant::now()));
        outer.wait(Some(wait.min(Duration::from_millis(20))), &mut events).unwrap();
        metrics.turn(Instant::now(), &|| BODY.into());
    }
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nonblocking(true).unwrap();
    stream
}

/// All that the server sends to this client until it ends.
fn rest(metrics: &mut Metrics, stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    turn_until(metrics, |_| match stream.read_to_end(&mut got) {
        Err(e) => e.kind() != io::ErrorKind::WouldBlock,
        Ok(_) => true,
    });
    String::from_utf8(got).unwrap()
}

fn open(metrics: &Metrics) -> usize {
    metrics.clients.iter().flatten().count()
}

#[test]
fn a_port_or_an_address_with_a_port_is_taken() {
    for (asked, shown) in
        [("0", "127.0.0.1:"), ("127.0.0.1:0", "127.0.0.1:"), ("0.0.0.0:0", "0.0.0.0:"), ("localhost:0", "localhost:")]
    {
        let bound = bind(asked).unwrap();
        assert!(bound.shown.starts_with(shown) && !bound.shown.ends_with(":0"), "{}", bound.shown);
    }
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        assert!(bind("[::1]:0").unwrap().shown.starts_with("[::1]:"));
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for asked in
        ["", ":", "x", "70000", "-1", "+1", "127.0.0.1:", ":9100", "::1:80", "[::1:80", "[1.2.3.4]:80", "1.2.3.4:80:"]
    {
        let error = bind(asked).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams, "{asked}: {error}");
    }
}

#[test]
fn a_port_in_use_is_refused_with_its_errno() {
    let taken = bind("0").unwrap();
    let error = bind(&taken.shown).unwrap_err();
    assert_eq!(error.code(), libc::EADDRINUSE);
    assert!(error.to_string().contains(&taken.shown) && error.to_string().contains("metrics_port"), "{error}");
}

#[test]
fn a_request_in_pieces_is_answered_and_its_connection_ended() {
    let (mut metrics, address) = serving();
    let mut client = connect(&address);
    client.write_all(b"GET /met").unwrap();
    turn_until(&mut metrics, |m| m.clients.iter().flatten().any(|c| c.head.len() == 8));
    client.write_all(b"rics HTTP/1.1\r\n\r\n").unwrap();
    let got = rest(&mut metrics, &mut client);
    assert!(got.starts_with("HTTP/1.1 200 OK\r\n") && got.ends_with(BODY), "{got}");
    drop(client);
    turn_until(&mut metrics, |m| open(m) == 0);
}

#[test]
fn a_body_behind_the_request_does_not_lose_the_answer() {
    let (mut metrics, address) = serving();
    let mut client = connect(&address);
    client
        .write_all(format!("POST / HTTP/1.1\r\nContent-Length: 20000\r\n\r\n{}", "x".repeat(20_000)).as_bytes())
        .unwrap();
    assert!(rest(&mut metrics, &mut client).starts_with("HTTP/1.1 405 "));
}

#[test]
fn silent_clients_neither_stand_in_the_way_nor_stay() {
    let (mut metrics, address) = serving();
    let mut silent: Vec<_> = (0..100).map(|_| connect(&address)).collect();
    let mut client = connect(&address);
    client.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
    assert!(rest(&mut metrics, &mut client).ends_with(BODY));
    assert!(open(&metrics) <= PLACES);
    assert_eq!(silent[0].read(&mut [0]).unwrap(), 0, "the oldest has made room");
    let later = Instant::now() + PATIENCE;
    assert!(metrics.next().unwrap() <= later);
    metrics.turn(later, &|| unreachable!());
    assert_eq!(open(&metrics), 0);
    assert_eq!(metrics.next(), None);
}

#[test]
fn a_crowd_that_asks_at_once_is_answered_to_the_last() {
    let (mut metrics, address) = serving();
    let mut crowd: Vec<_> = (0..100).map(|_| connect(&address)).collect();
    turn_until(&mut metrics, |m| open(m) == PLACES);
    for client in &mut crowd {
        client.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
    }
    while let Some(mut client) = crowd.pop() {
        assert!(rest(&mut metrics, &mut client).ends_with(BODY), "{} before it", crowd.len());
    }
}

#[test]
fn one_that_does_not_read_its_answer_ends_in_time() {
    let (mut metrics, address) = serving();
    let mut client = connect(&address);
    client.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").unwrap();
    let large = || "# x\n".repeat(4 << 20);
    let begin = Instant::now();
    while !metrics.clients.iter().flatten().any(|c| c.sent > 0) {
        assert!(begin.elapsed() < Duration::from_secs(10));
        metrics.turn(Instant::now(), &large);
    }
    metrics.turn(Instant::now() + PATIENCE, &large);
    assert_eq!(open(&metrics), 0);
}
