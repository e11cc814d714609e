//! Bytes to and fro.

use super::*;

#[test]
fn what_is_sent_comes_back() {
    let (port, peer) = peer(echo);
    let events = run(
        port,
        Events {
            on_connect: sends(b"hello"),
            on_receive: Some(Box::new(|client, data| {
                assert_eq!(data, b"hello");
                client.close(false).unwrap();
                Flow::Continue
            })),
            ..Events::default()
        },
    );
    assert_eq!(events.noted(), ["connect", "receive", "close"]);
    peer.join().unwrap();
}
