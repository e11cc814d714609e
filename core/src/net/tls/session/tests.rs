use crate::config::{SniCertificate, Value};
use crate::error::ErrorKind;
use crate::net::tls::ServerTls;
use crate::net::tls::testing::{Authority, End, client, ends, talk, trusting};

const SERVER: &[(&str, &str)] = &[("ssl_cert_file", "a.pem"), ("ssl_key_file", "a.key")];

fn authority() -> Authority {
    let authority = Authority::new("authority");
    authority.issue("a", &["localhost", "127.0.0.1"]);
    authority
}

/// Both ends after their handshake.
fn connected(options: &[(&str, &str)]) -> (End, End) {
    let authority = authority();
    let server = authority.server(&[SERVER, options].concat());
    let (mut client, mut server) = ends(&trusting(&authority.path("ca.pem")), &server, "localhost");
    talk(&mut client, &mut server, usize::MAX).unwrap();
    assert!(client.session.is_established() && server.session.is_established());
    (client, server)
}

#[test]
fn records_may_come_in_pieces_of_any_length() {
    let authority = authority();
    let server = authority.server(SERVER);
    let rules = trusting(&authority.path("ca.pem"));
    for step in [1, 2, 3, 5, 7, 100, 1399, 16384, 70000] {
        let (mut client, mut server) = ends(&rules, &server, "localhost");
        talk(&mut client, &mut server, step).unwrap();
        let long: Vec<u8> = (0..100_000u32).map(|n| n as u8).collect();
        client.session.encrypt(b"hello", &mut client.out).unwrap();
        client.session.encrypt(&long, &mut client.out).unwrap();
        server.session.encrypt(&long[..40_000], &mut server.out).unwrap();
        talk(&mut client, &mut server, step).unwrap();
        assert_eq!(&server.got[..5], b"hello", "step {step}");
        assert!(server.got[5..] == long[..], "step {step}");
        assert!(client.got == long[..40_000], "step {step}");
    }
}

#[test]
fn both_versions_and_all_suites_work() {
    for (version, suites) in
        [("64", &SUITES_13[..]), ("32", &["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"][..])]
    {
        for suite in suites {
            let (mut client, mut server) = connected(&[("ssl_protocols", version), ("ssl_ciphers", suite)]);
            client.session.encrypt(b"x", &mut client.out).unwrap();
            talk(&mut client, &mut server, usize::MAX).unwrap();
            assert_eq!(server.got, b"x", "{suite}");
        }
    }
}

const SUITES_13: [&str; 3] = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

#[test]
fn the_end_is_told_and_the_other_direction_goes_on() {
    let (mut client, mut server) = connected(&[]);
    client.session.encrypt(b"last", &mut client.out).unwrap();
    client.session.close(&mut client.out).unwrap();
    talk(&mut client, &mut server, usize::MAX).unwrap();
    assert_eq!((&server.got[..], server.ended), (&b"last"[..], true));
    server.session.encrypt(b"answer", &mut server.out).unwrap();
    server.session.close(&mut server.out).unwrap();
    talk(&mut client, &mut server, usize::MAX).unwrap();
    assert_eq!((&client.got[..], client.ended), (&b"answer"[..], true));
}

#[test]
fn what_is_no_tls_is_refused_with_an_alert() {
    let server = authority().server(SERVER);
    for garbage in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"\x16\x03\x01\xff\xff",
        &[0; 600],
        b"\x16\x03\x01\x00\x05\x01\xff\xff\xff\xff",
    ] {
        let mut end = End::new(server.session().unwrap());
        let error = end.take(garbage, usize::MAX).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SslBadClient | ErrorKind::SslHandshakeFailed), "{error}");
        let alert = end.out.bytes().first();
        assert!(alert == Some(&21) || garbage.starts_with(b"\x16\x03\x01\x00\x05"), "an alert for {garbage:?}");
    }
}

#[test]
fn a_record_that_was_changed_ends_the_connection() {
    let (mut client, mut server) = connected(&[]);
    client.session.encrypt(b"hello", &mut client.out).unwrap();
    let mut records = client.taken();
    *records.last_mut().unwrap() ^= 1;
    let error = server.take(&records, usize::MAX).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SslReset, "{error}");
    assert!(server.got.is_empty());
}

#[test]
fn a_connection_that_has_failed_is_asked_nothing_more() {
    // Half of a message of the handshake, and what cannot follow it: rustls would look for the half where it is not any more.
    let server = authority().server(SERVER);
    let mut end = End::new(server.session().unwrap());
    end.take(b"\x16\x03\x01\x00\x04\x01\x00\x00\x20", usize::MAX).unwrap();
    let alert = b"\x15\x03\x01\x00\x02\x02\x28";
    end.take(alert, usize::MAX).unwrap_err();
    for _ in 0..3 {
        let error = end.take(alert, usize::MAX).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SslReset, "{error}");
    }
    assert!(end.session.encrypt(b"x", &mut end.out).is_err() && end.session.close(&mut end.out).is_err());
    // The same after the handshake.
    let (mut client, mut server) = connected(&[]);
    client.session.encrypt(b"hello", &mut client.out).unwrap();
    let mut records = client.taken();
    *records.last_mut().unwrap() ^= 1;
    server.take(&records, usize::MAX).unwrap_err();
    server.taken();
    server.session.close(&mut server.out).unwrap_err();
    assert_eq!(server.take(&records, usize::MAX).unwrap_err().kind(), ErrorKind::SslReset);
    assert!(server.out.bytes().is_empty(), "it has told what there was to be told");
}

#[test]
fn a_message_that_never_ends_is_given_up() {
    let server = authority().server(SERVER);
    let mut end = End::new(server.session().unwrap());
    // A ClientHello of 64 KiB less one, in records of one byte each.
    let mut records = vec![];
    for byte in [&[1, 0, 0xff, 0xff][..], &[0; 0xffff]].concat() {
        records.extend_from_slice(&[22, 3, 1, 0, 1, byte]);
    }
    assert!(end.take(&records, 1000).is_err());
}

#[test]
fn the_host_chooses_the_certificate() {
    let authority = authority();
    authority.issue("b", &["b.test", "*.wide.test"]);
    let mut settings = authority.settings(SERVER);
    let sni = |host: &str| SniCertificate {
        host: host.into(),
        cert_file: authority.path("b.pem"),
        key_file: authority.path("b.key"),
        passphrase: None,
    };
    settings.ssl_sni_certs = vec![sni("B.test"), sni("*.wide.test")];
    let server = ServerTls::new(&settings).unwrap().0;
    let rules = trusting(&authority.path("ca.pem"));
    for (host, fits) in
        [("localhost", true), ("b.test", true), ("x.wide.test", true), ("x.y.wide.test", false), ("127.0.0.1", true)]
    {
        let (mut client, mut server) = ends(&rules, &server, host);
        let shaken = talk(&mut client, &mut server, usize::MAX);
        assert_eq!(shaken.is_ok(), fits, "{host}: {shaken:?}");
    }
}

#[test]
fn a_server_that_is_not_trusted_or_has_another_name_is_refused() {
    let (authority, other) = (authority(), Authority::new("other"));
    let server = authority.server(SERVER);
    for (rules, host) in
        [(trusting(&other.path("ca.pem")), "localhost"), (trusting(&authority.path("ca.pem")), "other.test")]
    {
        let (mut client, mut server) = ends(&rules, &server, host);
        let error = talk(&mut client, &mut server, usize::MAX).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SslVerifyFailed, "{error}");
        assert!(!client.session.is_established());
    }
    let (mut client, mut server) = ends(&client(&[]), &server, "other.test");
    talk(&mut client, &mut server, usize::MAX).unwrap();
}

#[test]
fn a_self_signed_server_is_taken_when_it_is_trusted_itself_or_all_such_are() {
    let authority = authority();
    authority.self_signed("own", &["localhost"]);
    let server = authority.server(&[("ssl_cert_file", "own.pem"), ("ssl_key_file", "own.key")]);
    let (own, ca) = (authority.path("own.pem"), authority.path("ca.pem"));
    let (own, ca) = (own.to_str().unwrap(), ca.to_str().unwrap());
    for (options, host, fits) in [
        (&[("ssl_cafile", ca)][..], "localhost", false),
        (&[("ssl_cafile", own)], "localhost", true),
        (&[("ssl_cafile", own)], "other.test", false),
        (&[("ssl_cafile", ca), ("ssl_allow_self_signed", "true")], "localhost", true),
    ] {
        let rules = client(&[options, &[("ssl_verify_peer", "true")]].concat());
        let (mut client, mut server) = ends(&rules, &server, host);
        let shaken = talk(&mut client, &mut server, usize::MAX);
        assert_eq!(shaken.is_ok(), fits, "{options:?} {host}: {shaken:?}");
    }
}

#[test]
fn clients_are_held_to_their_certificates() {
    let (authority, other) = (authority(), Authority::new("other"));
    authority.issue("c", &["client"]);
    other.issue("d", &["client"]);
    let server = authority.server(&[SERVER, &[("ssl_client_cert_file", "ca.pem")]].concat());
    let with = |of: &Authority, name: &str| {
        let (cert, key) = (of.path(&format!("{name}.pem")), of.path(&format!("{name}.key")));
        client(&[("ssl_cert_file", cert.to_str().unwrap()), ("ssl_key_file", key.to_str().unwrap())])
    };
    for (rules, kind) in [
        (with(&authority, "c"), None),
        (with(&other, "d"), Some(ErrorKind::SslVerifyFailed)),
        (client(&[]), Some(ErrorKind::SslEmptyPeerCertificate)),
    ] {
        let (mut client, mut server) = ends(&rules, &server, "localhost");
        let shaken = talk(&mut client, &mut server, usize::MAX);
        assert_eq!(shaken.as_ref().err().map(|e| e.kind()), kind, "{shaken:?}");
        assert_eq!(server.session.is_established(), kind.is_none());
        assert_eq!(server.session.peer_certificates().len(), usize::from(kind.is_none()));
    }
}

#[test]
fn a_session_is_taken_up_again_and_not_past_a_check_of_the_client() {
    let authority = authority();
    let rules = client(&[("ssl_ecdh_curve", "x25519")]);
    let resumed = |server: &ServerTls| {
        let (mut client, mut server) = ends(&rules, server, "localhost");
        talk(&mut client, &mut server, usize::MAX).map(|()| server.session.is_resumed())
    };
    let server = authority.server(SERVER);
    assert!(!resumed(&server).unwrap());
    assert!(resumed(&server).unwrap());
    server.reload().unwrap();
    assert!(resumed(&server).unwrap(), "a reload changes nothing");
    assert!(!resumed(&authority.server(SERVER)).unwrap(), "another port has other tickets");
}

#[test]
fn alpn_is_for_ports_of_http() {
    let authority = authority();
    for (http, offered, agreed) in
        [(true, "http/1.1", Some(&b"http/1.1"[..])), (false, "http/1.1", None), (true, "h2", None)]
    {
        let mut settings = authority.settings(SERVER);
        settings.set("open_http_protocol", &Value::Bool(http)).unwrap();
        let server = ServerTls::new(&settings).unwrap().0;
        let session = client(&[]).session("localhost", &[offered.as_bytes()]).unwrap();
        let (mut client, mut server) = (End::new(session), End::new(server.session().unwrap()));
        client.session.begin(&mut client.out).unwrap();
        let shaken = talk(&mut client, &mut server, usize::MAX);
        assert_eq!(shaken.is_ok(), offered != "h2", "{shaken:?}");
        assert_eq!(server.session.alpn().filter(|_| shaken.is_ok()), agreed);
    }
}

#[test]
fn new_certificates_are_taken_and_wrong_ones_are_not() {
    let authority = authority();
    let server = authority.server(SERVER);
    let rules = trusting(&authority.path("ca.pem"));
    let fits = |host: &str| {
        let (mut client, mut server) = ends(&rules, &server, host);
        talk(&mut client, &mut server, usize::MAX).is_ok()
    };
    assert!(fits("localhost") && !fits("new.test"));
    authority.issue("a", &["new.test"]);
    server.reload().unwrap();
    assert!(fits("new.test"));
    authority.write("a.key", "nothing");
    let error = server.reload().unwrap_err().to_string();
    assert!(error.contains("ssl_key_file") && error.contains("a.key"), "{error}");
    assert!(fits("new.test"));
}
