use super::super::{End, Part};
use super::*;
use crate::error::ErrorKind;
use crate::event::{self, Flow, Interest};
use crate::sys::signal;
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn what_was_written_before_the_start_is_there_after_it() {
    for kind in BOTH {
        alone(|| {
            let process = Process::new(with_pipe(kind)).unwrap();
            write(&process, b"early");
            let process = start_it(process, |own| {
                assert_eq!(read(own), b"early");
                write(own, b"answer");
                0
            });
            assert_eq!(read(&process), b"answer");
            assert_eq!(end_of(&process), (0, 0));
        });
    }
}

/// A message of that number, which shows if a part of it is missing.
fn message(number: u32) -> Vec<u8> {
    let length = 8 + (number as usize * 7919) % 5000;
    let mut message = number.to_le_bytes().repeat(length / 4 + 1);
    message.truncate(length);
    message
}

#[test]
fn messages_come_whole_and_in_order_and_end_when_their_writer_is_killed() {
    alone(|| {
        for round in 0..20 {
            let process = start(with_pipe(PipeType::Datagram), |own| {
                for number in 0.. {
                    write(own, &message(number));
                }
                0
            });
            let mut number = 0;
            loop {
                let got = read(&process);
                if got.is_empty() {
                    break;
                }
                assert_eq!(got, message(number), "message {number}");
                number += 1;
                if number == 50 + round {
                    kill(&process);
                }
            }
            assert!(number >= 50 + round);
            assert_eq!(end_of(&process), (0, libc::SIGKILL));
        }
    });
}

#[test]
fn a_stream_ends_when_its_writer_is_killed() {
    alone(|| {
        let process = start(with_pipe(PipeType::Stream), |own| {
            for byte in (0..=255_u8).cycle() {
                write(own, &[byte; 1000]);
            }
            0
        });
        let mut all: Vec<u8> = Vec::new();
        loop {
            let part = read(&process);
            if part.is_empty() {
                break;
            }
            all.extend(part);
            if all.len() > 100_000 {
                kill(&process);
            }
        }
        assert!(all.iter().enumerate().all(|(at, byte)| *byte == (at / 1000) as u8));
        assert_eq!(end_of(&process), (0, libc::SIGKILL));
    });
}

#[test]
fn writing_ends_with_an_error_when_the_reader_is_killed() {
    for kind in BOTH {
        alone(|| {
            let process = start(with_pipe(kind), |own| {
                (0..10).for_each(|_| drop(read(own)));
                kill_this();
                0
            });
            let error = loop {
                if let Err(error) = process.pipe().unwrap().write(&[1; 3000]) {
                    break error;
                }
            };
            // Also where it waits for room at that moment; a stream that is cut off with bytes unread may say so by a reset.
            assert!([libc::EPIPE, libc::ECONNRESET].contains(&error.code()), "{kind:?}: {error}");
            assert_eq!(process.pipe().unwrap().write(b"more").unwrap_err().code(), libc::EPIPE);
            assert_eq!(end_of(&process), (0, libc::SIGKILL));
        });
    }
}

fn kill_this() {
    process::kill(process::pid(), libc::SIGKILL).unwrap();
}

#[test]
fn eight_workers_read_until_their_parent_is_killed() {
    for kind in BOTH {
        alone(|| {
            let (mut told, mut tell) = std::io::pipe().unwrap();
            let parent = start(ProcessOptions::default(), |_| {
                let workers: Vec<_> = (0..8)
                    .map(|_| {
                        let mut process = Process::new(with_pipe(kind)).unwrap();
                        if process.fork().unwrap() == Forked::Child {
                            let mut tell = tell.try_clone().unwrap();
                            run_child(process, move |own| {
                                // Its siblings' ends that it holds do not keep it, or them.
                                assert_eq!(read(own), b"job");
                                writeln!(tell, "got it").unwrap();
                                assert_eq!(read(own), b"");
                                writeln!(tell, "end").unwrap();
                                0
                            });
                        }
                        process
                    })
                    .collect();
                workers.iter().for_each(|worker| write(worker, b"job"));
                loop {
                    std::thread::sleep(LIMIT);
                }
            });
            (0..8).for_each(|_| assert_eq!(line(&mut told), "got it"));
            kill(&parent);
            assert_eq!(end_of(&parent), (0, libc::SIGKILL));
            (0..8).for_each(|_| assert_eq!(line(&mut told), "end"));
            writeln!(tell, "no more").unwrap();
            assert_eq!(line(&mut told), "no more");
        });
    }
}

#[test]
fn a_read_waits_no_longer_than_it_may() {
    for kind in BOTH {
        let mut process = Process::new(with_pipe(kind)).unwrap();
        process.set_timeout(Some(Duration::from_millis(30))).unwrap();
        let began = Instant::now();
        let late = process.pipe().unwrap().read(10, &mut Vec::new()).unwrap_err();
        assert_eq!(late.code(), libc::EAGAIN);
        assert!(
            (Duration::from_millis(29)..Duration::from_secs(10)).contains(&began.elapsed()),
            "{:?}",
            began.elapsed()
        );
        assert_eq!(process.set_timeout(Some(Duration::ZERO)).unwrap_err().kind(), ErrorKind::InvalidParams);
        // Less than the system can count is not for ever.
        process.set_timeout(Some(Duration::from_nanos(1))).unwrap();
        assert_eq!(process.pipe().unwrap().read(10, &mut Vec::new()).unwrap_err().code(), libc::EAGAIN);
    }
}

#[test]
fn a_write_waits_no_longer_than_it_may() {
    for kind in BOTH {
        let mut process = Process::new(with_pipe(kind)).unwrap();
        process.set_timeout(Some(Duration::from_millis(20))).unwrap();
        let pipe = process.pipe().unwrap();
        let error = (0..100_000).find_map(|_| pipe.write(&[0; 1000]).err()).expect("it gets full");
        assert_eq!(error.code(), libc::EAGAIN);
    }
}

#[test]
fn signals_do_not_lengthen_the_wait_of_a_write() {
    alone(|| {
        event::signal(libc::SIGUSR1, Some(Rc::new(|_| Flow::Continue))).unwrap();
        let mut process = Process::new(with_pipe(PipeType::Stream)).unwrap();
        process.set_timeout(Some(Duration::from_millis(100))).unwrap();
        let parent = process::pid();
        let nag = start(ProcessOptions::default(), move |_| {
            loop {
                process::kill(parent, libc::SIGUSR1).unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let error = process.pipe().unwrap().write(&vec![0; 8 << 20]).unwrap_err();
        assert_eq!(error.code(), libc::EAGAIN);
        kill(&nag);
        assert_eq!(end_of(&nag), (0, libc::SIGKILL));
        event::signal(libc::SIGUSR1, None).unwrap();
    });
}

#[test]
fn a_pipe_that_does_not_wait_says_so() {
    for kind in BOTH {
        let mut process = Process::new(with_pipe(kind)).unwrap();
        process.set_blocking(false).unwrap();
        let pipe = process.pipe().unwrap();
        assert_eq!(pipe.read(10, &mut Vec::new()).unwrap_err().code(), libc::EAGAIN);
        let error = (0..100_000).find_map(|_| pipe.write(&[0; 1000]).err()).expect("it gets full");
        assert_eq!(error.code(), libc::EAGAIN);
        process.set_blocking(true).unwrap();
        process.set_timeout(Some(Duration::from_millis(1))).unwrap();
        assert_eq!(process.pipe().unwrap().read(10, &mut Vec::new()).unwrap_err().code(), libc::EAGAIN);
    }
}

#[test]
fn a_signal_interrupts_a_read_that_has_a_time_limit_and_nothing_is_lost() {
    for kind in BOTH {
        alone(|| {
            event::signal(libc::SIGUSR1, Some(Rc::new(|_| Flow::Continue))).unwrap();
            let mut process = Process::new(with_pipe(kind)).unwrap();
            process.set_timeout(Some(LIMIT)).unwrap();
            let parent = process::pid();
            let process = start_it(process, move |own| {
                let pipe = own.pipe().unwrap();
                own_blocking(pipe, false);
                let mut buffer = Vec::new();
                // Until the parent tells that it was interrupted.
                while pipe.read(10, &mut buffer).is_err() {
                    process::kill(parent, libc::SIGUSR1).unwrap();
                    std::thread::sleep(Duration::from_millis(1));
                }
                own_blocking(pipe, true);
                write(own, b"message");
                0
            });
            let error = process.pipe().unwrap().read(100, &mut Vec::new()).unwrap_err();
            assert_eq!(error.code(), libc::EINTR);
            write(&process, b"stop");
            let mut buffer = Vec::new();
            while let Err(error) = process.pipe().unwrap().read(100, &mut buffer) {
                assert_eq!(error.code(), libc::EINTR);
            }
            assert_eq!(buffer, b"message");
            assert_eq!(end_of(&process), (0, 0));
            event::signal(libc::SIGUSR1, None).unwrap();
        });
    }
}

fn own_blocking(pipe: &super::super::Pipe, blocking: bool) {
    pipe.set_blocking(blocking).unwrap();
}

#[test]
fn one_direction_is_closed_and_the_other_goes_on() {
    for kind in BOTH {
        alone(|| {
            let mut process = start(with_pipe(kind), |own| {
                assert_eq!(read(own), b"last");
                assert_eq!(read(own), b"");
                write(own, b"still here");
                own.close(Part::Read).unwrap();
                0
            });
            write(&process, b"last");
            process.close(Part::Write).unwrap();
            assert_eq!(process.pipe().unwrap().write(b"x").unwrap_err().code(), libc::EPIPE);
            assert_eq!(read(&process), b"still here");
            assert_eq!(end_of(&process), (0, 0));
            assert_eq!(process.close(Part::Write).unwrap_err().kind(), ErrorKind::WrongOperation);
            process.close(Part::Read).unwrap();
            assert_eq!(read(&process), b"");
            assert_eq!(process.close(Part::Read).unwrap_err().kind(), ErrorKind::WrongOperation);
        });
    }
}

#[test]
fn a_closed_pipe_says_so() {
    for part in [Part::All, Part::End(End::Master)] {
        let mut process = Process::new(with_pipe(PipeType::Datagram)).unwrap();
        process.close(part).unwrap();
        let all = [
            process.pipe().unwrap().write(b"x").map(drop),
            process.pipe().unwrap().read(1, &mut Vec::new()),
            process.pipe().unwrap().descriptor().map(drop),
            process.close(part),
            process.close(Part::Read),
            process.set_blocking(false),
        ];
        for result in all {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::WrongOperation);
        }
    }
}

#[test]
fn the_other_sides_end_may_be_closed_once_by_the_program() {
    alone(|| {
        let mut process = start(with_pipe(PipeType::Stream), |own| {
            own.close(Part::End(End::Master)).unwrap();
            assert!(own.close(Part::End(End::Master)).is_err());
            write(own, b"works");
            0
        });
        process.close(Part::End(End::Worker)).unwrap();
        assert_eq!(read(&process), b"works");
        assert_eq!(end_of(&process), (0, 0));
    });
}

#[test]
fn a_pipe_in_the_loop_is_taken_out_of_it_when_its_end_is_read_again() {
    for kind in BOTH {
        alone(|| {
            let process = Rc::new(start(with_pipe(kind), |own| {
                (0..3).for_each(|_| write(own, b"x"));
                0
            }));
            let (calls, bytes) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
            let (count, sum, own) = (calls.clone(), bytes.clone(), process.clone());
            let callback = move |_| {
                count.set(count.get() + 1);
                sum.set(sum.get() + read(&own).len());
                Flow::Continue
            };
            let number = process.pipe().unwrap().descriptor().unwrap().as_raw_fd();
            event::add(number, Some(Rc::new(callback)), None, Interest::READABLE).unwrap();
            assert_eq!(event::wait().unwrap(), Flow::Continue);
            assert_eq!(bytes.get(), 3);
            assert!(calls.get() <= 5, "called {} times", calls.get());
            assert_eq!(end_of(&process), (0, 0));
        });
    }
}

#[test]
fn empty_messages_do_not_take_a_pipe_out_of_the_loop() {
    alone(|| {
        let process = Rc::new(start(with_pipe(PipeType::Datagram), |own| {
            (0..5).for_each(|_| write(own, b""));
            write(own, b"last");
            // Until the parent has read all.
            read(own).len() as i32
        }));
        let (last, own) = (Rc::new(Cell::new(false)), process.clone());
        let seen = last.clone();
        let number = process.pipe().unwrap().descriptor().unwrap().as_raw_fd();
        let callback = move |_| {
            if !read(&own).is_empty() {
                seen.set(true);
                event::del(number).unwrap();
            }
            Flow::Continue
        };
        event::add(number, Some(Rc::new(callback)), None, Interest::READABLE).unwrap();
        assert_eq!(event::wait().unwrap(), Flow::Continue);
        assert!(last.get());
        write(&process, b"end");
        assert_eq!(end_of(&process), (3, 0));
    });
}

#[test]
fn messages_go_round_between_processes() {
    alone(|| {
        let process = start(with_pipe(PipeType::Datagram), |own| {
            let mut buffer = Vec::new();
            loop {
                own.pipe().unwrap().read(1, &mut buffer).unwrap();
                if buffer.is_empty() {
                    return 0;
                }
                buffer.reverse();
                write(own, &buffer);
            }
        });
        for number in 0..2000 {
            let mut sent = message(number);
            write(&process, &sent);
            sent.reverse();
            assert_eq!(read(&process), sent);
        }
        let longest = vec![9; 200_000];
        write(&process, &longest);
        assert_eq!(read(&process), longest);
        drop(process);
        let ended = super::super::control::wait(true).unwrap().unwrap();
        assert_eq!((ended.exit_code(), ended.signal()), (0, 0), "its reading has ended");
    });
}

#[test]
fn a_signal_that_is_pending_in_the_parent_is_not_the_childs() {
    alone(|| {
        event::signal(libc::SIGUSR1, Some(Rc::new(|_| Flow::Continue))).unwrap();
        process::kill(process::pid(), libc::SIGUSR1).unwrap();
        let process = start(ProcessOptions::default(), |_| i32::from(signal::any_for_loop() || signal::any()));
        assert_eq!(end_of(&process), (0, 0));
        assert!(signal::any_for_loop());
        event::signal(libc::SIGUSR1, None).unwrap();
    });
}
