//! What one option takes, clamps and refuses.

use super::{Whole, text};
use crate::config::{Kind, OPTIONS, PortSettings, Scope, ServerSettings, Value, find, is_accepted_silently};
use crate::error::ErrorKind;
use std::time::Duration;

fn list(numbers: &[i64]) -> Value {
    Value::List(numbers.iter().map(|n| Value::Int(*n)).collect())
}

/// An option, a value that is neither refused nor the default, and the field as Debug shows it after.
#[rustfmt::skip]
fn accepted() -> Vec<(&'static str, Value, &'static str)> {
    use Value::{Callable, Float, Int};
    vec![
        ("reactor_num", Int(2), "reactor_num: 2,"),
        ("reactor_num", text(" 3 "), "reactor_num: 3,"),
        ("worker_num", Int(4), "worker_num: 4,"),
        ("worker_num", text("4"), "worker_num: 4,"),
        ("worker_num", Float(4.0), "worker_num: 4,"),
        ("worker_num", text("4.0"), "worker_num: 4,"),
        ("worker_num", text("1e1"), "worker_num: 10,"),
        ("max_request", Int(i64::MAX), "max_request: 9223372036854775807,"),
        ("max_request_grace", Int(7), "max_request_grace: 7,"),
        ("max_memory", Int(1 << 30), "max_memory: 1073741824,"),
        ("task_worker_num", Int(3), "task_worker_num: 3,"),
        ("task_ipc_mode", Int(3), "task_ipc_mode: 3,"),
        ("message_queue_key", Int(0x7000_0001), "message_queue_key: 1879048193,"),
        ("task_max_request", Int(9), "task_max_request: 9,"),
        ("task_max_request_grace", Int(2), "task_max_request_grace: 2,"),
        ("task_tmpdir", text("/var/tmp"), "task_tmpdir: \"/var/tmp\","),
        ("task_object", Value::Bool(true), "task_use_object: true,"),
        ("task_queue_size", Int(1 << 20), "task_queue_size: 1048576,"),
        ("task_retry", Int(2), "task_retry: 2,"),
        ("request_slowlog_file", text("/tmp/slow"), "request_slowlog_file: Some(\"/tmp/slow\"),"),
        ("request_slowlog_timeout", Value::Float(0.5), "request_slowlog_timeout: 500ms,"),
        ("stats_file", text("/tmp/stats"), "stats_file: Some(\"/tmp/stats\"),"),
        ("metrics_port", Int(9100), "metrics_port: Some(\"9100\"),"),
        ("metrics_port", text("0.0.0.0:9100"), "metrics_port: Some(\"0.0.0.0:9100\"),"),
        ("max_conn", Int(1000), "max_conn: 1000,"),
        ("max_connection", Int(1000), "max_conn: 1000,"),
        ("max_wait_time", Int(60), "max_wait_time: 60s,"),
        ("max_wait_time", Float(0.5), "max_wait_time: 500ms,"),
        ("max_wait_time", text("1.5"), "max_wait_time: 1.5s,"),
        ("max_wait_time", Int(0), "max_wait_time: 0ns,"),
        ("dispatch_mode", Int(1), "dispatch_mode: 1,"),
        ("dispatch_mode", text("9"), "dispatch_mode: 9,"),
        ("dispatch_func", Callable, "has_dispatch_func: true,"),
        ("chroot", text("/srv"), "chroot: Some(\"/srv\"),"),
        ("user", text("www-data"), "user: Some(\"www-data\"),"),
        ("user", Int(33), "user: Some(\"33\"),"),
        ("group", text("www-data"), "group: Some(\"www-data\"),"),
        ("pid_file", text("/run/s.pid"), "pid_file: Some(\"/run/s.pid\"),"),
        ("cpu_affinity_ignore", list(&[0, 1]), "cpu_affinity_ignore: [0, 1],"),
        ("cpu_affinity_ignore", Value::List(vec![text("3")]), "cpu_affinity_ignore: [3],"),
        ("cpu_affinity_ignore", text("0, 2"), "cpu_affinity_ignore: [0, 2],"),
        ("cpu_affinity_ignore", Int(5), "cpu_affinity_ignore: [5],"),
        ("heartbeat_check_interval", Int(30), "heartbeat_check_interval: 30s,"),
        ("http_compression_level", Int(9), "http_compression_level: 9,"),
        ("http_gzip_level", Int(9), "http_compression_level: 9,"),
        ("http_compression_min_length", Int(100), "http_compression_min_length: 100,"),
        ("http_compression_types", text("text/css, text/plain"), "http_compression_types: [\"text/css\", \"text/plain\"],"),
        ("websocket_subprotocol", text("chat"), "websocket_subprotocol: Some(\"chat\"),"),
        ("timeout", Float(0.5), "timeout: 500ms,"),
        ("connect_timeout", Float(0.5), "connect_timeout: 500ms,"),
        ("http_head_timeout", Float(0.5), "http_head_timeout: 500ms,"),
        ("http_body_timeout", Int(0), "http_body_timeout: 0ns,"),
        ("http_keepalive_timeout", Int(5), "http_keepalive_timeout: 5s,"),
        ("http_detach_timeout", Int(0), "http_detach_timeout: 0ns,"),
        ("http_header_max", Int(8192), "http_header_max: 8192,"),
        ("upload_tmp_dir", text("/var/tmp"), "upload_tmp_dir: \"/var/tmp\","),
        ("upload_max_filesize", Int(1 << 31), "upload_max_filesize: 2147483648,"),
        ("document_root", text("/srv"), "document_root: Some(\"/srv\"),"),
        ("static_handler_locations", Value::List(vec![text("/a"), text("/b")]), "static_handler_locations: [\"/a\", \"/b\"],"),
        ("http_index_files", text("index.html"), "http_index_files: [\"index.html\"],"),
        ("send_timeout", Float(2.5), "send_timeout: 2.5s,"),
        ("buffer_output_size", Int(1 << 20), "buffer_output_size: 1048576,"),
        ("buffer_input_size", Int(65536), "buffer_input_size: Some(65536),"),
        ("input_buffer_size", Int(65536), "buffer_input_size: Some(65536),"),
        ("log_file", text("/tmp/s.log"), "log_file: Some(\"/tmp/s.log\"),"),
        ("log_level", Int(4), "log_level: Warning,"),
        ("log_level", text("6"), "log_level: None,"),
        ("log_level", text("notice"), "log_level: Notice,"),
        ("log_rotation", Int(2), "log_rotation: Daily,"),
        ("log_rotation", text("EVERY_MINUTE"), "log_rotation: EveryMinute,"),
        ("log_date_format", text("%d.%m.%Y"), "log_date_format: \"%d.%m.%Y\","),
        ("ssl_cert_file", text("/c.pem"), "ssl_cert_file: Some(\"/c.pem\"),"),
        ("ssl_key_file", text("/k.pem"), "ssl_key_file: Some(\"/k.pem\"),"),
        ("ssl_passphrase", text("secret"), "ssl_passphrase: Some(\"secret\"),"),
        (
            "ssl_sni_certs",
            Value::Map(vec![(b"a.test".to_vec(), sni_options())]),
            "ssl_sni_certs: [SniCertificate { host: \"a.test\", cert_file: \"/c.pem\", key_file: \"/k.pem\", passphrase: None }",
        ),
        (
            "ssl_sni_certs",
            text("a.test=/c.pem;/k.pem, b.test=/d;/e"),
            "SniCertificate { host: \"b.test\", cert_file: \"/d\", key_file: \"/e\", passphrase: None }",
        ),
        ("ssl_protocols", Int(96), "ssl_protocols: 96,"),
        ("ssl_method", Int(12), "ssl_method: Some(12),"),
        ("ssl_ciphers", text("HIGH"), "ssl_ciphers: Some(\"HIGH\"),"),
        ("ssl_ecdh_curve", text("X25519"), "ssl_ecdh_curve: Some(\"X25519\"),"),
        ("ssl_dhparam", text("/d.pem"), "ssl_dhparam: Some(\"/d.pem\"),"),
        ("ssl_client_cert_file", text("/a.pem"), "ssl_client_cert_file: Some(\"/a.pem\"),"),
        ("ssl_cafile", text("/a.pem"), "ssl_cafile: Some(\"/a.pem\"),"),
        ("ssl_capath", text("/a"), "ssl_capath: Some(\"/a\"),"),
        ("ssl_verify_depth", Int(1), "ssl_verify_depth: 1,"),
        ("ssl_handshake_timeout", Float(0.5), "ssl_handshake_timeout: 500ms,"),
        ("ssl_host_name", text("a.test"), "ssl_host_name: Some(\"a.test\"),"),
        ("bind_address", text("127.0.0.2"), "bind_address: Some(\"127.0.0.2\"),"),
        ("bind_port", Int(4711), "bind_port: 4711,"),
        ("socks5_host", text("proxy"), "socks5_host: Some(\"proxy\"),"),
        ("socks5_port", Int(9050), "socks5_port: 9050,"),
        ("socks5_username", text("me"), "socks5_username: Some(\"me\"),"),
        ("socks5_password", text("secret"), "socks5_password: Some(\"secret\"),"),
        ("http_proxy_host", text("proxy"), "http_proxy_host: Some(\"proxy\"),"),
        ("http_proxy_port", Int(3128), "http_proxy_port: 3128,"),
        ("http_proxy_user", text("me"), "http_proxy_user: Some(\"me\"),"),
        ("http_proxy_username", text("me"), "http_proxy_user: Some(\"me\"),"),
        ("http_proxy_password", text("secret"), "http_proxy_password: Some(\"secret\"),"),
        ("backlog", Int(128), "backlog: 128,"),
        ("tcp_defer_accept", Int(5), "tcp_defer_accept: Some(5),"),
        ("tcp_defer_accept", Value::Bool(true), "tcp_defer_accept: Some(1),"),
        ("tcp_fastopen", Int(256), "tcp_fastopen: Some(256),"),
        ("tcp_fastopen", Value::Bool(true), "tcp_fastopen: Some(128),"),
        ("tcp_keepidle", Int(10), "tcp_keepidle: 10s,"),
        ("tcp_keepinterval", Int(2), "tcp_keepinterval: 2s,"),
        ("tcp_keepcount", Int(3), "tcp_keepcount: 3,"),
        ("tcp_user_timeout", Int(1500), "tcp_user_timeout: 1.5s,"),
        ("kernel_socket_recv_buffer_size", Int(4096), "kernel_socket_recv_buffer_size: Some(4096),"),
        ("kernel_socket_send_buffer_size", Int(4096), "kernel_socket_send_buffer_size: Some(4096),"),
        ("socket_buffer_size", Int(1 << 21), "socket_buffer_size: 2097152,"),
        ("socket_buffer_size", Int(0), "socket_buffer_size: 2147483647,"),
        ("socket_buffer_size", Int(-1), "socket_buffer_size: 2147483647,"),
        ("buffer_high_watermark", Int(9000), "buffer_high_watermark: 9000,"),
        ("buffer_low_watermark", Int(900), "buffer_low_watermark: 900,"),
        ("max_queued_bytes", Int(1 << 20), "max_queued_bytes: 1048576,"),
        ("max_idle_time", Float(0.25), "max_idle_time: 250ms,"),
        ("heartbeat_idle_time", Int(60), "heartbeat_idle_time: 60s,"),
        ("package_eof", text("\n"), "package_eof: [10],"),
        ("package_eof", text("12345678"), "package_eof: [49, 50, 51, 52, 53, 54, 55, 56],"),
        ("package_eof", Value::Str(vec![0, 255]), "package_eof: [0, 255],"),
        ("package_length_type", text("n"), "package_length_type: 'n',"),
        ("package_length_type", text("V"), "package_length_type: 'V',"),
        ("package_length_offset", Int(8), "package_length_offset: 8,"),
        ("package_body_offset", Int(16), "package_body_offset: 16,"),
        ("package_body_offset", Int(0), "package_body_offset: 0,"),
        ("package_body_start", Int(16), "package_body_offset: 16,"),
        ("package_length_func", Callable, "has_package_length_func: true,"),
        ("package_max_length", Int(1 << 20), "package_max_length: 1048576,"),
    ]
}

/// An option and a value that is refused.
#[rustfmt::skip]
fn refused() -> Vec<(&'static str, Value)> {
    use Value::{Bool, Callable, Float, Int};
    vec![
        ("reactor_num", text("many")),
        ("reactor_num", list(&[1])),
        ("worker_num", text("")),
        ("worker_num", text("4 workers")),
        ("worker_num", text("0x4")),
        ("worker_num", text("inf")),
        ("worker_num", text("nan")),
        ("worker_num", Float(1.5)),
        ("worker_num", Float(f64::NAN)),
        ("worker_num", Float(f64::INFINITY)),
        ("worker_num", Float(1e300)),
        ("worker_num", Bool(true)),
        ("worker_num", Callable),
        ("max_request", Int(-1)),
        ("max_request_grace", Int(-1)),
        ("max_memory", Int(-1)),
        ("task_worker_num", text("a few")),
        ("task_ipc_mode", Int(4)),
        ("message_queue_key", Int(-1)),
        ("task_max_request", Int(-1)),
        ("task_max_request_grace", Int(-1)),
        ("ssl_cert_file", Bool(true)),
        ("ssl_key_file", Value::Str(b"/a\0b".to_vec())),
        ("ssl_passphrase", Value::List(vec![])),
        ("ssl_sni_certs", Bool(true)),
        ("ssl_sni_certs", text("a.test=/c.pem")),
        ("ssl_sni_certs", Value::Map(vec![(b"a.test".to_vec(), text("/c.pem"))])),
        ("ssl_sni_certs", Value::Map(vec![(b"a.test".to_vec(), Value::Map(vec![]))])),
        ("ssl_protocols", Int(256)),
        ("ssl_protocols", text("TLSv1.2")),
        ("ssl_method", Int(18)),
        ("ssl_ciphers", Value::List(vec![])),
        ("ssl_ecdh_curve", Bool(true)),
        ("ssl_dhparam", Value::Callable),
        ("ssl_client_cert_file", Value::List(vec![])),
        ("ssl_cafile", Bool(true)),
        ("ssl_capath", Value::Callable),
        ("ssl_verify_depth", Int(-1)),
        ("ssl_handshake_timeout", Int(-1)),
        ("ssl_host_name", Value::List(vec![])),
        ("bind_address", Value::Callable),
        ("bind_port", Int(65536)),
        ("socks5_host", Value::List(vec![])),
        ("socks5_port", Int(0)),
        ("socks5_username", Value::Callable),
        ("socks5_password", Value::Callable),
        ("http_proxy_host", Value::List(vec![])),
        ("http_proxy_port", Int(65536)),
        ("http_proxy_user", Value::Callable),
        ("http_proxy_password", Value::Callable),
        ("task_tmpdir", Value::Callable),
        ("task_queue_size", text("big")),
        ("task_retry", Int(-1)),
        ("request_slowlog_file", Value::List(vec![])),
        ("request_slowlog_timeout", Int(-1)),
        ("stats_file", Value::List(vec![])),
        ("metrics_port", Value::List(vec![])),
        ("max_conn", text("a lot")),
        ("max_wait_time", Int(-1)),
        ("max_wait_time", Float(f64::NAN)),
        ("max_wait_time", Int(i64::MAX)),
        ("dispatch_mode", Int(0)),
        ("dispatch_mode", Int(10)),
        ("dispatch_func", text("no_such_function")),
        ("dispatch_func", Int(1)),
        ("http_compression_level", Int(12)),
        ("http_compression_min_length", Int(-1)),
        ("http_compression_types", Int(1)),
        ("websocket_subprotocol", Callable),
        ("timeout", Int(-1)),
        ("connect_timeout", Int(-1)),
        ("http_head_timeout", Int(-1)),
        ("http_body_timeout", text("soon")),
        ("http_keepalive_timeout", Int(-1)),
        ("http_detach_timeout", text("soon")),
        ("http_header_max", text("64K")),
        ("upload_tmp_dir", list(&[])),
        ("upload_max_filesize", Int(-1)),
        ("document_root", Value::Str(b"/a\0b".to_vec())),
        ("static_handler_locations", Value::List(vec![text("/a"), Callable])),
        ("http_index_files", Value::Str(vec![0xff])),
        ("chroot", list(&[])),
        ("chroot", Value::Str(b"/a\0b".to_vec())),
        ("user", Value::Str(vec![0xff])),
        ("user", Bool(true)),
        ("group", Float(1.5)),
        ("pid_file", Bool(true)),
        ("cpu_affinity_ignore", list(&[-1])),
        ("cpu_affinity_ignore", Bool(true)),
        ("cpu_affinity_ignore", text("0,x")),
        ("heartbeat_check_interval", Int(-1)),
        ("send_timeout", Float(-0.5)),
        ("send_timeout", text("soon")),
        ("buffer_output_size", Int(0)),
        ("buffer_output_size", Int(1 << 32)),
        ("buffer_input_size", Int(0)),
        ("log_file", list(&[])),
        ("log_level", Int(7)),
        ("log_level", text("LOUD")),
        ("log_rotation", Int(5)),
        ("log_date_format", text("%Q")),
        ("log_date_format", text("")),
        ("log_date_format", text("%F\n%T")),
        ("log_date_format", Int(1)),
        ("backlog", Int(0)),
        ("backlog", Int(1 << 31)),
        ("tcp_defer_accept", Int(-1)),
        ("tcp_defer_accept", text("later")),
        ("tcp_fastopen", Int(-1)),
        ("tcp_keepidle", Int(0)),
        ("tcp_keepidle", Int(32768)),
        ("tcp_keepidle", Float(1.5)),
        ("tcp_keepinterval", Int(0)),
        ("tcp_keepcount", Int(128)),
        ("tcp_user_timeout", Int(-1)),
        ("kernel_socket_recv_buffer_size", Int(-1)),
        ("kernel_socket_send_buffer_size", Int(1 << 31)),
        ("socket_buffer_size", text("8M")),
        ("buffer_high_watermark", Int(-1)),
        ("buffer_low_watermark", Int(-1)),
        ("max_queued_bytes", Int(-1)),
        ("max_idle_time", Int(-1)),
        ("heartbeat_idle_time", Int(-1)),
        ("package_eof", text("")),
        ("package_eof", text("123456789")),
        ("package_eof", Int(1)),
        ("package_length_type", text("q")),
        ("package_length_type", text("Q")),
        ("package_length_type", text("J")),
        ("package_length_type", text("P")),
        ("package_length_type", text("NN")),
        ("package_length_type", text("")),
        ("package_length_type", Int(4)),
        ("package_length_offset", Int(-1)),
        ("package_length_offset", Int(65529)),
        ("package_body_offset", Int(-1)),
        ("package_length_func", Int(0)),
        ("package_max_length", text("2M")),
    ]
}

fn names(scope: Scope) -> impl Iterator<Item = &'static str> {
    OPTIONS.iter().filter(move |def| def.scope == scope).map(|def| def.name)
}

#[test]
fn an_option_takes_what_it_should() {
    for (name, value, want) in accepted() {
        let mut both = Whole::default();
        assert_eq!(both.set(name, &value), Ok(vec![]), "{name} {value:?}");
        assert!(format!("{both:?}").contains(&format!(" {want}")), "{name} {value:?}: {both:#?}");
        assert!(!format!("{:?}", Whole::default()).contains(&format!(" {want}")), "{name} {value:?} is the default");
    }
}

#[test]
fn an_option_refuses_the_rest_and_keeps_its_value() {
    for (name, value) in refused() {
        let mut both = Whole::default();
        let error = both.set(name, &value).expect_err(&format!("{name} {value:?}"));
        assert_eq!(error.kind(), ErrorKind::InvalidParams);
        let message = error.to_string();
        for part in [format!("\"{name}\""), value.describe(), find(name).unwrap().kind.allowed()] {
            assert!(message.contains(&part), "{message:?} says {part:?}");
        }
        assert_eq!(both, Whole::default(), "{name} {value:?}");
    }
}

fn sni_options() -> Value {
    Value::Map(vec![(b"ssl_cert_file".to_vec(), text("/c.pem")), (b"ssl_key_file".to_vec(), text("/k.pem"))])
}

#[test]
fn every_option_has_its_rows() {
    for def in OPTIONS.iter().filter(|def| def.kind != Kind::Bool) {
        assert!(accepted().iter().any(|row| row.0 == def.name), "{} is taken nowhere", def.name);
        assert!(refused().iter().any(|row| row.0 == def.name), "{} is refused nowhere", def.name);
    }
}

#[test]
fn a_switch_takes_every_spelling_of_true_and_false() {
    let on = [Value::Bool(true), Value::Int(1), Value::Float(1.0), text("1"), text("true"), text("On"), text("yes")];
    let off = [Value::Bool(false), Value::Int(0), Value::Float(0.0), text("0"), text("FALSE"), text("off"), text("")];
    let neither =
        [Value::Int(2), Value::Int(-1), Value::Float(0.5), text("maybe"), Value::Callable, Value::List(vec![])];
    for def in OPTIONS.iter().filter(|def| def.kind == Kind::Bool) {
        for (values, want) in [(&on, true), (&off, false)] {
            for value in values {
                // begun from the other side, so that the field is seen to change
                let mut both = Whole::default().with(def.name, !want).with(def.name, value.clone());
                assert!(format!("{both:?}").contains(&format!(" {}: {want},", def.name)), "{} {value:?}", def.name);
                for value in &neither {
                    let before = both.clone();
                    assert!(both.set(def.name, value).is_err(), "{} {value:?}", def.name);
                    assert_eq!(both, before);
                }
            }
        }
    }
}

#[test]
fn a_switch_with_a_number_can_be_off() {
    for name in ["tcp_defer_accept", "tcp_fastopen"] {
        for off in [Value::Bool(false), Value::Int(0), text("0"), text("")] {
            let mut both = Whole::default().with(name, 3_i64).with(name, off);
            assert_eq!(both.set(name, &Value::Null), Ok(vec![]));
            assert_eq!(both, Whole::default(), "{name}");
        }
    }
}

#[test]
fn an_empty_path_or_name_is_none() {
    for name in ["chroot", "user", "group", "pid_file", "log_file"] {
        let both = Whole::default().with(name, "/somewhere").with(name, "");
        assert!(format!("{both:?}").contains(&format!(" {name}: None,")), "{name}");
    }
}

#[test]
fn what_may_be_clamped_is_clamped_with_a_warning() {
    for (name, given, want) in [
        ("reactor_num", 0, "reactor_num: 1,"),
        ("worker_num", 0, "worker_num: 1,"),
        ("worker_num", -5, "worker_num: 1,"),
        ("max_conn", 0, "max_conn: 1,"),
        ("package_max_length", 1024, "package_max_length: 65536,"),
        ("package_max_length", i64::MIN, "package_max_length: 65536,"),
        ("package_max_length", i64::MAX, "package_max_length: 2147483647,"),
    ] {
        let mut both = Whole::default();
        let warnings = both.set(name, &Value::Int(given)).unwrap();
        assert_eq!(warnings.len(), 1, "{name}");
        for part in [format!("\"{name}\""), given.to_string(), "allowed is".into()] {
            assert!(warnings[0].message.contains(&part), "{:?} says {part:?}", warnings[0].message);
        }
        assert!(format!("{both:?}").contains(&format!(" {want}")), "{name} {given}");
    }
}

#[test]
fn null_gives_the_default_back() {
    for (name, value, _) in accepted() {
        let mut both = Whole::default();
        both.set(name, &value).unwrap();
        assert_ne!(both, Whole::default(), "{name}");
        assert_eq!(both.set(name, &Value::Null), Ok(vec![]));
        assert_eq!(both, Whole::default(), "{name}");
    }
}

#[test]
fn a_setting_knows_whether_it_was_given() {
    let both = Whole::default().with("max_connection", 100_i64);
    assert!(both.server.is_given("max_conn"));
    assert!(!both.server.is_given("worker_num"));
}

#[test]
fn every_default_of_the_table_is_taken() {
    for def in OPTIONS.iter().filter(|def| !def.default.starts_with('(')) {
        let mut both = Whole::default();
        assert_eq!(both.set(def.name, &Value::from(def.default)), Ok(vec![]), "{}", def.name);
    }
}

#[test]
fn defaults_are_those_of_the_manual() {
    let Whole { server, port, .. } = Whole::default();
    assert_eq!(server.max_wait_time, Duration::from_secs(3));
    assert!(server.reload_async && port.open_tcp_nodelay);
    assert!(!server.daemonize && !server.discard_timeout_request && !port.open_tcp_keepalive);
    assert_eq!((server.dispatch_mode, server.max_request, server.send_timeout), (2, 0, Duration::ZERO));
    assert_eq!((server.buffer_output_size, server.buffer_input_size), (u64::from(u32::MAX), None));
    assert_eq!(server.log_date_format, "%F %T");
    assert_eq!((port.backlog, port.socket_buffer_size, port.package_max_length), (512, 8 << 20, 2 << 20));
    assert_eq!((port.tcp_keepidle.as_secs(), port.tcp_keepinterval.as_secs(), port.tcp_keepcount), (3600, 60, 5));
    assert_eq!((port.package_eof.as_slice(), port.package_length_type), (&b"\r\n\r\n"[..], 'N'));
    assert_eq!((port.package_length_offset, port.package_body_offset), (0, 4));
    assert_eq!((port.tcp_defer_accept, port.tcp_fastopen), (None, None));
}

#[test]
fn an_unknown_option_is_named_with_the_nearest_known_one() {
    for (name, near) in [
        ("worker_nun", "worker_num"),
        ("Worker_Num", "worker_num"),
        ("workers_num", "worker_num"),
        ("max_connections", "max_connection"),
        ("open_eof_spilt", "open_eof_split"),
        ("deamonize", "daemonize"),
        ("ssl_certfile", "ssl_cert_file"),
    ] {
        let mut server = ServerSettings::default();
        let warnings = server.set(name, &Value::Int(1)).unwrap();
        assert_eq!(warnings.len(), 1, "{name}");
        let message = &warnings[0].message;
        assert!(message.contains(name) && message.contains(&format!("\"{near}\"")), "{message}");
        assert_eq!(server, ServerSettings::default());
    }
}

#[test]
fn a_hostile_name_makes_a_short_line() {
    let warnings = PortSettings::default().set(&"\n\0ü".repeat(100_000), &Value::Null).unwrap();
    let message = &warnings[0].message;
    assert!(message.len() < 500 && !message.contains(char::is_control), "{message}");
}

#[test]
fn options_of_other_builds_are_accepted_in_silence() {
    for name in [
        "debug_mode",
        "trace_flags",
        "enable_coroutine",
        "trace_event_worker",
        "url_rewrite_rules",
        "http2_enable_push",
    ] {
        assert!(is_accepted_silently(name), "{name}");
        let mut both = Whole::default();
        assert_eq!(both.set(name, &text("anything")), Ok(vec![]));
        assert_eq!(both.port.set(name, &Value::Int(-1)), Ok(vec![]));
        assert_eq!(both, Whole::default());
    }
}

#[test]
fn an_option_given_to_the_wrong_object_is_a_warning() {
    let (mut server, mut port) = (ServerSettings::default(), PortSettings::default());
    for name in names(Scope::Server) {
        let warnings = port.set(name, &Value::Int(1)).unwrap();
        assert!(warnings[0].message.contains(name) && warnings[0].message.contains("server"), "{name}");
    }
    for name in names(Scope::Port) {
        let warnings = server.set(name, &Value::Int(1)).unwrap();
        assert!(warnings[0].message.contains(name) && warnings[0].message.contains("port"), "{name}");
    }
    assert_eq!((server, port), Default::default());
}
