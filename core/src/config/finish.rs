//! What concerns several options, or the machine: looked at once, when the server starts.

use super::Warning;
use super::table::{PortSettings, ServerSettings};
use crate::error::{Error, ErrorKind, Result};
use std::time::Duration;

/// What the settings are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Environment {
    /// CPUs this process may use
    pub cpus: usize,
    /// descriptors a process may have open (soft RLIMIT_NOFILE)
    pub nofile_limit: u64,
}

const REACTORS_BY_DEFAULT: usize = 8;
const REACTORS_PER_CPU: usize = 4;
const WORKERS_PER_CPU: usize = 1000;
const CONNECTIONS_BY_DEFAULT: usize = 100_000;
/// 1,048,576: what one process can have open on a common kernel (`fs.nr_open`).
const CONNECTIONS: usize = 1 << 20;

/// Checks the settings of a server and its ports against one another and against the machine, and
/// fills in what is computed. Runs before the processes are forked. The settings are ready to use
/// afterwards; a second call changes nothing. The warnings say what was changed.
pub fn finish(server: &mut ServerSettings, ports: &mut [PortSettings], env: &Environment) -> Result<Vec<Warning>> {
    let mut warnings = Warnings(Vec::new());
    affinity(server, env)?;
    for port in ports.iter_mut() {
        warnings.0.extend(finish_port(port));
    }
    heartbeat(server, ports, &mut warnings);
    processes(server, ports, env, &mut warnings);
    connections(server, env, &mut warnings);
    dispatch(server, &mut warnings);
    Ok(warnings.0)
}

/// The part of [`finish`] that concerns one port or client alone.
pub fn finish_port(port: &mut PortSettings) -> Vec<Warning> {
    let mut warnings = Warnings(Vec::new());
    watermarks(port, &mut warnings);
    protocol(port, &mut warnings);
    warnings.0
}

struct Warnings(Vec<Warning>);

impl Warnings {
    fn add(&mut self, message: String) {
        self.0.push(Warning::new(message));
    }

    /// Caps a number that the caller gave.
    fn cap(&mut self, name: &str, field: &mut usize, most: usize, why: &str) {
        if *field > most {
            self.add(format!(
                "option \"{name}\": {field} was given, allowed is at most {most} ({why}); {most} is used"
            ));
            *field = most;
        }
    }
}

fn processes(server: &mut ServerSettings, ports: &[PortSettings], env: &Environment, warnings: &mut Warnings) {
    let cpus = env.cpus.max(1);
    if server.worker_num == 0 {
        server.worker_num = cpus;
    }
    let most = cpus.saturating_mul(WORKERS_PER_CPU);
    warnings.cap("worker_num", &mut server.worker_num, most, "1000 per CPU");

    // a function of the script runs on the main thread, so the reactor that calls it must too
    if server.has_dispatch_func || ports.iter().any(|port| port.has_package_length_func) {
        server.single_thread = true;
    }
    if server.reactor_num == 0 {
        server.reactor_num = cpus.min(REACTORS_BY_DEFAULT).min(server.worker_num);
    }
    if server.single_thread {
        if server.is_given("reactor_num") {
            let why = "single_thread, dispatch_func and package_length_func need a single one";
            warnings.cap("reactor_num", &mut server.reactor_num, 1, why);
        }
        server.reactor_num = 1;
    }
    let most = cpus.saturating_mul(REACTORS_PER_CPU);
    warnings.cap("reactor_num", &mut server.reactor_num, most, "4 per CPU");
    warnings.cap("reactor_num", &mut server.reactor_num, server.worker_num, "worker_num");

    if !server.is_given("max_request_grace") {
        server.max_request_grace = server.max_request / 2;
    }
    warnings.cap("task_worker_num", &mut server.task_worker_num, cpus.saturating_mul(WORKERS_PER_CPU), "1000 per CPU");
    if !server.is_given("task_max_request_grace") {
        server.task_max_request_grace = server.task_max_request / 2;
    }
    // Rounded down, so that a limit that was given holds.
    server.task_queue_size = (server.task_queue_size / 2 + 1).next_power_of_two();
}

fn connections(server: &mut ServerSettings, env: &Environment, warnings: &mut Warnings) {
    let open_files = usize::try_from(env.nofile_limit).unwrap_or(usize::MAX).clamp(1, CONNECTIONS);
    let processes = server.worker_num.saturating_add(server.task_worker_num);
    let least = processes.saturating_mul(2).saturating_add(32);
    if least > open_files {
        warnings.add(format!(
            "the limit of open files is {open_files} and {processes} workers should have at least {least}; \
             raise it with ulimit -n, or set a smaller \"worker_num\" or \"task_worker_num\"",
        ));
    }
    if server.max_conn == 0 {
        server.max_conn = CONNECTIONS_BY_DEFAULT.max(least).min(open_files);
    } else if server.max_conn < least && least <= open_files {
        let given = server.max_conn;
        warnings.add(format!(
            "option \"max_conn\": {given} was given, allowed is at least {least} (2 per worker and 32); {least} is used"
        ));
        server.max_conn = least;
    }
    warnings.cap("max_conn", &mut server.max_conn, open_files, "the limit of open files: see ulimit -n");
}

fn dispatch(server: &mut ServerSettings, warnings: &mut Warnings) {
    const BY_FUNCTION: u8 = 6;
    const BY_CONNECTION: u8 = 2;
    if server.has_dispatch_func {
        server.dispatch_mode = BY_FUNCTION;
    } else if server.dispatch_mode == BY_FUNCTION {
        warnings.add("option \"dispatch_mode\": 6 needs a dispatch_func and none was given; 2 is used".into());
        server.dispatch_mode = BY_CONNECTION;
    }
}

fn affinity(server: &ServerSettings, env: &Environment) -> Result<()> {
    let ignored = &server.cpu_affinity_ignore;
    if server.open_cpu_affinity && (0..env.cpus).all(|cpu| ignored.contains(&cpu)) {
        return Err(Error::new(
            ErrorKind::InvalidParams,
            format!(
                "option \"cpu_affinity_ignore\": all of the {} CPUs were given, allowed is to leave one out",
                env.cpus
            ),
        ));
    }
    Ok(())
}

fn heartbeat(server: &mut ServerSettings, ports: &mut [PortSettings], warnings: &mut Warnings) {
    let check = server.heartbeat_check_interval;
    if check == Duration::ZERO {
        return;
    }
    for port in ports {
        if port.heartbeat_idle_time == Duration::ZERO {
            port.heartbeat_idle_time = check * 2;
        }
        let idle = port.heartbeat_idle_time;
        // a port whose time is shorter than the interval would be looked at too late
        if server.heartbeat_check_interval > idle {
            warnings.add(format!(
                "option \"heartbeat_check_interval\": {:?} was given, allowed is at most the heartbeat_idle_time, \
                 which is {idle:?}; {:?} is used",
                server.heartbeat_check_interval,
                idle / 2
            ));
            server.heartbeat_check_interval = idle / 2;
        }
    }
}

fn watermarks(port: &mut PortSettings, warnings: &mut Warnings) {
    let size = port.socket_buffer_size;
    if port.buffer_high_watermark == 0 {
        port.buffer_high_watermark = (size - size / 5).max(1);
    }
    warnings.cap("buffer_high_watermark", &mut port.buffer_high_watermark, size, "socket_buffer_size");
    let most = port.buffer_high_watermark - 1;
    warnings.cap("buffer_low_watermark", &mut port.buffer_low_watermark, most, "less than buffer_high_watermark");
}

fn protocol(port: &mut PortSettings, warnings: &mut Warnings) {
    if (port.open_eof_check || port.open_eof_split) && port.open_length_check {
        warnings.add(
            "options \"open_eof_check\" and \"open_length_check\" exclude one another and both were \
             given; packages are taken to end with package_eof"
                .into(),
        );
        port.open_length_check = false;
    }
    if port.has_package_length_func && !port.open_length_check {
        warnings.add("option \"package_length_func\" needs \"open_length_check\" and is ignored".into());
        port.has_package_length_func = false;
    }
}
