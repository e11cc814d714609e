//! Whatever program and peer do in whatever order: connect is told once, close once and last, and the loop ends.

use super::*;
use proptest::prelude::*;
use std::cell::Cell;
use std::os::fd::AsFd;

/// What the program does in a callback.
#[derive(Debug, Clone, Copy)]
enum Act {
    Send(usize),
    Pause,
    Resume,
    ResumeLater,
    PipeToNull,
    EndPipe,
    Shutdown(How),
    Close(bool),
    ConnectAgain,
    Leave,
}

/// What the peer does.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Write(usize),
    Read,
    EndWriting,
    Reset,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (1..300_000_usize).prop_map(Act::Send),
        2 => Just(Act::Pause),
        2 => Just(Act::Resume),
        3 => Just(Act::ResumeLater),
        1 => Just(Act::PipeToNull),
        1 => Just(Act::EndPipe),
        1 => prop_oneof![Just(How::Read), Just(How::Write), Just(How::Both)].prop_map(Act::Shutdown),
        1 => any::<bool>().prop_map(Act::Close),
        1 => Just(Act::ConnectAgain),
        1 => Just(Act::Leave),
    ];
    prop::collection::vec(act, 0..12)
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        5 => (1..300_000_usize).prop_map(Deed::Write),
        4 => Just(Deed::Read),
        1 => Just(Deed::EndWriting),
        1 => Just(Deed::Reset),
    ];
    prop::collection::vec(deed, 0..8)
}

fn serve(mut stream: TcpStream, deeds: Vec<Deed>) {
    let bytes = vec![b'\n'; 300_000];
    for deed in deeds {
        match deed {
            Deed::Write(count) => drop(stream.write_all(&bytes[..count])),
            Deed::Read => drop(stream.read(&mut [0; 10_000])),
            Deed::EndWriting => drop(stream.shutdown(std::net::Shutdown::Write)),
            Deed::Reset => socket2::SockRef::from(&stream.as_fd()).set_linger(Some(Duration::ZERO)).unwrap(),
        }
    }
}

fn act(client: &AsyncClient, act: Act, port: u16, null: RawFd) -> Flow {
    // Each of them may be refused; none may break anything.
    match act {
        Act::Send(count) => drop(client.send(&vec![1; count])),
        Act::Pause => drop(client.pause()),
        Act::Resume => drop(client.resume()),
        Act::ResumeLater => {
            let client = client.clone();
            let later = move || {
                drop(client.resume());
                Flow::Continue
            };
            event::defer(Box::new(later)).unwrap();
        }
        Act::PipeToNull => drop(client.pipe(Some(null))),
        Act::EndPipe => drop(client.pipe(None)),
        Act::Shutdown(how) => drop(client.shutdown(how)),
        Act::Close(force) => drop(client.close(force)),
        Act::ConnectAgain => {
            // Only what is not connected any more; then it is another connection with events of its own.
            if client.connect("127.0.0.1", port, TIME, Rc::new(Events::default())).is_ok() {
                client.close(true).unwrap();
            }
        }
        Act::Leave => return Flow::Leave { code: 1 },
    }
    Flow::Continue
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn connect_is_told_once_and_close_once_and_last(acts in acts(), deeds in deeds(), split in any::<bool>()) {
        let (port, peer) = peer(|stream| serve(stream, deeds));
        let null = std::fs::File::options().write(true).open("/dev/null").unwrap();
        let null_fd = null.as_raw_fd();
        let client = AsyncClient::new(SocketType::Tcp);
        if split {
            client.set("open_eof_split", &Value::from(true)).unwrap();
            client.set("package_eof", &Value::from("\n\n\n\n\n")).unwrap();
        }
        let next = Rc::new(Cell::new(0));
        let step = {
            let acts = Rc::new(acts);
            move |client: &AsyncClient| match acts.get(next.replace(next.get() + 1)) {
                Some(what) => act(client, *what, port, null_fd),
                None => Flow::Continue,
            }
        };
        let step = Rc::new(step);
        let (connecting, receiving, full, empty) = (step.clone(), step.clone(), step.clone(), step);
        let events = connect(&client, port, Events {
            on_connect: Some(Box::new(move |client| connecting(client))),
            on_receive: Some(Box::new(move |client, _| receiving(client))),
            on_full: Some(Box::new(move |client| full(client))),
            on_empty: Some(Box::new(move |client| empty(client))),
            ..Events::default()
        });
        // A program that has paused for ever, or waits for a peer that says nothing, closes in the end.
        let held = client.clone();
        let end = move |_| {
            let _ = held.close(true);
            Flow::Continue
        };
        event::after(Duration::from_millis(30), Rc::new(end)).unwrap();
        while event::wait().unwrap() != Flow::Continue {}
        prop_assert!(event::is_idle());
        let mut noted = events.noted();
        prop_assert_eq!((noted.remove(0), noted.pop()), ("connect".to_string(), Some("close".to_string())));
        prop_assert!(!noted.iter().any(|note| note == "connect" || note == "close"), "{:?}", noted);
        prop_assert!(!client.is_connected());
        prop_assert_eq!(Rc::strong_count(&events), 1);
        peer.join().unwrap();
    }
}
