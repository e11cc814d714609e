//! Global constants, each with the number that scripts and the engine agree on.

use crate::classes::{http_client, lock, server, websocket};
use crate::zend::Module;
use swoole_core::VERSION;
use swoole_core::error::ErrorKind;
use swoole_core::server::mail::flags;
use swoole_core::server::{DispatchChoice, Mode, SocketType, WorkerStatus};

/// Second argument of `swoole_strerror`: an errno.
pub const STRERROR_SYSTEM: i64 = 0;
/// Second argument of `swoole_strerror`: an `EAI_*` number of the resolver.
pub const STRERROR_GAI: i64 = 1;
/// Second argument of `swoole_strerror`: a number of the name lookup.
pub const STRERROR_DNS: i64 = 2;
/// Second argument of `swoole_strerror`: a `SWOOLE_ERROR_*`.
pub const STRERROR_SWOOLE: i64 = 9;

/// Bit of what a descriptor is watched for: reading.
pub const EVENT_READ: i64 = 512;
/// Bit of what a descriptor is watched for: writing.
pub const EVENT_WRITE: i64 = 1024;

/// The error number of taskwait() when no answer came in time.
pub const TASK_TIMEOUT: i32 = 2003;

/// What `dispatch_func` may answer instead of a worker number, and what it means.
pub const DISPATCH_RESULTS: &[(i64, DispatchChoice, &str)] = &[
    (-1, DispatchChoice::Discard, "SWOOLE_DISPATCH_RESULT_DISCARD_PACKET"),
    (-2, DispatchChoice::Close, "SWOOLE_DISPATCH_RESULT_CLOSE_CONNECTION"),
    (-3, DispatchChoice::Fallback, "SWOOLE_DISPATCH_RESULT_USERFUNC_FALLBACK"),
];

const INTS: &[(&str, i64)] = &[
    ("SWOOLE_BASE", Mode::Base as i64),
    ("SWOOLE_PROCESS", Mode::Process as i64),
    ("SWOOLE_SOCK_TCP", SocketType::Tcp as i64),
    ("SWOOLE_SOCK_UDP", SocketType::Udp as i64),
    ("SWOOLE_SOCK_TCP6", SocketType::Tcp6 as i64),
    ("SWOOLE_SOCK_UDP6", SocketType::Udp6 as i64),
    ("SWOOLE_SOCK_UNIX_STREAM", SocketType::UnixStream as i64),
    ("SWOOLE_SOCK_UNIX_DGRAM", SocketType::UnixDgram as i64),
    ("SWOOLE_TCP", SocketType::Tcp as i64),
    ("SWOOLE_UDP", SocketType::Udp as i64),
    ("SWOOLE_TCP6", SocketType::Tcp6 as i64),
    ("SWOOLE_UDP6", SocketType::Udp6 as i64),
    ("SWOOLE_UNIX_STREAM", SocketType::UnixStream as i64),
    ("SWOOLE_UNIX_DGRAM", SocketType::UnixDgram as i64),
    // or-ed to a socket type
    ("SWOOLE_SSL", server::SSL),
    // bits of ssl_protocols
    ("SWOOLE_SSL_SSLv2", 2),
    ("SWOOLE_SSL_TLSv1", 8),
    ("SWOOLE_SSL_TLSv1_1", 16),
    ("SWOOLE_SSL_TLSv1_2", 32),
    ("SWOOLE_SSL_TLSv1_3", 64),
    // ssl_method
    ("SWOOLE_SSLv23_METHOD", 0),
    ("SWOOLE_SSLv3_METHOD", 1),
    ("SWOOLE_SSLv3_SERVER_METHOD", 2),
    ("SWOOLE_SSLv3_CLIENT_METHOD", 3),
    ("SWOOLE_SSLv23_SERVER_METHOD", 4),
    ("SWOOLE_SSLv23_CLIENT_METHOD", 5),
    ("SWOOLE_TLS_METHOD", 0),
    ("SWOOLE_TLS_SERVER_METHOD", 4),
    ("SWOOLE_TLS_CLIENT_METHOD", 5),
    ("SWOOLE_TLSv1_METHOD", 6),
    ("SWOOLE_TLSv1_SERVER_METHOD", 7),
    ("SWOOLE_TLSv1_CLIENT_METHOD", 8),
    ("SWOOLE_TLSv1_1_METHOD", 9),
    ("SWOOLE_TLSv1_1_SERVER_METHOD", 10),
    ("SWOOLE_TLSv1_1_CLIENT_METHOD", 11),
    ("SWOOLE_TLSv1_2_METHOD", 12),
    ("SWOOLE_TLSv1_2_SERVER_METHOD", 13),
    ("SWOOLE_TLSv1_2_CLIENT_METHOD", 14),
    // or-ed to a client's socket type
    ("SWOOLE_ASYNC", 1024),
    ("SWOOLE_SYNC", 2048),
    ("SWOOLE_KEEP", 4096),
    ("SWOOLE_LOG_DEBUG", 0),
    ("SWOOLE_LOG_TRACE", 1),
    ("SWOOLE_LOG_INFO", 2),
    ("SWOOLE_LOG_NOTICE", 3),
    ("SWOOLE_LOG_WARNING", 4),
    ("SWOOLE_LOG_ERROR", 5),
    ("SWOOLE_LOG_NONE", 6),
    ("SWOOLE_LOG_ROTATION_SINGLE", 0),
    ("SWOOLE_LOG_ROTATION_MONTHLY", 1),
    ("SWOOLE_LOG_ROTATION_DAILY", 2),
    ("SWOOLE_LOG_ROTATION_HOURLY", 3),
    ("SWOOLE_LOG_ROTATION_EVERY_MINUTE", 4),
    ("SWOOLE_DISPATCH_ROUND", 1),
    ("SWOOLE_DISPATCH_FDMOD", 2),
    ("SWOOLE_DISPATCH_IDLE_WORKER", 3),
    ("SWOOLE_DISPATCH_IPMOD", 4),
    ("SWOOLE_DISPATCH_UIDMOD", 5),
    ("SWOOLE_DISPATCH_USERFUNC", 6),
    ("SWOOLE_DISPATCH_STREAM", 7),
    // task_ipc_mode
    ("SWOOLE_IPC_UNSOCK", 1),
    ("SWOOLE_IPC_MSGQUEUE", 2),
    ("SWOOLE_IPC_PREEMPTIVE", 3),
    // how a process talks with others
    ("SWOOLE_IPC_NONE", 0),
    ("SWOOLE_IPC_UNIXSOCK", 1),
    ("SWOOLE_IPC_SOCKET", 3),
    // how a process takes from a message queue: what was pushed for it, or what nobody else has popped
    ("SWOOLE_MSGQUEUE_ORIENT", 1),
    ("SWOOLE_MSGQUEUE_BALANCE", 2),
    // bits of Swoole\Server\Task::$flags
    ("SWOOLE_TASK_TMPFILE", flags::TMPFILE as i64),
    ("SWOOLE_TASK_SERIALIZE", flags::SERIALIZE as i64),
    ("SWOOLE_TASK_NONBLOCK", flags::NONBLOCK as i64),
    ("SWOOLE_TASK_CALLBACK", flags::CALLBACK as i64),
    ("SWOOLE_TASK_WAITALL", flags::WAITALL as i64),
    ("SWOOLE_TASK_PEEK", 64),
    ("SWOOLE_TASK_NOREPLY", 128),
    ("SWOOLE_EVENT_READ", EVENT_READ),
    ("SWOOLE_EVENT_WRITE", EVENT_WRITE),
    ("SWOOLE_TIMER_MIN_MS", 1),
    // What fits the argument; an engine takes a day at most.
    ("SWOOLE_TIMER_MAX_MS", i64::MAX),
    ("SWOOLE_WORKER_BUSY", WorkerStatus::Busy as i64),
    ("SWOOLE_WORKER_IDLE", WorkerStatus::Idle as i64),
    ("SWOOLE_WORKER_EXIT", WorkerStatus::Exit as i64),
    ("SWOOLE_STRERROR_SYSTEM", STRERROR_SYSTEM),
    ("SWOOLE_STRERROR_GAI", STRERROR_GAI),
    ("SWOOLE_STRERROR_DNS", STRERROR_DNS),
    ("SWOOLE_STRERROR_SWOOLE", STRERROR_SWOOLE),
];

/// Error numbers with the text that `swoole_strerror` gives. They are part of the interface and never
/// reused; the engine's own are checked against this table when the module starts (debug builds).
const ERRORS: &[(&str, i64, &str)] = &[
    ("MALLOC_FAIL", 501, "Out of memory"),
    ("SYSTEM_CALL_FAIL", 502, "A system call failed"),
    ("PHP_FATAL_ERROR", 503, "Fatal error in PHP code"),
    ("NAME_TOO_LONG", 504, "The name is too long"),
    ("INVALID_PARAMS", 505, "Invalid argument or option"),
    ("QUEUE_FULL", 506, "The queue is full"),
    ("OPERATION_NOT_SUPPORT", 507, "Not possible for this kind of socket or server mode"),
    ("PROTOCOL_ERROR", 508, "Protocol error"),
    ("WRONG_OPERATION", 509, "Not allowed now or in this process"),
    ("PHP_RUNTIME_NOTICE", 510, "Notice from PHP code"),
    ("UNDEFINED_BEHAVIOR", 600, "Undefined behaviour"),
    ("FILE_NOT_EXIST", 700, "The file does not exist or cannot be opened"),
    ("FILE_TOO_LARGE", 701, "The file is too large"),
    ("FILE_EMPTY", 702, "The file is empty, or the offset is not inside it"),
    ("DIR_NOT_EXIST", 703, "The directory does not exist"),
    ("DNSLOOKUP_RESOLVE_FAILED", 711, "The host name could not be resolved"),
    ("DNSLOOKUP_RESOLVE_TIMEOUT", 712, "No answer about the host name came in time"),
    ("DNSLOOKUP_NO_SERVER", 714, "There is no name server to ask"),
    ("BAD_IPV6_ADDRESS", 720, "Bad IPv6 address"),
    ("BAD_HOST_ADDR", 722, "Bad host address"),
    ("BAD_PORT", 723, "Bad port number"),
    ("BAD_SOCKET_TYPE", 724, "Bad socket type"),
    ("EVENT_SOCKET_REMOVED", 800, "The descriptor is not in the event loop"),
    ("EVENT_SOCKET_INVALID", 801, "The descriptor cannot be watched"),
    // older names
    ("EVENT_REMOVE_FAILED", 800, "The descriptor is not in the event loop"),
    ("EVENT_ADD_FAILED", 801, "The descriptor cannot be watched"),
    ("EVENT_UPDATE_FAILED", 802, "The descriptor cannot be watched for that"),
    ("EVENT_UNKNOWN_DATA", 803, "Unknown data of the event loop"),
    ("SESSION_CLOSED_BY_SERVER", 1001, "The session was closed by the server"),
    ("SESSION_CLOSED_BY_CLIENT", 1002, "The session was closed by the client"),
    ("SESSION_CLOSING", 1003, "The session is being closed"),
    ("SESSION_CLOSED", 1004, "The session is closed"),
    ("SESSION_NOT_EXIST", 1005, "The session does not exist"),
    ("SESSION_INVALID_ID", 1006, "Not a session id"),
    ("SESSION_DISCARD_TIMEOUT_DATA", 1007, "Data of a closed session was dropped"),
    ("SESSION_DISCARD_DATA", 1008, "Data of a session was dropped"),
    ("OUTPUT_BUFFER_OVERFLOW", 1009, "Too many bytes wait for this client"),
    ("OUTPUT_SEND_YIELD", 1010, "Sending must wait for this client"),
    ("SSL_NOT_READY", 1011, "There is no TLS, or its handshake is not over"),
    ("SSL_CANNOT_USE_SENFILE", 1012, "Files cannot be sent over TLS that way"),
    ("SSL_EMPTY_PEER_CERTIFICATE", 1013, "The peer has shown no certificate"),
    ("SSL_VERIFY_FAILED", 1014, "The peer's certificate is not trusted, or of another host"),
    ("SSL_BAD_CLIENT", 1015, "The client does not speak TLS"),
    ("SSL_BAD_PROTOCOL", 1016, "The peers have no version or cipher of TLS in common"),
    ("SSL_RESET", 1017, "TLS was ended by the peer"),
    ("SSL_HANDSHAKE_FAILED", 1018, "The TLS handshake failed"),
    ("SSL_CREATE_CONTEXT_FAILED", 1019, "The settings of TLS cannot be used"),
    ("SSL_CREATE_SESSION_FAILED", 1020, "TLS could not begin"),
    ("PACKAGE_LENGTH_TOO_LARGE", 1201, "The package is longer than package_max_length"),
    ("PACKAGE_LENGTH_NOT_FOUND", 1202, "The package has no valid length"),
    ("DATA_LENGTH_TOO_LARGE", 1203, "The data is longer than one send may be"),
    ("PACKAGE_MALFORMED_DATA", 1204, "The package is malformed"),
    ("TASK_PACKAGE_TOO_BIG", 2001, "The task is too long"),
    ("TASK_DISPATCH_FAIL", 2002, "The task could not be given to a task worker"),
    ("TASK_TIMEOUT", TASK_TIMEOUT as i64, "The task was not answered in time"),
    ("AIO_BAD_REQUEST", 4001, "The asynchronous operation cannot be begun like this"),
    ("AIO_CANCELED", 4002, "The asynchronous operation was given up"),
    ("CLIENT_NO_CONNECTION", 5001, "The client is not connected"),
    ("SOCKET_CLOSED", 6001, "The peer has closed the connection"),
    ("SOCKS5_UNSUPPORT_VERSION", 7001, "The SOCKS5 proxy speaks another version"),
    ("SOCKS5_UNSUPPORT_METHOD", 7002, "The SOCKS5 proxy takes no way to log in that is possible here"),
    ("SOCKS5_AUTH_FAILED", 7003, "The SOCKS5 proxy refused the user name or password"),
    ("SOCKS5_SERVER_ERROR", 7004, "The SOCKS5 proxy could not connect"),
    ("HTTP_PROXY_HANDSHAKE_ERROR", 7101, "The HTTP proxy could not be asked"),
    ("HTTP_PROXY_HANDSHAKE_FAILED", 7103, "The HTTP proxy refused to connect"),
    ("HTTP_PROXY_BAD_RESPONSE", 7104, "The HTTP proxy gave no answer to CONNECT"),
    ("HTTP_INVALID_PROTOCOL", 7102, "What came is not HTTP"),
    ("HTTP_CONFLICT_HEADER", 7105, "The headers contradict each other"),
    ("HTTP_CONTEXT_UNAVAILABLE", 7106, "The answer was ended, or given up"),
    ("HTTP_COOKIE_UNAVAILABLE", 7107, "The cookie cannot be set"),
    ("WEBSOCKET_BAD_CLIENT", 8501, "The WebSocket client broke the protocol"),
    ("WEBSOCKET_BAD_OPCODE", 8502, "There is no such opcode"),
    ("WEBSOCKET_UNCONNECTED", 8503, "The connection is not an open WebSocket"),
    ("WEBSOCKET_HANDSHAKE_FAILED", 8504, "The WebSocket handshake failed"),
    ("WEBSOCKET_PACK_FAILED", 8505, "This cannot be sent over a WebSocket"),
    ("WEBSOCKET_UNPACK_FAILED", 8506, "The bytes are no frame of a WebSocket"),
    ("WEBSOCKET_INCOMPLETE_PACKET", 8507, "The frame is not whole"),
    ("SERVER_MUST_CREATED_BEFORE_CLIENT", 9001, "The server must be created before a client"),
    ("SERVER_TOO_MANY_SOCKET", 9002, "More connections than max_conn"),
    ("SERVER_WORKER_TERMINATED", 9003, "The worker has ended"),
    ("SERVER_INVALID_LISTEN_PORT", 9004, "No such listening port"),
    ("SERVER_TOO_MANY_LISTEN_PORT", 9005, "Too many listening ports"),
    ("SERVER_PIPE_BUFFER_FULL", 9006, "The queue to the worker is full"),
    ("SERVER_NO_IDLE_WORKER", 9007, "No worker is idle"),
    ("SERVER_ONLY_START_ONE", 9008, "One process can have one server and start it once"),
    ("SERVER_SEND_IN_MASTER", 9009, "The master and the manager process cannot send"),
    ("SERVER_INVALID_REQUEST", 9010, "Invalid request"),
    ("SERVER_CONNECT_FAIL", 9011, "Connecting failed"),
    ("SERVER_INVALID_COMMAND", 9012, "Invalid command"),
    ("SERVER_IS_NOT_REGULAR_FILE", 9013, "Not a regular file"),
    ("SERVER_SEND_TO_WOKER_TIMEOUT", 9014, "Sending to the worker took too long"),
    ("SERVER_INVALID_CALLBACK", 9015, "A callback is missing or cannot be called"),
    ("SERVER_WORKER_EXIT_TIMEOUT", 9101, "The worker did not leave in time"),
    ("SERVER_WORKER_ABNORMAL_PIPE_DATA", 9102, "Unexpected message to the worker"),
    ("SERVER_WORKER_UNPROCESSED_DATA", 9103, "The worker left messages unprocessed"),
];

/// The text for an error number of the engine.
pub fn error_text(code: i64) -> Option<&'static str> {
    ERRORS.iter().find(|(_, number, _)| *number == code).map(|(_, _, text)| *text)
}

/// Registers all of them, while the module starts.
pub fn register(module: &Module) {
    module.text("SWOOLE_VERSION", VERSION);
    let mut parts = VERSION.splitn(2, '-');
    let numbers: Vec<i64> = parts.next().unwrap_or_default().split('.').filter_map(|n| n.parse().ok()).collect();
    if let [major, minor, release] = numbers[..] {
        module.int("SWOOLE_VERSION_ID", major * 10_000 + minor * 100 + release);
        module.int("SWOOLE_MAJOR_VERSION", major);
        module.int("SWOOLE_MINOR_VERSION", minor);
        module.int("SWOOLE_RELEASE_VERSION", release);
    }
    module.text("SWOOLE_EXTRA_VERSION", parts.next().unwrap_or_default());
    // So that a script can tell this engine from others with the same module name.
    module.bool("SWOOLE_RS", true);
    // Second argument of a client's constructor.
    module.bool("SWOOLE_SOCK_SYNC", false);
    module.bool("SWOOLE_SOCK_ASYNC", true);
    for (name, value) in INTS {
        module.int(name, *value);
    }
    module.float("SWOOLE_TIMER_MIN_SEC", 0.001);
    module.float("SWOOLE_TIMER_MAX_SEC", i64::MAX as f64 / 1000.0);
    for (name, value, spellings) in websocket::CONSTANTS {
        for spelling in *spellings {
            module.int(&format!("{spelling}WEBSOCKET_{name}"), *value);
        }
    }
    for (name, value) in http_client::STATUSES {
        module.int(name, *value);
    }
    for (name, value) in lock::KINDS {
        module.int(&format!("SWOOLE_{name}"), *value);
    }
    for (value, _, name) in DISPATCH_RESULTS {
        module.int(name, *value);
    }
    for (name, value, _) in ERRORS {
        module.int(&format!("SWOOLE_ERROR_{name}"), *value);
    }
    for (kind, name) in ErrorKind::ALL {
        let known =
            ERRORS.iter().any(|(n, value, _)| name.strip_prefix("SWOOLE_ERROR_") == Some(n) && *value == *kind as i64);
        debug_assert!(known, "{name} is missing in the table of error numbers, or differs");
    }
}
