//! Commands.

use super::*;
use std::time::Instant;

fn run(command: &str, most: usize) -> Result<Ended> {
    result_of(|done| exec(command, most, done))
}

#[test]
fn a_commands_output_and_exit_code_are_given() {
    let ended = run("echo some text; exit 3", 100).unwrap();
    assert_eq!(ended, Ended { output: b"some text\n".to_vec(), code: Some(3), signal: 0 });
    assert_eq!(run("true", 0).unwrap(), Ended { output: Vec::new(), code: Some(0), signal: 0 });
    assert_eq!(run("no-such-command-at-all 2>/dev/null", 10).unwrap().code, Some(127));
}

#[test]
fn a_signal_that_ended_it_is_told() {
    assert_eq!(run("kill -9 $$", 10).unwrap(), Ended { output: Vec::new(), code: None, signal: 9 });
}

#[test]
fn nothing_is_on_its_standard_input() {
    assert_eq!(run("wc -c", 10).unwrap().output, b"0\n");
}

#[test]
fn long_output_is_collected_up_to_its_bound() {
    let bytes = 3_000_000;
    let command = format!("head -c {bytes} /dev/zero");
    assert_eq!(run(&command, bytes).unwrap().output, vec![0; bytes]);
    let error = run(&command, bytes - 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DataLengthTooLarge);
    assert!(text(error).contains("more than 2999999 bytes"));
}

#[test]
fn a_command_that_writes_without_end_is_killed_with_all_that_it_has_started() {
    let folder = folder();
    let pids = folder.path().join("pids");
    let command = format!("echo $$ > {0}; sleep 1000 & echo $! >> {0}; yes", pids.display());
    assert_eq!(run(&command, 1 << 20).unwrap_err().kind(), ErrorKind::DataLengthTooLarge);
    let begun = Instant::now();
    for pid in fs::read_to_string(&pids).unwrap().lines() {
        while !process::has_ended(pid.parse().unwrap()) {
            assert!(begun.elapsed() < LOST, "{pid} lives on");
            std::thread::yield_now();
        }
    }
}

#[test]
fn what_a_command_leaves_in_the_background_is_not_waited_for() {
    let begun = Instant::now();
    let ended = run("echo before; sleep 100 & echo $!", 100).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(50));
    let output = String::from_utf8(ended.output).unwrap();
    let (before, pid) = output.split_once('\n').unwrap();
    assert_eq!((before, ended.code), ("before", Some(0)));
    process::kill(pid.trim().parse().unwrap(), libc::SIGKILL).unwrap();
}

#[test]
fn a_command_that_ends_its_output_early_is_waited_for() {
    let folder = folder();
    let mark = folder.path().join("mark");
    let ended = run(&format!("exec >&-; echo > {}; exit 5", mark.display()), 100).unwrap();
    assert_eq!(ended.code, Some(5));
    assert!(mark.exists());
}

#[test]
fn many_run_at_once() {
    let notes = Notes::new();
    for number in 0..20 {
        exec(&format!("echo {number}"), 100, notes.done()).unwrap();
    }
    assert_eq!(wait(), Flow::Continue);
    let mut all: Vec<Vec<u8>> = notes.take().into_iter().map(|ended| ended.unwrap().output).collect();
    all.sort();
    let mut expected: Vec<Vec<u8>> = (0..20).map(|number| format!("{number}\n").into()).collect();
    expected.sort();
    assert_eq!(all, expected);
    assert!(event::is_idle());
}

#[test]
fn the_log_can_say_that_a_command_keeps_the_loop() {
    exec("true", 0, Box::new(|_| Flow::Continue)).unwrap();
    assert_eq!(event::local::held_by().as_deref(), Some("a command"));
    assert_eq!(wait(), Flow::Continue);
    assert_eq!(event::local::held_by(), None);
}

#[test]
fn a_callback_that_ends_the_loop_does_so() {
    exec("true", 0, Box::new(|_| Flow::Leave { code: 4 })).unwrap();
    assert_eq!(wait(), Flow::Leave { code: 4 });
}
