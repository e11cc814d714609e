//! The table of options, and the settings that are made of it.

use super::check::{Checked, Field, Kind, bytes, clamped, clamped_bytes, count, switch, whole_seconds};
use super::{OptionDef, Scope, SniCertificate, Value, Warning, names};
use crate::error::Result;
use crate::log::{Level, Rotation};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

const INT: i64 = i32::MAX as i64;
const UINT: i64 = u32::MAX as i64;
const KIB: i64 = 1024;

/// Makes [`OPTIONS`] and, for each scope, the struct of settings with its default and its `set`.
/// A row is: option's name, field: type = kind, default, line for the manual.
macro_rules! options {
    ($(
        $(#[$about:meta])*
        $Settings:ident is $scope:ident {
            $($name:literal $field:ident: $type:ty = $kind:expr, $default:literal, $doc:literal;)*
        }
    )*) => {
        /// Every option.
        pub const OPTIONS: &[OptionDef] = &[$($(
            OptionDef { name: $name, scope: Scope::$scope, kind: $kind, default: $default, doc: $doc },
        )*)*];

        $(
            $(#[$about])*
            #[derive(Debug, Clone, PartialEq)]
            pub struct $Settings {
                $(#[doc = $doc] pub $field: $type,)*
                given: BTreeSet<&'static str>,
            }

            impl Default for $Settings {
                fn default() -> Self {
                    let mut settings = $Settings {
                        $($field: <$type>::default(),)*
                        given: BTreeSet::new(),
                    };
                    for def in OPTIONS.iter().filter(|def| def.scope == Scope::$scope) {
                        settings.reset(def);
                    }
                    settings
                }
            }

            impl $Settings {
                /// Sets one option; a [`Value::Null`] gives it its default back. The warnings say
                /// what was clamped or not known. On an error, `InvalidParams` with what was given
                /// and what is allowed, the option keeps its value.
                pub fn set(&mut self, name: &str, value: &Value) -> Result<Vec<Warning>> {
                    let Some(def) = names::find(name) else {
                        return Ok(names::unknown(name));
                    };
                    if def.scope != Scope::$scope {
                        return Ok(vec![names::misplaced(def)]);
                    }
                    if *value == Value::Null {
                        self.reset(def);
                        self.given.remove(def.name);
                        return Ok(Vec::new());
                    }
                    let (checked, warning) = def.kind.check(def.name, value)?;
                    self.store(def.name, checked);
                    self.given.insert(def.name);
                    Ok(warning.into_iter().collect())
                }

                /// Whether the option of that name (not an alias) was set by the caller.
                pub fn is_given(&self, name: &str) -> bool {
                    self.given.contains(name)
                }

                fn reset(&mut self, def: &OptionDef) {
                    match def.default_value().map(|value| def.kind.check(def.name, &value)) {
                        Some(Ok((checked, _))) => self.store(def.name, checked),
                        _ => match def.name {
                            $($name => self.$field = <$type>::default(),)*
                            _ => {}
                        },
                    }
                }

                fn store(&mut self, name: &str, checked: Checked) {
                    match name {
                        $($name => <$type as Field>::store(checked, &mut self.$field),)*
                        _ => {}
                    }
                }
            }
        )*
    };
}

options! {
    /// Settings of a server as a whole, checked one by one. What is computed from others or from
    /// the machine is 0, None or empty until [`finish`](super::finish) has run.
    ServerSettings is Server {
        "reactor_num" reactor_num: usize = clamped(1, i64::MAX), "(number of CPUs, at most 8)",
            "Reactor threads of the master in PROCESS mode. At most 4 per CPU and not more than `worker_num`.";
        "worker_num" worker_num: usize = clamped(1, i64::MAX), "(number of CPUs)",
            "Worker processes. At most 1000 per CPU.";
        "max_request" max_request: u64 = count(0, i64::MAX), "0",
            "A worker is replaced after that many requests. 0: never.";
        "max_request_grace" max_request_grace: u64 = count(0, i64::MAX), "(half of max_request)",
            "Each worker adds a random number up to this to `max_request`, so that they do not all leave at once.";
        "max_memory" max_memory: u64 = bytes(0, i64::MAX), "0",
            "A worker or task worker whose own memory (what it shares with no other process) is above so many bytes is replaced, between two messages. 0: never.";
        "task_worker_num" task_worker_num: usize = clamped(0, i64::MAX), "0",
            "Task worker processes. At most 1000 per CPU. Above 0 the server needs onTask.";
        "task_ipc_mode" task_ipc_mode: u8 = count(1, 3), "1",
            "Where tasks wait. 1: in shared memory; 2: in a System V message queue, each for the task worker it was given to; 3: there, for whoever is free first. A message queue outlives the server.";
        "message_queue_key" message_queue_key: u32 = count(0, UINT), "(made of the program's or script's path)",
            "Key of that message queue. 0: a private one, which does not outlive the server.";
        "task_max_request" task_max_request: u64 = count(0, i64::MAX), "0",
            "A task worker is replaced after that many tasks. 0: never.";
        "task_max_request_grace" task_max_request_grace: u64 = count(0, i64::MAX), "(half of task_max_request)",
            "Each task worker adds a random number up to this to `task_max_request`.";
        "task_tmpdir" task_tmpdir: PathBuf = Kind::Path, "/tmp",
            "Directory for tasks, answers and messages that are longer than 32 KiB (message queue: 4 KiB); their files, `swoole.task.` and six letters, are deleted when they have been used.";
        "task_use_object" task_use_object: bool = Kind::Bool, "false",
            "onTask gets one object of `Swoole\\Server\\Task` instead of several arguments.";
        "task_queue_size" task_queue_size: usize = clamped_bytes(64 * KIB, 1024 * 1024 * KIB), "8388608",
            "Bytes of tasks that may wait for a free task worker, as a power of two; `task()` is false when there is no room.";
        "task_retry" task_retry: u32 = count(0, 1000), "0",
            "How often a task is begun again whose task worker died with it.";
        "request_slowlog_file" request_slowlog_file: Option<PathBuf> = Kind::Path, "(none)",
            "File that gets a backtrace of each worker or task worker that is stuck in a callback.";
        "request_slowlog_timeout" request_slowlog_timeout: Duration = Kind::Seconds, "1",
            "How long a callback may run before it is written to `request_slowlog_file`.";
        "stats_file" stats_file: Option<PathBuf> = Kind::Path, "(none)",
            "File that gets the figures of `stats()` every second, a line each.";
        "metrics_port" metrics_port: Option<String> = Kind::Text, "(none)",
            "Port, or address:port, where the figures are served over HTTP in Prometheus' text format. A bare port is one of 127.0.0.1.";
        "max_conn" max_conn: usize = clamped(1, i64::MAX), "(the limit of open files, at most 100000)",
            "Connections at once; a further one is accepted and closed. One whose client has left counts until its worker has handled that. At least 2 per worker and 32 more, at most the limit of open files.";
        "max_wait_time" max_wait_time: Duration = Kind::Seconds, "3",
            "How long a worker that is asked to leave may take before it is killed.";
        "reload_async" reload_async: bool = Kind::Bool, "true",
            "A worker that leaves first waits until its event loop is empty, and onWorkerExit is called.";
        "dispatch_mode" dispatch_mode: u8 = count(1, 9), "2",
            "How PROCESS mode chooses the worker for a message: see below.";
        "dispatch_func" has_dispatch_func: bool = Kind::Callable, "(none)",
            "Chooses the worker for a message (dispatch mode 6): `(server, fd, type, data): int`.";
        "discard_timeout_request" discard_timeout_request: bool = Kind::Bool, "false",
            "Drops data whose connection has been closed meanwhile instead of delivering it.";
        "enable_unsafe_event" enable_unsafe_event: bool = Kind::Bool, "false",
            "Allows onConnect and onClose in dispatch modes 1, 3 and 7, where their order is not certain.";
        "enable_delay_receive" enable_delay_receive: bool = Kind::Bool, "false",
            "Does not read from a new connection until `confirm()`.";
        "enable_reuse_port" enable_reuse_port: bool = Kind::Bool, "false",
            "SO_REUSEPORT: in BASE mode each worker has a listening socket of its own.";
        "single_thread" single_thread: bool = Kind::Bool, "false",
            "PROCESS mode: one reactor, in the main thread of the master. Implied by `dispatch_func` and `package_length_func`.";
        "event_object" event_object: bool = Kind::Bool, "false",
            "Callbacks get one object with properties instead of several arguments.";
        "http_parse_post" http_parse_post: bool = Kind::Bool, "true",
            "PHP: forms in a request's body fill `$request->post`.";
        "http_parse_cookie" http_parse_cookie: bool = Kind::Bool, "true",
            "PHP: cookies fill `$request->cookie`.";
        "http_parse_files" http_parse_files: bool = Kind::Bool, "true",
            "PHP: files of a form fill `$request->files`, and lie in `upload_tmp_dir` until the request is done.";
        "http_compression" http_compression: bool = Kind::Bool, "true",
            "Answers are compressed by br, gzip or deflate for clients that take it.";
        "http_compression_level" http_compression_level: u8 = count(0, 11), "1",
            "How hard: 1 to 9, for br 0 to 11.";
        "http_compression_min_length" http_compression_min_length: usize = bytes(0, INT), "20",
            "Shorter bodies are not compressed.";
        "http_compression_types" http_compression_types: Vec<String> = Kind::Texts, "text/*,application/json,application/javascript,application/xml,application/xhtml+xml,application/rss+xml,application/atom+xml,application/wasm,image/svg+xml",
            "Media types of the answers that are compressed; `text/*` stands for all that begin so.";
        "http_head_timeout" http_head_timeout: Duration = Kind::Seconds, "10",
            "Time until a request's head must be there, from its first byte on, or for the first one of a connection from the connection's begin: else 408. If nothing has come at all, the connection is just closed. 0: no limit.";
        "http_body_timeout" http_body_timeout: Duration = Kind::Seconds, "20",
            "Time that a request may take as a whole, and a second more for each 500 bytes of its body that have come: else 408. 0: no limit.";
        "http_keepalive_timeout" http_keepalive_timeout: Duration = Kind::Seconds, "75",
            "Time that a connection may wait for its next request; then it is closed. Not for WebSockets, nor while a request is unanswered. 0: no limit.";
        "http_detach_timeout" http_detach_timeout: Duration = Kind::Seconds, "300",
            "Time that a client still waits for an answer that was detached, when the worker that detached it has left and no other process has taken it up: then it gets 500. 0: no limit.";
        "http_header_max" http_header_max: usize = clamped_bytes(KIB, 16 * 1024 * KIB), "65536",
            "Longest head of a request (431 above it); a quarter of it for the first line (414).";
        "upload_tmp_dir" upload_tmp_dir: PathBuf = Kind::Path, "/tmp",
            "Directory for files that come with requests; they are deleted with the request.";
        "upload_max_filesize" upload_max_filesize: u64 = bytes(0, i64::MAX), "0",
            "Longest form with files: what is above `package_max_length` is written to `upload_tmp_dir` as it comes, and takes no memory. 0: `package_max_length` is the limit.";
        "enable_static_handler" enable_static_handler: bool = Kind::Bool, "false",
            "Files under `document_root` are sent by the server itself, before onRequest.";
        "document_root" document_root: Option<PathBuf> = Kind::Path, "(none)",
            "Directory of those files. Nothing outside of it is sent.";
        "static_handler_locations" static_handler_locations: Vec<String> = Kind::Texts, "(all)",
            "Only paths that begin so: `/static`, `/app/images`. What is missing there is 404; elsewhere it goes to onRequest.";
        "http_index_files" http_index_files: Vec<String> = Kind::Texts, "(none)",
            "Files that are sent for a directory, in order: `index.html`.";
        "http_autoindex" http_autoindex: bool = Kind::Bool, "false",
            "A directory without such a file is listed.";
        "daemonize" daemonize: bool = Kind::Bool, "false",
            "Runs in the background; output goes to `log_file`.";
        "chroot" chroot: Option<PathBuf> = Kind::Path, "(none)",
            "Root directory of the workers.";
        "user" user: Option<String> = Kind::Text, "(none)",
            "User that the workers run as.";
        "group" group: Option<String> = Kind::Text, "(none)",
            "Group that the workers run as.";
        "pid_file" pid_file: Option<PathBuf> = Kind::Path, "(none)",
            "File with the master's process id; written at start, removed at a clean shutdown.";
        "open_cpu_affinity" open_cpu_affinity: bool = Kind::Bool, "false",
            "Ties each reactor thread and worker to one CPU.";
        "cpu_affinity_ignore" cpu_affinity_ignore: Vec<usize> = Kind::Numbers, "(empty)",
            "CPUs, from 0, that `open_cpu_affinity` leaves alone.";
        "heartbeat_check_interval" heartbeat_check_interval: Duration = Kind::Seconds, "0",
            "How often silent connections are looked for. 0: never.";
        "send_timeout" send_timeout: Duration = Kind::Seconds, "0",
            "Closes a connection whose client has taken none of the bytes queued for it for that long. 0: never.";
        "buffer_output_size" buffer_output_size: u64 = bytes(1, UINT), "4294967295",
            "Longest message that one `send()` takes.";
        "buffer_input_size" buffer_input_size: Option<u32> = bytes(1, UINT), "(524288, less with very many workers)",
            "Bytes of each ring between a reactor thread and a worker (PROCESS) and of each worker's inbox (BASE), as a power of two from 64 KiB to 64 MiB. What does not fit waits: nothing is lost.";
        "log_file" log_file: Option<PathBuf> = Kind::Path, "(standard output)",
            "File that the engine's log goes to. SIGRTMIN opens it anew.";
        "log_level" log_level: Level = Kind::Level, "2",
            "Least level that is logged.";
        "log_rotation" log_rotation: Rotation = Kind::Rotation, "0",
            "How often a new log file is begun; its name ends in the date then.";
        "log_date_format" log_date_format: String = Kind::DateFormat, "%F %T",
            "Date of a log line, as strftime writes it.";
        "log_date_with_microseconds" log_date_with_microseconds: bool = Kind::Bool, "false",
            "Adds microseconds to the date of a log line.";
    }

    /// Settings of one listening port, checked one by one. What is computed from others is 0 until
    /// [`finish`](super::finish) has run.
    PortSettings is Port {
        "backlog" backlog: i32 = count(1, INT), "512",
            "Connections that may wait to be accepted. The kernel caps it at `net.core.somaxconn`.";
        "open_tcp_nodelay" open_tcp_nodelay: bool = Kind::Bool, "true",
            "TCP_NODELAY: small messages are sent at once.";
        "tcp_defer_accept" tcp_defer_accept: Option<u32> = switch(1, INT, "seconds"), "(off)",
            "TCP_DEFER_ACCEPT: a connection shows up when its first data is there, or after so many seconds.";
        "tcp_fastopen" tcp_fastopen: Option<u32> = switch(128, INT, "queued connections"), "(off)",
            "TCP_FASTOPEN with a queue of that length.";
        "open_tcp_keepalive" open_tcp_keepalive: bool = Kind::Bool, "false",
            "SO_KEEPALIVE: the kernel asks a silent peer whether it is still there.";
        "tcp_keepidle" tcp_keepidle: Duration = whole_seconds(1, 32767), "3600",
            "Silence before the first such question.";
        "tcp_keepinterval" tcp_keepinterval: Duration = whole_seconds(1, 32767), "60",
            "Time between two questions.";
        "tcp_keepcount" tcp_keepcount: u32 = count(1, 127), "5",
            "Questions without an answer after which the connection is dead.";
        "tcp_user_timeout" tcp_user_timeout: Duration = Kind::Milliseconds, "0",
            "TCP_USER_TIMEOUT: how long sent data may stay unacknowledged. 0: the kernel decides.";
        "kernel_socket_recv_buffer_size" kernel_socket_recv_buffer_size: Option<u32> = bytes(0, INT), "(the kernel's)",
            "SO_RCVBUF. 0: the kernel decides.";
        "kernel_socket_send_buffer_size" kernel_socket_send_buffer_size: Option<u32> = bytes(0, INT), "(the kernel's)",
            "SO_SNDBUF. 0: the kernel decides.";
        "socket_buffer_size" socket_buffer_size: usize = Kind::BytesOrUnlimited, "8388608",
            "Bytes that may wait for one slow client; beyond it `send()` answers false. 0 or less: 2147483647.";
        "buffer_high_watermark" buffer_high_watermark: usize = bytes(0, INT), "(0.8 of socket_buffer_size)",
            "onBufferFull is called when more bytes than this wait for a client.";
        "buffer_low_watermark" buffer_low_watermark: usize = bytes(0, INT), "0",
            "onBufferEmpty is called when no more than this is left of them.";
        "max_queued_bytes" max_queued_bytes: usize = bytes(0, UINT), "0",
            "PROCESS mode: a connection is not read from while so many of its bytes wait for the worker. 0: no limit.";
        "max_idle_time" max_idle_time: Duration = Kind::Seconds, "0",
            "Closes a connection that neither sent nor was sent anything for that long. 0: never.";
        "heartbeat_idle_time" heartbeat_idle_time: Duration = Kind::Seconds, "(twice heartbeat_check_interval)",
            "Closes a connection from which nothing came for that long; `protect()` exempts one. Needs `heartbeat_check_interval`.";
        "open_eof_check" open_eof_check: bool = Kind::Bool, "false",
            "Packages end with `package_eof`; onReceive of a server gets one or more whole ones, a client exactly one.";
        "open_eof_split" open_eof_split: bool = Kind::Bool, "false",
            "As `open_eof_check`, with exactly one package a call.";
        "package_eof" package_eof: Vec<u8> = Kind::Eof, "\r\n\r\n",
            "What a package ends with.";
        "open_length_check" open_length_check: bool = Kind::Bool, "false",
            "Packages begin with a header that tells their length.";
        "package_length_type" package_length_type: char = Kind::LengthType, "N",
            "Type of the length field, as in PHP's pack(): 1 byte `c C`, 2 bytes `s S n v`, 4 bytes `l L N V`.";
        "package_length_offset" package_length_offset: usize = count(0, 65528), "0",
            "Where in the header the length field is.";
        "package_body_offset" package_body_offset: usize = count(0, 65535), "4",
            "Added to the length field to get the length of the whole package. 0: the field counts the header too.";
        "package_length_func" has_package_length_func: bool = Kind::Callable, "(none)",
            "Tells the length of a package from its first bytes: `(data): int`; 0 needs more bytes, -1 is an error.";
        "open_http_protocol" open_http_protocol: bool = Kind::Bool, "false",
            "Clients speak HTTP/1.0 or 1.1; onRequest is called in the place of onReceive.";
        "open_websocket_protocol" open_websocket_protocol: bool = Kind::Bool, "false",
            "Clients speak HTTP and may ask for a WebSocket; onMessage is called for each of its messages.";
        "websocket_subprotocol" websocket_subprotocol: Option<String> = Kind::Text, "(none)",
            "Subprotocol that a WebSocket's handshake agrees to, if the client offers it; several in order of preference, with commas between.";
        "websocket_compression" websocket_compression: bool = Kind::Bool, "false",
            "Messages of a WebSocket may be compressed (permessage-deflate), if the client wants that.";
        "open_websocket_close_frame" open_websocket_close_frame: bool = Kind::Bool, "false",
            "A client's close frame goes to onMessage, which answers it by disconnect(). Else the engine answers.";
        "open_websocket_ping_frame" open_websocket_ping_frame: bool = Kind::Bool, "false",
            "A client's pings go to onMessage, which answers them by a pong. Else the engine answers.";
        "open_websocket_pong_frame" open_websocket_pong_frame: bool = Kind::Bool, "false",
            "A client's pongs go to onMessage.";
        "package_max_length" package_max_length: usize = clamped_bytes(64 * KIB, INT), "2097152",
            "Longest package; a connection that sends a longer one is closed.";
        "ssl_cert_file" ssl_cert_file: Option<PathBuf> = Kind::Path, "(none)",
            "Certificate (PEM), and behind it those that lead to its authority. A port with SWOOLE_SSL needs one; a client shows it to a server that asks.";
        "ssl_key_file" ssl_key_file: Option<PathBuf> = Kind::Path, "(none)",
            "Its private key (PEM: PKCS#8, PKCS#1 or SEC1).";
        "ssl_passphrase" ssl_passphrase: Option<String> = Kind::Text, "(none)",
            "What the key is encrypted with.";
        "ssl_sni_certs" ssl_sni_certs: Vec<SniCertificate> = Kind::SniCertificates, "(empty)",
            "Certificates of further names, which clients ask for (SNI): `name => [ssl_cert_file, ssl_key_file]`; `*.` in front is for all names of one label more. In C: `name=cert;key,name=…`.";
        "ssl_protocols" ssl_protocols: u32 = count(0, 255), "0",
            "Versions that are allowed, as a sum: 32 TLS 1.2, 64 TLS 1.3. 0: both. Older ones are not to be had.";
        "ssl_method" ssl_method: Option<u32> = count(0, 17), "0",
            "The same in an older way: 0 TLS 1.2 and 1.3, 12 to 14 TLS 1.2 only. `ssl_protocols` goes first.";
        "ssl_ciphers" ssl_ciphers: Option<String> = Kind::Text, "(all that rustls has)",
            "Cipher suites, as OpenSSL writes them.";
        "ssl_ecdh_curve" ssl_ecdh_curve: Option<String> = Kind::Text, "auto",
            "Groups of the key exchange, in the order in which they are preferred: X25519, prime256v1, secp384r1, X25519MLKEM768.";
        "ssl_prefer_server_ciphers" ssl_prefer_server_ciphers: bool = Kind::Bool, "true",
            "The server's order of cipher suites counts, and not the client's.";
        "ssl_dhparam" ssl_dhparam: Option<PathBuf> = Kind::Path, "(none)",
            "Has no effect: there are no ciphers that would need it.";
        "ssl_compress" ssl_compress: bool = Kind::Bool, "false",
            "Has no effect: TLS is never compressed.";
        "ssl_disable_compression" ssl_disable_compression: bool = Kind::Bool, "true",
            "Has no effect: TLS is never compressed.";
        "ssl_verify_peer" ssl_verify_peer: bool = Kind::Bool, "false",
            "Server: clients need a certificate that an authority named here has signed. Client: the server's certificate must be signed by an authority and be for its name.";
        "ssl_client_cert_file" ssl_client_cert_file: Option<PathBuf> = Kind::Path, "(none)",
            "Server: authorities that sign clients' certificates. Clients need one then, unless `ssl_verify_peer` is given as false.";
        "ssl_cafile" ssl_cafile: Option<PathBuf> = Kind::Path, "(a client: those of the system)",
            "Authorities that are trusted, in one file.";
        "ssl_capath" ssl_capath: Option<PathBuf> = Kind::Path, "(none)",
            "Authorities that are trusted, in the files of a directory.";
        "ssl_allow_self_signed" ssl_allow_self_signed: bool = Kind::Bool, "false",
            "A certificate that has signed itself is taken as well. It proves nothing.";
        "ssl_verify_depth" ssl_verify_depth: u8 = count(0, 100), "6",
            "Most certificates between a peer's and its authority's; not more than 6.";
        "ssl_handshake_timeout" ssl_handshake_timeout: Duration = Kind::Seconds, "10",
            "Server: a connection whose handshake takes longer is closed. 0: never.";
    }

    /// Settings that only a client has, checked one by one. Its protocol, buffers and socket options are those of a port.
    ClientSettings is Client {
        "bind_address" bind_address: Option<String> = Kind::Text, "(any)",
            "Address of this machine that the connection comes from; a path for a Unix socket.";
        "bind_port" bind_port: usize = count(0, 65535), "0",
            "Port that the connection comes from. 0: the kernel chooses.";
        "socks5_host" socks5_host: Option<String> = Kind::Text, "(none)",
            "SOCKS5 proxy through which to connect (RFC 1928). The host's name is sent to it.";
        "socks5_port" socks5_port: usize = count(1, 65535), "1080",
            "Its port.";
        "socks5_username" socks5_username: Option<String> = Kind::Text, "(none)",
            "User name for it (RFC 1929).";
        "socks5_password" socks5_password: Option<String> = Kind::Text, "(none)",
            "Password for it.";
        "http_proxy_host" http_proxy_host: Option<String> = Kind::Text, "(none)",
            "HTTP proxy through which to connect, by CONNECT (RFC 9110).";
        "http_proxy_port" http_proxy_port: usize = count(1, 65535), "8080",
            "Its port.";
        "http_proxy_user" http_proxy_user: Option<String> = Kind::Text, "(none)",
            "User name for it (Basic, RFC 7617).";
        "http_proxy_password" http_proxy_password: Option<String> = Kind::Text, "(none)",
            "Password for it.";
        "ssl_host_name" ssl_host_name: Option<String> = Kind::Text, "(the host that is connected to)",
            "Name that the server is asked for (SNI) and that its certificate must be for.";
        "timeout" timeout: Duration = Kind::Seconds, "0",
            "HTTP client: in so many seconds an answer must have come as a whole, connecting included, or the request fails with status -2. 0: no limit.";
        "connect_timeout" connect_timeout: Duration = Kind::Seconds, "(timeout, else 0.5)",
            "HTTP client: seconds to connect in, TLS and proxies included; then the request fails with status -1. 0: the system's own limit.";
        "keep_alive" keep_alive: bool = Kind::Bool, "true",
            "HTTP client: the connection is kept for the next request.";
        "websocket_mask" websocket_mask: bool = Kind::Bool, "true",
            "HTTP client: frames are masked, which the standard demands and servers insist on.";
    }
}
