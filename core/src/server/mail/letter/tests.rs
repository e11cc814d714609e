//! A letter comes out as it went in, and whatever else lies in a queue is refused.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn any_letter() -> impl Strategy<Value = Letter> {
    let kind = prop::sample::select([Kind::Task, Kind::Answer, Kind::Ended, Kind::Message].as_slice());
    let bits = any::<u64>();
    (kind, any::<u16>(), any::<i32>(), any::<i64>(), bits, any::<u64>()).prop_map(
        |(kind, flags, source, id, time, run)| Letter {
            kind,
            flags,
            source,
            id,
            time: f64::from_bits(time),
            tries: 0,
            run,
        },
    )
}

/// Bytes of which many begin like a letter.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let noise = || vec(any::<u8>(), 0..100);
    prop_oneof![
        noise(),
        (any::<u16>(), noise()).prop_map(|(kind, rest)| [&MAGIC[..], &kind.to_ne_bytes(), &rest].concat()),
        (0..6u16, noise()).prop_map(|(kind, rest)| [&MAGIC[..], &kind.to_ne_bytes(), &rest].concat()),
        (0..6u16, vec(any::<u8>(), HEAD - 6..100)).prop_map(|(kind, rest)| {
            let mut record = [&MAGIC[..], &kind.to_ne_bytes(), &rest].concat();
            let length = (record.len() - HEAD) as u32;
            record[12..16].copy_from_slice(&length.to_ne_bytes());
            record
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_letter_comes_out_as_it_went_in(letter in any_letter(), body in vec(any::<u8>(), 0..100)) {
        let record = [&letter.to_bytes(body.len())[..], &body].concat();
        let (found, rest) = Letter::parse(&record).expect("it is one of ours");
        // By the bytes: a time that is no number equals nothing.
        prop_assert_eq!(found.to_bytes(0), letter.to_bytes(0));
        prop_assert_eq!(format!("{found:?}"), format!("{letter:?}"));
        prop_assert_eq!(rest, &body[..]);
    }

    #[test]
    fn of_any_bytes_those_are_a_letter_that_have_its_mark_and_a_kind(record in bytes()) {
        let is_one = record.len() >= HEAD
            && record.starts_with(&MAGIC)
            && (1..=4).contains(&u16::from_ne_bytes([record[4], record[5]]))
            && record[12..16] == ((record.len() - HEAD) as u32).to_ne_bytes();
        let found = Letter::parse(&record);
        prop_assert_eq!(found.is_some(), is_one);
        if let Some((letter, body)) = found {
            prop_assert_eq!([&letter.to_bytes(body.len())[..], body].concat(), record);
        }
    }

    #[test]
    fn what_was_packed_is_unpacked(bytes in vec(any::<u8>(), 0..100), serialized in any::<bool>()) {
        let data = Data { bytes: &bytes, serialized };
        let packed = pack(data);
        prop_assert_eq!(unpack(&packed).expect("it was packed"), data);
        let (letter, _) = Letter::parse(&packed).expect("it is one of ours");
        prop_assert_eq!((letter.kind, letter.source, letter.run, letter.tries), (Kind::Task, -1, 0, 0));
        prop_assert!(!letter.ticket().wants_end(), "nobody hears an answer");
    }

    #[test]
    fn only_what_was_packed_is_unpacked(record in bytes()) {
        let is_task = Letter::parse(&record).is_some_and(|(letter, _)| letter.kind == Kind::Task && !letter.is_filed());
        prop_assert_eq!(unpack(&record).is_ok(), is_task);
    }
}

#[test]
fn a_packed_task_that_was_cut_is_refused() {
    let packed = pack(Data { bytes: b"", serialized: false });
    assert!(unpack(&packed).is_ok());
    let error = unpack(&packed[..packed.len() - 1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidParams);
}
