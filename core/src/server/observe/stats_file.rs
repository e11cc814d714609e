//! The file of the option `stats_file`: the figures, written anew every second.
//!
//! Runs in: master.

use crate::error::{Error, Result};
use crate::log;
use crate::server::{Stat, WorkerFigures, WorkerStatus};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often it is written.
const PERIOD: Duration = Duration::from_secs(1);

/// The file.
#[derive(Debug)]
pub struct StatsFile {
    path: PathBuf,
    /// what is written before it takes the file's name
    beside: PathBuf,
    due: Instant,
    /// the last try failed, which was logged
    failing: bool,
}

impl StatsFile {
    /// The file at `path`, not yet written. Errors: no file can be made beside it.
    pub fn open(path: &Path) -> Result<StatsFile> {
        let failed = |e| Error::system(format_args!("cannot write the stats_file {}", path.display()), &e);
        if path.is_dir() {
            return Err(failed(io::Error::from_raw_os_error(libc::EISDIR)));
        }
        // A daemon may leave its directory.
        let path = std::path::absolute(path).map_err(failed)?;
        let mut beside = OsString::from(&path);
        beside.push(".tmp");
        let file = StatsFile { path: path.clone(), beside: beside.into(), due: Instant::now(), failing: false };
        file.make().and_then(|_| fs::remove_file(&file.beside)).map_err(failed)?;
        Ok(file)
    }

    /// When it is to be written next.
    pub fn next(&self) -> Instant {
        self.due
    }

    /// Writes it. A failure is logged, once for each row of them.
    pub fn write(&mut self, now: Instant, stats: &[Stat], workers: &[WorkerFigures]) {
        self.due = now + PERIOD;
        match self.replace(render(stats, workers).as_bytes()) {
            Ok(()) if std::mem::take(&mut self.failing) => {
                log::notice(format_args!("the stats_file {} is written again", self.path.display()));
            }
            Ok(()) => {}
            Err(e) if !std::mem::replace(&mut self.failing, true) => log::error(format_args!(
                "cannot write the stats_file {}: {e}; it is tried again every second",
                self.path.display()
            )),
            Err(_) => {}
        }
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        self.make()?.write_all(text)?;
        fs::rename(&self.beside, &self.path)
    }

    /// Always a new file: an old one may be somebody's link to another place.
    fn make(&self) -> io::Result<File> {
        match fs::remove_file(&self.beside) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        File::create_new(&self.beside)
    }
}

/// One figure a line, `key: value`; then each worker in a line, `worker 3: type=task pid=812 …`.
fn render(stats: &[Stat], workers: &[WorkerFigures]) -> String {
    let mut text = String::new();
    for Stat { name, value } in stats {
        let _ = writeln!(text, "{name}: {value}");
    }
    for w in workers {
        let status = match w.status {
            WorkerStatus::Busy => "busy",
            WorkerStatus::Idle => "idle",
            WorkerStatus::Exit => "exit",
        };
        let _ = writeln!(
            text,
            "worker {}: type={} pid={} status={status} requests={} responses={} busy_micros={} busy_for={} queue_depth={} ring_used={} ring_capacity={} tasking={} restarts={}",
            w.id,
            w.kind.name(),
            w.pid,
            w.requests,
            w.responses,
            w.busy_micros,
            w.busy_for,
            w.queue_depth,
            w.ring_used,
            w.ring_capacity,
            w.tasking,
            w.restarts
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::WorkerKind;

    fn directory(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("swoole-stats-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        path
    }

    const STATS: [Stat; 2] = [Stat { name: "a_count", value: 1 }, Stat { name: "b_num", value: -2 }];

    #[test]
    fn each_figure_and_each_worker_has_a_line() {
        let worker = WorkerFigures {
            id: 3,
            pid: 812,
            kind: WorkerKind::Task,
            status: WorkerStatus::Idle,
            requests: 1,
            responses: 2,
            busy_micros: 3,
            busy_for: 4,
            queue_depth: 5,
            ring_used: 6,
            ring_capacity: 7,
            tasking: 8,
            restarts: 9,
        };
        assert_eq!(
            render(&STATS, &[worker]),
            "a_count: 1\nb_num: -2\nworker 3: type=task pid=812 status=idle requests=1 responses=2 busy_micros=3 \
             busy_for=4 queue_depth=5 ring_used=6 ring_capacity=7 tasking=8 restarts=9\n"
        );
    }

    #[test]
    fn it_replaces_what_was_there_and_leaves_nothing_beside() {
        let directory = directory("replace");
        let path = directory.join("stats");
        fs::write(&path, "old, and longer than what comes now").unwrap();
        let mut file = StatsFile::open(&path).unwrap();
        let now = Instant::now();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old, and longer than what comes now");
        file.write(now, &STATS, &[]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a_count: 1\nb_num: -2\n");
        assert_eq!(file.next(), now + PERIOD);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_link_planted_beside_is_not_followed() {
        let directory = directory("link");
        let (path, victim) = (directory.join("stats"), directory.join("victim"));
        fs::write(&victim, "dear").unwrap();
        let mut file = StatsFile::open(&path).unwrap();
        std::os::unix::fs::symlink(&victim, directory.join("stats.tmp")).unwrap();
        file.write(Instant::now(), &STATS, &[]);
        assert_eq!(fs::read_to_string(&victim).unwrap(), "dear");
        assert_eq!(fs::read_to_string(&path).unwrap(), "a_count: 1\nb_num: -2\n");
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_place_that_cannot_be_written_is_refused() {
        let directory = directory("refused");
        let error = StatsFile::open(&directory.join("none/stats")).unwrap_err();
        assert!(error.to_string().starts_with("cannot write the stats_file"), "{error}");
        assert_eq!(StatsFile::open(&directory).unwrap_err().code(), libc::EISDIR);
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn it_recovers_when_its_directory_comes_back() {
        let directory = directory("recover");
        let path = directory.join("stats");
        let mut file = StatsFile::open(&path).unwrap();
        fs::remove_dir_all(&directory).unwrap();
        file.write(Instant::now(), &STATS, &[]);
        assert!(file.failing);
        fs::create_dir(&directory).unwrap();
        file.write(Instant::now(), &STATS, &[]);
        assert!(!file.failing && path.exists());
        fs::remove_dir_all(directory).unwrap();
    }
}
