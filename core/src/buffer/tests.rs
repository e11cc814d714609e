//! By behaviour, and against a plain vector.

use super::{Buffer, MOST};
use crate::error::ErrorKind;
use proptest::prelude::*;

fn with(text: &[u8]) -> Buffer {
    let mut buffer = Buffer::new(8).unwrap();
    buffer.append(text).unwrap();
    buffer
}

#[test]
fn it_begins_empty_with_the_room_that_was_asked_for() {
    let buffer = Buffer::new(100).unwrap();
    assert_eq!((buffer.as_bytes(), buffer.capacity()), (&b""[..], 100));
    for size in [0, MOST + 1, usize::MAX] {
        assert_eq!(Buffer::new(size).unwrap_err().kind(), ErrorKind::InvalidParams);
    }
}

#[test]
fn appending_grows_it() {
    let mut buffer = Buffer::new(4).unwrap();
    assert_eq!(buffer.append(b"abc").unwrap(), 3);
    assert_eq!(buffer.capacity(), 4);
    assert_eq!(buffer.append(b"defgh").unwrap(), 8);
    assert_eq!(buffer.as_bytes(), b"abcdefgh");
    assert!(buffer.capacity() >= 8);
}

#[test]
fn parts_are_counted_from_either_end() {
    let buffer = with(b"abcdef");
    assert_eq!(buffer.part(1, Some(2)).unwrap(), b"bc");
    assert_eq!(buffer.part(-2, None).unwrap(), b"ef");
    assert_eq!(buffer.part(-6, Some(6)).unwrap(), b"abcdef");
    assert_eq!(buffer.part(6, None).unwrap(), b"");
}

#[test]
fn parts_out_of_bounds_are_refused() {
    let buffer = with(b"abcdef");
    for (offset, length) in
        [(7, None), (-7, None), (0, Some(7)), (5, Some(2)), (1, Some(usize::MAX)), (i64::MIN, None), (i64::MAX, None)]
    {
        let error = buffer.part(offset, length).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams, "{offset} {length:?}");
    }
}

#[test]
fn what_is_given_up_is_gone_and_its_room_is_not_until_it_is_recycled() {
    let mut buffer = with(b"abcdefgh");
    buffer.give_up(3).unwrap();
    assert_eq!((buffer.as_bytes(), buffer.capacity()), (&b"defgh"[..], 8));
    assert_eq!(buffer.part(0, Some(1)).unwrap(), b"d", "positions count from the first that is left");
    buffer.recycle();
    assert_eq!(buffer.append(b"ijk").unwrap(), 8);
    assert_eq!((buffer.as_bytes(), buffer.capacity()), (&b"defghijk"[..], 8));
    assert_eq!(buffer.give_up(9).unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn one_that_is_read_as_fast_as_it_is_appended_to_does_not_grow() {
    let mut buffer = Buffer::new(64).unwrap();
    for _ in 0..1000 {
        buffer.append(&[7; 20]).unwrap();
        buffer.give_up(15).unwrap();
        buffer.give_up(5).unwrap();
    }
    buffer.append(&[7; 20]).unwrap();
    for _ in 0..1000 {
        buffer.append(&[7; 8]).unwrap();
        buffer.give_up(8).unwrap();
    }
    assert_eq!((buffer.as_bytes().len(), buffer.capacity()), (20, 64));
}

#[test]
fn writing_goes_over_the_end() {
    let mut buffer = with(b"abcdef");
    assert_eq!(buffer.write(1, b"XY").unwrap(), 6);
    assert_eq!(buffer.write(-1, b"12345").unwrap(), 10);
    assert_eq!(buffer.as_bytes(), b"aXYde12345");
    assert_eq!(buffer.write(10, b"!").unwrap(), 11);
    assert_eq!(buffer.write(12, b"").unwrap_err().kind(), ErrorKind::InvalidParams);
    assert_eq!(buffer.write(-12, b"x").unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn it_expands_only_to_more_and_not_beyond_2_gib() {
    let mut buffer = with(b"abc");
    assert_eq!(buffer.expand(4096).unwrap(), 4096);
    for size in [4096, 4095, 0, MOST + 1, usize::MAX] {
        assert_eq!(buffer.expand(size).unwrap_err().kind(), ErrorKind::InvalidParams, "{size}");
    }
    assert_eq!((buffer.as_bytes(), buffer.capacity()), (&b"abc"[..], 4096));
}

#[test]
fn nothing_is_left_after_a_clear_but_the_room() {
    let mut buffer = with(b"abcdefgh");
    buffer.give_up(2).unwrap();
    buffer.clear();
    assert_eq!((buffer.as_bytes(), buffer.capacity()), (&b""[..], 8));
}

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<u8>),
    Write(i64, Vec<u8>),
    Part(i64, Option<usize>),
    GiveUp(usize),
    Expand(usize),
    Recycle,
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..40);
    prop_oneof![
        4 => bytes().prop_map(Step::Append),
        2 => (-60_i64..60, bytes()).prop_map(|(offset, data)| Step::Write(offset, data)),
        2 => (-60_i64..60, prop::option::of(0_usize..60)).prop_map(|(offset, length)| Step::Part(offset, length)),
        3 => (0_usize..50).prop_map(Step::GiveUp),
        1 => (0_usize..300).prop_map(Step::Expand),
        1 => Just(Step::Recycle),
        1 => Just(Step::Clear),
    ]
}

proptest! {
    #[test]
    fn it_is_what_a_vector_would_be(size in 1_usize..64, steps in prop::collection::vec(step(), 0..80)) {
        let mut buffer = Buffer::new(size).unwrap();
        let mut oracle: Vec<u8> = Vec::new();
        for step in steps {
            let room = buffer.capacity();
            let at = |offset: i64| {
                let at = if offset < 0 { offset + oracle.len() as i64 } else { offset };
                (0..=oracle.len() as i64).contains(&at).then_some(at as usize)
            };
            match step {
                Step::Append(data) => {
                    oracle.extend_from_slice(&data);
                    prop_assert_eq!(buffer.append(&data).unwrap(), oracle.len());
                }
                Step::Write(offset, data) => match at(offset) {
                    None => prop_assert!(buffer.write(offset, &data).is_err()),
                    Some(at) => {
                        oracle.resize(oracle.len().max(at + data.len()), 0);
                        oracle[at..at + data.len()].copy_from_slice(&data);
                        prop_assert_eq!(buffer.write(offset, &data).unwrap(), oracle.len());
                    }
                },
                Step::Part(offset, length) => {
                    let expected = at(offset).and_then(|at| match length {
                        None => oracle.get(at..),
                        Some(length) => oracle.get(at..at + length),
                    });
                    prop_assert_eq!(buffer.part(offset, length).ok(), expected);
                }
                Step::GiveUp(count) if count > oracle.len() => prop_assert!(buffer.give_up(count).is_err()),
                Step::GiveUp(count) => {
                    oracle.drain(..count);
                    buffer.give_up(count).unwrap();
                }
                Step::Expand(size) if size > room => prop_assert_eq!(buffer.expand(size).unwrap(), size),
                Step::Expand(size) => prop_assert!(buffer.expand(size).is_err()),
                Step::Recycle => buffer.recycle(),
                Step::Clear => {
                    oracle.clear();
                    buffer.clear();
                }
            }
            prop_assert_eq!(buffer.as_bytes(), &oracle[..]);
            prop_assert!(buffer.capacity() >= room.max(oracle.len()), "room is never taken back");
        }
    }
}
