//! Reading and writing.

use super::*;
use std::process::Command;

fn read_all(path: &Path) -> Result<Vec<u8>> {
    result_of(|done| read_file(path, done))
}

/// The chunks of a file, with an empty one at its end; `most` of them.
fn chunks(path: &Path, chunk: usize, offset: u64, most: usize) -> Result<Vec<Vec<u8>>> {
    let notes = Notes::new();
    let all = notes.clone();
    read(
        path,
        chunk,
        offset,
        Box::new(move |chunk| {
            let flow = all.add(chunk.map(<[u8]>::to_vec));
            (flow, all.0.borrow().len() < most)
        }),
    )?;
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(Rc::strong_count(&notes.0), 1);
    notes.take().into_iter().collect()
}

#[test]
fn a_file_is_read_whole() {
    let folder = folder();
    let path = folder.path().join("a");
    for content in [&b""[..], b"some text", &[7; LONGEST_FILE as usize]] {
        fs::write(&path, content).unwrap();
        assert!(read_all(&path).unwrap() == content);
    }
}

#[test]
fn a_file_that_does_not_tell_its_size_is_read_to_its_end() {
    let status = read_all(Path::new("/proc/self/status")).unwrap();
    assert!(status.starts_with(b"Name:"));
}

#[test]
fn a_file_that_is_too_long_is_refused_with_what_to_do() {
    let folder = folder();
    let path = folder.path().join("long");
    fs::File::create(&path).unwrap().set_len(LONGEST_FILE + 1).unwrap();
    let error = read_all(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    let text = text(error);
    assert!(text.contains("it has 4194305 bytes and at most 4194304"), "{text}");
    assert!(text.contains("swoole_async_read"), "{text}");
    assert_eq!(read_all(Path::new("/dev/zero")).unwrap_err().kind(), ErrorKind::FileTooLarge);
}

#[test]
fn what_is_missing_is_named() {
    let folder = folder();
    let path = folder.path().join("none");
    let deep = path.join("below");
    for error in [read_all(&path).unwrap_err(), chunks(&path, 10, 0, 10).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::FileNotExist);
        assert_eq!(text(error), format!("cannot read {}: the file does not exist", path.display()));
    }
    let error = result_of(|done| write_file(&deep, vec![1], false, done)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileNotExist);
    assert!(text(error).ends_with(&format!("the directory {} does not exist", path.display())));
}

#[test]
fn what_is_no_file_is_refused_and_holds_up_nothing() {
    let folder = folder();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    for (path, what) in [(folder.path(), "a directory"), (&fifo, "a FIFO"), (&socket, "a socket")] {
        let errors = [
            read_all(path).unwrap_err(),
            chunks(path, 1, 0, 9).unwrap_err(),
            result_of(|done| write_file(path, vec![1], false, done)).unwrap_err(),
            result_of(|done| write(path, vec![1], Some(0), done)).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::IsNotRegularFile, "{error}");
            let text = text(error);
            assert!(text.contains(&format!("{}: it is {what}; regular files", path.display())), "{text}");
        }
    }
    assert_eq!(result_of(|done| write_file(Path::new("/dev/null"), vec![1; 9], false, done)).unwrap(), 9);
    assert_eq!(read_all(Path::new("/dev/null")).unwrap(), b"");
}

#[test]
fn a_path_that_is_none_is_refused_at_once() {
    for path in ["", "zero\0byte"] {
        let error = read_file(Path::new(path), Box::new(|_| Flow::Continue)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AioBadRequest);
    }
    assert!(event::is_idle());
}

#[test]
fn a_chunk_is_1_byte_to_1_mib_and_an_offset_fits_a_file() {
    for chunk in [0, LONGEST_CHUNK + 1] {
        let error = chunks(Path::new("/dev/null"), chunk, 0, 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidParams);
    }
    assert!(chunks(Path::new("/dev/null"), LONGEST_CHUNK, 0, 1).is_ok());
    assert!(chunks(Path::new("/dev/null"), 1, 1 << 63, 1).is_err());
    let error = write(Path::new("/dev/null"), vec![0; 2], Some((1 << 63) - 2), Box::new(|_| Flow::Continue));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn a_file_is_read_in_chunks_with_an_empty_one_at_its_end() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "0123456789").unwrap();
    let text = |chunk, offset| {
        let chunks = chunks(&path, chunk, offset, 100).unwrap();
        chunks.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join("|")
    };
    assert_eq!(text(4, 0), "0123|4567|89|");
    assert_eq!(text(5, 0), "01234|56789|", "its length is a multiple of the chunk's");
    assert_eq!(text(100, 0), "0123456789|");
    assert_eq!(text(4, 7), "789|");
    assert_eq!(text(4, 10), "", "the end itself");
    fs::write(&path, "").unwrap();
    assert_eq!(text(4, 0), "");
}

#[test]
fn an_offset_behind_the_end_is_told() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "0123456789").unwrap();
    let error = chunks(&path, 4, 11, 9).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileEmpty);
    assert!(text(error).contains("from byte 11: it ends at byte 10"));
}

#[test]
fn reading_in_chunks_ends_when_the_callback_says_so() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "0123456789").unwrap();
    assert_eq!(chunks(&path, 2, 0, 3).unwrap(), [b"01", b"23", b"45"]);
    // Of a device that never ends, too.
    assert_eq!(chunks(Path::new("/dev/zero"), 1000, 0, 3).unwrap(), [[0; 1000], [0; 1000], [0; 1000]]);
}

#[test]
fn the_next_chunk_is_read_when_the_callback_has_returned() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "aabbcc").unwrap();
    let notes = Notes::new();
    let (all, file) = (notes.clone(), path.clone());
    let step: ChunkFn = Box::new(move |chunk| {
        // Each time what comes is written anew.
        let content = fs::read_to_string(&file).unwrap().to_uppercase();
        fs::write(&file, content).unwrap();
        (all.add(String::from_utf8_lossy(chunk.unwrap()).into_owned()), true)
    });
    read(&path, 2, 0, step).unwrap();
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take(), ["aa", "BB", "CC", ""]);
}

#[test]
fn a_file_of_64_mib_is_read_with_one_chunk_in_memory() {
    let folder = folder();
    let path = folder.path().join("big");
    fs::File::create(&path).unwrap().set_len(64 << 20).unwrap();
    // In a process of its own: this one has other tests, which need memory meanwhile.
    let said = in_child(|| {
        // Without the pages of the program itself, which a forked process maps one by one.
        let resident = || crate::sys::mem::own_memory().unwrap();
        let (before, total) = (resident(), Rc::new(Cell::new(0)));
        let count = total.clone();
        let step: ChunkFn = Box::new(move |chunk| {
            let chunk = chunk.unwrap();
            count.set(count.get() + chunk.len());
            (Flow::Continue, !chunk.is_empty())
        });
        read(&path, LONGEST_CHUNK, 0, step).unwrap();
        assert_eq!(wait(), Flow::Continue);
        let more = resident().saturating_sub(before);
        format!("{} MiB, {}", total.get() >> 20, if more < 8 << 20 { "flat" } else { "not flat" })
    });
    assert_eq!(said, "64 MiB, flat");
}

#[test]
fn a_file_is_replaced_or_appended_to_and_made_if_need_be() {
    let folder = folder();
    let path = folder.path().join("a");
    let put = |content: &str, append| result_of(|done| write_file(&path, content.into(), append, done)).unwrap();
    assert_eq!(put("some text", false), 9);
    assert_eq!(put("new", false), 3);
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(put("er", true), 2);
    assert_eq!(put("", true), 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
    let other = folder.path().join("b");
    assert_eq!(result_of(|done| write_file(&other, b"x".to_vec(), true, done)).unwrap(), 1);
    assert_eq!(fs::read_to_string(&other).unwrap(), "x");
}

#[test]
fn a_write_at_an_offset_leaves_the_rest() {
    let folder = folder();
    let path = folder.path().join("a");
    let put = |content: &str, offset| result_of(|done| write(&path, content.into(), offset, done)).unwrap();
    put("0123456789", Some(0));
    put("ab", Some(3));
    put("end", None);
    assert_eq!(fs::read_to_string(&path).unwrap(), "012ab56789end");
    put("x", Some(15));
    assert_eq!(fs::read(&path).unwrap(), b"012ab56789end\0\0x");
}

#[test]
fn writes_to_one_path_are_done_in_their_order() {
    let folder = folder();
    let path = folder.path().join("log");
    set_threads(8).unwrap();
    let (notes, mut expected) = (Notes::new(), String::new());
    // The same file by three names for it.
    let dotted = folder.path().join(".").join("log");
    let doubled = PathBuf::from(format!("{}//log", folder.path().display()));
    for number in 0..1000 {
        let line = format!("{number}\n");
        expected += &line;
        let path = [&path, &dotted, &doubled][number % 3];
        match number % 2 {
            0 => write(path, line.into(), None, notes.done()).unwrap(),
            _ => write_file(path, line.into(), true, notes.done()).unwrap(),
        }
    }
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().into_iter().map(Result::unwrap).sum::<usize>(), expected.len());
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
}

#[test]
fn each_replacement_is_done_in_its_turn() {
    let folder = folder();
    let path = folder.path().join("a");
    let notes = Notes::new();
    for number in 0..200 {
        // Shortens the file each time: done in another order, something else would be left.
        write_file(&path, vec![b'x'; 200 - number], false, notes.done()).unwrap();
    }
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().into_iter().map(Result::unwrap).collect::<Vec<_>>(), (1..=200).rev().collect::<Vec<_>>());
    assert_eq!(fs::read(&path).unwrap(), b"x");
}

#[test]
fn a_full_disk_is_told_with_what_was_written() {
    let error = result_of(|done| write_file(Path::new("/dev/full"), vec![0; 10], false, done)).unwrap_err();
    assert_eq!(error.code(), libc::ENOSPC);
    let text = text(error);
    assert!(text.starts_with("cannot write 10 bytes to /dev/full: 0 of them were written, then"), "{text}");
    assert!(text.ends_with("; make room"), "{text}");
    let error = result_of(|done| write(Path::new("/dev/full"), vec![0; 10], Some(3), done)).unwrap_err();
    assert_eq!(error.code(), libc::ENOSPC);
}

#[test]
fn a_file_that_may_not_be_opened_is_told_with_the_systems_reason() {
    let path = Path::new("/proc/version");
    let error = result_of(|done| write_file(path, vec![1], false, done)).unwrap_err();
    assert!([libc::EACCES, libc::EPERM, libc::EIO, libc::EROFS].contains(&error.code()), "{error}");
    assert!(text(error).contains("/proc/version"));
}
