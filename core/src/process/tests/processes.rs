use super::super::control;
use super::*;
use crate::error::ErrorKind;
use crate::event::{self, Flow};
use crate::{aio, log};
use std::cell::Cell;
use std::ffi::CString;
use std::rc::Rc;

#[test]
fn a_process_ends_with_its_code_or_its_signal() {
    alone(|| {
        let codes: Vec<_> = [0, 7, 255].map(|code| start(ProcessOptions::default(), move |_| code)).into();
        let mut found: Vec<_> = codes.iter().map(|_| control::wait(true).unwrap().unwrap()).collect();
        found.sort_by_key(|ended| ended.exit_code());
        assert_eq!(found.iter().map(|e| (e.exit_code(), e.signal())).collect::<Vec<_>>(), [(0, 0), (7, 0), (255, 0)]);
        assert_eq!(found[1].pid, codes[1].pid().unwrap());
        let killed = start(with_pipe(PipeType::Stream), |own| read(own).len() as i32);
        assert_eq!(control::wait(false).unwrap(), None, "it has not ended");
        control::kill(killed.pid().unwrap(), libc::SIGTERM).unwrap();
        let ended = control::wait(true).unwrap().unwrap();
        assert_eq!((ended.pid, ended.exit_code(), ended.signal()), (killed.pid().unwrap(), 0, libc::SIGTERM));
        let crashed = start(ProcessOptions::default(), |_| control::kill(process::pid(), libc::SIGABRT).is_ok().into());
        let ended = control::wait(true).unwrap().unwrap();
        assert_eq!((ended.pid, ended.signal()), (crashed.pid().unwrap(), libc::SIGABRT));
        for blocking in [true, false] {
            assert_eq!(control::wait(blocking).unwrap_err().code(), libc::ECHILD);
        }
        assert_eq!(control::kill(ended.pid, 0).unwrap_err().code(), libc::ESRCH, "no zombie is left");
    });
}

#[test]
fn each_side_knows_who_it_is() {
    alone(|| {
        let mut process = Process::new(with_pipe(PipeType::Datagram)).unwrap();
        assert_eq!(process.pid(), None);
        let parent = process::pid();
        let child = process.fork().unwrap();
        match child {
            Forked::Child => run_child(process, |own| {
                assert_eq!((own.pid(), own.pipe().unwrap().end()), (Some(process::pid()), super::super::End::Worker));
                assert_ne!(process::pid(), parent);
                assert_eq!(own.fork().unwrap_err().kind(), ErrorKind::WrongOperation);
                0
            }),
            Forked::Parent(pid) => assert_eq!(process.pid(), Some(pid)),
        }
        let refused = process.fork().unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::WrongOperation);
        assert!(refused.to_string().contains(&process.pid().unwrap().to_string()), "{refused}");
        assert_eq!(process.enter().unwrap_err().kind(), ErrorKind::WrongOperation);
        assert_eq!(end_of(&process), (0, 0));
    });
}

#[test]
fn a_process_that_another_has_forked_enters_its_role() {
    alone(|| {
        let mut process = Process::new(with_pipe(PipeType::Datagram)).unwrap();
        for round in 0..2 {
            // One after the other take the same place, as in a server or a pool.
            let Forked::Parent(pid) = process::fork_for_program().unwrap() else {
                process.enter().unwrap();
                run_child(process, |own| {
                    assert_eq!(own.pid(), Some(process::pid()));
                    let got = read(own);
                    write(own, &got);
                    0
                })
            };
            assert_eq!(process.pid(), None);
            write(&process, format!("round {round}").as_bytes());
            assert_eq!(read(&process), format!("round {round}").into_bytes());
            assert_eq!(ended(pid), (0, 0));
        }
    });
}

#[test]
fn a_pools_process_is_not_started_by_anybody_else() {
    let mut process = Process::of_pool(None, None);
    assert_eq!(process.fork().unwrap_err().kind(), ErrorKind::WrongOperation);
    assert_eq!(process.enter().unwrap_err().kind(), ErrorKind::WrongOperation);
    assert_eq!(Process::of_pool(Some(5), None).pid(), Some(5));
    assert_eq!(process.pipe().unwrap_err().kind(), ErrorKind::WrongOperation);
}

#[test]
fn what_a_process_was_not_made_with_it_has_not() {
    let mut process = Process::new(ProcessOptions::default()).unwrap();
    let no_pipe = [
        process.pipe().map(drop),
        process.close(super::super::Part::All),
        process.set_timeout(None),
        process.set_blocking(true),
        process.queue().map(drop),
    ];
    assert!(no_pipe.into_iter().all(|r| r.unwrap_err().kind() == ErrorKind::WrongOperation));
    let pipe = [None, Some(PipeType::Datagram)];
    for pipe in pipe {
        let refused = Process::new(ProcessOptions { redirected: true, pipe }).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidParams);
    }
}

#[test]
fn standard_input_and_output_are_the_pipe_also_of_another_program() {
    alone(|| {
        let options = ProcessOptions { redirected: true, pipe: Some(PipeType::Stream) };
        let mut process = start(options, |_| {
            let words =
                ["-c", "read name && echo hello $name && cat && exit 3"].map(|word| CString::new(word).unwrap());
            panic!("{}", control::exec(&CString::new("/bin/sh").unwrap(), &words))
        });
        write(&process, b"world\nand the rest");
        process.close(super::super::Part::Write).unwrap();
        let mut all = Vec::new();
        loop {
            match read(&process) {
                part if part.is_empty() => break,
                part => all.extend(part),
            }
        }
        assert_eq!(String::from_utf8(all).unwrap(), "hello world\nand the rest");
        assert_eq!(end_of(&process), (3, 0));
    });
}

#[test]
fn a_program_that_does_not_exist_is_an_error_and_all_is_as_before() {
    alone(|| {
        crate::sys::signal::ignore(&[libc::SIGHUP]).unwrap();
        let error = control::exec(&CString::new("/nowhere/program").unwrap(), &[]);
        assert_eq!(error.code(), libc::ENOENT);
        assert!(error.to_string().contains("/nowhere/program"), "{error}");
        process::kill(process::pid(), libc::SIGHUP).unwrap();
    });
}

#[test]
fn descriptors_of_the_engines_are_closed_in_another_program() {
    alone(|| {
        let other = Process::new(with_pipe(PipeType::Stream)).unwrap();
        let number = other.pipe().unwrap().descriptor().unwrap().as_raw_fd();
        let process = start(with_pipe(PipeType::Stream), move |_| {
            let words =
                ["-c".into(), format!("test ! -e /proc/self/fd/{number}")].map(|word| CString::new(word).unwrap());
            panic!("{}", control::exec(&CString::new("/bin/sh").unwrap(), &words))
        });
        assert_eq!(read(&process), b"", "the pipe has ended with the process's first program");
        assert_eq!(end_of(&process), (0, 0));
        drop(other);
    });
}

#[test]
fn a_child_begins_with_an_empty_loop_of_its_own() {
    alone(|| {
        let calls = Rc::new(Cell::new(0));
        let counting = calls.clone();
        let count = move |_| {
            counting.set(counting.get() + 1);
            Flow::Continue
        };
        event::tick(Duration::from_millis(1), Rc::new(count)).unwrap();
        let process = start(ProcessOptions::default(), |_| {
            assert!(event::is_idle());
            assert_eq!(event::wait().unwrap(), Flow::Continue);
            let own = Rc::new(Cell::new(false));
            let done = own.clone();
            event::after(
                Duration::from_millis(1),
                Rc::new(move |_| {
                    done.set(true);
                    Flow::Continue
                }),
            )
            .unwrap();
            assert_eq!(event::wait().unwrap(), Flow::Continue);
            assert!(own.get() && calls.get() == 0);
            0
        });
        assert_eq!(end_of(&process), (0, 0));
        while calls.get() < 3 {
            assert_eq!(event::dispatch().unwrap(), Flow::Continue);
        }
        event::exit().unwrap();
    });
}

/// Reads a file and looks up a name in the loop.
fn use_threads() {
    let done = Rc::new(Cell::new(0));
    for _ in 0..4 {
        let done = done.clone();
        let read = move |found: crate::error::Result<Vec<u8>>| {
            assert!(!found.unwrap().is_empty());
            done.set(done.get() + 1);
            Flow::Continue
        };
        aio::read_file("/etc/passwd".as_ref(), Box::new(read)).unwrap();
    }
    assert_eq!(event::wait().unwrap(), Flow::Continue);
    assert_eq!(done.get(), 4);
}

#[test]
fn a_process_with_threads_of_the_engines_may_start_others() {
    alone(|| {
        let file = tempfile::NamedTempFile::new().unwrap();
        log::init(&log::LogConfig { file: Some(file.path().into()), ..log::LogConfig::default() }).unwrap();
        // Threads that write to the log all the time, as those of the engine do when something fails.
        let loggers: Vec<_> = (0..3)
            .map(|_| {
                std::thread::spawn(|| {
                    loop {
                        log::info(format_args!("a line"))
                    }
                })
            })
            .collect();
        use_threads();
        for _ in 0..40 {
            let process = start(ProcessOptions::default(), |_| {
                log::info(format_args!("a line of the child"));
                use_threads();
                0
            });
            use_threads();
            assert_eq!(end_of(&process), (0, 0));
        }
        assert!(loggers.iter().all(|logger| !logger.is_finished()));
    });
}

#[test]
fn waiting_for_any_child_leaves_the_engines_own_commands_alone() {
    alone(|| {
        let found = Rc::new(Cell::new(None));
        for (command, place) in [("exit 3", 0), ("kill -9 $$", 1)] {
            let found = found.clone();
            let done = move |ended: crate::error::Result<aio::Ended>| {
                let ended = ended.unwrap();
                let mut all: [(Option<i32>, i32); 2] = found.get().unwrap_or_default();
                all[place] = (ended.code, ended.signal);
                found.set(Some(all));
                Flow::Continue
            };
            aio::exec(command, 1000, Box::new(done)).unwrap();
        }
        let process = start(ProcessOptions::default(), |_| 5);
        let ended = control::wait(true).unwrap().unwrap();
        assert_eq!((ended.pid, ended.exit_code()), (process.pid().unwrap(), 5));
        // It waits for the commands too, and gives them to nobody.
        assert_eq!(control::wait(true).unwrap_err().code(), libc::ECHILD);
        assert_eq!(event::wait().unwrap(), Flow::Continue);
        assert_eq!(found.get().unwrap(), [(Some(3), 0), (None, libc::SIGKILL)]);
    });
}

#[test]
fn a_child_does_not_keep_a_servers_sockets_open() {
    alone(|| {
        let listener = Rc::new(std::net::TcpListener::bind("127.0.0.1:0").unwrap());
        let address = listener.local_addr().unwrap();
        let held = Rc::downgrade(&listener);
        process::keep_from_children(Rc::new(move |kept| {
            held.upgrade().inspect(|listener| kept(listener.as_raw_fd()));
        }));
        let number = listener.as_raw_fd();
        let process = start(with_pipe(PipeType::Stream), move |own| {
            assert!(std::fs::read_link(format!("/proc/self/fd/{number}")).unwrap().ends_with("null"));
            write(own, b"up");
            read(own).len() as i32
        });
        assert_eq!(read(&process), b"up");
        std::net::TcpStream::connect(address).unwrap();
        drop(listener);
        assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
        write(&process, b"end");
        assert_eq!(end_of(&process), (3, 0));
    });
}

#[test]
fn hundreds_of_processes_leave_no_zombie_and_no_descriptor() {
    alone(|| {
        let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
        let before = open();
        for batch in 0..10 {
            let processes: Vec<_> =
                (0..20).map(|n| start(with_pipe(BOTH[n % 2]), move |_| (batch * 20 + n as i32) % 256)).collect();
            for process in &processes {
                assert_eq!(read(process), b"");
            }
            let mut codes: Vec<_> =
                processes.iter().map(|_| control::wait(true).unwrap().unwrap().exit_code()).collect();
            codes.sort_unstable();
            assert_eq!(codes, (batch * 20..batch * 20 + 20).collect::<Vec<_>>());
        }
        assert_eq!(control::wait(false).unwrap_err().code(), libc::ECHILD);
        assert_eq!(open(), before);
    });
}
