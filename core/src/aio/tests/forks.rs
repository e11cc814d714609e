//! A forked process has no part in what its parent has begun.

use super::*;

#[test]
fn a_child_begins_anew_while_its_parent_has_operations_under_way() {
    let folder = folder();
    let log = folder.path().join("log");
    let notes = Notes::new();
    for number in 0..2000 {
        write(&log, format!("{number}\n").into(), None, notes.done()).unwrap();
    }
    let said = in_child(|| {
        assert!(event::is_idle());
        assert_eq!(Rc::strong_count(&notes.0), 1, "the parent's callbacks are let go of here");
        let mine = folder.path().join("mine");
        assert_eq!(result_of(|done| write(&mine, b"child".to_vec(), None, done)).unwrap(), 5);
        let read = result_of(|done| read_file(&mine, done)).unwrap();
        let ended = result_of(|done| exec("echo command", 100, done)).unwrap();
        let address = result_of(|done| resolve("localhost", Family::V4, done).map(drop)).unwrap();
        let texts = (String::from_utf8_lossy(&read), String::from_utf8_lossy(&ended.output));
        format!("{} {} {address} {}", texts.0, texts.1.trim(), notes.0.borrow().len())
    });
    assert_eq!(said, "child command 127.0.0.1 0");
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().len(), 2000);
    let expected: String = (0..2000).map(|number| format!("{number}\n")).collect();
    assert_eq!(fs::read_to_string(&log).unwrap(), expected, "each was done once");
}

#[test]
fn a_child_that_looks_first_at_names_begins_anew_too() {
    let host = "no-such-host.invalid";
    let notes = Notes::new();
    resolve(host, Family::V4, notes.done()).unwrap();
    let said = in_child(|| {
        // Its parent's look-up of the same name is none that it could share.
        match result_of(|done| resolve(host, Family::V4, done).map(drop)) {
            Ok(address) => address.to_string(),
            Err(e) => e.to_string(),
        }
    });
    assert!(said.contains(host), "{said}");
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().len(), 1);
}

#[test]
fn a_child_knows_nothing_of_its_parents_commands() {
    let notes = Notes::new();
    exec("echo parent", 100, notes.done()).unwrap();
    let said = in_child(|| {
        let idle = event::is_idle();
        let flow = wait();
        format!("{idle} {flow:?} {}", notes.0.borrow().len())
    });
    assert_eq!(said, "true Continue 0");
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(notes.take().remove(0).unwrap().output, b"parent\n");
}

#[test]
fn a_fork_in_a_callback_leaves_the_other_results_to_the_parent() {
    let (notes, said) = (Notes::new(), Notes::new());
    let (told, count) = (said.clone(), notes.clone());
    let fork = move |_| {
        told.add(in_child(|| {
            let before = count.0.borrow().len();
            let notes = Notes::new();
            read_file(Path::new("/dev/null"), notes.done()).unwrap();
            // The callback of the parent's loop that this is in is over in the child as well.
            while notes.0.borrow().is_empty() {
                assert_eq!(event::local::run(), Flow::Continue);
            }
            format!("{}", count.0.borrow().len() - before)
        }))
    };
    read_file(Path::new("/dev/null"), Box::new(fork)).unwrap();
    for _ in 0..50 {
        read_file(Path::new("/dev/null"), notes.done()).unwrap();
    }
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(said.take(), ["0"]);
    assert_eq!(notes.take().len(), 50);
}

#[test]
fn a_lack_of_descriptors_is_an_error_and_nothing_is_left() {
    let said = in_child(|| {
        let notes = Notes::new();
        let free = || fs::File::open("/dev/null");
        let lowest = std::os::fd::AsRawFd::as_raw_fd(&free().unwrap()) as u64;
        let mut limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        let (mut errors, mut most) = (Vec::new(), lowest);
        // One more descriptor at each try: each step on the way fails once.
        while errors.len() == (most - lowest) as usize {
            limit.current = Some(most);
            rustix::process::setrlimit(rustix::process::Resource::Nofile, limit).unwrap();
            errors.extend(resolve("127.0.0.1", Family::V4, notes.done()).err().map(|e| e.code()));
            most += 1;
        }
        limit.current = limit.maximum;
        rustix::process::setrlimit(rustix::process::Resource::Nofile, limit).unwrap();
        assert_eq!(wait(), Flow::Continue);
        assert_eq!(notes.take().len(), 1);
        assert!(errors.len() > 1 && errors.iter().all(|code| *code == libc::EMFILE), "{errors:?}");
        "fine".to_string()
    });
    assert_eq!(said, "fine");
}
