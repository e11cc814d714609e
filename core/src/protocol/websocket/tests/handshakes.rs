use super::handshake::*;

type Line = (&'static [u8], &'static [u8]);

const KEY: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";

/// The headers of a good request, with those of that name in `lines` instead.
fn request(lines: &[Line]) -> Vec<Line> {
    let good: [Line; 4] = [
        (b"Connection", b"keep-alive, Upgrade"),
        (b"upgrade", b"WebSocket"),
        (b"Sec-WebSocket-Version", b"13"),
        (b"Sec-WebSocket-Key", KEY),
    ];
    let instead = |name: &[u8]| lines.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    good.into_iter().filter(|(name, _)| !instead(name)).chain(lines.iter().copied()).collect()
}

fn check(lines: &[Line]) -> Result<Asked<'static>, u16> {
    Asked::check(request(lines).into_iter()).map_err(|refused| refused.status)
}

/// What is answered to an offer of extensions.
fn answered(offer: &'static [u8]) -> Option<String> {
    check(&[(b"Sec-WebSocket-Extensions", offer)]).expect("a good request").deflate.map(|deflate| deflate.answer())
}

#[test]
fn a_good_request_is_answered_as_the_standard_says() {
    let asked = check(&[]).expect("a good request");
    assert_eq!((asked.protocols.len(), asked.deflate), (0, None));
    assert_eq!(accept(asked.key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn bad_requests_are_refused() {
    assert_eq!(check(&[(b"Connection", b"close")]), Err(400));
    assert_eq!(check(&[(b"Upgrade", b"h2c")]), Err(400));
    assert_eq!(check(&[(b"Sec-WebSocket-Version", b"8")]), Err(426));
    assert_eq!(check(&[(b"Sec-WebSocket-Key", b"")]), Err(400));
    assert_eq!(check(&[(b"Sec-WebSocket-Key", b"c2hvcnQ=")]), Err(400), "not 16 bytes");
    assert_eq!(check(&[(b"Sec-WebSocket-Key", KEY), (b"Sec-WebSocket-Key", KEY)]), Err(400), "two keys");
}

#[test]
fn protocols_may_be_offered_in_several_headers() {
    let asked =
        check(&[(b"Sec-WebSocket-Protocol", b"soap, wamp"), (b"sec-websocket-protocol", b"mqtt")]).expect("good");
    assert_eq!(asked.protocols, [b"soap", b"wamp", b"mqtt"]);
}

#[test]
fn compression_is_agreed_on() {
    const PLAIN: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    assert_eq!(answered(b"permessage-deflate").as_deref(), Some(PLAIN));
    assert_eq!(answered(b"permessage-deflate; client_max_window_bits").as_deref(), Some(PLAIN));
    assert_eq!(
        answered(b"permessage-deflate ;client_max_window_bits=\"10\"; server_no_context_takeover").as_deref(),
        Some(PLAIN)
    );
    let small = format!("{PLAIN}; server_max_window_bits=9");
    assert_eq!(answered(b"permessage-deflate; server_max_window_bits=9"), Some(small));
    // The first offer that is understood counts.
    assert_eq!(
        answered(b"x-webkit-deflate-frame, permessage-deflate; what=1, permessage-deflate").as_deref(),
        Some(PLAIN)
    );
}

#[test]
fn compression_that_is_not_understood_is_declined() {
    for offer in [
        &b"permessage-deflate; what"[..],
        b"permessage-deflate; server_max_window_bits",
        b"permessage-deflate; server_max_window_bits=16",
        b"permessage-deflate; server_max_window_bits=08",
        b"permessage-deflate; client_max_window_bits=7",
        b"permessage-deflate; server_no_context_takeover=1",
        b"permessage-deflate; client_max_window_bits; client_max_window_bits",
        b"deflate-frame",
    ] {
        assert_eq!(answered(offer), None, "{}", offer.escape_ascii());
    }
}

#[test]
fn a_client_is_served_by_our_own_server() {
    let client = ClientHandshake::new(&["chat"], true);
    let headers = client.headers();
    let lines = headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    let asked = Asked::check(lines).expect("a good request");
    assert_eq!(asked.protocols, [b"chat"]);
    let (accept, extension) = (accept(asked.key), asked.deflate.expect("compression").answer());
    let answer = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Accept", &accept),
        ("Sec-WebSocket-Protocol", "chat"),
        ("Sec-WebSocket-Extensions", &extension),
    ];
    let lines = answer.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    assert_eq!(client.check(101, lines), Ok(Agreed { protocol: Some("chat".into()), deflate: true }));
    assert_ne!(client, ClientHandshake::new(&["chat"], true), "no two have the same key");
}

#[test]
fn a_client_refuses_what_it_did_not_ask_for() {
    let client = ClientHandshake::new(&[], false);
    let accept = accept(client.headers()[3].1.as_bytes());
    let check = |status, more: &[(&str, &str)]| {
        let good = [("Connection", "upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Accept", accept.as_str())];
        let lines: Vec<_> = good.iter().chain(more).map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        client.check(status, lines.into_iter())
    };
    assert!(check(101, &[]).is_ok());
    assert!(check(200, &[]).is_err());
    assert!(check(101, &[("Sec-WebSocket-Protocol", "chat")]).is_err());
    assert!(check(101, &[("Sec-WebSocket-Extensions", "permessage-deflate")]).is_err());
    assert!(check(101, &[("Sec-WebSocket-Accept", &accept)]).is_err(), "twice");
    let other = ClientHandshake::new(&[], true);
    let lines = [("Connection", "upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Accept", accept.as_str())];
    assert!(other.check(101, lines.iter().map(|(n, v)| (n.as_bytes(), v.as_bytes()))).is_err(), "another's key");
}
