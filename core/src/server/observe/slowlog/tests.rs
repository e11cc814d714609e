use super::*;
use std::cell::Cell;

const TIMEOUT: Duration = Duration::from_millis(100);

fn busy(requests: u64) -> Seen {
    Seen { id: 1, kind: WorkerKind::Event, pid: 77, busy: true, requests, letters: 0, busy_since: 5 }
}

/// What a watcher says to looks every 25 ms.
fn said(looks: impl IntoIterator<Item = Seen>) -> Vec<Option<Duration>> {
    let mut watcher = Watcher { timeout: TIMEOUT, watches: Vec::new() };
    let begin = Instant::now();
    let look = |(i, seen)| watcher.look(0, seen, begin + TIMEOUT / 4 * i);
    (0..).zip(looks).map(look).collect()
}

#[test]
fn one_that_does_not_move_is_written_once_and_again_when_the_time_has_doubled() {
    let said = said([busy(1); 70]);
    let written: Vec<_> = (0..70).filter(|i| said[*i].is_some()).collect();
    assert_eq!(written, [4, 8, 16, 32, 64]);
    assert_eq!(said[4], Some(TIMEOUT));
}

#[test]
fn one_that_is_busy_and_moves_is_not() {
    assert!(said((0..100).map(busy)).iter().all(Option::is_none));
}

#[test]
fn one_whose_batches_move_is_not_though_it_has_no_requests() {
    assert!(said((0..100).map(|i| Seen { busy_since: i, ..busy(1) })).iter().all(Option::is_none));
}

#[test]
fn one_that_gets_from_answer_to_answer_is_not() {
    assert!(said((0..100).map(|letters| Seen { letters, ..busy(1) })).iter().all(Option::is_none));
}

#[test]
fn one_that_slept_in_between_begins_anew() {
    let looks = (0..100).map(|i| Seen { busy: i % 4 != 3, ..busy(1) });
    assert!(said(looks).iter().all(Option::is_none));
}

#[test]
fn one_that_sleeps_or_is_not_there_is_not() {
    assert!(said([Seen { busy: false, ..busy(1) }; 100]).iter().all(Option::is_none));
    assert!(said([Seen { pid: 0, ..busy(1) }; 100]).iter().all(Option::is_none));
}

#[test]
fn its_successor_begins_anew() {
    let looks = (0..6).map(|i| Seen { pid: if i < 3 { 77 } else { 78 }, ..busy(1) });
    assert!(said(looks).iter().all(Option::is_none));
}

#[test]
fn a_late_look_writes_once() {
    let mut watcher = Watcher { timeout: TIMEOUT, watches: Vec::new() };
    let begin = Instant::now();
    assert_eq!(watcher.look(0, busy(1), begin), None);
    assert_eq!(watcher.look(0, busy(1), begin + TIMEOUT * 100), Some(TIMEOUT * 100));
    assert_eq!(watcher.look(0, busy(1), begin + TIMEOUT * 101), None);
}

#[test]
fn entries_have_a_line_for_each_call() {
    let got =
        entry("2026-01-02 03:04:05", busy(9), Duration::from_millis(1250), Some("sleep()\nwork() a.php:3".into()));
    assert_eq!(
        got,
        "[2026-01-02 03:04:05] worker 1 (event, pid 77) has been in one callback for 1.250 s; it had begun 9 requests\n\
         \tsleep()\n\twork() a.php:3\n\n"
    );
    assert!(
        entry("d", busy(9), TIMEOUT, None)
            .ends_with("requests\n\t(no backtrace: the process could not be read, or runs no script now)\n\n")
    );
}

#[test]
fn the_file_gets_an_entry_for_each_stuck_worker_and_may_be_moved_away() {
    let directory = std::env::temp_dir().join(format!("swoole-slowlog-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir(&directory).unwrap();
    let path = directory.join("slow");
    let mut slowlog = Slowlog::open(&path, TIMEOUT).unwrap();
    let (begin, asked) = (Instant::now(), Cell::new(0));
    let mut looks = 0;
    let mut look = |slowlog: &mut Slowlog, count: u32| {
        for _ in 0..count {
            let now = begin + TIMEOUT / 4 * looks;
            looks += 1;
            let other = Seen { id: 0, pid: 76, requests: u64::from(looks), ..busy(0) };
            slowlog.look(now, [other, busy(9)].into_iter(), |pid| {
                asked.set(asked.get() + 1);
                Some(format!("of {pid}()"))
            });
            assert_eq!(slowlog.next(), now + TIMEOUT / 4);
        }
    };
    look(&mut slowlog, 5);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("worker 1 (event, pid 77)") && text.contains("\tof 77()\n"), "{text}");
    assert_eq!(asked.get(), 1);
    std::fs::rename(&path, directory.join("slow.1")).unwrap();
    look(&mut slowlog, 4);
    assert!(std::fs::read_to_string(&path).unwrap().contains("for 0.200 s"));
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn a_file_that_cannot_be_written_is_refused() {
    let error = Slowlog::open(Path::new("/nowhere/slow"), TIMEOUT).unwrap_err();
    assert_eq!(error.code(), libc::ENOENT);
    assert!(error.to_string().contains("request_slowlog_file /nowhere/slow"), "{error}");
}
