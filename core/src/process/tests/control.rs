use super::super::control::{self, AlarmClock, Whose};
use super::*;
use crate::error::ErrorKind;
use crate::event::{self, Flow, local};
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn an_alarm_comes_again_and_again_until_it_is_ended() {
    let clocks = [
        (AlarmClock::Real, libc::SIGALRM),
        (AlarmClock::Virtual, libc::SIGVTALRM),
        (AlarmClock::Profile, libc::SIGPROF),
    ];
    for (clock, signo) in clocks {
        alone(|| {
            let calls = Rc::new(Cell::new(0));
            let count = calls.clone();
            let callback = move |_| {
                count.set(count.get() + 1);
                Flow::Continue
            };
            event::signal(signo, Some(Rc::new(callback))).unwrap();
            control::alarm(Some(Duration::from_micros(1500)), clock).unwrap();
            until("three alarms", || {
                // The clocks of computing go on by computing only.
                let began = Instant::now();
                while clock != AlarmClock::Real && began.elapsed() < Duration::from_millis(2) {}
                assert_eq!(local::run(), Flow::Continue);
                calls.get() >= 3
            });
            control::alarm(None, clock).unwrap();
            assert_eq!(local::run(), Flow::Continue);
            let before = calls.get();
            let began = Instant::now();
            while began.elapsed() < Duration::from_millis(10) {}
            assert_eq!(local::run(), Flow::Continue);
            assert_eq!(calls.get(), before);
            event::signal(signo, None).unwrap();
        });
    }
    assert_eq!(control::alarm(Some(Duration::ZERO), AlarmClock::Real).unwrap_err().kind(), ErrorKind::InvalidParams);
}

#[test]
fn children_have_no_alarm_and_one_ends_who_does_not_handle_it() {
    alone(|| {
        control::alarm(Some(LIMIT), AlarmClock::Real).unwrap();
        let process = start(with_pipe(PipeType::Stream), |own| {
            control::alarm(Some(Duration::from_millis(1)), AlarmClock::Real).unwrap();
            read(own).len() as i32
        });
        assert_eq!(end_of(&process), (0, libc::SIGALRM));
    });
}

#[test]
fn a_process_is_tied_to_processors_that_there_are() {
    alone(|| {
        let all = control::affinity().unwrap();
        let one = *all.last().unwrap();
        control::set_affinity(&[one, one]).unwrap();
        assert_eq!(control::affinity().unwrap(), [one]);
        let process = start(ProcessOptions::default(), move |_| i32::from(control::affinity().unwrap() != [one]));
        assert_eq!(end_of(&process), (0, 0));
        control::set_affinity(&all).unwrap();
        for wrong in [&[][..], &[1023], &[1_000_000], &[one, 1023]] {
            let refused = control::set_affinity(wrong).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::InvalidParams, "{wrong:?}");
            assert_eq!(control::affinity().unwrap(), all, "{wrong:?}");
        }
    });
}

#[test]
fn a_process_gives_way_to_others() {
    alone(|| {
        let before = control::priority(Whose::Process, 0).unwrap();
        let nicer = (before + 3).min(19);
        control::set_priority(Whose::Process, 0, nicer).unwrap();
        assert_eq!(control::priority(Whose::Process, process::pid()).unwrap(), nicer);
        let process = start(with_pipe(PipeType::Stream), |own| read(own).len() as i32);
        let pid = process.pid().unwrap();
        assert_eq!(control::priority(Whose::Process, pid).unwrap(), nicer, "children inherit it");
        control::set_priority(Whose::Process, pid, 19).unwrap();
        assert_eq!(control::priority(Whose::Process, pid).unwrap(), 19);
        assert!(control::priority(Whose::Group, 0).is_ok() && control::priority(Whose::User, 0).is_ok());
        for wrong in [-21, 20] {
            let refused = control::set_priority(Whose::Process, 0, wrong).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::InvalidParams);
        }
        assert_eq!(control::priority(Whose::Process, -1).unwrap_err().kind(), ErrorKind::InvalidParams);
        drop(process);
        assert_eq!(ended(pid), (0, 0));
        assert_eq!(control::priority(Whose::Process, pid).unwrap_err().code(), libc::ESRCH);
    });
}

#[test]
fn signals_go_to_processes_and_groups_but_not_to_everybody() {
    alone(|| {
        process::begin_session();
        let processes: Vec<_> =
            (0..3).map(|_| start(with_pipe(PipeType::Stream), |own| read(own).len() as i32)).collect();
        let pid = processes[0].pid().unwrap();
        control::kill(pid, 0).unwrap();
        assert_eq!(control::kill(pid, 1000).unwrap_err().code(), libc::EINVAL);
        assert_eq!(control::kill(-1, 0).unwrap_err().kind(), ErrorKind::InvalidParams);
        event::signal(libc::SIGUSR1, Some(Rc::new(|_| Flow::Continue))).unwrap();
        control::kill(-process::pid(), libc::SIGUSR1).unwrap();
        assert!(processes.iter().all(|process| end_of(process) == (0, libc::SIGUSR1)));
        assert_eq!(control::kill(pid, 0).unwrap_err().code(), libc::ESRCH);
        event::signal(libc::SIGUSR1, None).unwrap();
    });
}

#[test]
fn a_daemon_has_no_parent_no_terminal_and_the_streams_that_it_was_given() {
    alone(|| {
        let (mut told, tell) = std::io::pipe().unwrap();
        event::after(LIMIT, Rc::new(|_| Flow::Continue)).unwrap();
        let pid = process::pid();
        let process = start(ProcessOptions::default(), |_| {
            let first = process::pid();
            control::daemon(false, false, [None, Some(tell.as_raw_fd()), None]).unwrap();
            let session = nix::unistd::getsid(None).unwrap().as_raw();
            let directory = std::env::current_dir().unwrap();
            let streams = [0, 2].map(|n| std::fs::read_link(format!("/proc/self/fd/{n}")).unwrap());
            let another = process::pid() != first && session != process::pid() && session != pid;
            let (idle, parent) = (event::is_idle(), nix::unistd::getppid().as_raw());
            let mut out = std::fs::File::options().append(true).open("/proc/self/fd/1").unwrap();
            let others = parent != first && parent != pid;
            writeln!(out, "{another} {idle} {others} {} {streams:?}", directory.display()).unwrap();
            0
        });
        assert_eq!(end_of(&process), (0, 0), "the first one ends at once");
        assert_eq!(line(&mut told), r#"true true true / ["/dev/null", "/dev/null"]"#);
        event::exit().unwrap();
    });
}

#[test]
fn a_daemon_keeps_what_it_is_told_to() {
    alone(|| {
        let (mut told, tell) = std::io::pipe().unwrap();
        let process = start(ProcessOptions::default(), |_| {
            let look = || {
                let streams = [0, 1, 2].map(|n| std::fs::read_link(format!("/proc/self/fd/{n}")).ok());
                (std::env::current_dir().unwrap(), streams)
            };
            let before = look();
            control::daemon(true, true, [None; 3]).unwrap();
            let mut tell = &tell;
            writeln!(tell, "{}", look() == before).unwrap();
            0
        });
        assert_eq!(end_of(&process), (0, 0));
        assert_eq!(line(&mut told), "true");
    });
}

#[test]
fn a_daemon_that_cannot_have_its_streams_does_not_come_about() {
    alone(|| {
        let this = process::pid();
        assert_eq!(control::daemon(true, true, [None, Some(9999), None]).unwrap_err().code(), libc::EBADF);
        assert_eq!(process::pid(), this);
        local::open();
        assert_eq!(control::daemon(true, true, [None; 3]).unwrap_err().kind(), ErrorKind::WrongOperation);
        assert_eq!(process::pid(), this);
        local::close();
    });
}
