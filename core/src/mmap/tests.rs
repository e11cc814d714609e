//! By behaviour, and against a plain vector.

use super::Mmap;
use crate::error::ErrorKind;
use proptest::prelude::*;
use std::io::{SeekFrom, Write};
use tempfile::NamedTempFile;

fn file(content: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

fn rest(window: &mut Mmap) -> Vec<u8> {
    let mut bytes = vec![0; window.size() as usize + 10];
    let length = window.read(&mut bytes).unwrap();
    bytes.truncate(length);
    bytes
}

#[test]
fn it_reads_the_window_and_no_further() {
    let file = file(b"0123456789");
    let mut window = Mmap::open(file.path(), Some(4), 3).unwrap();
    assert_eq!((window.size(), rest(&mut window)), (4, b"3456".to_vec()));
    assert_eq!(window.read(&mut [0; 8]).unwrap(), 0, "the end");
    assert_eq!(rest(&mut Mmap::open(file.path(), None, 7).unwrap()), b"789");
}

#[test]
fn it_writes_the_window_and_no_further() {
    let file = file(b"0123456789");
    let mut window = Mmap::open(file.path(), Some(4), 3).unwrap();
    assert_eq!(window.write(b"ab").unwrap(), 2);
    assert_eq!(window.write(b"cdefgh").unwrap(), 2);
    assert_eq!(window.write(b"x").unwrap(), 0);
    window.flush().unwrap();
    assert_eq!(std::fs::read(file.path()).unwrap(), b"012abcd789");
}

#[test]
fn what_one_window_writes_another_sees() {
    let file = file(b"0123456789");
    let (mut one, mut other) =
        (Mmap::open(file.path(), None, 0).unwrap(), Mmap::open(file.path(), Some(5), 5).unwrap());
    one.seek(SeekFrom::Start(4)).unwrap();
    one.write(b"abc").unwrap();
    assert_eq!(rest(&mut other), b"bc789");
}

#[test]
fn windows_that_are_empty_or_reach_beyond_the_end_are_refused() {
    let content = file(b"0123456789");
    for (size, offset) in [(Some(0), 0), (Some(11), 0), (Some(1), 10), (None, 10), (None, 11), (Some(u64::MAX), 2)] {
        let error = Mmap::open(content.path(), size, offset).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams, "{size:?} {offset}");
    }
    assert!(Mmap::open(file(b"").path(), None, 0).is_err());
}

#[test]
fn a_file_that_is_not_there_is_the_systems_error() {
    let error = Mmap::open("/nonexistent/file".as_ref(), None, 0).unwrap_err();
    assert_eq!(error.code(), libc::ENOENT);
    assert!(error.to_string().contains("/nonexistent/file"));
}

#[test]
fn it_moves_within_the_window_only() {
    let file = file(b"0123456789");
    let mut window = Mmap::open(file.path(), Some(6), 2).unwrap();
    assert_eq!(window.seek(SeekFrom::End(-2)).unwrap(), 4);
    assert_eq!(window.seek(SeekFrom::Current(-3)).unwrap(), 1);
    assert_eq!(window.seek(SeekFrom::Start(6)).unwrap(), 6);
    assert_eq!(window.seek(SeekFrom::Start(1)).unwrap(), 1);
    for to in [
        SeekFrom::Start(7),
        SeekFrom::End(1),
        SeekFrom::End(-7),
        SeekFrom::Current(-2),
        SeekFrom::Current(6),
        SeekFrom::Current(i64::MAX),
        SeekFrom::End(i64::MIN),
    ] {
        assert_eq!(window.seek(to).unwrap_err().kind(), ErrorKind::InvalidParams, "{to:?}");
    }
    assert_eq!(rest(&mut window), b"34567", "a refused move changes nothing");
}

#[test]
fn a_file_that_is_cut_gives_what_is_left_and_then_an_error() {
    let file = file(b"0123456789");
    let mut window = Mmap::open(file.path(), None, 2).unwrap();
    file.as_file().set_len(5).unwrap();
    assert_eq!(rest(&mut window), b"234");
    assert_eq!(window.read(&mut [0; 1]).unwrap_err().kind(), ErrorKind::FileEmpty);
    assert_eq!(window.write(b"x").unwrap_err().kind(), ErrorKind::FileEmpty);
    window.seek(SeekFrom::Start(0)).unwrap();
    assert_eq!(window.write(b"abcdef").unwrap_err().kind(), ErrorKind::FileEmpty);
    assert_eq!(window.write(b"abc").unwrap(), 3);
    assert_eq!(std::fs::read(file.path()).unwrap(), b"01abc");
}

#[derive(Debug, Clone)]
enum Step {
    Read(usize),
    Write(Vec<u8>),
    Seek(SeekFrom),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_usize..40).prop_map(Step::Read),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Step::Write),
        (0_u64..120).prop_map(|to| Step::Seek(SeekFrom::Start(to))),
        (-120_i64..10).prop_map(|by| Step::Seek(SeekFrom::End(by))),
        (-60_i64..60).prop_map(|by| Step::Seek(SeekFrom::Current(by))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn it_is_what_a_vector_would_be(
        content in prop::collection::vec(any::<u8>(), 1..100),
        from in any::<prop::sample::Index>(),
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let file = file(&content);
        let offset = from.index(content.len());
        let size = (content.len() - offset).div_ceil(2);
        let mut window = Mmap::open(file.path(), Some(size as u64), offset as u64).unwrap();
        let mut oracle = content.clone();
        let mut position = 0;
        for step in steps {
            match step {
                Step::Read(count) => {
                    let mut got = vec![0; count];
                    let length = window.read(&mut got).unwrap();
                    prop_assert_eq!(&got[..length], &oracle[offset + position..offset + (position + count).min(size)]);
                    position += length;
                }
                Step::Write(data) => {
                    let length = data.len().min(size - position);
                    oracle[offset + position..][..length].copy_from_slice(&data[..length]);
                    prop_assert_eq!(window.write(&data).unwrap(), length);
                    position += length;
                }
                Step::Seek(to) => {
                    let target = match to {
                        SeekFrom::Start(to) => to as i64,
                        SeekFrom::End(by) => size as i64 + by,
                        SeekFrom::Current(by) => position as i64 + by,
                    };
                    let moved = window.seek(to);
                    prop_assert_eq!(moved.is_ok(), (0..=size as i64).contains(&target));
                    position = moved.map_or(position, |to| to as usize);
                }
            }
        }
        prop_assert_eq!(std::fs::read(file.path()).unwrap(), oracle);
    }
}
