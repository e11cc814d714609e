//! What lies in a mailbox, or in a message queue that outsiders write to: any bytes are a letter or refused, and a letter
//! says all that its bytes say.
#![no_main]

use libfuzzer_sys::fuzz_target;
use swoole_core::server::mail::letter::{Kind, Letter, pack, unpack};

fuzz_target!(|record: &[u8]| {
    let found = Letter::parse(record);
    if let Some((letter, body)) = &found {
        assert_eq!([&letter.to_bytes(body.len())[..], body].concat(), record);
        assert_eq!(letter.ticket().id, letter.id);
    }
    let is_task = found.is_some_and(|(letter, _)| letter.kind == Kind::Task && !letter.is_filed());
    let unpacked = unpack(record);
    assert_eq!(unpacked.is_ok(), is_task);
    if let Ok(data) = unpacked {
        let packed = pack(data);
        assert_eq!(unpack(&packed).expect("it was packed"), data);
    }
});
