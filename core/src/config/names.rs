//! Names of options: aliases, names that are accepted and ignored, and the nearest known name.

use super::table::OPTIONS;
use super::{OptionDef, Scope, Warning};
use std::cmp::Reverse;

/// Other names of options, with the name in the table.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("max_connection", "max_conn"),
    ("input_buffer_size", "buffer_input_size"),
    ("package_body_start", "package_body_offset"),
    ("task_object", "task_use_object"),
    ("http_proxy_username", "http_proxy_user"),
    ("http_gzip_level", "http_compression_level"),
    ("compression_level", "http_compression_level"),
    ("compression_min_length", "http_compression_min_length"),
    ("compression_types", "http_compression_types"),
];

/// Options of things that this project does not have yet. Each leaves this list for the table
/// when what it configures is built.
#[rustfmt::skip]
pub(super) const NOT_YET: &[&str] = &[
    // protocols
    "open_http2_protocol", "open_mqtt_protocol",
    "open_redis_protocol",
    // HTTP
    "http2_header_table_size", "http2_initial_window_size", "http2_max_frame_size",
    "http2_max_concurrent_streams", "http2_max_header_list_size", "http2_enable_push", "url_rewrite_rules",
    // the rest
    "max_concurrency", "worker_max_concurrency", "admin_server",
    "aio_core_worker_num", "aio_worker_num", "aio_max_wait_time", "aio_max_idle_time", "dns_server",
];

/// Options of other builds that mean nothing here.
#[rustfmt::skip]
pub(super) const MEANINGLESS: &[&str] = &[
    "debug_mode", "trace_flags", "trace_event_worker", "open_tcp_nopush", "enable_coroutine", "max_coroutine", "max_coro_num",
    "hook_flags", "send_yield", "task_enable_coroutine",
    "start_session_id", "bootstrap", "init_arguments", "c_stack_size", "stack_size",
    "socket_dns_timeout", "socket_connect_timeout", "socket_read_timeout", "socket_write_timeout",
    "socket_timeout", "enable_deadlock_check", "enable_preemptive_scheduler",
];

/// The option of that name or alias.
pub fn find(name: &str) -> Option<&'static OptionDef> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
    OPTIONS.iter().find(|def| def.name == name)
}

/// Whether `set()` takes an option of that name without a word and without effect.
pub fn is_accepted_silently(name: &str) -> bool {
    NOT_YET.contains(&name) || MEANINGLESS.contains(&name)
}

/// What to say about a name that is not in the table: nothing if other builds know it.
pub(super) fn unknown(name: &str) -> Vec<Warning> {
    if is_accepted_silently(name) {
        return Vec::new();
    }
    let near = nearest(name);
    // A name that shares less than half with any other is no slip of the pen.
    let start = &name.as_bytes()[..name.len().min(64)];
    let hint = match distance(start, near.as_bytes()) * 2 <= start.len() {
        true => format!("the nearest known one is \"{near}\""),
        false => "docs/options.md lists all".to_owned(),
    };
    vec![Warning::new(format!("unknown option {} is ignored; {hint}", super::value::quoted(name)))]
}

/// What to say about an option that was given to the wrong object.
pub(super) fn misplaced(def: &OptionDef) -> Warning {
    let (owner, place) = match def.scope {
        Scope::Server => ("the server", "set() of the server"),
        Scope::Port => ("a port", "set() of a port"),
        Scope::Client => ("a client", "set() of a client"),
    };
    Warning::new(format!("option \"{}\" belongs to {owner} and is ignored here; give it to {place}", def.name))
}

/// The known name with the smallest edit distance; of several, the one that begins alike for longest.
fn nearest(name: &str) -> &'static str {
    // no known name is nearly as long: spares a comparison that grows with the square of the length
    let name: Vec<u8> = name.bytes().take(64).map(|b| b.to_ascii_lowercase()).collect();
    let aliases = ALIASES.iter().map(|(alias, _)| *alias);
    OPTIONS
        .iter()
        .map(|def| def.name)
        .chain(aliases)
        .chain(NOT_YET.iter().copied())
        .min_by_key(|known| {
            let alike = name.iter().zip(known.bytes()).take_while(|(a, b)| **a == *b).count();
            (distance(&name, known.as_bytes()), Reverse(alike))
        })
        .unwrap_or_default()
}

/// Edit distance; two letters that changed places count as one edit.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut rows = [vec![0; b.len() + 1], vec![0; b.len() + 1], (0..=b.len()).collect()];
    for i in 1..=a.len() {
        rows.rotate_left(1);
        rows[2][0] = i;
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[1][j] + 1).min(rows[2][j - 1] + 1).min(rows[1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[0][j - 2] + 1);
            }
            rows[2][j] = best;
        }
    }
    rows[2][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (a, b, want) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("worker_nun", "worker_num", 1),
            ("wroker_num", "worker_num", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), want, "{a} {b}");
        }
    }

    #[test]
    fn a_name_is_listed_once() {
        let mut all: Vec<&str> = OPTIONS.iter().map(|def| def.name).collect();
        all.extend(ALIASES.iter().map(|(alias, _)| *alias));
        all.extend(NOT_YET);
        all.extend(MEANINGLESS);
        let total = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), total);
    }
}
