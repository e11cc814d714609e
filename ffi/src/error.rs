//! Result codes and the last error of a thread.

use std::cell::RefCell;
use std::ffi::{CString, c_char};

use swoole_core::error::{Error, ErrorKind};

/// What a function answers. The numbers are those of PHP's `SWOOLE_ERROR_*` constants; they are
/// part of the interface and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum swoole_result {
    /// it worked
    SWOOLE_OK = 0,
    /// a system call failed; `swoole_last_error` is its errno
    SWOOLE_ERROR_SYSTEM_CALL_FAIL = 502,
    /// an argument or option is NULL, has a wrong type or is out of bounds
    SWOOLE_ERROR_INVALID_PARAMS = 505,
    /// a bounded queue is full
    SWOOLE_ERROR_QUEUE_FULL = 506,
    /// the operation does not exist for this kind of socket or mode
    SWOOLE_ERROR_OPERATION_NOT_SUPPORT = 507,
    /// the operation is not allowed now, or not in this process or thread
    SWOOLE_ERROR_WRONG_OPERATION = 509,
    /// a bug in the library: report it with the last error's message, and give the server or the loop up
    SWOOLE_ERROR_INTERNAL = 599,
    /// the file does not exist or cannot be opened
    SWOOLE_ERROR_FILE_NOT_EXIST = 700,
    /// the file is too large to be read in one piece
    SWOOLE_ERROR_FILE_TOO_LARGE = 701,
    /// the file is empty, or the offset lies at or behind its end
    SWOOLE_ERROR_FILE_EMPTY = 702,
    /// the host name could not be resolved
    SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED = 711,
    /// no answer about the host name came in time
    SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT = 712,
    /// there is no name server to ask
    SWOOLE_ERROR_DNSLOOKUP_NO_SERVER = 714,
    /// the server closed the session
    SWOOLE_ERROR_SESSION_CLOSED_BY_SERVER = 1001,
    /// the client closed the session
    SWOOLE_ERROR_SESSION_CLOSED_BY_CLIENT = 1002,
    /// the session is being closed
    SWOOLE_ERROR_SESSION_CLOSING = 1003,
    /// the session existed and is closed
    SWOOLE_ERROR_SESSION_CLOSED = 1004,
    /// no such session
    SWOOLE_ERROR_SESSION_NOT_EXIST = 1005,
    /// the number cannot be a session id
    SWOOLE_ERROR_SESSION_INVALID_ID = 1006,
    /// data of a closed session was dropped
    SWOOLE_ERROR_SESSION_DISCARD_TIMEOUT_DATA = 1007,
    /// too many bytes wait for a slow client (option `socket_buffer_size`)
    SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW = 1009,
    /// the TLS handshake is not over yet
    SWOOLE_ERROR_SSL_NOT_READY = 1011,
    /// the peer has shown no certificate
    SWOOLE_ERROR_SSL_EMPTY_PEER_CERTIFICATE = 1013,
    /// the peer's certificate is not trusted, or is not of that host
    SWOOLE_ERROR_SSL_VERIFY_FAILED = 1014,
    /// the client does not speak TLS
    SWOOLE_ERROR_SSL_BAD_CLIENT = 1015,
    /// the peers have no version or cipher of TLS in common
    SWOOLE_ERROR_SSL_BAD_PROTOCOL = 1016,
    /// the TLS connection was broken: something that is no valid record came, or it ended without a word
    SWOOLE_ERROR_SSL_RESET = 1017,
    /// the TLS handshake failed for another reason
    SWOOLE_ERROR_SSL_HANDSHAKE_FAILED = 1018,
    /// certificates, keys or other settings of TLS cannot be used
    SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED = 1019,
    /// a package is longer than `package_max_length`
    SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE = 1201,
    /// the length field of a package makes no sense
    SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND = 1202,
    /// one message is longer than `buffer_output_size`, or than a datagram can be
    SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE = 1203,
    /// no answer to a task came in time, or it ended without one
    SWOOLE_ERROR_TASK_TIMEOUT = 2003,
    /// an asynchronous operation cannot be begun as it was asked for
    SWOOLE_ERROR_AIO_BAD_REQUEST = 4001,
    /// an asynchronous operation was given up before it was done
    SWOOLE_ERROR_AIO_CANCELED = 4002,
    /// the client is not connected
    SWOOLE_ERROR_CLIENT_NO_CONNECTION = 5001,
    /// the peer has closed the connection
    SWOOLE_ERROR_SOCKET_CLOSED = 6001,
    /// the SOCKS5 proxy answered in another version of the protocol
    SWOOLE_ERROR_SOCKS5_UNSUPPORT_VERSION = 7001,
    /// the SOCKS5 proxy takes none of the ways to log in that are possible here
    SWOOLE_ERROR_SOCKS5_UNSUPPORT_METHOD = 7002,
    /// the SOCKS5 proxy refused the user name or password
    SWOOLE_ERROR_SOCKS5_AUTH_FAILED = 7003,
    /// the SOCKS5 proxy could not connect
    SWOOLE_ERROR_SOCKS5_SERVER_ERROR = 7004,
    /// the HTTP proxy could not be asked, or ended the connection
    SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_ERROR = 7101,
    /// what came is not HTTP
    SWOOLE_ERROR_HTTP_INVALID_PROTOCOL = 7102,
    /// the HTTP proxy refused to connect
    SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED = 7103,
    /// what the HTTP proxy answered is no answer to CONNECT
    SWOOLE_ERROR_HTTP_PROXY_BAD_RESPONSE = 7104,
    /// the answer to the request was ended, or given up
    SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE = 7106,
    /// a WebSocket client broke the protocol
    SWOOLE_ERROR_WEBSOCKET_BAD_CLIENT = 8501,
    /// there is no such opcode
    SWOOLE_ERROR_WEBSOCKET_BAD_OPCODE = 8502,
    /// the connection is not an open WebSocket
    SWOOLE_ERROR_WEBSOCKET_UNCONNECTED = 8503,
    /// the request asks for no WebSocket, or in a wrong way; or the server refused
    SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED = 8504,
    /// what was to be sent is no valid frame
    SWOOLE_ERROR_WEBSOCKET_PACK_FAILED = 8505,
    /// the bytes are no frame
    SWOOLE_ERROR_WEBSOCKET_UNPACK_FAILED = 8506,
    /// the bytes are not a whole frame yet
    SWOOLE_ERROR_WEBSOCKET_INCOMPLETE_PACKET = 8507,
    /// more connections than `max_conn`
    SWOOLE_ERROR_SERVER_TOO_MANY_SOCKET = 9002,
    /// the worker has ended
    SWOOLE_ERROR_SERVER_WORKER_TERMINATED = 9003,
    /// there is no such listening port
    SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT = 9004,
    /// more listening ports than the engine takes
    SWOOLE_ERROR_SERVER_TOO_MANY_LISTEN_PORT = 9005,
    /// one process can hold one server only, and start it once
    SWOOLE_ERROR_SERVER_ONLY_START_ONE = 9008,
    /// data cannot be sent from the master or manager process
    SWOOLE_ERROR_SERVER_SEND_IN_MASTER = 9009,
    /// the file is not a regular file
    SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE = 9013,
    /// a callback is missing
    SWOOLE_ERROR_SERVER_INVALID_CALLBACK = 9015,
    /// a worker did not leave within `max_wait_time` and was killed
    SWOOLE_ERROR_SERVER_WORKER_EXIT_TIMEOUT = 9101,
}

/// The result code of a kind of error: the same number. A test holds this to `ErrorKind::ALL`.
fn code_of(kind: ErrorKind) -> swoole_result {
    use swoole_result::*;
    match kind {
        ErrorKind::SystemCallFail => SWOOLE_ERROR_SYSTEM_CALL_FAIL,
        ErrorKind::InvalidParams => SWOOLE_ERROR_INVALID_PARAMS,
        ErrorKind::QueueFull => SWOOLE_ERROR_QUEUE_FULL,
        ErrorKind::OperationNotSupport => SWOOLE_ERROR_OPERATION_NOT_SUPPORT,
        ErrorKind::WrongOperation => SWOOLE_ERROR_WRONG_OPERATION,
        ErrorKind::FileNotExist => SWOOLE_ERROR_FILE_NOT_EXIST,
        ErrorKind::FileTooLarge => SWOOLE_ERROR_FILE_TOO_LARGE,
        ErrorKind::FileEmpty => SWOOLE_ERROR_FILE_EMPTY,
        ErrorKind::DnsResolveFailed => SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED,
        ErrorKind::DnsResolveTimeout => SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT,
        ErrorKind::DnsNoServer => SWOOLE_ERROR_DNSLOOKUP_NO_SERVER,
        ErrorKind::SessionClosedByServer => SWOOLE_ERROR_SESSION_CLOSED_BY_SERVER,
        ErrorKind::SessionClosedByClient => SWOOLE_ERROR_SESSION_CLOSED_BY_CLIENT,
        ErrorKind::SessionClosing => SWOOLE_ERROR_SESSION_CLOSING,
        ErrorKind::SessionClosed => SWOOLE_ERROR_SESSION_CLOSED,
        ErrorKind::SessionNotExist => SWOOLE_ERROR_SESSION_NOT_EXIST,
        ErrorKind::SessionInvalidId => SWOOLE_ERROR_SESSION_INVALID_ID,
        ErrorKind::SessionDiscardTimeoutData => SWOOLE_ERROR_SESSION_DISCARD_TIMEOUT_DATA,
        ErrorKind::OutputBufferOverflow => SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW,
        ErrorKind::SslNotReady => SWOOLE_ERROR_SSL_NOT_READY,
        ErrorKind::SslEmptyPeerCertificate => SWOOLE_ERROR_SSL_EMPTY_PEER_CERTIFICATE,
        ErrorKind::SslVerifyFailed => SWOOLE_ERROR_SSL_VERIFY_FAILED,
        ErrorKind::SslBadClient => SWOOLE_ERROR_SSL_BAD_CLIENT,
        ErrorKind::SslBadProtocol => SWOOLE_ERROR_SSL_BAD_PROTOCOL,
        ErrorKind::SslHandshakeFailed => SWOOLE_ERROR_SSL_HANDSHAKE_FAILED,
        ErrorKind::SslReset => SWOOLE_ERROR_SSL_RESET,
        ErrorKind::SslCreateContextFailed => SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED,
        ErrorKind::PackageLengthTooLarge => SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE,
        ErrorKind::PackageLengthNotFound => SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND,
        ErrorKind::DataLengthTooLarge => SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE,
        ErrorKind::TaskTimeout => SWOOLE_ERROR_TASK_TIMEOUT,
        ErrorKind::AioBadRequest => SWOOLE_ERROR_AIO_BAD_REQUEST,
        ErrorKind::AioCanceled => SWOOLE_ERROR_AIO_CANCELED,
        ErrorKind::ClientNoConnection => SWOOLE_ERROR_CLIENT_NO_CONNECTION,
        ErrorKind::SocketClosed => SWOOLE_ERROR_SOCKET_CLOSED,
        ErrorKind::Socks5UnsupportedVersion => SWOOLE_ERROR_SOCKS5_UNSUPPORT_VERSION,
        ErrorKind::Socks5UnsupportedMethod => SWOOLE_ERROR_SOCKS5_UNSUPPORT_METHOD,
        ErrorKind::Socks5AuthFailed => SWOOLE_ERROR_SOCKS5_AUTH_FAILED,
        ErrorKind::Socks5ServerError => SWOOLE_ERROR_SOCKS5_SERVER_ERROR,
        ErrorKind::HttpProxyHandshakeError => SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_ERROR,
        ErrorKind::HttpInvalidProtocol => SWOOLE_ERROR_HTTP_INVALID_PROTOCOL,
        ErrorKind::HttpProxyHandshakeFailed => SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED,
        ErrorKind::HttpProxyBadResponse => SWOOLE_ERROR_HTTP_PROXY_BAD_RESPONSE,
        ErrorKind::HttpContextUnavailable => SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE,
        ErrorKind::WebsocketBadClient => SWOOLE_ERROR_WEBSOCKET_BAD_CLIENT,
        ErrorKind::WebsocketBadOpcode => SWOOLE_ERROR_WEBSOCKET_BAD_OPCODE,
        ErrorKind::WebsocketUnconnected => SWOOLE_ERROR_WEBSOCKET_UNCONNECTED,
        ErrorKind::WebsocketHandshakeFailed => SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED,
        ErrorKind::WebsocketPackFailed => SWOOLE_ERROR_WEBSOCKET_PACK_FAILED,
        ErrorKind::WebsocketUnpackFailed => SWOOLE_ERROR_WEBSOCKET_UNPACK_FAILED,
        ErrorKind::WebsocketIncompletePacket => SWOOLE_ERROR_WEBSOCKET_INCOMPLETE_PACKET,
        ErrorKind::TooManySocket => SWOOLE_ERROR_SERVER_TOO_MANY_SOCKET,
        ErrorKind::WorkerTerminated => SWOOLE_ERROR_SERVER_WORKER_TERMINATED,
        ErrorKind::InvalidListenPort => SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT,
        ErrorKind::TooManyListenPort => SWOOLE_ERROR_SERVER_TOO_MANY_LISTEN_PORT,
        ErrorKind::OnlyStartOne => SWOOLE_ERROR_SERVER_ONLY_START_ONE,
        ErrorKind::SendInMaster => SWOOLE_ERROR_SERVER_SEND_IN_MASTER,
        ErrorKind::IsNotRegularFile => SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE,
        ErrorKind::InvalidCallback => SWOOLE_ERROR_SERVER_INVALID_CALLBACK,
        ErrorKind::WorkerExitTimeout => SWOOLE_ERROR_SERVER_WORKER_EXIT_TIMEOUT,
        _ => SWOOLE_ERROR_INTERNAL,
    }
}

thread_local! {
    static LAST: RefCell<(i32, CString)> = RefCell::default();
}

fn set_last(number: i32, message: String) {
    let mut text = message.into_bytes();
    text.retain(|byte| *byte != 0);
    let text = CString::new(text).expect("its NULs were taken out");
    LAST.set((number, text));
}

/// Remembers an error for this thread and gives its code.
pub(crate) fn remember(error: &Error) -> swoole_result {
    set_last(error.code(), error.to_string());
    code_of(error.kind())
}

/// The same for a panic.
pub(crate) fn remember_panic(text: &str) -> swoole_result {
    let code = swoole_result::SWOOLE_ERROR_INTERNAL;
    set_last(code as i32, format!("a bug in libswoole_rs: {text}; please report it"));
    code
}

/// The last error of this thread in words.
pub(crate) fn last_message() -> String {
    LAST.with_borrow(|last| last.1.to_string_lossy().into_owned())
}

/// Number of the last error on this thread: a `swoole_result`, or an errno where the result was
/// `SWOOLE_ERROR_SYSTEM_CALL_FAIL`; 0 if there was none. A success leaves it as it is.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_last_error() -> i32 {
    LAST.with_borrow(|last| last.0)
}

/// The last error of this thread in words: what was asked, what was found, what to do. Never NULL;
/// empty if there was no error. Belongs to the library and is valid until the next `swoole_*` call
/// on this thread.
#[unsafe(no_mangle)]
pub extern "C" fn swoole_last_error_message() -> *const c_char {
    LAST.with_borrow(|last| last.1.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_error_has_the_same_number_here() {
        for (kind, name) in ErrorKind::ALL {
            assert_eq!(code_of(*kind) as i32, *kind as i32, "{name} is missing in ffi/src/error.rs");
            assert_eq!(format!("{:?}", code_of(*kind)), *name);
        }
    }
}
