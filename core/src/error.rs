//! The one error type of the engine: what was asked, what was found, what to do, and a number
//! that C and PHP share (`SWOOLE_ERROR_*`, or the system's errno where a system call failed).

use parking_lot::{Mutex, const_mutex};
use std::cell::Cell;
use std::fmt;
use std::io;

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $constant:literal;)*) => {
        /// What kind of thing went wrong. The numbers are part of the PHP and C interface: they are
        /// never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum ErrorKind { $($(#[$doc])* $name = $code,)* }

        impl ErrorKind {
            /// Every kind, with the name of its PHP and C constant.
            pub const ALL: &'static [(ErrorKind, &'static str)] = &[$((ErrorKind::$name, $constant),)*];
        }
    };
}

kinds! {
    /// A system call failed; [`Error::code`] is its errno.
    SystemCallFail = 502, "SWOOLE_ERROR_SYSTEM_CALL_FAIL";
    /// An argument or option has a wrong type or is out of bounds.
    InvalidParams = 505, "SWOOLE_ERROR_INVALID_PARAMS";
    /// A bounded queue is full.
    QueueFull = 506, "SWOOLE_ERROR_QUEUE_FULL";
    /// The operation does not exist for this kind of socket or mode.
    OperationNotSupport = 507, "SWOOLE_ERROR_OPERATION_NOT_SUPPORT";
    /// The operation is not allowed now, or not in this process.
    WrongOperation = 509, "SWOOLE_ERROR_WRONG_OPERATION";
    /// The file does not exist or cannot be opened.
    FileNotExist = 700, "SWOOLE_ERROR_FILE_NOT_EXIST";
    /// The file is too large to be read in one piece.
    FileTooLarge = 701, "SWOOLE_ERROR_FILE_TOO_LARGE";
    /// The file is empty, or the offset lies at or behind its end.
    FileEmpty = 702, "SWOOLE_ERROR_FILE_EMPTY";
    /// The host name could not be resolved.
    DnsResolveFailed = 711, "SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED";
    /// No answer about the host name came in time.
    DnsResolveTimeout = 712, "SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT";
    /// There is no name server to ask.
    DnsNoServer = 714, "SWOOLE_ERROR_DNSLOOKUP_NO_SERVER";
    /// The session was closed by the server.
    SessionClosedByServer = 1001, "SWOOLE_ERROR_SESSION_CLOSED_BY_SERVER";
    /// The session was closed by the client.
    SessionClosedByClient = 1002, "SWOOLE_ERROR_SESSION_CLOSED_BY_CLIENT";
    /// The session is being closed.
    SessionClosing = 1003, "SWOOLE_ERROR_SESSION_CLOSING";
    /// The session existed and is closed.
    SessionClosed = 1004, "SWOOLE_ERROR_SESSION_CLOSED";
    /// No such session.
    SessionNotExist = 1005, "SWOOLE_ERROR_SESSION_NOT_EXIST";
    /// The number cannot be a session id.
    SessionInvalidId = 1006, "SWOOLE_ERROR_SESSION_INVALID_ID";
    /// Data of a closed session was dropped.
    SessionDiscardTimeoutData = 1007, "SWOOLE_ERROR_SESSION_DISCARD_TIMEOUT_DATA";
    /// Too many bytes wait for a slow client.
    OutputBufferOverflow = 1009, "SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW";
    /// The TLS handshake is not over yet.
    SslNotReady = 1011, "SWOOLE_ERROR_SSL_NOT_READY";
    /// The peer has shown no certificate.
    SslEmptyPeerCertificate = 1013, "SWOOLE_ERROR_SSL_EMPTY_PEER_CERTIFICATE";
    /// The peer's certificate is not trusted, or is not of that host.
    SslVerifyFailed = 1014, "SWOOLE_ERROR_SSL_VERIFY_FAILED";
    /// The client does not speak TLS.
    SslBadClient = 1015, "SWOOLE_ERROR_SSL_BAD_CLIENT";
    /// The peers have no version or cipher of TLS in common.
    SslBadProtocol = 1016, "SWOOLE_ERROR_SSL_BAD_PROTOCOL";
    /// The TLS connection was broken: something that is no valid record came, or it ended without a word.
    SslReset = 1017, "SWOOLE_ERROR_SSL_RESET";
    /// The TLS handshake failed for another reason.
    SslHandshakeFailed = 1018, "SWOOLE_ERROR_SSL_HANDSHAKE_FAILED";
    /// Certificates, keys or other settings of TLS cannot be used.
    SslCreateContextFailed = 1019, "SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED";
    /// A package is longer than `package_max_length`.
    PackageLengthTooLarge = 1201, "SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE";
    /// The length field of a package makes no sense.
    PackageLengthNotFound = 1202, "SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND";
    /// One message is longer than `buffer_output_size`, or than a datagram can be.
    DataLengthTooLarge = 1203, "SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE";
    /// No answer to a task came in time.
    TaskTimeout = 2003, "SWOOLE_ERROR_TASK_TIMEOUT";
    /// An asynchronous operation cannot be begun as it was asked for.
    AioBadRequest = 4001, "SWOOLE_ERROR_AIO_BAD_REQUEST";
    /// An asynchronous operation was given up before it was done.
    AioCanceled = 4002, "SWOOLE_ERROR_AIO_CANCELED";
    /// The client is not connected.
    ClientNoConnection = 5001, "SWOOLE_ERROR_CLIENT_NO_CONNECTION";
    /// The peer has closed the connection.
    SocketClosed = 6001, "SWOOLE_ERROR_SOCKET_CLOSED";
    /// The SOCKS5 proxy answered in another version of the protocol.
    Socks5UnsupportedVersion = 7001, "SWOOLE_ERROR_SOCKS5_UNSUPPORT_VERSION";
    /// The SOCKS5 proxy takes none of the ways to log in that are possible here.
    Socks5UnsupportedMethod = 7002, "SWOOLE_ERROR_SOCKS5_UNSUPPORT_METHOD";
    /// The SOCKS5 proxy refused the user name or password.
    Socks5AuthFailed = 7003, "SWOOLE_ERROR_SOCKS5_AUTH_FAILED";
    /// The SOCKS5 proxy could not connect.
    Socks5ServerError = 7004, "SWOOLE_ERROR_SOCKS5_SERVER_ERROR";
    /// The HTTP proxy could not be asked, or ended the connection.
    HttpProxyHandshakeError = 7101, "SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_ERROR";
    /// The HTTP proxy refused to connect.
    HttpProxyHandshakeFailed = 7103, "SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED";
    /// What the HTTP proxy answered is no answer to CONNECT.
    HttpProxyBadResponse = 7104, "SWOOLE_ERROR_HTTP_PROXY_BAD_RESPONSE";
    /// What came is not HTTP.
    HttpInvalidProtocol = 7102, "SWOOLE_ERROR_HTTP_INVALID_PROTOCOL";
    /// The answer to the request was ended, or given up.
    HttpContextUnavailable = 7106, "SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE";
    /// A WebSocket client broke the protocol.
    WebsocketBadClient = 8501, "SWOOLE_ERROR_WEBSOCKET_BAD_CLIENT";
    /// There is no such opcode.
    WebsocketBadOpcode = 8502, "SWOOLE_ERROR_WEBSOCKET_BAD_OPCODE";
    /// The connection is not an open WebSocket.
    WebsocketUnconnected = 8503, "SWOOLE_ERROR_WEBSOCKET_UNCONNECTED";
    /// The request asks for no WebSocket, or in a wrong way; or the server refused.
    WebsocketHandshakeFailed = 8504, "SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED";
    /// What was to be sent is no valid frame.
    WebsocketPackFailed = 8505, "SWOOLE_ERROR_WEBSOCKET_PACK_FAILED";
    /// The bytes are no frame.
    WebsocketUnpackFailed = 8506, "SWOOLE_ERROR_WEBSOCKET_UNPACK_FAILED";
    /// The bytes are not a whole frame yet.
    WebsocketIncompletePacket = 8507, "SWOOLE_ERROR_WEBSOCKET_INCOMPLETE_PACKET";
    /// More connections than `max_conn`.
    TooManySocket = 9002, "SWOOLE_ERROR_SERVER_TOO_MANY_SOCKET";
    /// The worker has ended.
    WorkerTerminated = 9003, "SWOOLE_ERROR_SERVER_WORKER_TERMINATED";
    /// There is no such listening port.
    InvalidListenPort = 9004, "SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT";
    /// More listening ports than the engine takes.
    TooManyListenPort = 9005, "SWOOLE_ERROR_SERVER_TOO_MANY_LISTEN_PORT";
    /// One process can hold one server only, and start it once.
    OnlyStartOne = 9008, "SWOOLE_ERROR_SERVER_ONLY_START_ONE";
    /// Data cannot be sent from the master or manager process.
    SendInMaster = 9009, "SWOOLE_ERROR_SERVER_SEND_IN_MASTER";
    /// The file is not a regular file.
    IsNotRegularFile = 9013, "SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE";
    /// A worker did not leave within `max_wait_time` and was killed.
    WorkerExitTimeout = 9101, "SWOOLE_ERROR_SERVER_WORKER_EXIT_TIMEOUT";
    /// A callback is missing or cannot be called.
    InvalidCallback = 9015, "SWOOLE_ERROR_SERVER_INVALID_CALLBACK";
}

/// What went wrong, in words for a person and as a number for a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    /// errno of the system call that failed, where one did
    os: Option<i32>,
    message: String,
}

impl Error {
    /// An error with a message that says what was asked, what was found and what to do.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, os: None, message: message.into() }
    }

    /// An error of a system call: `asked` says what was tried, the errno's text is appended.
    pub fn system(asked: impl fmt::Display, found: &io::Error) -> Self {
        Error { kind: ErrorKind::SystemCallFail, os: found.raw_os_error(), message: format!("{asked}: {found}") }
    }

    /// The same error with a hint about what to do.
    pub fn with_hint(self, hint: &str) -> Self {
        Error { message: format!("{}{hint}", self.message), ..self }
    }

    /// The same error with what was being done in front.
    pub fn while_doing(self, asked: impl fmt::Display) -> Self {
        Error { message: format!("{asked}: {}", self.message), ..self }
    }

    /// Its kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The number that `getLastError()` gives: errno for a failed system call, else the kind's number.
    pub fn code(&self) -> i32 {
        self.os.unwrap_or(self.kind as i32)
    }

    /// Remembers this error's number as the last one of this thread (see [`last_code`]) and gives
    /// the error back.
    pub fn remember(self) -> Self {
        set_last_code(self.code());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

thread_local! {
    static LAST: Cell<i32> = const { Cell::new(0) };
}

/// Number of the last error that was remembered on this thread; 0 if none was.
pub fn last_code() -> i32 {
    LAST.get()
}

/// Sets what [`last_code`] gives.
pub fn set_last_code(code: i32) {
    LAST.set(code);
}

/// A list that is looked at only where an error is told of.
static IGNORED: Mutex<Vec<i32>> = const_mutex(Vec::new());

/// From now on nobody is told of errors of this number: no warning is raised and no line written for them. What fails still answers
/// that it did, and [`last_code`] is set. Holds for this process and those forked from it later.
pub fn ignore(code: i32) {
    let mut ignored = IGNORED.lock();
    if !ignored.contains(&code) {
        ignored.push(code);
    }
}

/// Whether [`ignore`] was called with this number.
pub fn is_ignored(code: i32) -> bool {
    IGNORED.lock().contains(&code)
}
