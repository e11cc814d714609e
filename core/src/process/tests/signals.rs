use super::super::{Part, control};
use super::*;
use crate::event::{self, Flow};
use crate::sys::signal;
use std::ffi::CString;
use std::rc::Rc;

/// Sets of signals that the process reads about itself: what `field` of /proc/self/status holds, bit 0 for signal 1.
fn set(status: &str, field: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("the field");
    u64::from_str_radix(line.trim_start_matches(':').trim(), 16).unwrap()
}

fn bits(signals: &[i32]) -> u64 {
    signals.iter().fold(0, |bits, signal| bits | 1 << (signal - 1))
}

fn own(field: &str) -> u64 {
    set(&std::fs::read_to_string("/proc/self/status").unwrap(), field)
}

/// What another program finds.
fn in_another_program(field: &str) -> u64 {
    let options = ProcessOptions { redirected: true, pipe: Some(PipeType::Stream) };
    let mut process = start(options, |_| {
        panic!("{}", control::exec(&CString::new("/bin/cat").unwrap(), &[CString::new("/proc/self/status").unwrap()]))
    });
    process.close(Part::Write).unwrap();
    let mut all = Vec::new();
    loop {
        match read(&process) {
            part if part.is_empty() => break,
            part => all.extend(part),
        }
    }
    assert_eq!(end_of(&process), (0, 0));
    set(&String::from_utf8(all).unwrap(), field)
}

const IGNORED: [i32; 4] = [libc::SIGINT, libc::SIGUSR1, libc::SIGHUP, libc::SIGPIPE];

/// As in a worker.
fn become_a_servers() -> crate::sys::fd::Bell {
    let bell = crate::sys::fd::Bell::new().unwrap();
    signal::listen(&[libc::SIGTERM, libc::SIGUSR2], &bell).unwrap();
    signal::ignore(&IGNORED).unwrap();
    bell
}

#[test]
fn a_child_has_no_handler_of_its_parents_loop_and_none_of_a_servers() {
    alone(|| {
        let (caught, ignored) = (own("SigCgt"), own("SigIgn"));
        let _bell = become_a_servers();
        event::signal(libc::SIGWINCH, Some(Rc::new(|_| Flow::Continue))).unwrap();
        let taken = bits(&[libc::SIGTERM, libc::SIGUSR2, libc::SIGWINCH]);
        assert_eq!((own("SigCgt") & !caught, own("SigIgn") & !ignored), (taken, bits(&IGNORED) & !ignored));
        let process = start(ProcessOptions::default(), move |_| {
            assert_eq!((own("SigCgt"), own("SigIgn"), own("SigBlk")), (caught, ignored, 0));
            assert!(!signal::is_owned(libc::SIGTERM));
            0
        });
        assert_eq!(end_of(&process), (0, 0));
        // The parent goes on as before.
        assert_eq!((own("SigCgt") & !caught, own("SigIgn") & !ignored), (taken, bits(&IGNORED) & !ignored));
        let killed =
            start(ProcessOptions::default(), |_| i32::from(control::kill(process::pid(), libc::SIGTERM).is_ok()));
        assert_eq!(end_of(&killed), (0, libc::SIGTERM));
    });
}

#[test]
fn what_was_ignored_before_the_server_is_ignored_in_the_child() {
    alone(|| {
        // By whoever has started the program, as with nohup(1).
        signal::ignore(&[libc::SIGHUP]).unwrap();
        let nohup = start(ProcessOptions::default(), |_| 0);
        assert_eq!(end_of(&nohup), (0, 0));
    });
    alone(|| {
        signal::foreign::ignore(libc::SIGHUP);
        let _bell = become_a_servers();
        let process = start(ProcessOptions::default(), |_| {
            assert_ne!(own("SigIgn") & bits(&[libc::SIGHUP]), 0);
            assert_eq!(own("SigIgn") & bits(&[libc::SIGUSR1]), 0);
            0
        });
        assert_eq!(end_of(&process), (0, 0));
    });
}

#[test]
fn a_handler_that_another_part_of_the_program_has_set_stays_in_the_child() {
    alone(|| {
        signal::foreign::handle(libc::SIGUSR1);
        let process = start(ProcessOptions::default(), |_| {
            control::kill(process::pid(), libc::SIGUSR1).unwrap();
            signal::foreign::calls() as i32
        });
        assert_eq!(end_of(&process), (1, 0));
        event::signals::follow(libc::SIGUSR1).unwrap();
        let followed = start(ProcessOptions::default(), |_| {
            control::kill(process::pid(), libc::SIGUSR1).unwrap();
            signal::foreign::calls() as i32
        });
        assert_eq!(end_of(&followed), (1, 0));
    });
}

#[test]
fn the_same_signals_are_blocked_in_the_child() {
    alone(|| {
        signal::block_all();
        let all = own("SigBlk");
        let blocked = start(ProcessOptions::default(), move |_| i32::from(own("SigBlk") != all));
        signal::unblock_all();
        let open = start(ProcessOptions::default(), |_| i32::from(own("SigBlk") != 0));
        assert_eq!((end_of(&blocked), end_of(&open)), ((0, 0), (0, 0)));
        assert_eq!(own("SigBlk"), 0);
    });
}

#[test]
fn another_program_ignores_and_blocks_nothing_for_the_engine() {
    alone(|| {
        let ignored = in_another_program("SigIgn");
        let _bell = become_a_servers();
        assert_eq!(in_another_program("SigIgn"), ignored);
        assert_eq!(in_another_program("SigBlk"), 0);
    });
    // Also where a process of a server becomes that program itself.
    alone(|| {
        signal::unblock_all();
        let (mut told, tell) = std::io::pipe().unwrap();
        let Forked::Parent(pid) = process::fork_for_program().unwrap() else {
            let _bell = become_a_servers();
            let tell: std::os::fd::OwnedFd = tell.into();
            fd::take_stdin_and_stdout(std::os::fd::AsFd::as_fd(&tell)).unwrap();
            let words = ["-c", "grep SigIgn /proc/$$/status"].map(|word| CString::new(word).unwrap());
            panic!("{}", control::exec(&CString::new("/bin/sh").unwrap(), &words))
        };
        let ignored = own("SigIgn");
        assert_eq!(set(&line(&mut told), "SigIgn"), ignored);
        assert_eq!(ended(pid), (0, 0));
    });
}

#[test]
fn a_parent_that_ignores_the_end_of_children_is_told_and_its_children_do_not_inherit_that() {
    alone(|| {
        signal::foreign::ignore(libc::SIGCHLD);
        let process = start(ProcessOptions::default(), |_| {
            let own = start(ProcessOptions::default(), |_| 6);
            let found = control::wait(true).unwrap().unwrap();
            assert_eq!((found.pid, found.exit_code()), (own.pid().unwrap(), 6));
            0
        });
        let error = control::wait(true).unwrap_err();
        assert_eq!(error.code(), libc::ECHILD);
        assert!(error.to_string().contains("SIGCHLD"), "{error}");
        assert_eq!(control::kill(process.pid().unwrap(), 0).unwrap_err().code(), libc::ESRCH);
    });
}

#[test]
fn a_handler_of_the_loop_interrupts_nobody_who_waits_for_children() {
    alone(|| {
        event::signal(libc::SIGCHLD, Some(Rc::new(|_| Flow::Continue))).unwrap();
        for code in 0..50 {
            let process = start(ProcessOptions::default(), move |_| code);
            let found = loop {
                match control::wait(true) {
                    Err(error) if error.code() == libc::EINTR => {}
                    other => break other.unwrap().unwrap(),
                }
            };
            assert_eq!((found.pid, found.exit_code()), (process.pid().unwrap(), code));
        }
        event::signal(libc::SIGCHLD, None).unwrap();
    });
}
