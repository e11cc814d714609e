//! What a proxy answers: any bytes are an answer, a part of one, or refused, and it makes no difference how they are cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::client::Settings;
use swoole_core::client::proxy::{Handshake, Step};
use swoole_core::config::Value;
use swoole_core::net::SocketType;

/// What came of a whole answer: all that was sent, and the peer's first bytes or the error's kind.
fn talk<'a>(
    options: &[(&str, &str)],
    parts: impl Iterator<Item = &'a [u8]>,
) -> (Vec<u8>, Option<Result<Vec<u8>, i32>>) {
    let mut settings = Settings::default();
    for (name, value) in options {
        settings.set(name, &Value::from(*value)).expect("a proxy's option");
    }
    let mut proxy =
        Handshake::start(&settings.own, SocketType::Tcp, "example.com", 81).expect("a target").expect("a proxy");
    let (mut sent, mut ended) = (proxy.greeting().to_vec(), None);
    for part in parts {
        match &mut ended {
            // What comes behind the answer is the peer's.
            Some(Ok(leftover)) => {
                let leftover: &mut Vec<u8> = leftover;
                leftover.extend_from_slice(part);
            }
            Some(Err(_)) => {}
            None => match proxy.feed(part) {
                Ok(Step::More) => {}
                Ok(Step::Send(bytes)) => sent.extend(bytes),
                Ok(Step::Done { leftover }) => ended = Some(Ok(leftover)),
                Err(error) => ended = Some(Err(error.code())),
            },
        }
    }
    (sent, ended)
}

fuzz_target!(|input: (bool, bool, &[u8])| {
    let (http, login, answer) = input;
    let mut options = vec![(if http { "http_proxy_host" } else { "socks5_host" }, "proxy")];
    if login {
        options.push((if http { "http_proxy_user" } else { "socks5_username" }, "me"));
    }
    let whole = talk(&options, std::iter::once(answer));
    let bytes = talk(&options, answer.chunks(1));
    // A SOCKS5 proxy that answers what it was not asked yet is refused where that is seen: in one piece.
    if http || whole.1.as_ref().is_some_and(Result::is_ok) {
        assert_eq!(whole, bytes);
    }
});
