//! What concerns several options, or the machine.

use super::Whole;
use crate::config::{Environment, PortSettings, finish};
use std::time::Duration;

const MACHINE: Environment = Environment { cpus: 16, nofile_limit: 20_000 };

/// Finishes; gives the texts of the warnings.
fn finished(both: &mut Whole, env: Environment) -> Vec<String> {
    let warnings = finish(&mut both.server, std::slice::from_mut(&mut both.port), &env).unwrap();
    warnings.into_iter().map(|warning| warning.message).collect()
}

/// As [`finished`], with one warning that has all of `parts`.
fn warned(both: &mut Whole, env: Environment, parts: &[&str]) {
    let warnings = finished(both, env);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    for part in parts {
        assert!(warnings[0].contains(part), "{:?} says {part:?}", warnings[0]);
    }
    assert_eq!(finished(both, env), Vec::<String>::new(), "a second time");
}

#[test]
fn defaults_come_from_the_machine_without_a_word() {
    let mut both = Whole::default();
    assert_eq!(finished(&mut both, MACHINE), Vec::<String>::new());
    assert_eq!((both.server.worker_num, both.server.reactor_num, both.server.max_conn), (16, 8, 20_000));
    assert_eq!((both.port.buffer_high_watermark, both.port.buffer_low_watermark), (6_710_887, 0));

    let mut both = Whole::default();
    let huge = Environment { cpus: 1, nofile_limit: u64::MAX };
    assert_eq!(finished(&mut both, huge), Vec::<String>::new());
    assert_eq!((both.server.worker_num, both.server.reactor_num, both.server.max_conn), (1, 1, 100_000));
}

#[test]
fn reactor_num_is_at_most_four_per_cpu() {
    let mut both = Whole::default().with("worker_num", 500_i64).with("reactor_num", 65_i64);
    warned(&mut both, MACHINE, &["\"reactor_num\"", "65", "64"]);
    assert_eq!(both.server.reactor_num, 64);
}

#[test]
fn reactor_num_is_at_most_worker_num() {
    let mut both = Whole::default().with("worker_num", 2_i64).with("reactor_num", 3_i64);
    warned(&mut both, MACHINE, &["\"reactor_num\"", "3", "worker_num", "2 is used"]);
    assert_eq!(both.server.reactor_num, 2);
}

#[test]
fn worker_num_is_at_most_a_thousand_per_cpu() {
    let mut both = Whole::default().with("worker_num", 2001_i64);
    warned(&mut both, Environment { cpus: 2, ..MACHINE }, &["\"worker_num\"", "2001", "2000"]);
    assert_eq!(both.server.worker_num, 2000);
}

#[test]
fn a_function_of_the_script_needs_a_single_reactor() {
    use crate::config::Value::Callable;
    for both in [
        Whole::default().with("dispatch_func", Callable),
        Whole::default().with("open_length_check", true).with("package_length_func", Callable),
        Whole::default().with("single_thread", true),
    ] {
        let mut silent = both.clone();
        assert_eq!(finished(&mut silent, MACHINE), Vec::<String>::new());
        assert!(silent.server.single_thread && silent.server.reactor_num == 1);

        let mut both = both.with("reactor_num", 2_i64);
        warned(&mut both, MACHINE, &["\"reactor_num\"", "2", "1 is used"]);
        assert_eq!(both.server.reactor_num, 1);
    }
}

#[test]
fn max_request_grace_is_half_of_max_request() {
    let mut both = Whole::default().with("max_request", 1001_i64);
    finished(&mut both, MACHINE);
    assert_eq!(both.server.max_request_grace, 500);

    let mut both = Whole::default().with("max_request", 1000_i64).with("max_request_grace", 0_i64);
    finished(&mut both, MACHINE);
    assert_eq!(both.server.max_request_grace, 0);
}

#[test]
fn max_conn_has_room_for_the_workers() {
    let mut both = Whole::default().with("worker_num", 10_i64).with("max_conn", 51_i64);
    warned(&mut both, MACHINE, &["\"max_conn\"", "51", "52"]);
    assert_eq!(both.server.max_conn, 52);

    let mut both = Whole::default().with("worker_num", 10_i64).with("max_conn", 52_i64);
    assert_eq!(finished(&mut both, MACHINE), Vec::<String>::new());
    assert_eq!(both.server.max_conn, 52);
}

#[test]
fn max_conn_is_within_the_limit_of_open_files() {
    let mut both = Whole::default().with("max_conn", 20_001_i64);
    warned(&mut both, MACHINE, &["\"max_conn\"", "20001", "20000", "ulimit"]);
    assert_eq!(both.server.max_conn, 20_000);
}

#[test]
fn too_low_a_limit_of_open_files_is_said() {
    let mut both = Whole::default().with("worker_num", 100_i64);
    let warnings = finished(&mut both, Environment { nofile_limit: 64, ..MACHINE });
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("64") && warnings[0].contains("232"), "{warnings:?}");
    assert_eq!(both.server.max_conn, 64);
}

#[test]
fn dispatch_func_sets_mode_six() {
    let mut both = Whole::default().with("dispatch_func", crate::config::Value::Callable);
    finished(&mut both, MACHINE);
    assert_eq!(both.server.dispatch_mode, 6);

    let mut both = Whole::default().with("dispatch_mode", 6_i64);
    warned(&mut both, MACHINE, &["\"dispatch_mode\"", "dispatch_func"]);
    assert_eq!(both.server.dispatch_mode, 2);
}

#[test]
fn heartbeat_idle_time_is_twice_the_interval() {
    let mut both = Whole::default().with("heartbeat_check_interval", 5_i64);
    assert_eq!(finished(&mut both, MACHINE), Vec::<String>::new());
    assert_eq!(both.port.heartbeat_idle_time, Duration::from_secs(10));
}

#[test]
fn heartbeat_check_interval_is_at_most_the_idle_time() {
    let mut both = Whole::default().with("heartbeat_check_interval", 60_i64).with("heartbeat_idle_time", 10_i64);
    warned(&mut both, MACHINE, &["\"heartbeat_check_interval\"", "60s", "10s", "5s"]);
    assert_eq!(both.server.heartbeat_check_interval, Duration::from_secs(5));
}

#[test]
fn heartbeat_idle_time_alone_checks_nothing() {
    let mut both = Whole::default().with("heartbeat_idle_time", 10_i64);
    assert_eq!(finished(&mut both, MACHINE), Vec::<String>::new());
    assert_eq!(both.server.heartbeat_check_interval, Duration::ZERO);
}

#[test]
fn each_port_has_an_idle_time_of_its_own() {
    let mut server = Whole::default().with("heartbeat_check_interval", 5_i64).server;
    let patient = Whole::default().with("heartbeat_idle_time", 60_i64).port;
    let mut ports = [PortSettings::default(), patient];
    assert_eq!(finish(&mut server, &mut ports, &MACHINE), Ok(vec![]));
    assert_eq!(ports.map(|port| port.heartbeat_idle_time.as_secs()), [10, 60]);
}

#[test]
fn watermarks_lie_within_the_buffer() {
    let mut both = Whole::default().with("socket_buffer_size", 1000_i64).with("buffer_high_watermark", 1001_i64);
    warned(&mut both, MACHINE, &["\"buffer_high_watermark\"", "1001", "1000"]);
    assert_eq!(both.port.buffer_high_watermark, 1000);

    let mut both = Whole::default().with("buffer_high_watermark", 500_i64).with("buffer_low_watermark", 500_i64);
    warned(&mut both, MACHINE, &["\"buffer_low_watermark\"", "500", "499"]);
    assert_eq!(both.port.buffer_low_watermark, 499);

    let mut both = Whole::default().with("socket_buffer_size", 1_i64);
    assert_eq!(finished(&mut both, MACHINE), Vec::<String>::new());
    assert_eq!((both.port.buffer_high_watermark, both.port.buffer_low_watermark), (1, 0));
}

#[test]
fn eof_and_length_exclude_one_another() {
    for eof in ["open_eof_check", "open_eof_split"] {
        let mut both = Whole::default().with(eof, true).with("open_length_check", true);
        warned(&mut both, MACHINE, &["open_eof_check", "open_length_check", "package_eof"]);
        assert!(!both.port.open_length_check);
    }
}

#[test]
fn package_length_func_needs_its_protocol() {
    let mut both = Whole::default().with("package_length_func", crate::config::Value::Callable);
    warned(&mut both, MACHINE, &["\"package_length_func\"", "\"open_length_check\""]);
    assert!(!both.port.has_package_length_func && !both.server.single_thread);
}

#[test]
fn a_cpu_must_be_left_for_affinity() {
    let two = Environment { cpus: 2, ..MACHINE };
    let mut both = Whole::default().with("open_cpu_affinity", true).with("cpu_affinity_ignore", "1,0,7");
    let error = finish(&mut both.server, &mut [], &two).unwrap_err();
    assert!(error.to_string().contains("\"cpu_affinity_ignore\""), "{error}");

    let mut both = Whole::default().with("open_cpu_affinity", true).with("cpu_affinity_ignore", "1");
    assert_eq!(finish(&mut both.server, &mut [], &two), Ok(vec![]));
}
