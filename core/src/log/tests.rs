//! Tests of the log. Each makes a [`Logger`] of its own but one, which has the process-wide one.

use super::*;
use chrono::TimeZone;
use std::fs;
use std::path::Path;

/// A directory that goes with the test.
struct Dir(PathBuf);

impl Dir {
    fn new(test: &str) -> Dir {
        let path = std::env::temp_dir().join(format!("swoole-log-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    fn config(&self) -> LogConfig {
        LogConfig { file: Some(self.0.join("s.log")), ..LogConfig::default() }
    }

    /// The files with what they hold, without the directory.
    fn files(&self) -> Vec<(String, String)> {
        let mut files: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(&path)))
            .collect();
        files.sort();
        files
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn at(hour: u32, minute: u32) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(3600).unwrap();
    zone.with_ymd_and_hms(2001, 2, 3, hour, minute, 5).unwrap() + chrono::Duration::microseconds(42)
}

#[test]
fn a_line_has_date_process_level_and_message() {
    let dir = Dir::new("line");
    let mut logger = Logger::new(&dir.config()).unwrap();
    (logger.identity.role, logger.identity.worker) = ('*', 3);
    assert!(logger.write(&at(3, 4), Level::Warning, "hello"));
    let want = format!("[2001-02-03 03:04:05 *{}.3]\tWARNING\thello\n", std::process::id());
    assert_eq!(read(&dir.0.join("s.log")), want);
}

#[test]
fn the_date_is_as_configured() {
    for (format, microseconds, want) in [
        ("%d/%b/%Y", false, "[03/Feb/2001 "),
        ("%FT%T%:z", false, "[2001-02-03T03:04:05+01:00 "),
        ("%F %T", true, "[2001-02-03 03:04:05.000042 "),
        ("100%% %s", false, "[100% 981165845 "),
    ] {
        let format = Format::new(format, microseconds).unwrap();
        let identity = Identity { role: '-', worker: -1, offset: None };
        let line = format.line(&at(3, 4), identity, Level::Info, "x");
        assert!(line.starts_with(want), "{line}");
    }
}

#[test]
fn a_date_format_that_strftime_does_not_know_is_refused() {
    for format in ["", "%", "%Q", "%F\n", "a\0b", &"%F".repeat(65)] {
        let error = check_date_format(format).expect_err(format);
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    for format in ["%F %T", "%c", "%+", "no date", "%j %U %H:%M:%S.%f %P"] {
        check_date_format(format).unwrap();
    }
}

#[test]
fn a_message_of_several_lines_is_one_record() {
    let format = Format::new("%F", false).unwrap();
    let identity = Identity { role: '#', worker: -1, offset: None };
    let line = format.line(&at(3, 4), identity, Level::Error, "a\r\n[2001-02-03 #1.0]\tINFO\tforged\n\x1b[2Jü\n\n");
    let message = line.split_once("ERROR\t").unwrap().1;
    assert_eq!(message, "a\\r\n\t[2001-02-03 #1.0]\tINFO\tforged\n\t\\u{1b}[2Jü\n");
}

#[test]
fn a_file_is_named_after_the_date() {
    for (rotation, want) in [
        (Rotation::Single, vec!["s.log"]),
        (Rotation::Monthly, vec!["s.log.200102"]),
        (Rotation::Daily, vec!["s.log.20010203"]),
        (Rotation::Hourly, vec!["s.log.2001020303", "s.log.2001020304"]),
        (Rotation::EveryMinute, vec!["s.log.200102030304", "s.log.200102030305", "s.log.200102030404"]),
    ] {
        let dir = Dir::new(rotation.name());
        let mut logger = Logger::new(&LogConfig { rotation, ..dir.config() }).unwrap();
        for now in [at(3, 4), at(3, 5), at(4, 4)] {
            assert!(logger.write(&now, Level::Info, "x"));
        }
        // the file of the real date, from when it was opened, is empty
        let files = dir.files();
        let names: Vec<_> = files.iter().filter(|file| !file.1.is_empty()).map(|file| file.0.as_str()).collect();
        assert_eq!(names, want);
        assert_eq!(files.iter().map(|file| file.1.lines().count()).sum::<usize>(), 3);
    }
}

#[test]
fn a_new_file_that_cannot_be_made_leaves_the_old_one_in_use() {
    let dir = Dir::new("stuck");
    let mut logger = Logger::new(&LogConfig { rotation: Rotation::Daily, ..dir.config() }).unwrap();
    let old = dir.files()[0].0.clone();
    fs::create_dir(dir.0.join("s.log.20010203")).unwrap();
    assert!(logger.write(&at(3, 4), Level::Info, "kept"));
    assert!(read(&dir.0.join(old)).ends_with("kept\n"));
}

#[test]
fn several_writers_never_mix_their_lines() {
    let dir = Dir::new("mix");
    let config = dir.config();
    std::thread::scope(|scope| {
        for letter in ["a", "b", "c", "d"] {
            let config = &config;
            scope.spawn(move || {
                let mut logger = Logger::new(config).unwrap();
                for length in 1..300 {
                    assert!(logger.write(&at(3, 4), Level::Info, &letter.repeat(length)));
                }
            });
        }
    });
    let text = read(&dir.0.join("s.log"));
    assert_eq!(text.lines().count(), 4 * 299);
    for line in text.lines() {
        let message = line.split_once("INFO\t").unwrap().1;
        let first = &message[..1];
        assert_eq!(message, first.repeat(message.len()));
    }
}

#[test]
fn a_full_disk_is_noticed_and_harms_nothing() {
    let full = LogConfig { file: Some("/dev/full".into()), ..LogConfig::default() };
    let mut logger = Logger::new(&full).unwrap();
    assert!(!logger.write(&at(3, 4), Level::Error, "lost"));
    assert!(!logger.write(&at(3, 5), Level::Error, "lost too"));
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error() {
    let config = LogConfig { file: Some("/no/such/directory/s.log".into()), ..LogConfig::default() };
    let error = Logger::new(&config).err().unwrap();
    assert!(error.to_string().contains("/no/such/directory/s.log"), "{error}");
}

/// The process-wide log. Other tests may log into it meanwhile, so only own lines are looked at.
#[test]
fn the_log_of_the_process() {
    let dir = Dir::new("process");
    let file = dir.0.join("s.log");
    let mine = |path: &Path| -> Vec<String> {
        let text = read(path);
        let lines = text.lines().filter(|line| line.contains("test of the log"));
        lines.map(|line| line.split_once('\t').unwrap().1.to_string()).collect()
    };

    init(&LogConfig { level: Level::Notice, ..dir.config() }).unwrap();
    set_identity('*', 7);
    info(format_args!("test of the log: too low"));
    notice(format_args!("test of the log: {}", 1));
    error(format_args!("test of the log: 2"));
    write(Level::None, format_args!("test of the log: none is not a line's level"));
    assert_eq!(mine(&file), ["NOTICE\ttest of the log: 1", "ERROR\ttest of the log: 2"]);
    assert!(read(&file).contains(&format!(" *{}.7]", std::process::id())));
    assert!(is_enabled(Level::Notice) && !is_enabled(Level::Info));

    // moved away: lines follow the old file until it is opened anew
    let moved = dir.0.join("moved.log");
    fs::rename(&file, &moved).unwrap();
    warning(format_args!("test of the log: 3"));
    reopen().unwrap();
    warning(format_args!("test of the log: 4"));
    assert_eq!(mine(&moved).len(), 3);
    assert_eq!(mine(&file), ["WARNING\ttest of the log: 4"]);

    // what cannot be opened leaves the log as it was, with its identity
    assert!(init(&LogConfig { file: Some("/no/such/s.log".into()), ..LogConfig::default() }).is_err());
    init(&dir.config()).unwrap();
    keep_time_zone();
    info(format_args!("test of the log: 5"));
    assert!(read(&file).lines().last().unwrap().contains(&format!(" *{}.7]", std::process::id())));

    let before = dropped();
    init(&LogConfig { file: Some("/dev/full".into()), ..LogConfig::default() }).unwrap();
    error(format_args!("test of the log: lost"));
    assert!(dropped() > before);

    init(&LogConfig { level: Level::None, ..dir.config() }).unwrap();
    error(format_args!("test of the log: silenced"));
    assert!(!read(&file).contains("silenced"));
    init(&LogConfig::default()).unwrap();
}
