/* libswoole_rs: TCP, UDP, Unix-socket, HTTP and WebSocket servers with many processes and TLS, an event loop, clients,
 * asynchronous files, processes and pools of them, and what they share: tables, locks, numbers, queues.
 *
 * Made from the doc comments of ffi/src: do not edit. A guide with examples is docs/c-api.md.
 *
 * Rules for all functions
 * - A function that can fail answers a swoole_result, 0 for success. swoole_last_error and
 *   swoole_last_error_message tell more, per thread.
 * - Outputs are written only on success.
 * - A pointer must not be NULL unless the function's comment says so; a NULL where none may be is
 *   SWOOLE_ERROR_INVALID_PARAMS. Sizes are in bytes, times in seconds unless the name says
 *   otherwise. Strings end with a NUL and are UTF-8, except paths of files, which are any bytes.
 * - What is passed in is copied where it must outlive the call, except userdata.
 * - A server, response, client, process or pool is called from the thread that made it, the event loop from the thread that
 *   used it first; what is in shared memory (tables, atomics, locks, channels) from any. "Runs in" says in which process a callback runs; it is always on that thread (of a
 *   server's process: its main thread).
 */

#ifndef SWOOLE_RS_H
#define SWOOLE_RS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The header's version; the library's is `swoole_version()`.
#define SWOOLE_RS_VERSION "0.1.0"
#define SWOOLE_RS_VERSION_MAJOR 0
#define SWOOLE_RS_VERSION_MINOR 1
#define SWOOLE_RS_VERSION_PATCH 0

// Added to a stream's `swoole_socket_type`: with TLS.
#define SWOOLE_SSL 512

// Stands for "all ports" and "no particular port" where a port id is asked for.
#define SWOOLE_ANY_PORT -1

// Answer of a dispatch function: drop the message.
#define SWOOLE_DISPATCH_DISCARD -1

// Answer of a dispatch function: close the connection.
#define SWOOLE_DISPATCH_CLOSE -2

// Answer of a dispatch function: choose as dispatch mode 2 would.
#define SWOOLE_DISPATCH_FALLBACK -3

// Stands for "whichever task worker is free first" where a task worker's index is asked for.
#define SWOOLE_ANY_WORKER -1

// What a function answers. The numbers are those of PHP's `SWOOLE_ERROR_*` constants; they are
// part of the interface and never reused.
typedef enum {
    // it worked
    SWOOLE_OK = 0,
    // a system call failed; `swoole_last_error` is its errno
    SWOOLE_ERROR_SYSTEM_CALL_FAIL = 502,
    // an argument or option is NULL, has a wrong type or is out of bounds
    SWOOLE_ERROR_INVALID_PARAMS = 505,
    // a bounded queue is full
    SWOOLE_ERROR_QUEUE_FULL = 506,
    // the operation does not exist for this kind of socket or mode
    SWOOLE_ERROR_OPERATION_NOT_SUPPORT = 507,
    // the operation is not allowed now, or not in this process or thread
    SWOOLE_ERROR_WRONG_OPERATION = 509,
    // a bug in the library: report it with the last error's message, and give the server or the loop up
    SWOOLE_ERROR_INTERNAL = 599,
    // the file does not exist or cannot be opened
    SWOOLE_ERROR_FILE_NOT_EXIST = 700,
    // the file is too large to be read in one piece
    SWOOLE_ERROR_FILE_TOO_LARGE = 701,
    // the file is empty, or the offset lies at or behind its end
    SWOOLE_ERROR_FILE_EMPTY = 702,
    // the host name could not be resolved
    SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED = 711,
    // no answer about the host name came in time
    SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT = 712,
    // there is no name server to ask
    SWOOLE_ERROR_DNSLOOKUP_NO_SERVER = 714,
    // the server closed the session
    SWOOLE_ERROR_SESSION_CLOSED_BY_SERVER = 1001,
    // the client closed the session
    SWOOLE_ERROR_SESSION_CLOSED_BY_CLIENT = 1002,
    // the session is being closed
    SWOOLE_ERROR_SESSION_CLOSING = 1003,
    // the session existed and is closed
    SWOOLE_ERROR_SESSION_CLOSED = 1004,
    // no such session
    SWOOLE_ERROR_SESSION_NOT_EXIST = 1005,
    // the number cannot be a session id
    SWOOLE_ERROR_SESSION_INVALID_ID = 1006,
    // data of a closed session was dropped
    SWOOLE_ERROR_SESSION_DISCARD_TIMEOUT_DATA = 1007,
    // too many bytes wait for a slow client (option `socket_buffer_size`)
    SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW = 1009,
    // the TLS handshake is not over yet
    SWOOLE_ERROR_SSL_NOT_READY = 1011,
    // the peer has shown no certificate
    SWOOLE_ERROR_SSL_EMPTY_PEER_CERTIFICATE = 1013,
    // the peer's certificate is not trusted, or is not of that host
    SWOOLE_ERROR_SSL_VERIFY_FAILED = 1014,
    // the client does not speak TLS
    SWOOLE_ERROR_SSL_BAD_CLIENT = 1015,
    // the peers have no version or cipher of TLS in common
    SWOOLE_ERROR_SSL_BAD_PROTOCOL = 1016,
    // the TLS connection was broken: something that is no valid record came, or it ended without a word
    SWOOLE_ERROR_SSL_RESET = 1017,
    // the TLS handshake failed for another reason
    SWOOLE_ERROR_SSL_HANDSHAKE_FAILED = 1018,
    // certificates, keys or other settings of TLS cannot be used
    SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED = 1019,
    // a package is longer than `package_max_length`
    SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE = 1201,
    // the length field of a package makes no sense
    SWOOLE_ERROR_PACKAGE_LENGTH_NOT_FOUND = 1202,
    // one message is longer than `buffer_output_size`, or than a datagram can be
    SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE = 1203,
    // no answer to a task came in time, or it ended without one
    SWOOLE_ERROR_TASK_TIMEOUT = 2003,
    // an asynchronous operation cannot be begun as it was asked for
    SWOOLE_ERROR_AIO_BAD_REQUEST = 4001,
    // an asynchronous operation was given up before it was done
    SWOOLE_ERROR_AIO_CANCELED = 4002,
    // the client is not connected
    SWOOLE_ERROR_CLIENT_NO_CONNECTION = 5001,
    // the peer has closed the connection
    SWOOLE_ERROR_SOCKET_CLOSED = 6001,
    // the SOCKS5 proxy answered in another version of the protocol
    SWOOLE_ERROR_SOCKS5_UNSUPPORT_VERSION = 7001,
    // the SOCKS5 proxy takes none of the ways to log in that are possible here
    SWOOLE_ERROR_SOCKS5_UNSUPPORT_METHOD = 7002,
    // the SOCKS5 proxy refused the user name or password
    SWOOLE_ERROR_SOCKS5_AUTH_FAILED = 7003,
    // the SOCKS5 proxy could not connect
    SWOOLE_ERROR_SOCKS5_SERVER_ERROR = 7004,
    // the HTTP proxy could not be asked, or ended the connection
    SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_ERROR = 7101,
    // what came is not HTTP
    SWOOLE_ERROR_HTTP_INVALID_PROTOCOL = 7102,
    // the HTTP proxy refused to connect
    SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED = 7103,
    // what the HTTP proxy answered is no answer to CONNECT
    SWOOLE_ERROR_HTTP_PROXY_BAD_RESPONSE = 7104,
    // the answer to the request was ended, or given up
    SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE = 7106,
    // a WebSocket client broke the protocol
    SWOOLE_ERROR_WEBSOCKET_BAD_CLIENT = 8501,
    // there is no such opcode
    SWOOLE_ERROR_WEBSOCKET_BAD_OPCODE = 8502,
    // the connection is not an open WebSocket
    SWOOLE_ERROR_WEBSOCKET_UNCONNECTED = 8503,
    // the request asks for no WebSocket, or in a wrong way; or the server refused
    SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED = 8504,
    // what was to be sent is no valid frame
    SWOOLE_ERROR_WEBSOCKET_PACK_FAILED = 8505,
    // the bytes are no frame
    SWOOLE_ERROR_WEBSOCKET_UNPACK_FAILED = 8506,
    // the bytes are not a whole frame yet
    SWOOLE_ERROR_WEBSOCKET_INCOMPLETE_PACKET = 8507,
    // more connections than `max_conn`
    SWOOLE_ERROR_SERVER_TOO_MANY_SOCKET = 9002,
    // the worker has ended
    SWOOLE_ERROR_SERVER_WORKER_TERMINATED = 9003,
    // there is no such listening port
    SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT = 9004,
    // more listening ports than the engine takes
    SWOOLE_ERROR_SERVER_TOO_MANY_LISTEN_PORT = 9005,
    // one process can hold one server only, and start it once
    SWOOLE_ERROR_SERVER_ONLY_START_ONE = 9008,
    // data cannot be sent from the master or manager process
    SWOOLE_ERROR_SERVER_SEND_IN_MASTER = 9009,
    // the file is not a regular file
    SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE = 9013,
    // a callback is missing
    SWOOLE_ERROR_SERVER_INVALID_CALLBACK = 9015,
    // a worker did not leave within `max_wait_time` and was killed
    SWOOLE_ERROR_SERVER_WORKER_EXIT_TIMEOUT = 9101,
} swoole_result;

// What a process of the server is.
typedef enum {
    // the server was not started
    SWOOLE_ROLE_IDLE = 0,
    // owns the sockets (PROCESS), or keeps the workers alive (BASE: master and manager are one)
    SWOOLE_ROLE_MASTER = 1,
    // keeps the workers alive
    SWOOLE_ROLE_MANAGER = 2,
    // runs the callbacks of connections
    SWOOLE_ROLE_WORKER = 3,
    // does tasks
    SWOOLE_ROLE_TASK_WORKER = 4,
    // runs a function of `swoole_server_add_process`
    SWOOLE_ROLE_USER_PROCESS = 5,
} swoole_role;

// What a worker is doing.
typedef enum {
    // in a callback, or with messages waiting
    SWOOLE_WORKER_BUSY = 1,
    // waiting
    SWOOLE_WORKER_IDLE = 2,
    // leaving, or between its end and its successor
    SWOOLE_WORKER_EXIT = 3,
} swoole_worker_status;

// How a server's processes share the work.
typedef enum {
    // each worker accepts, reads and writes by itself
    SWOOLE_BASE = 1,
    // reactor threads of the master own the connections; workers get whole messages
    SWOOLE_PROCESS = 2,
} swoole_mode;

// The kinds of socket. `SWOOLE_SSL` may be added to those of streams.
typedef enum {
    SWOOLE_SOCK_TCP = 1,
    SWOOLE_SOCK_UDP = 2,
    SWOOLE_SOCK_TCP6 = 3,
    SWOOLE_SOCK_UDP6 = 4,
    SWOOLE_SOCK_UNIX_STREAM = 5,
    SWOOLE_SOCK_UNIX_DGRAM = 6,
} swoole_socket_type;

// What a dispatch function is asked for.
typedef enum {
    // data of a connection
    SWOOLE_DISPATCH_DATA = 0,
    // the close event of a connection
    SWOOLE_DISPATCH_CLOSE_EVENT = 4,
    // the connect event of a connection
    SWOOLE_DISPATCH_CONNECT_EVENT = 5,
    // a datagram
    SWOOLE_DISPATCH_PACKET = 8,
} swoole_dispatch_kind;

// Values of the option `log_level`: what is less severe is not logged.
typedef enum {
    SWOOLE_LOG_DEBUG = 0,
    SWOOLE_LOG_TRACE = 1,
    SWOOLE_LOG_INFO = 2,
    SWOOLE_LOG_NOTICE = 3,
    SWOOLE_LOG_WARNING = 4,
    SWOOLE_LOG_ERROR = 5,
    SWOOLE_LOG_NONE = 6,
} swoole_log_level;

// Values of the option `log_rotation`.
typedef enum {
    SWOOLE_LOG_ROTATION_SINGLE = 0,
    SWOOLE_LOG_ROTATION_MONTHLY = 1,
    SWOOLE_LOG_ROTATION_DAILY = 2,
    SWOOLE_LOG_ROTATION_HOURLY = 3,
    SWOOLE_LOG_ROTATION_EVERY_MINUTE = 4,
} swoole_log_rotation;

// What a process among the workers is for.
typedef enum {
    // serves connections
    SWOOLE_WORKER_KIND_EVENT = 0,
    // does tasks
    SWOOLE_WORKER_KIND_TASK = 1,
    // runs a function of `swoole_server_add_process`
    SWOOLE_WORKER_KIND_USER = 2,
} swoole_worker_kind;

// What to wait for on a descriptor. Several are combined by `|`.
typedef enum {
    // something can be read, or it is at its end
    SWOOLE_EVENT_READ = 512,
    // it takes bytes
    SWOOLE_EVENT_WRITE = 1024,
    // out-of-band data, or an error; for `swoole_select` only
    SWOOLE_EVENT_EXCEPT = 2048,
} swoole_event_flag;

// The kinds of lock. What a process holds of any of them is free once it has ended, however it did.
typedef enum {
    // one writer, or many readers
    SWOOLE_RWLOCK = 1,
    // flock(2) on a file: also among processes that have nothing else in common
    SWOOLE_FILELOCK = 2,
    // one holder, a thread; only that one can unlock it
    SWOOLE_MUTEX = 3,
    // one holder; anybody can unlock it
    SWOOLE_SEM = 4,
    // as SWOOLE_MUTEX, but who waits keeps trying instead of sleeping: for moments
    SWOOLE_SPINLOCK = 5,
} swoole_lock_kind;

// What a column holds.
typedef enum {
    // a signed whole number
    SWOOLE_TABLE_INT = 1,
    // a double
    SWOOLE_TABLE_FLOAT = 2,
    // any bytes, up to a length
    SWOOLE_TABLE_STRING = 3,
} swoole_table_type;

// What the pipe of a process carries.
typedef enum {
    // there is no pipe
    SWOOLE_PIPE_NONE = 0,
    // bytes without borders
    SWOOLE_PIPE_STREAM = 1,
    // messages, each of which is read whole
    SWOOLE_PIPE_DATAGRAM = 2,
} swoole_pipe_type;

// Parts of the pipe of a process.
typedef enum {
    // both ends, as far as this process has them open
    SWOOLE_PIPE_ALL = 0,
    // the end of the processes that the process came from
    SWOOLE_PIPE_MASTER = 1,
    // the end of the process itself
    SWOOLE_PIPE_WORKER = 2,
    // reading: nothing more can be read here, and the other side cannot write any more
    SWOOLE_PIPE_READ = 3,
    // writing: nothing more can be written here, and the other side reads the end
    SWOOLE_PIPE_WRITE = 4,
} swoole_pipe_part;

// Who takes what is pushed to a message queue.
typedef enum {
    // each process what was pushed through its handle, wherever that was. In the system it finds that by
    // its number, from 0 in the order of `swoole_process_new`
    SWOOLE_QUEUE_DIRECTED = 1,
    // whoever pops first
    SWOOLE_QUEUE_SHARED = 2,
} swoole_queue_mode;

// How messages come to the workers of a pool.
typedef enum {
    // not at all
    SWOOLE_IPC_NONE = 0,
    // each worker has a Unix socket, for `swoole_pool_send_message`
    SWOOLE_IPC_UNIXSOCK = 1,
    // a System V message queue, from which whoever is free takes; other programs may push to it
    SWOOLE_IPC_MSGQUEUE = 2,
    // a listening socket; its clients send 4 bytes of length (big-endian) and so many bytes, again and
    // again
    SWOOLE_IPC_SOCKET = 3,
} swoole_pool_ipc;

// Values of `same_site` in a `swoole_http_cookie`: when it goes along with a request that another site
// has caused.
typedef enum {
    // nothing is said
    SWOOLE_SAME_SITE_UNSET = 0,
    // never
    SWOOLE_SAME_SITE_STRICT = 1,
    // when the other site leads there
    SWOOLE_SAME_SITE_LAX = 2,
    // always; asks for `secure`
    SWOOLE_SAME_SITE_NONE = 3,
} swoole_same_site;

// Why there is no answer.
typedef enum {
    // it could not connect
    SWOOLE_HTTP_CONNECT_FAILED = -1,
    // no whole answer came in time
    SWOOLE_HTTP_REQUEST_TIMEOUT = -2,
    // the connection ended, or what came is no answer that can be taken
    SWOOLE_HTTP_SERVER_RESET = -3,
    // the request could not be sent
    SWOOLE_HTTP_SEND_FAILED = -4,
} swoole_http_failure;

// What a frame is.
typedef enum {
    // a further part of a message
    SWOOLE_WEBSOCKET_OPCODE_CONTINUATION = 0,
    // text in UTF-8
    SWOOLE_WEBSOCKET_OPCODE_TEXT = 1,
    // bytes of any kind
    SWOOLE_WEBSOCKET_OPCODE_BINARY = 2,
    // the end
    SWOOLE_WEBSOCKET_OPCODE_CLOSE = 8,
    // asks for a pong
    SWOOLE_WEBSOCKET_OPCODE_PING = 9,
    // answers a ping
    SWOOLE_WEBSOCKET_OPCODE_PONG = 10,
} swoole_websocket_opcode;

// Bits of `flags`.
typedef enum {
    // the last, or only, frame of its message
    SWOOLE_WEBSOCKET_FLAG_FIN = 1,
    // compressed; to be sent: if the peer takes that
    SWOOLE_WEBSOCKET_FLAG_COMPRESS = 2,
} swoole_websocket_flag;

// An event-driven client. Made by `swoole_async_client_new`, freed by `swoole_async_client_free`.
typedef struct swoole_async_client swoole_async_client;

// An unsigned number of 32 bits in shared memory. Made by `swoole_atomic_new`, freed by
// `swoole_atomic_free`. All functions of it: any thread, any process.
typedef struct swoole_atomic swoole_atomic;

// A signed number of 64 bits in shared memory. Made by `swoole_atomic_long_new`, freed by
// `swoole_atomic_long_free`. All functions of it: any thread, any process.
typedef struct swoole_atomic_long swoole_atomic_long;

// Bytes that grow at the end and can be taken away at the front. Made by `swoole_buffer_new`, freed by
// `swoole_buffer_free`. Each process has its own copy after a fork. Any thread, one at a time.
typedef struct swoole_buffer swoole_buffer;

// A bounded queue of messages, which many processes push to and many pop from. Made by
// `swoole_channel_new`, freed by `swoole_channel_free`. Nothing of it ever waits.
typedef struct swoole_channel swoole_channel;

// A client that waits for what it is asked for. Made by `swoole_client_new`, freed by
// `swoole_client_free`.
typedef struct swoole_client swoole_client;

// The answer of an HTTP server to a client, or why there is none. Valid in the callback that is given it; so is what its
// functions give, which ends with no NUL.
typedef struct swoole_http_answer swoole_http_answer;

// An event-driven client of one HTTP server. Made by `swoole_http_client_new`, freed by
// `swoole_http_client_free`.
typedef struct swoole_http_client swoole_http_client;

// A request. A callback is given it; it is freed when the callback returns, unless that has called
// `swoole_http_request_keep`. Any thread, one at a time.
typedef struct swoole_http_request swoole_http_request;

// The answer to a request. A callback is given it, and must end it; one that is freed before answers 500, so that no client waits for ever. It is freed when the
// callback returns, unless that has called `swoole_http_response_keep`.
typedef struct swoole_http_response swoole_http_response;

// A lock among processes and their threads. Made by `swoole_lock_new`, freed by `swoole_lock_free`.
typedef struct swoole_lock swoole_lock;

// A part of a file, of fixed size, with a position. Made by `swoole_mmap_open`, freed by
// `swoole_mmap_free`. What is written is seen at once by everybody who has the file open. Any thread,
// one at a time; a forked process has a position of its own.
typedef struct swoole_mmap swoole_mmap;

// Workers that a master process keeps alive. Made by `swoole_pool_new`, freed by `swoole_pool_free`.
typedef struct swoole_pool swoole_pool;

// A process of the program's own, seen from the process that made it, from itself, and from those forked
// later. Made by `swoole_process_new`, freed by `swoole_process_free`.
typedef struct swoole_process swoole_process;

// A server. Made by `swoole_server_new`, freed by `swoole_server_free`.
typedef struct swoole_server swoole_server;

// A table: rows, found by a key of 1 to 64 bytes, of columns that all rows have. Made by
// `swoole_table_new`, freed by `swoole_table_free`.
typedef struct swoole_table swoole_table;

// A place to read rows of one table into, again and again without taking memory. Made by
// `swoole_table_row_new`, freed by `swoole_table_row_free`. Any thread, one at a time.
typedef struct swoole_table_row swoole_table_row;

// Bytes of a file were read, or could not be: `result` is `SWOOLE_OK`, or the reason, which
// `swoole_last_error` and `swoole_last_error_message` tell as well. `data` has `len` bytes and no
// final NUL, is never NULL, and is valid during the call only; it is empty after an error.
typedef void (*swoole_aio_data_fn)(void *userdata,
                                   swoole_result result,
                                   const uint8_t *data,
                                   size_t len);

// As `swoole_aio_data_fn`, for a chunk of a file; an empty one is its end. Answers whether to go on;
// after an error and the end that means nothing.
typedef bool (*swoole_aio_chunk_fn)(void *userdata,
                                    swoole_result result,
                                    const uint8_t *data,
                                    size_t len);

// All `written` bytes were written to a file, or could not be (`written` is 0): `result` as in
// `swoole_aio_data_fn`.
typedef void (*swoole_aio_written_fn)(void *userdata, swoole_result result, size_t written);

// The address of a host in text, valid during the call only; NULL after an error. `result` as in
// `swoole_aio_data_fn`.
typedef void (*swoole_aio_address_fn)(void *userdata, swoole_result result, const char *address);

// How a command ended.
typedef struct {
    // what it wrote to its standard output; no final NUL, never NULL
    const uint8_t *output;
    // number of bytes
    size_t len;
    // its exit code; -1 if a signal ended it
    int32_t code;
    // the signal that ended it; 0 if it exited
    int32_t signal;
} swoole_aio_ended;

// A command has ended. `ended` is valid during the call only; NULL after an error. `result` as in
// `swoole_aio_data_fn`.
typedef void (*swoole_aio_ended_fn)(void *userdata,
                                    swoole_result result,
                                    const swoole_aio_ended *ended);

// Bytes that stay whose they are: the program's where they are passed in, the library's where it gives
// them.
typedef struct {
    // the first of them; may be NULL if `len` is 0
    const void *data;
    // how many
    size_t len;
} swoole_data;

// Bytes of the library's that belong to the caller, who gives them to `swoole_bytes_free`.
typedef struct {
    // the first of them, without a final NUL; NULL: there is nothing, not even an empty message
    uint8_t *data;
    // how many
    size_t len;
} swoole_bytes;

// An event of a client. `userdata` is what was given with the function.
typedef void (*swoole_async_client_fn)(void *userdata, swoole_async_client *client);

// A client has received: bytes, one package as its protocol says, or one datagram. `data` has `len`
// bytes and no final NUL, is never NULL, and is valid during the call only.
typedef void (*swoole_async_receive_fn)(void *userdata,
                                        swoole_async_client *client,
                                        const uint8_t *data,
                                        size_t len);

// A client could not connect. `result` says why, and so do `swoole_last_error` (the errno of
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL`) and `swoole_last_error_message`, which names host, port and reason.
typedef void (*swoole_async_error_fn)(void *userdata,
                                      swoole_async_client *client,
                                      swoole_result result);

// An address of one end of a connection.
typedef struct {
    // IP address in text, or the path of a Unix socket (empty if it has none); ends with a NUL
    char host[128];
    // its port; 0 for a Unix socket
    uint16_t port;
} swoole_address;

// Tells the length in bytes, header included, of the package at the front of `data`; 0 if more bytes
// are needed to tell; negative if the data is bad, which closes the connection. `data` has `len` bytes
// and is valid during the call only. It must not call a function of its client.
typedef ptrdiff_t (*swoole_async_length_fn)(void *userdata,
                                            swoole_async_client *client,
                                            const uint8_t *data,
                                            size_t len);

// Tells the length in bytes, header included, of the package at the front of `data`; 0 if more bytes
// are needed to tell; negative if the data is bad, which closes the connection. `data` has `len` bytes
// and is valid during the call only. It must not call a function of its client.
typedef ptrdiff_t (*swoole_client_length_fn)(void *userdata, const uint8_t *data, size_t len);

// Is told of a warning. `message` is UTF-8 text for a person, never NULL, and valid during the
// call only.
typedef void (*swoole_warning_fn)(void *userdata, const char *message);

// A call without further arguments: a deferred one, or one of `swoole_event_cycle`.
typedef void (*swoole_defer_fn)(void *userdata);

// A descriptor that `swoole_select` waits for.
typedef struct {
    // the descriptor
    int32_t fd;
    // asked: flags of `swoole_event_flag`, at least one
    int32_t events;
    // found: those of them that are so. `SWOOLE_EVENT_READ` also at its end, and READ and WRITE when
    // it has failed
    int32_t ready;
} swoole_selected;

// A signal arrived.
typedef void (*swoole_signal_fn)(void *userdata, int32_t signo);

// A timer is due. `timer_id` is what `swoole_timer_after` or `swoole_timer_tick` gave.
typedef void (*swoole_timer_fn)(void *userdata, int64_t timer_id);

// A timer, as it is now.
typedef struct {
    // its number
    int64_t id;
    // milliseconds until it is called next, rounded up; 0: that is overdue
    int64_t left;
    // milliseconds between two calls; 0: it is called once
    int64_t period;
    // how often it has been called
    uint64_t runs;
} swoole_timer;

// A watched descriptor is ready.
typedef void (*swoole_event_fn)(void *userdata, int32_t fd);

// A name with its value, as they were received: a header, a cookie, a field of a form. The bytes end
// with no NUL.
typedef struct {
    // its name
    swoole_data name;
    // its value
    swoole_data value;
} swoole_http_field;

// An event of an HTTP client. `userdata` is what was given with the function.
typedef void (*swoole_http_client_fn)(void *userdata, swoole_http_client *client);

// An HTTP client could not connect. `result` says why, and so do `swoole_last_error` and
// `swoole_last_error_message`.
typedef void (*swoole_http_client_error_fn)(void *userdata,
                                            swoole_http_client *client,
                                            swoole_result result);

// What came over a WebSocket: a whole message, or a control frame. It and what it points to are
// valid during the call only.
typedef struct {
    // the connection; 0 in a client
    int64_t session;
    // the port that it came in at; 0 in a client
    int32_t port_id;
    // a `swoole_websocket_opcode`
    int32_t opcode;
    // bits of `swoole_websocket_flag`
    int32_t flags;
    // of a close: its code, 1005 if it had none; else 0
    int32_t close_code;
    // its bytes; no final NUL, never NULL; text is UTF-8; of a close: nothing
    const uint8_t *data;
    // number of bytes
    size_t len;
    // of a close: its reason, in UTF-8
    swoole_data close_reason;
} swoole_websocket_frame;

// A message has come over a WebSocket. `frame` and what it points to are never NULL and valid during
// the call only.
typedef void (*swoole_http_client_message_fn)(void *userdata,
                                              swoole_http_client *client,
                                              const swoole_websocket_frame *frame);

// A name with its value, to be sent. Strings end with a NUL.
typedef struct {
    // its name
    const char *name;
    // its value
    const char *value;
} swoole_http_pair;

// A request of an HTTP client has ended. `answer` is never NULL and valid during the call only; when
// there is none `swoole_http_answer_status` is below 0, and `swoole_last_error_message` tells why.
typedef void (*swoole_http_answer_fn)(void *userdata,
                                      swoole_http_client *client,
                                      const swoole_http_answer *answer);

// A file to be uploaded.
typedef struct {
    // name of the field
    const char *name;
    // a regular file
    const char *path;
    // its media type; NULL: that of the path's suffix
    const char *media_type;
    // name that the server is told; NULL: the last part of the path
    const char *file_name;
    // where in the file to begin
    uint64_t offset;
    // bytes to send; 0: to its end
    uint64_t length;
} swoole_http_upload;

// What `swoole_http_client_execute` asks for. All that is NULL or 0 is left out, so begin with `{0}`. One of three makes the
// body: `body`; `fields` alone, a form (application/x-www-form-urlencoded); `uploads` and `fields`, a form with files
// (multipart/form-data).
typedef struct {
    // NULL: GET, or POST if there is a body
    const char *method;
    // path and query, percent-encoded; NULL: /
    const char *target;
    // headers to be sent, beside those that are always there (Host, Content-Length, ...)
    const swoole_http_pair *headers;
    // how many
    size_t header_count;
    // the body as it is; its Content-Type is among the headers
    const void *body;
    // bytes of it
    size_t body_len;
    // fields of a form, which are encoded
    const swoole_http_pair *fields;
    // how many
    size_t field_count;
    // files of a form, which are read while they are sent
    const swoole_http_upload *uploads;
    // how many
    size_t upload_count;
    // file that gets the answer's body if that is 200 or 206, instead of memory
    const char *download_path;
    // goes on there: the rest is asked for by a Range
    uint64_t download_offset;
} swoole_http_client_request;

// A file that came in a multipart form. What it points to belongs to its request and is good until that is freed.
typedef struct {
    // name of the field
    swoole_data name;
    // name of the file as the client tells it: anything, so never use it as a path
    swoole_data file_name;
    // its media type, as the client tells it
    swoole_data media_type;
    // its bytes; NULL if it is on disk
    swoole_data content;
    // where it is on disk, until its request is freed; NULL if it is not
    const char *path;
    // its length
    uint64_t size;
} swoole_http_file;

// A request came. Neither pointer is NULL. The callback ends the response, or keeps it
// (`swoole_http_response_keep`) to end it later: if it does neither, the client is answered 500.
typedef void (*swoole_http_request_fn)(void *userdata,
                                       swoole_server *server,
                                       swoole_http_request *request,
                                       swoole_http_response *response);

// A cookie to be set. All that is NULL, 0 or false is left out, so begin with `{0}`.
typedef struct {
    // its name, not NULL
    const char *name;
    // its value; NULL or empty deletes the cookie
    const char *value;
    // the path that it is for
    const char *path;
    // the domain that it is for
    const char *domain;
    // Low, Medium or High
    const char *priority;
    // until when, in seconds since 1970; 0: until the browser ends
    int64_t expires;
    // a `swoole_same_site`
    int32_t same_site;
    // over TLS only
    bool secure;
    // not for the page's scripts
    bool http_only;
    // kept apart for each site that the page is in
    bool partitioned;
    // the value goes out as it is; else what cannot be in a cookie is percent-encoded
    bool raw;
} swoole_http_cookie;

// What a process runs. `process` is its own handle there. Answers its exit code, 0 to 255.
typedef int32_t (*swoole_process_main_fn)(void *userdata, swoole_process *process);

// How a child has ended.
typedef struct {
    // its number; 0: none has ended yet
    int32_t pid;
    // its exit code; 0 if a signal ended it
    int32_t code;
    // the signal that ended it; 0 if it exited
    int32_t signal;
} swoole_process_ended;

// An event of the pool as a whole. `userdata` is what was given with the function.
typedef void (*swoole_pool_fn)(void *userdata, swoole_pool *pool);

// An event of a worker of a pool; `worker` is its number, from 0.
typedef void (*swoole_pool_worker_fn)(void *userdata, swoole_pool *pool, int32_t worker);

// A message has come to a worker of a pool. `data` has `len` bytes and no final NUL, is never NULL, and
// is valid during the call only.
typedef void (*swoole_pool_message_fn)(void *userdata,
                                       swoole_pool *pool,
                                       const uint8_t *data,
                                       size_t len);

// What is known about a connection. Times are in seconds since 1970; sizes in bytes.
typedef struct {
    // the port it came in at
    int32_t port_id;
    // number of that port, 0 for a Unix socket
    uint16_t server_port;
    // the client's port, 0 for a Unix socket
    uint16_t remote_port;
    // the client's IP address; empty for a Unix socket; ends with a NUL
    char remote_ip[64];
    // descriptor of the listening socket
    int32_t server_fd;
    // descriptor of the connection in the process that owns it
    int32_t socket_fd;
    // a `swoole_socket_type`
    int32_t socket_type;
    // the reactor thread (BASE: the worker) that owns it
    int32_t reactor_id;
    // the worker that it is tied to; -1 if to none
    int32_t worker_id;
    // errno or `swoole_result` that closed it; 0 while it is open, or closed normally
    int32_t close_errno;
    // when it was accepted
    double connect_time;
    // when bytes last came from the client
    double last_recv_time;
    // when bytes last went to the client
    double last_send_time;
    // when a message of it was last passed to a worker
    double last_dispatch_time;
    // bytes read and not yet handed to a callback
    uint64_t recv_queued_bytes;
    // bytes that the client has not yet taken
    uint64_t send_queued_bytes;
    // as given to `swoole_server_bind`; 0 if `has_uid` is false
    int64_t uid;
    // whether `swoole_server_bind` was called for it
    bool has_uid;
} swoole_connection_info;

// One figure of `swoole_server_stats`.
typedef struct {
    // its name; ends with a NUL
    char name[40];
    // its value
    int64_t value;
} swoole_stat;

// The figures of one worker, task worker or user process. The counts go on over all processes that
// had its number.
typedef struct {
    // its number
    int32_t id;
    // its process; 0: there is none just now
    int32_t pid;
    // a `swoole_worker_kind`
    int32_t kind;
    // a `swoole_worker_status`
    int32_t status;
    // messages, datagrams and tasks that it has begun to handle
    uint64_t requests;
    // answers it gave
    uint64_t responses;
    // microseconds in which it did not sleep
    uint64_t busy_micros;
    // microseconds for which its present callback has been running; 0: none is
    uint64_t busy_for;
    // messages that wait for it
    uint64_t queue_depth;
    // bytes that wait in its rings
    uint64_t ring_used;
    // bytes that its rings hold
    uint64_t ring_capacity;
    // tasks that it gave and that are not done
    uint64_t tasking;
    // how many of its processes have ended
    uint64_t restarts;
} swoole_worker_figures;

// A listening port.
typedef struct {
    // its id, from 0 in the order of `swoole_server_listen`
    int32_t id;
    // a `swoole_socket_type`
    int32_t socket_type;
    // its descriptor in this process
    int32_t socket;
    // the real port number, also when 0 was asked for; 0 for a Unix socket
    uint16_t port;
    // host or path as given to `swoole_server_listen`; ends with a NUL
    char host[256];
} swoole_port_info;

// An event of the server as a whole. `userdata` is what was given with the function.
typedef void (*swoole_server_fn)(void *userdata, swoole_server *server);

// An event of a worker's life. `worker_id` counts from 0.
typedef void (*swoole_worker_fn)(void *userdata, swoole_server *server, int32_t worker_id);

// How a worker ended.
typedef struct {
    // its number, from 0
    int32_t worker_id;
    // its process
    int32_t pid;
    // the status as wait(2) gave it
    int32_t status;
    // exit code, 0 if a signal ended it
    int32_t exit_code;
    // signal that ended it, 0 if it exited
    int32_t signal;
} swoole_worker_failure;

// A worker ended other than by exit code 0. `failure` is never NULL and valid during the call only.
typedef void (*swoole_worker_error_fn)(void *userdata,
                                       swoole_server *server,
                                       const swoole_worker_failure *failure);

// A connection came or went. `reactor` is the number of the reactor thread (BASE: of the worker);
// in a close event it is negative when the server closed the connection.
typedef void (*swoole_connection_fn)(void *userdata,
                                     swoole_server *server,
                                     int64_t session,
                                     int32_t reactor);

// Data came: one read of at most 64 KiB, or whole packages as the port's protocol says. `data` has
// `len` bytes and no final NUL, is never NULL, and is valid during the call only.
typedef void (*swoole_receive_fn)(void *userdata,
                                  swoole_server *server,
                                  int64_t session,
                                  int32_t reactor,
                                  const uint8_t *data,
                                  size_t len);

// A datagram with its sender.
typedef struct {
    // the port it came in at
    int32_t port_id;
    // descriptor of the listening socket, for `swoole_server_send_to`
    int32_t server_socket;
    // its bytes; no final NUL
    const uint8_t *data;
    // number of bytes, at most 64 KiB
    size_t len;
    // the sender's IP address, or the path of its Unix socket (empty if it is not bound); ends with
    // a NUL
    const char *address;
    // the sender's port, 0 for a Unix socket
    uint16_t peer_port;
    // number of the listening port, 0 for a Unix socket
    uint16_t server_port;
    // when the engine passed it on, in seconds since 1970
    double dispatch_time;
} swoole_packet;

// A datagram came. `packet` and what it points to are never NULL and valid during the call only.
typedef void (*swoole_packet_fn)(void *userdata, swoole_server *server, const swoole_packet *packet);

// The bytes that wait for a client passed a watermark.
typedef void (*swoole_buffer_fn)(void *userdata, swoole_server *server, int64_t session);

// Names a task, so that it can be answered after its callback. A value: copy it, but do not look
// into it and do not make one. Good in the process that got the task.
typedef struct {
    // the library's
    uint64_t words[6];
} swoole_ticket;

// A task, as the task worker gets it.
typedef struct {
    // its number, unique among the tasks of `source`
    int64_t id;
    // number of the worker that gave it; -1: a program outside the server, through a message queue
    int32_t source;
    // how often it was begun before, by task workers that ended amid it (option `task_retry`)
    uint32_t tries;
    // when it was given, in seconds since 1970
    double dispatch_time;
    // its bytes; no final NUL
    const uint8_t *data;
    // number of bytes
    size_t len;
    // names it for `swoole_server_finish` and `swoole_server_end_task`
    swoole_ticket ticket;
    // whether the bytes are a value in PHP's serialize() format and not a string as it is: only from
    // a PHP program outside the server
    bool serialized;
} swoole_task;

// A task is to be done. `task` and what it points to are never NULL and valid during the call only.
typedef void (*swoole_task_fn)(void *userdata, swoole_server *server, const swoole_task *task);

// The answer to a task, as the process that gave the task gets it.
typedef struct {
    // the task's number, as `swoole_server_task` gave it
    int64_t task_id;
    // number of the worker that did it
    int32_t task_worker;
    // when it was answered, in seconds since 1970
    double dispatch_time;
    // the answer's bytes; no final NUL
    const uint8_t *data;
    // number of bytes
    size_t len;
} swoole_answer;

// A task was answered. `answer` and what it points to are never NULL and valid during the call
// only.
typedef void (*swoole_finish_fn)(void *userdata, swoole_server *server, const swoole_answer *answer);

// A message of `swoole_server_send_message`.
typedef struct {
    // number of the worker that sent it; -1: master or manager
    int32_t source;
    // when it was sent, in seconds since 1970
    double dispatch_time;
    // its bytes; no final NUL
    const uint8_t *data;
    // number of bytes
    size_t len;
} swoole_pipe_message;

// Another process sent a message. `message` and what it points to are never NULL and valid during
// the call only.
typedef void (*swoole_pipe_message_fn)(void *userdata,
                                       swoole_server *server,
                                       const swoole_pipe_message *message);

// Chooses the worker for a message: its number, from 0, or one of the `SWOOLE_DISPATCH_` numbers
// below 0; any other number is logged and taken for `SWOOLE_DISPATCH_FALLBACK`. `kind` is a
// `swoole_dispatch_kind`; `session` is 0 for a datagram. `data` has `len` bytes and is valid during
// the call only.
typedef int64_t (*swoole_dispatch_fn)(void *userdata,
                                      swoole_server *server,
                                      int64_t session,
                                      int32_t kind,
                                      const uint8_t *data,
                                      size_t len);

// Tells the length in bytes, header included, of the package at the front of `data`; 0 if more
// bytes are needed to tell; negative if the data is bad, which closes the connection. `data` has
// `len` bytes and is valid during the call only.
typedef ptrdiff_t (*swoole_package_length_fn)(void *userdata,
                                              swoole_server *server,
                                              int32_t port_id,
                                              const uint8_t *data,
                                              size_t len);

// Frees what `userdata` points to.
typedef void (*swoole_free_fn)(void *userdata);

// What a user process does. `index` is what `swoole_server_add_process` gave.
typedef void (*swoole_process_fn)(void *userdata, swoole_server *server, int32_t index);

// What lies in a channel.
typedef struct {
    // messages
    uint64_t messages;
    // their bytes
    uint64_t bytes;
} swoole_channel_figures;

// A column, for `swoole_table_new`.
typedef struct {
    // its name
    const char *name;
    // a `swoole_table_type`
    int32_t type;
    // bytes: of an INT 1, 2, 4 or 8 (0 means 8), of a STRING the most that fit, of a FLOAT 0
    uint32_t size;
} swoole_table_column;

// A value for a column. Made by `swoole_table_int`, `swoole_table_float`, `swoole_table_bytes` or
// `swoole_table_str`.
typedef struct {
    // the column's index, from 0 in the order of `swoole_table_new`
    int32_t column;
    // a `swoole_table_type`, which says where the value is
    int32_t type;
    // of an INT
    int64_t integer;
    // of a FLOAT
    double number;
    // of a STRING: the first byte; may be NULL if `len` is 0
    const void *data;
    // of a STRING: how many bytes
    size_t len;
} swoole_table_value;

// How full a table is, and what all processes have done to it.
typedef struct {
    // rows in it
    uint64_t rows;
    // rows that it takes now, before it grows
    uint64_t capacity;
    // rows that it takes at most
    uint64_t most;
    // how often it has grown
    uint64_t growths;
    // rows that share their place in the index with another one
    uint64_t conflicts;
    // the most rows in one place of the index
    uint64_t longest_chain;
    // new rows that were set
    uint64_t inserts;
    // existing rows that were set or added to
    uint64_t updates;
    // rows that were deleted
    uint64_t deletes;
    // rows that were refused because the table was full
    uint64_t refused;
} swoole_table_figures;

// An address of one of this machine's network interfaces.
typedef struct {
    // the interface's name, such as `eth0`; ends with a NUL
    char name[32];
    // its address in text; ends with a NUL
    char address[64];
} swoole_local_address;

// A WebSocket was opened. `request` is never NULL; it is freed when the callback returns, unless it
// is kept.
typedef void (*swoole_websocket_open_fn)(void *userdata,
                                         swoole_server *server,
                                         swoole_http_request *request);

// A message came. `frame` and what it points to are never NULL and valid during the call only.
typedef void (*swoole_websocket_message_fn)(void *userdata,
                                            swoole_server *server,
                                            const swoole_websocket_frame *frame);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the library that runs, for example `"0.1.0"`; the header's is
// `SWOOLE_RS_VERSION`. Never NULL, never to be freed. Any thread, any process.
const char *swoole_version(void);

// Sets how many threads do the waiting at most: 1 to 32, 2 if this is never called. They are begun
// when they are first needed; `SWOOLE_ERROR_WRONG_OPERATION` once they run.
swoole_result swoole_aio_set_threads(int32_t count);

// Sets the name server to ask: an address, or an address, a colon and a port. NULL: what the system is
// set up to do, as it is before this is called.
swoole_result swoole_aio_set_name_server(const char *server);

// Whether a name with several addresses gives a random one of them, or the first, as it does before this
// is called.
void swoole_aio_set_random_address(bool random);

// Forgets the answers about names, which are remembered for a minute.
void swoole_aio_clear_name_cache(void);

// Reads a whole file of at most 4 MiB and calls `done` with it.
//
// All `swoole_aio_` functions that begin something: it is done beside the loop of this process (see
// `swoole_event_wait`; in a process of a server it is that process's own), which then calls the function,
// exactly once (`swoole_aio_read`: once for each chunk), never before this returns. That keeps the loop
// from being empty. If this fails (`SWOOLE_ERROR_QUEUE_FULL`: 8192 are under way already), or the loop is dropped by
// `swoole_event_exit` or the end of the process, it is not called. `userdata` may be NULL and is never freed by the library. No C++
// exception and no longjmp may leave the function.
//
// Its errors: `SWOOLE_ERROR_FILE_TOO_LARGE`, `SWOOLE_ERROR_FILE_NOT_EXIST`, or `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with the errno (EISDIR, EACCES and so on).
swoole_result swoole_aio_read_file(const char *path,
                                   swoole_aio_data_fn done,
                                   void *userdata);

// Reads a file from `offset` on and calls `step` for each chunk of `chunk` bytes (1 to 1048576; the last
// one may be shorter), in their order, then with an empty one at the end, or with an error. Stops when `step`
// answers false. The next chunk is read when `step` has returned: one is in memory, however large the
// file. Errors as `swoole_aio_read_file`.
swoole_result swoole_aio_read(const char *path,
                              size_t chunk,
                              uint64_t offset,
                              swoole_aio_chunk_fn step,
                              void *userdata);

// Makes `len` bytes, which are copied, a file's whole content, or appends them to it; makes the file (mode
// 0644, less the umask) if it does not exist. `done` may be NULL: a failure is logged then. Otherwise as
// `swoole_aio_read_file`. Errors: SWOOLE_ERROR_SYSTEM_CALL_FAIL with the errno, ENOSPC for a full disk,
// where a part of it may have been written.
swoole_result swoole_aio_write_file(const char *path,
                                    const void *data,
                                    size_t len,
                                    bool append,
                                    swoole_aio_written_fn done,
                                    void *userdata);

// Writes `len` bytes, which are copied, into a file at `offset` (-1: at its end) and leaves the rest of it
// as it is. Calls for the same path are done in the order in which they were made. Otherwise as
// `swoole_aio_write_file`.
swoole_result swoole_aio_write(const char *path,
                               const void *data,
                               size_t len,
                               int64_t offset,
                               swoole_aio_written_fn done,
                               void *userdata);

// Looks up an address of `host`. `family` is AF_INET or AF_INET6. An address in text is given back as it
// is. Otherwise as `swoole_aio_read_file`. Errors: `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED`,
// `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT`.
swoole_result swoole_aio_resolve(const char *host,
                                 int32_t family,
                                 swoole_aio_address_fn done,
                                 void *userdata);

// Runs a command by `/bin/sh -c` and calls `done` when it has ended, with its exit code and what it wrote
// to its standard output: at most `most` bytes, else it is killed and the error is
// `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE`. Its standard error is this process's. Otherwise as `swoole_aio_read_file`.
swoole_result swoole_aio_exec(const char *command,
                              size_t most,
                              swoole_aio_ended_fn done,
                              void *userdata);

// Makes an empty buffer with room for `size` bytes, 1 to 2 GiB. `*buffer` then belongs to the caller,
// who gives it to `swoole_buffer_free`.
swoole_result swoole_buffer_new(size_t size,
                                swoole_buffer **buffer);

// Frees a buffer. NULL is allowed.
void swoole_buffer_free(swoole_buffer *buffer);

// Adds `len` bytes, which must not be the buffer's own, at the end. The room grows as needed, up to 2
// GiB.
swoole_result swoole_buffer_append(swoole_buffer *buffer,
                                   const void *data,
                                   size_t len);

// Writes `len` bytes, which must not be the buffer's own, over what is there from `offset` on (below 0:
// counted from the end), and on behind the end. `SWOOLE_ERROR_INVALID_PARAMS` if the offset lies before
// the first byte or behind the end: nothing is written then.
swoole_result swoole_buffer_write(swoole_buffer *buffer,
                                  int64_t offset,
                                  const void *data,
                                  size_t len);

// Reads `len` bytes (0: all there are) from `offset` on (below 0: counted from the end). `*data` then
// points to `*got` bytes of the buffer's, valid until it is changed or freed.
// `SWOOLE_ERROR_INVALID_PARAMS` if there are not as many. Positions count from the first byte that was
// not removed.
swoole_result swoole_buffer_read(const swoole_buffer *buffer,
                                 int64_t offset,
                                 size_t len,
                                 const uint8_t **data,
                                 size_t *got);

// Takes the first `len` bytes away. That moves none: their room is used again when it is needed, or
// after `swoole_buffer_recycle`. `SWOOLE_ERROR_INVALID_PARAMS` if there are not as many.
swoole_result swoole_buffer_remove(swoole_buffer *buffer, size_t len);

// Makes room for `size` bytes in all, more than `swoole_buffer_capacity`, 2 GiB at most.
swoole_result swoole_buffer_expand(swoole_buffer *buffer, size_t size);

// Moves what is in the buffer to the front of its room, over what was removed.
swoole_result swoole_buffer_recycle(swoole_buffer *buffer);

// Takes everything away; the room stays.
swoole_result swoole_buffer_clear(swoole_buffer *buffer);

// What is in it: `swoole_buffer_length` bytes, without a final NUL, valid until the buffer is changed or
// freed. NULL only if `buffer` is NULL.
const uint8_t *swoole_buffer_data(const swoole_buffer *buffer);

// Bytes in it.
size_t swoole_buffer_length(const swoole_buffer *buffer);

// Bytes that it has room for without growing, those of removed ones included.
size_t swoole_buffer_capacity(const swoole_buffer *buffer);

// Whether these bytes are those of `text`, which ends with a NUL. False if `text` is NULL. Any thread.
bool swoole_data_is(swoole_data data,
                    const char *text);

// Frees bytes that the library gave, and empties `*bytes`, so that a second call does nothing.
// NULL is allowed, as the struct and as its `data`. Any thread.
void swoole_bytes_free(swoole_bytes *bytes);

// Makes an event-driven client that is not connected. `kind` is a `swoole_socket_type`; with `SWOOLE_SSL` added the connect event is called
// after a TLS handshake.
//
// `*client` then belongs to the caller, who gives it to `swoole_async_client_free`. It lives in the loop
// of this process (see `swoole_event_wait`; in a process of a server it is that process's own loop), and
// all functions that take it are called from the loop's thread. Its callbacks run there, never inside a
// function of the client, and may do anything with it: send, close, connect again, free it. A forked
// process has no part in it.
swoole_result swoole_async_client_new(int32_t kind,
                                      swoole_async_client **client);

// Frees a client. If it is connecting or connected that is ended at once: what waits to be sent is
// dropped, and no event is called any more, the close event neither. To have everything sent, call
// `swoole_async_client_close` and free it in the close event. Inside any of its events too. NULL is allowed. Refused, with a last
// error, from another thread and inside its package-length function.
void swoole_async_client_free(swoole_async_client *client);

// Sets what is called when it has connected: send now.
//
// All `swoole_async_client_on_` functions: at any time, inside a callback too; NULL takes a callback
// away, none is needed; registering again replaces. `userdata` may be NULL; it is kept, handed to each
// call, and never freed by the library: it is not used after the client was freed. No C++ exception and
// no longjmp may leave a callback.
swoole_result swoole_async_client_on_connect(swoole_async_client *client,
                                             swoole_async_client_fn callback,
                                             void *userdata);

// Sets what is called when it has received something. Without one what comes is dropped.
swoole_result swoole_async_client_on_receive(swoole_async_client *client,
                                             swoole_async_receive_fn callback,
                                             void *userdata);

// Sets what is called when it could not connect; without one the reason is logged.
swoole_result swoole_async_client_on_error(swoole_async_client *client,
                                           swoole_async_error_fn callback,
                                           void *userdata);

// Sets what is called when its connection has ended: by the peer, by an error
// (`swoole_async_client_error`), or by `swoole_async_client_close`. Once for each connection that was told.
swoole_result swoole_async_client_on_close(swoole_async_client *client,
                                           swoole_async_client_fn callback,
                                           void *userdata);

// Sets what is called when more than `buffer_high_watermark` bytes wait to be sent.
swoole_result swoole_async_client_on_buffer_full(swoole_async_client *client,
                                                 swoole_async_client_fn callback,
                                                 void *userdata);

// Sets what is called when they have fallen to `buffer_low_watermark` again.
swoole_result swoole_async_client_on_buffer_empty(swoole_async_client *client,
                                                  swoole_async_client_fn callback,
                                                  void *userdata);

// Begins to connect to `host` (an address, a name, or the path of a Unix socket) and `port` (0 for a
// Unix socket), through a proxy if one is set, and returns. The name is looked up without holding up the
// loop. Then exactly one of two is called: the connect event, or the error event, within `timeout` seconds
// in all (0: as long as the system tries).
//
// `SWOOLE_ERROR_WRONG_OPERATION` if it is connecting or connected; at once also if no socket can be made.
swoole_result swoole_async_client_connect(swoole_async_client *client,
                                          const char *host,
                                          int32_t port,
                                          double timeout);

// Sends all of `len` bytes, which are copied, as the peer takes them. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` unless it is
// connected; `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` when more than `socket_buffer_size` would wait: nothing of it is sent then.
swoole_result swoole_async_client_send(swoole_async_client *client,
                                       const void *data,
                                       size_t len);

// Sends one datagram to an address (a path and 0 for a Unix socket); needs no connect. A name is
// refused: see `swoole_aio_resolve`.
swoole_result swoole_async_client_send_to(swoole_async_client *client,
                                          const char *host,
                                          int32_t port,
                                          const void *data,
                                          size_t len);

// Sends `length` bytes of a file from `offset` on behind what waits; a `length` of 0 means to its end.
// The file must stay until it is sent.
swoole_result swoole_async_client_send_file(swoole_async_client *client,
                                            const char *path,
                                            uint64_t offset,
                                            uint64_t length);

// Hands what it receives from now on straight to the descriptor `fd` of a stream, and reads no faster
// than that takes it; its receive event is not called meanwhile. -1 ends that. `fd` stays the caller's
// and open until then.
swoole_result swoole_async_client_pipe(swoole_async_client *client,
                                       int32_t fd);

// Reads no more until `swoole_async_client_resume`; TCP slows the peer down.
swoole_result swoole_async_client_pause(swoole_async_client *client);

// Reads again.
swoole_result swoole_async_client_resume(swoole_async_client *client);

// Ends one direction, after what waits has been sent, or both: `how` is SHUT_RD, SHUT_WR or SHUT_RDWR.
swoole_result swoole_async_client_shutdown(swoole_async_client *client,
                                           int32_t how);

// Closes: what waits is sent first unless `force`, then, soon, the close event is called; nothing is
// received any more. While it is connecting: gives that up, and no event follows. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` if
// there is nothing to close.
swoole_result swoole_async_client_close(swoole_async_client *client,
                                        bool force);

// Whether it is connected; false if `client` is NULL.
bool swoole_async_client_is_connected(const swoole_async_client *client);

// Number of its last error: errno or a `swoole_result`; 0 if there was none.
int32_t swoole_async_client_error(const swoole_async_client *client);

// Bytes that wait to be sent.
uint64_t swoole_async_client_queued(const swoole_async_client *client);

// Its descriptor, not to be read, written or closed; -1 while it has none.
int32_t swoole_async_client_descriptor(const swoole_async_client *client);

// Writes its own address to `*address`. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` before it has one.
swoole_result swoole_async_client_local_address(swoole_async_client *client,
                                                swoole_address *address);

// Writes the peer's address to `*address`; of a datagram client: that of the sender of what was
// received last.
swoole_result swoole_async_client_peer_address(swoole_async_client *client,
                                               swoole_address *address);

// Sets an option that is a whole number. Options hold from the next connect on. `name`: see the clients'
// options in docs/options.md.
//
// All setters: an unknown name or a clamped value is a warning (`swoole_set_warning_handler`) and
// `SWOOLE_OK`; any other wrong value is `SWOOLE_ERROR_INVALID_PARAMS` and changes nothing. Nothing that is passed is
// kept.
swoole_result swoole_async_client_set_int(swoole_async_client *client,
                                          const char *name,
                                          int64_t value);

// Sets an option that is on or off.
swoole_result swoole_async_client_set_bool(swoole_async_client *client,
                                           const char *name,
                                           bool value);

// Sets an option that may have a fraction.
swoole_result swoole_async_client_set_float(swoole_async_client *client,
                                            const char *name,
                                            double value);

// Sets an option that is a text: `value` ends with a NUL.
swoole_result swoole_async_client_set_str(swoole_async_client *client,
                                          const char *name,
                                          const char *value);

// Sets an option that is made of `len` bytes, such as a `package_eof` with a NUL in it.
swoole_result swoole_async_client_set_bytes(swoole_async_client *client,
                                            const char *name,
                                            const void *value,
                                            size_t len);

// Sets the option `package_length_func`: with `open_length_check` on, `function` tells where packages
// end. NULL takes it away. `userdata` may be NULL; it is kept until then, or the client is freed. Runs
// in: the process of the loop, on its thread.
swoole_result swoole_async_client_set_package_length_func(swoole_async_client *client,
                                                          swoole_async_length_fn function,
                                                          void *userdata);

// Makes a client that is not connected. `kind` is a `swoole_socket_type`; with `SWOOLE_SSL` added each connection begins with a TLS
// handshake.
//
// `*client` then belongs to the caller, who gives it to `swoole_client_free`. It needs no loop and no
// server. All functions that take it must be called from the thread that called this one; they wait
// for as long as they need, at most the client's timeout, and hold up that thread: in callbacks of a
// server or a loop `swoole_async_client` is the better one.
swoole_result swoole_client_new(int32_t kind,
                                swoole_client **client);

// Closes a client's connection and frees it. NULL is allowed. Refused, with a last error, from another
// thread and inside its own package-length function.
void swoole_client_free(swoole_client *client);

// Connects to `host` (an address, a name, or the path of a Unix socket) and `port` (0 for a Unix
// socket), through a proxy if one is set, within `timeout` seconds in all, looking the name up included.
// Each later call waits for as long at most; 0: without end. With a datagram socket there is nothing to
// wait for but the name: it gets a peer that it sends to and receives from.
//
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ETIMEDOUT, ECONNREFUSED and so on in `swoole_last_error`,
// `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED`, a proxy's, or `SWOOLE_ERROR_WRONG_OPERATION` if it is connected. The message
// names host, port and reason.
swoole_result swoole_client_connect(swoole_client *client,
                                    const char *host,
                                    int32_t port,
                                    double timeout);

// As `swoole_client_connect`, but takes a connection to the same peer that this process has kept under
// `id` by `swoole_client_keep`, if there is one that the peer has not closed. `uses` may be NULL; it
// gets how often that connection has been taken up again by now, 0: it is a new one.
swoole_result swoole_client_connect_kept(swoole_client *client,
                                         const char *host,
                                         int32_t port,
                                         double timeout,
                                         const char *id,
                                         uint32_t *uses);

// Begins to connect, to the first address of `host`, and waits for nothing but the answer about its name,
// `timeout` seconds at most. The descriptor becomes writable (`swoole_select`) when it is connected or
// could not be; the next call tells. From then on no call waits until the client is closed: what would
// have to wait is `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN, and a send may go in part only
// (`swoole_client_sent`). `SWOOLE_ERROR_OPERATION_NOT_SUPPORT` if a proxy is set.
swoole_result swoole_client_connect_nowait(swoole_client *client,
                                           const char *host,
                                           int32_t port,
                                           double timeout);

// Gives the connection to this process, which keeps it open under `id` for a later
// `swoole_client_connect_kept`; the client is not connected any more. It is closed instead if bytes wait
// in it or it has failed.
swoole_result swoole_client_keep(swoole_client *client,
                                 const char *id);

// From now on each call waits for `timeout` seconds at most; 0: without end.
swoole_result swoole_client_set_timeout(swoole_client *client, double timeout);

// Sends all of `len` bytes, waiting while the peer takes none; of a datagram socket, one datagram.
//
// `SWOOLE_ERROR_CLIENT_NO_CONNECTION`; or `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN when the timeout was over
// (`swoole_client_sent` says how much went), EPIPE, ECONNRESET and so on.
swoole_result swoole_client_send(swoole_client *client,
                                 const void *data,
                                 size_t len);

// Bytes that the last `swoole_client_send` or `swoole_client_send_file` got through, also one that
// failed.
uint64_t swoole_client_sent(const swoole_client *client);

// Sends one datagram to an address or name (a path and 0 for a Unix socket); needs no connect.
// `SWOOLE_ERROR_OPERATION_NOT_SUPPORT` for a stream.
swoole_result swoole_client_send_to(swoole_client *client,
                                    const char *host,
                                    int32_t port,
                                    const void *data,
                                    size_t len);

// Sends `length` bytes of a file from `offset` on; a `length` of 0 means to its end.
// `SWOOLE_ERROR_FILE_NOT_EXIST`, `SWOOLE_ERROR_FILE_EMPTY` (nothing there), or as `swoole_client_send`.
swoole_result swoole_client_send_file(swoole_client *client,
                                      const char *path,
                                      uint64_t offset,
                                      uint64_t length);

// Receives. With a packet protocol (`open_eof_check`, `open_length_check`): exactly one package, however
// long (with `open_eof_check` one or more, with `open_eof_split` one); `size` and all flags but MSG_PEEK and MSG_DONTWAIT mean nothing then. Without one: what is
// there, at least a byte and at most `size` (0: 65536, 1 GiB at most), or one datagram. `flags` are those of recv(2):
// MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, MSG_OOB, or 0.
//
// `*data` then points to `*len` bytes, without a final NUL, that belong to the client: they are valid
// until the next `swoole_client_recv` on it, successful or not, or its end. A `*len` of 0: the peer has
// closed the connection (or the datagram was empty); `*data` is not NULL then either.
//
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN when the timeout was over: what has come of a package is kept for the
// next call. `SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE` closes the connection. `SWOOLE_ERROR_CLIENT_NO_CONNECTION`.
swoole_result swoole_client_recv(swoole_client *client,
                                 size_t size,
                                 int32_t flags,
                                 const uint8_t **data,
                                 size_t *len);

// Ends one direction of a connection or both: `how` is SHUT_RD, SHUT_WR or SHUT_RDWR of shutdown(2).
swoole_result swoole_client_shutdown(swoole_client *client,
                                     int32_t how);

// Closes the connection; the client may connect again. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` if there is none.
swoole_result swoole_client_close(swoole_client *client);

// Whether it is connected, as far as is known here; false if `client` is NULL.
bool swoole_client_is_connected(const swoole_client *client);

// Whether `swoole_client_recv` has something to give that was read already with the package before, so
// that its descriptor is not ready for it: ask before waiting for that. Only with a packet protocol.
bool swoole_client_has_pending(swoole_client *client);

// Its descriptor, for `swoole_select` for instance: not to be closed, and -1 before it is connected (a
// datagram client has one from its first use). It never blocks. See `swoole_client_has_pending`.
int32_t swoole_client_descriptor(const swoole_client *client);

// Writes its own address to `*address`. `SWOOLE_ERROR_CLIENT_NO_CONNECTION` before it has one.
swoole_result swoole_client_local_address(swoole_client *client, swoole_address *address);

// Writes the peer's address to `*address`; of a datagram client: that of the sender of what was
// received last.
swoole_result swoole_client_peer_address(swoole_client *client, swoole_address *address);

// Sets an option that is a whole number. Options hold from the next connect on. `name`: see the clients'
// options in docs/options.md.
//
// All setters: an unknown name or a clamped value is a warning (`swoole_set_warning_handler`) and
// `SWOOLE_OK`; any other wrong value is `SWOOLE_ERROR_INVALID_PARAMS` and changes nothing. Nothing that is passed is
// kept.
swoole_result swoole_client_set_int(swoole_client *client,
                                    const char *name,
                                    int64_t value);

// Sets an option that is on or off.
swoole_result swoole_client_set_bool(swoole_client *client, const char *name, bool value);

// Sets an option that may have a fraction.
swoole_result swoole_client_set_float(swoole_client *client, const char *name, double value);

// Sets an option that is a text: `value` ends with a NUL.
swoole_result swoole_client_set_str(swoole_client *client, const char *name, const char *value);

// Sets an option that is made of `len` bytes, such as a `package_eof` with a NUL in it.
swoole_result swoole_client_set_bytes(swoole_client *client,
                                      const char *name,
                                      const void *value,
                                      size_t len);

// Sets the option `package_length_func`: with `open_length_check` on, `function` tells where packages
// end. NULL takes it away. `userdata` may be NULL; it is kept until then, or the client is freed. Runs
// in: the thread and process that receive, inside `swoole_client_recv`.
swoole_result swoole_client_set_package_length_func(swoole_client *client,
                                                    swoole_client_length_fn function,
                                                    void *userdata);

// Goes over to TLS on the present connection (as after STARTTLS), within the client's timeout. A client that is to begin with TLS is made with
// `SWOOLE_SSL`.
//
// `SWOOLE_ERROR_WRONG_OPERATION` if it has TLS already, or if something that came in the clear was not received yet;
// `SWOOLE_ERROR_SSL_VERIFY_FAILED` if the peer's certificate is not trusted. After an error of the handshake the connection is of no
// use: close it.
swoole_result swoole_client_start_tls(swoole_client *client);

// Writes the peer's certificate, as text (PEM), to `*certificate`, which then belongs to the caller, who gives it to
// `swoole_bytes_free`. `SWOOLE_ERROR_SSL_NOT_READY` if the connection has no TLS.
swoole_result swoole_client_peer_certificate(swoole_client *client,
                                             swoole_bytes *certificate);

// Checks the peer's certificate as the option `ssl_verify_peer` does, after the handshake:
// `SWOOLE_ERROR_SSL_VERIFY_FAILED`, and the message says why. `allow_self_signed`: one that vouches for itself is taken.
swoole_result swoole_client_verify_peer(swoole_client *client,
                                        bool allow_self_signed);

// Goes over to TLS on the present connection (as after STARTTLS) and calls `ready` when the handshake is over; what is sent meanwhile goes out
// then. If it fails the close event is called, and `swoole_async_client_error` has the reason. A client that is to begin with TLS is made with `SWOOLE_SSL`.
swoole_result swoole_async_client_start_tls(swoole_async_client *client,
                                            swoole_async_client_fn ready,
                                            void *userdata);

// As `swoole_client_peer_certificate`. `SWOOLE_ERROR_SSL_NOT_READY` also while the handshake goes on.
swoole_result swoole_async_client_peer_certificate(swoole_async_client *client,
                                                   swoole_bytes *certificate);

// As `swoole_client_verify_peer`.
swoole_result swoole_async_client_verify_peer(swoole_async_client *client, bool allow_self_signed);

// Sets who is told of warnings about options: an unknown name, a value that was clamped. The
// option functions still answer `SWOOLE_OK` then. NULL: warnings go to stderr, as they do before
// this is called.
//
// One handler per process. It runs inside the option function, on its thread; `userdata` is kept
// until the next call of this function and is never freed by the library.
void swoole_set_warning_handler(swoole_warning_fn handler, void *userdata);

// Sets an option that is a whole number. Options are set before `swoole_server_start`; one that
// belongs to a port goes to the primary port. `name`: see docs/options.md.
//
// All setters: an unknown name or a clamped value is a warning (`swoole_set_warning_handler`) and
// `SWOOLE_OK`; any other wrong value is `SWOOLE_ERROR_INVALID_PARAMS`, and `swoole_server_start`
// will refuse until the option has been set to a good one. Nothing that is passed is kept.
swoole_result swoole_server_set_int(swoole_server *server, const char *name, int64_t value);

// Sets an option that is on or off.
swoole_result swoole_server_set_bool(swoole_server *server, const char *name, bool value);

// Sets an option that may have a fraction, such as a time in seconds.
swoole_result swoole_server_set_float(swoole_server *server, const char *name, double value);

// Sets an option that is a text: `value` ends with a NUL. A list of texts is given with commas between
// them: `"/static,/images"`.
swoole_result swoole_server_set_str(swoole_server *server,
                                    const char *name,
                                    const char *value);

// Sets an option that is made of `len` bytes, such as a `package_eof` with a NUL in it.
swoole_result swoole_server_set_bytes(swoole_server *server,
                                      const char *name,
                                      const void *value,
                                      size_t len);

// Sets an option that is a list of `count` whole numbers, such as `cpu_affinity_ignore`.
swoole_result swoole_server_set_int_list(swoole_server *server,
                                         const char *name,
                                         const int64_t *values,
                                         size_t count);

// Sets an option of one port that is a whole number. `port_id` is what `swoole_server_listen`
// gave. Once one of its options has been set, a port no longer takes over those of the primary
// port.
swoole_result swoole_server_set_port_int(swoole_server *server,
                                         int32_t port_id,
                                         const char *name,
                                         int64_t value);

// Sets an option of one port that is on or off.
swoole_result swoole_server_set_port_bool(swoole_server *server,
                                          int32_t port_id,
                                          const char *name,
                                          bool value);

// Sets an option of one port that may have a fraction.
swoole_result swoole_server_set_port_float(swoole_server *server,
                                           int32_t port_id,
                                           const char *name,
                                           double value);

// Sets an option of one port that is a text: `value` ends with a NUL.
swoole_result swoole_server_set_port_str(swoole_server *server,
                                         int32_t port_id,
                                         const char *name,
                                         const char *value);

// Sets an option of one port that is made of `len` bytes.
swoole_result swoole_server_set_port_bytes(swoole_server *server,
                                           int32_t port_id,
                                           const char *name,
                                           const void *value,
                                           size_t len);

// Number of the last error on this thread: a `swoole_result`, or an errno where the result was
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL`; 0 if there was none. A success leaves it as it is.
int32_t swoole_last_error(void);

// The last error of this thread in words: what was asked, what was found, what to do. Never NULL;
// empty if there was no error. Belongs to the library and is valid until the next `swoole_*` call
// on this thread.
const char *swoole_last_error_message(void);

// Calls `callback` once, soon: when what this process is doing, and whatever else was ready by now,
// is done. Runs in: as `swoole_timer_after`. `userdata` may be NULL; it is kept until the call has
// begun.
swoole_result swoole_event_defer(swoole_defer_fn callback, void *userdata);

// Calls `callback` in every turn of the loop: with `before` before it sleeps, otherwise at the turn's
// end. There is one of each; it replaces the one before, and NULL takes it away. It does not keep the
// loop from being empty. `userdata` may be NULL and is kept. Runs in: as `swoole_timer_after`.
swoole_result swoole_event_cycle(swoole_defer_fn callback,
                                 void *userdata,
                                 bool before);

// Runs the event loop of this process: calls what is due and ready, and returns when nothing is left
// that could happen (timers, deferred calls, watched descriptors, signal handlers, connected clients,
// files and names under way), or after `swoole_event_exit`. May be called again.
//
// Each process has one loop. It belongs to the thread that used it first, by any function here:
// `swoole_event_`, `swoole_timer_`, `swoole_signal`, `swoole_async_client_`, `swoole_aio_`. From another thread these
// are `SWOOLE_ERROR_WRONG_OPERATION`. A process that is forked, also inside a callback, begins with an
// empty loop; end it by _exit(), since it would come back from this call as well.
//
// `SWOOLE_ERROR_WRONG_OPERATION` inside a callback of the loop, and in a process of a server, which
// runs its loop itself. Callbacks run one at a time on this thread; no C++ exception and no longjmp may
// leave one.
swoole_result swoole_event_wait(void);

// Runs the loop for one turn: sleeps until something is ready or due, and calls that. Returns at once
// if nothing is set (`swoole_event_is_empty`). Errors as `swoole_event_wait`.
swoole_result swoole_event_dispatch(void);

// Ends `swoole_event_wait` when the present callback is over. Whatever is set in the loop is dropped
// without being called, clients are closed without an event, and userdata stays the program's. Outside
// of `swoole_event_wait` it drops that at once. `SWOOLE_ERROR_WRONG_OPERATION` in a process of a server: see
// `swoole_server_stop`, `swoole_server_leave`, `swoole_server_shutdown`.
swoole_result swoole_event_exit(void);

// Whether nothing is set that would keep `swoole_event_wait` from returning.
bool swoole_event_is_empty(void);

// Waits until something that is asked for in `list`, which has `count` entries, is so, or `timeout`
// seconds are over (below 0: without end), and writes what is so to the entries' `ready`. `ready` may
// be NULL; it gets of how many entries something is so, 0 if the time was over. There may be any
// number of entries, more than the 1024 of select(2), and a descriptor may be in several.
//
// Needs no loop and runs none: timers, clients and signal handlers wait meanwhile. A signal does not
// end it early. Any thread, any process. `SWOOLE_ERROR_INVALID_PARAMS` if a descriptor is not open; `list` is
// left as it was then.
swoole_result swoole_select(swoole_selected *list,
                            size_t count,
                            double timeout,
                            size_t *ready);

// Calls `callback` from the loop when the signal `signo` arrives in this process, as an ordinary
// callback, so it may do anything; several that arrive before it is called are told once. NULL gives the
// signal back to the system's own behaviour. A handler keeps `swoole_event_wait` from returning until
// it is taken away. `userdata` may be NULL and is kept; registering again replaces.
//
// Runs in: the process that called this, also one of a server, but there the signals that the server
// itself needs (SIGTERM and others) are `SWOOLE_ERROR_WRONG_OPERATION`. A forked process has to register its own.
// It replaces a handler that the program has set by sigaction(2).
swoole_result swoole_signal(int32_t signo,
                            swoole_signal_fn callback,
                            void *userdata);

// Calls `callback` once, after 1 to 86400000 `milliseconds`, in this process and on this thread,
// between two other callbacks. `timer_id` may be NULL; it gets the timer's number.
//
// Runs in: the process that called this. In one of a server it is called by that process's own loop,
// from its first callback on; elsewhere by `swoole_event_wait`. A server cannot be started while its
// process has timers. Callbacks of timers may do whatever the other callbacks of that process may,
// also set and clear timers. A worker that leaves waits for its timers, ticks included, until
// `max_wait_time` is nearly over: clear them in the worker-exit callback.
//
// `userdata` may be NULL; it is kept until the last call has begun or the timer is cleared, and
// never freed by the library. A process that ends drops its timers without calling them.
swoole_result swoole_timer_after(int64_t milliseconds,
                                 swoole_timer_fn callback,
                                 void *userdata,
                                 int64_t *timer_id);

// As `swoole_timer_after`, but calls `callback` every so many milliseconds until the timer is
// cleared. Times at which the process was busy are left out, and do not move those that follow.
swoole_result swoole_timer_tick(int64_t milliseconds,
                                swoole_timer_fn callback,
                                void *userdata,
                                int64_t *timer_id);

// Takes a timer of this process away: it is not called again. False if there is none of that
// number, because it was cleared or has been called for the last time.
bool swoole_timer_clear(int64_t timer_id);

// Takes all timers of this process away; how many there were.
size_t swoole_timer_clear_all(void);

// Whether this process has a timer of that number that will still be called.
bool swoole_timer_exists(int64_t timer_id);

// Writes what is known of a timer to `*timer`. `SWOOLE_ERROR_INVALID_PARAMS` if this process has none of that
// number (any more).
swoole_result swoole_timer_info(int64_t timer_id,
                                swoole_timer *timer);

// Writes the numbers of this process's timers, in the order in which they were set, to `timer_ids`, as
// many as it has room for (`capacity`), and the number of all there are to `*count`. `timer_ids` may
// be NULL with a `capacity` of 0.
swoole_result swoole_timer_list(int64_t *timer_ids,
                                size_t capacity,
                                size_t *count);

// Watches a descriptor in the loop: `read` is called as long as it is readable or at its end, `write`
// as long as it takes bytes; `events` says which of them, by flags of `swoole_event_flag`, and the
// other may be NULL. Whoever does not read all is called again.
//
// The descriptor stays the caller's and is non-blocking while it is watched (a terminal stays as it
// is). Take it out by `swoole_event_del` before it is closed, also in its own callback; the loop notices one
// that was closed nevertheless and writes a line to the log. `userdata` may be NULL; it is kept until the descriptor is out of
// the loop. Runs in: as `swoole_timer_after`.
//
// `SWOOLE_ERROR_WRONG_OPERATION` if it is watched already; `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EPERM for a regular file,
// which is always ready: see `swoole_aio_read`.
swoole_result swoole_event_add(int32_t fd,
                               swoole_event_fn read,
                               swoole_event_fn write,
                               void *userdata,
                               int32_t events);

// Changes what a watched descriptor calls (NULL: as it was) and waits for (`events` 0: as it was).
// `userdata` goes to the functions that are given here; those that stay keep theirs.
// `SWOOLE_ERROR_WRONG_OPERATION` if it is not watched.
swoole_result swoole_event_set(int32_t fd,
                               swoole_event_fn read,
                               swoole_event_fn write,
                               void *userdata,
                               int32_t events);

// Takes a descriptor out of the loop: it is not called any more, not even if it is ready now, and is
// blocking again if it was before. Bytes of `swoole_event_write` that it does not take at once are lost, which is
// logged. `SWOOLE_ERROR_WRONG_OPERATION` if it is not watched.
swoole_result swoole_event_del(int32_t fd);

// Whether a descriptor is in the loop and waits for something that `events` names (0: for anything).
bool swoole_event_isset(int32_t fd,
                        int32_t events);

// Writes all of `len` bytes to a descriptor: what it does not take at once is copied and written by
// the loop when there is room. A descriptor that is not watched is in the loop, and becomes
// non-blocking, until that is done.
//
// `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` when more than 8 MiB would wait: nothing of it is written then. A peer
// that is gone is an error (EPIPE), never a signal if it is a socket.
swoole_result swoole_event_write(int32_t fd,
                                 const void *data,
                                 size_t len);

// The status, 100 to 999; below 0 a `swoole_http_failure`: there is no answer, and `swoole_last_error_message`
// tells why. 0 if `answer` is NULL.
int32_t swoole_http_answer_status(const swoole_http_answer *answer);

// What follows the status; it may be of no length.
swoole_data swoole_http_answer_reason(const swoole_http_answer *answer);

// The body, uncompressed; of no length if it was written to a file.
swoole_data swoole_http_answer_body(const swoole_http_answer *answer);

// Number of bytes that were written to the file of a download; 0 if none was.
uint64_t swoole_http_answer_downloaded(const swoole_http_answer *answer);

// The first header of that name, in any letter case; `data` is NULL if there is none.
swoole_data swoole_http_answer_header(const swoole_http_answer *answer, const char *name);

// Goes through its headers, in order, names in lower case: writes the next one to `*field`; false when there is no
// more. `*place` is 0 at first.
bool swoole_http_answer_next_header(const swoole_http_answer *answer,
                                    size_t *place,
                                    swoole_http_field *field);

// The same for the headers behind a chunked body.
bool swoole_http_answer_next_trailer(const swoole_http_answer *answer,
                                     size_t *place,
                                     swoole_http_field *field);

// Makes a client of the HTTP server at `host` (a name, an address, or `unix:/path`) and `port` (0: 80, or 443 with TLS), with
// TLS if `secure`. Nothing is connected yet.
//
// `*client` then belongs to the caller, who gives it to `swoole_http_client_free`. It lives in the loop of this process (see
// `swoole_event_wait`; in a process of a server it is that process's own loop), and all functions that take it are called from the
// loop's thread. Its callbacks run there, never inside a function of the client, and may do anything with it, free it too.
//
// Requests are done one after the other over one connection, which is kept between them and made anew if the server has closed
// it. Cookies that the server sets are sent to it again.
swoole_result swoole_http_client_new(const char *host,
                                     int32_t port,
                                     bool secure,
                                     swoole_http_client **client);

// Frees a client. Its connection is closed at once, requests that were not answered are given up, and nothing of it is called any more.
// Inside any of its callbacks too. NULL is allowed. Refused, with a last error, from another thread.
void swoole_http_client_free(swoole_http_client *client);

// Sets what is called when it has connected: before the first request, and whenever that connection had to be made
// anew.
//
// All `swoole_http_client_on_` functions: at any time, inside a callback too; NULL takes a callback
// away, none is needed; registering again replaces. `userdata` may be NULL; it is kept, handed to each
// call, and never freed by the library: it is not used after the client was freed. No C++ exception and
// no longjmp may leave a callback.
swoole_result swoole_http_client_on_connect(swoole_http_client *client,
                                            swoole_http_client_fn callback,
                                            void *userdata);

// Sets what is called when it could not connect. The request that waits first is told after it.
swoole_result swoole_http_client_on_error(swoole_http_client *client,
                                          swoole_http_client_error_fn callback,
                                          void *userdata);

// Sets what is called when its connection has ended, by either side.
swoole_result swoole_http_client_on_close(swoole_http_client *client,
                                          swoole_http_client_fn callback,
                                          void *userdata);

// Sets what is called with each message of the WebSocket that it has become.
swoole_result swoole_http_client_on_message(swoole_http_client *client,
                                            swoole_http_client_message_fn callback,
                                            void *userdata);

// Sets the `count` cookies that it sends; those that it had go.
swoole_result swoole_http_client_set_cookies(swoole_http_client *client,
                                             const swoole_http_pair *cookies,
                                             size_t count);

// Writes the value of a cookie that was set, or that the server has set, to `*value`, which then belongs to the
// caller, who gives it to `swoole_bytes_free`; `data` is NULL if there is none of that name.
swoole_result swoole_http_client_cookie(swoole_http_client *client,
                                        const char *name,
                                        swoole_bytes *value);

// Asks for `target` (path and query, percent-encoded) by GET. `done` is called once, with the answer or the failure, unless this fails
// at once: then it is not called. Nothing is called inside of this.
swoole_result swoole_http_client_get(swoole_http_client *client,
                                     const char *target,
                                     swoole_http_answer_fn done,
                                     void *userdata);

// Does any request, see `swoole_http_client_request`; all of that is copied. `done` as of
// `swoole_http_client_get`.
swoole_result swoole_http_client_execute(swoole_http_client *client,
                                         const swoole_http_client_request *request,
                                         swoole_http_answer_fn done,
                                         void *userdata);

// Asks the server to make the connection a WebSocket. `done` is called once: with the status 101 and then it is one; with
// another, if the server refuses; or with the failure. `headers` (NULL if `count` is 0) are sent too, `Sec-WebSocket-Protocol` for instance.
swoole_result swoole_http_client_upgrade(swoole_http_client *client,
                                         const char *target,
                                         const swoole_http_pair *headers,
                                         size_t count,
                                         swoole_http_answer_fn done,
                                         void *userdata);

// Sends a message over the WebSocket that it has become. `opcode` is a `swoole_websocket_opcode`, `flags` are as of
// `swoole_server_push`. A close (two bytes of its code, big-endian, and a reason) begins the end of the connection.
//
// `SWOOLE_ERROR_WEBSOCKET_UNCONNECTED` if it is no open WebSocket, `SWOOLE_ERROR_WEBSOCKET_PACK_FAILED` for text that is not UTF-8 and for a
// control frame of more than 125 bytes; else as `swoole_async_client_send`.
swoole_result swoole_http_client_push(swoole_http_client *client,
                                      const void *data,
                                      size_t len,
                                      int32_t opcode,
                                      int32_t flags);

// Closes the connection, a WebSocket with a close of code 1000. Requests that were not answered fail, soon.
// `SWOOLE_ERROR_CLIENT_NO_CONNECTION` if there is nothing to close.
swoole_result swoole_http_client_close(swoole_http_client *client);

// Whether there is a connection; false if `client` is NULL.
bool swoole_http_client_is_connected(const swoole_http_client *client);

// Whether it is an open WebSocket; false if `client` is NULL.
bool swoole_http_client_is_websocket(const swoole_http_client *client);

// Number of requests that were not answered yet.
size_t swoole_http_client_pending(const swoole_http_client *client);

// Number of its last error: errno or a `swoole_result`; 0 if the last request had none.
int32_t swoole_http_client_error(const swoole_http_client *client);

// The descriptor of its connection, not to be read, written or closed; -1 while it has none.
int32_t swoole_http_client_descriptor(const swoole_http_client *client);

// Sets an option that is a whole number. Options hold from the next request on. `name`: see the clients'
// options in docs/options.md.
//
// All setters: an unknown name or a clamped value is a warning (`swoole_set_warning_handler`) and
// `SWOOLE_OK`; any other wrong value is `SWOOLE_ERROR_INVALID_PARAMS` and changes nothing. Nothing that is passed is
// kept.
swoole_result swoole_http_client_set_int(swoole_http_client *client,
                                         const char *name,
                                         int64_t value);

// Sets an option that is on or off.
swoole_result swoole_http_client_set_bool(swoole_http_client *client, const char *name, bool value);

// Sets an option that may have a fraction.
swoole_result swoole_http_client_set_float(swoole_http_client *client,
                                           const char *name,
                                           double value);

// Sets an option that is a text: `value` ends with a NUL.
swoole_result swoole_http_client_set_str(swoole_http_client *client,
                                         const char *name,
                                         const char *value);

// Sets an option that is made of `len` bytes, such as a `package_eof` with a NUL in it.
swoole_result swoole_http_client_set_bytes(swoole_http_client *client,
                                           const char *name,
                                           const void *value,
                                           size_t len);

// Writes a file that came in a form to `path`, which is the program's choice; what is there is replaced. One that is on disk is moved there if
// that is the same file system, and else copied. Its request must not be freed yet.
swoole_result swoole_http_file_save(const swoole_http_file *file,
                                    const char *path);

// Runs in: worker, when a request has come. HTTP ports (options `open_http_protocol`,
// `open_websocket_protocol`); one that is no WebSocket port needs it. A connection is given its next
// request when the one before was answered.
swoole_result swoole_server_on_request(swoole_server *server,
                                       swoole_http_request_fn callback,
                                       void *userdata);

// As `swoole_server_on_request`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_request(swoole_server *server,
                                            int32_t port_id,
                                            swoole_http_request_fn callback,
                                            void *userdata);

// Keeps a request that a callback was given: it is the program's then, who gives it to
// `swoole_http_request_free`.
//
// All functions of requests: what they give belongs to the request, ends with no NUL, and is good until
// that is freed. What is not there is `data` NULL and `len` 0.
swoole_result swoole_http_request_keep(swoole_http_request *request);

// Frees a request that was kept, with what was uploaded with it. NULL is allowed. Inside the callback that it was given to it is freed when that returns.
void swoole_http_request_free(swoole_http_request *request);

// The connection that it came over; -1 if `request` is NULL.
int64_t swoole_http_request_session(const swoole_http_request *request);

// The listening port that it came in at; -1 if `request` is NULL.
int32_t swoole_http_request_port_id(const swoole_http_request *request);

// When its first byte came, in seconds since 1970.
double swoole_http_request_time(const swoole_http_request *request);

// Whether it is of HTTP/1.1; else it is of HTTP/1.0.
bool swoole_http_request_is_http_11(const swoole_http_request *request);

// Its method: `GET`.
swoole_data swoole_http_request_method(const swoole_http_request *request);

// What was asked for, path and query as they came: nothing is decoded.
swoole_data swoole_http_request_target(const swoole_http_request *request);

// The path as it came.
swoole_data swoole_http_request_path(const swoole_http_request *request);

// What stands behind the question mark as it came; of no length if nothing does.
swoole_data swoole_http_request_query(const swoole_http_request *request);

// Its body, without chunks; of no length if it has none. Of an upload that is longer than
// `package_max_length` see `swoole_http_request_next_file`.
swoole_data swoole_http_request_body(const swoole_http_request *request);

// Head and body in one piece.
swoole_data swoole_http_request_data(const swoole_http_request *request);

// The first header of that name, in any letter case.
swoole_data swoole_http_request_header(const swoole_http_request *request, const char *name);

// Goes through its headers, in their order and with their names as they came: writes the next one to `*field`; false when
// there is no more. `*place` is 0 at first:
// `for (size_t place = 0; swoole_http_request_next_header(request, &place, &field);)`.
bool swoole_http_request_next_header(const swoole_http_request *request,
                                     size_t *place,
                                     swoole_http_field *field);

// The same for the headers behind a chunked body.
bool swoole_http_request_next_trailer(const swoole_http_request *request,
                                      size_t *place,
                                      swoole_http_field *field);

// The first cookie of that name, decoded.
swoole_data swoole_http_request_cookie(const swoole_http_request *request, const char *name);

// Goes through its cookies, decoded, as `swoole_http_request_next_header` does.
bool swoole_http_request_next_cookie(const swoole_http_request *request,
                                     size_t *place,
                                     swoole_http_field *field);

// The first field of that name in the query, decoded.
swoole_data swoole_http_request_query_value(const swoole_http_request *request, const char *name);

// Goes through the fields of the query, decoded, as `swoole_http_request_next_header` does.
bool swoole_http_request_next_query_value(const swoole_http_request *request,
                                          size_t *place,
                                          swoole_http_field *field);

// The first field of that name in a body that is a form (application/x-www-form-urlencoded or
// multipart/form-data), decoded.
swoole_data swoole_http_request_form_value(const swoole_http_request *request, const char *name);

// Goes through the fields of a body that is a form, decoded, without its files, as `swoole_http_request_next_header`
// does.
bool swoole_http_request_next_form_value(const swoole_http_request *request,
                                         size_t *place,
                                         swoole_http_field *field);

// Goes through the files of a body that is a multipart form, as `swoole_http_request_next_header` does.
bool swoole_http_request_next_file(const swoole_http_request *request,
                                   size_t *place,
                                   swoole_http_file *file);

// Keeps a response that a callback was given, to end it later: it is the program's then, who gives it to
// `swoole_http_response_free`.
//
// All functions of responses: on the main thread of the process.
// `SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE` if it was ended or detached before, `SWOOLE_ERROR_SESSION_CLOSED` if the client has gone.
// What is passed is copied.
swoole_result swoole_http_response_keep(swoole_http_response *response);

// Makes a response for the present request of a connection, which another one was detached from, in any worker.
// `*response` then belongs to the caller, who gives it to `swoole_http_response_free`.
//
// An error if there is no such connection, if it is not one of HTTP, or if its request was answered.
swoole_result swoole_http_response_create(swoole_server *server,
                                          int64_t session,
                                          swoole_http_response **response);

// Frees a response that was kept or created. One that was not ended answers 500, or closes the connection if a part has gone out. NULL is allowed. Inside
// the callback that it was given to it is freed when that returns.
void swoole_http_response_free(swoole_http_response *response);

// The connection that it goes to; -1 if `response` is NULL.
int64_t swoole_http_response_session(const swoole_http_response *response);

// Whether something can still be sent: it was neither ended nor detached, and the client is there.
bool swoole_http_response_is_writable(const swoole_http_response *response);

// Sets the status, 200 to 999, or 101. `reason`: what follows it; NULL: the standard's.
// `SWOOLE_ERROR_INVALID_PARAMS` if it is out of bounds or the reason has control characters, `SWOOLE_ERROR_WRONG_OPERATION`
// if the head has gone out.
swoole_result swoole_http_response_status(swoole_http_response *response,
                                          int32_t code,
                                          const char *reason);

// Sets a header in the place of all of that name. `value` NULL: there is none of it.
// `SWOOLE_ERROR_INVALID_PARAMS` if the name is none or the value has a CR, LF or another control character: nothing that a client has sent can
// add a header here. `SWOOLE_ERROR_WRONG_OPERATION` if the head has gone out.
swoole_result swoole_http_response_header(swoole_http_response *response,
                                          const char *name,
                                          const char *value);

// The same with several lines of that name, one for each of `count` values.
swoole_result swoole_http_response_header_lines(swoole_http_response *response,
                                                const char *name,
                                                const char *const *values,
                                                size_t count);

// Sets a header behind the body, which is chunked then. Errors as of `swoole_http_response_header`; not all
// names are allowed there.
swoole_result swoole_http_response_trailer(swoole_http_response *response,
                                           const char *name,
                                           const char *value);

// Sets a cookie, beside others. `SWOOLE_ERROR_INVALID_PARAMS` if a part of it cannot be in one.
swoole_result swoole_http_response_cookie(swoole_http_response *response,
                                          const swoole_http_cookie *cookie);

// Whether the body is compressed if the client takes that (gzip, deflate, br) and the options `http_compression` allow it, and how much: 0 is the
// option's level. Without this it is compressed as the options say.
swoole_result swoole_http_response_compress(swoole_http_response *response,
                                            bool on,
                                            int32_t level);

// Sends a part of the body; the first part sends the head. `SWOOLE_ERROR_INVALID_PARAMS` if `len` is 0,
// `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` if too much waits for a slow client.
swoole_result swoole_http_response_write(swoole_http_response *response,
                                         const void *data,
                                         size_t len);

// Sends the body, or its last part, and ends the answer. `len` may be 0.
swoole_result swoole_http_response_end(swoole_http_response *response,
                                       const void *data,
                                       size_t len);

// Sends `length` bytes of a file from `offset` on as the body (0: to its end), and ends the answer. If both
// are 0, a Range that the request has is answered. Without a Content-Type it gets that of the file's name.
//
// `SWOOLE_ERROR_FILE_NOT_EXIST`, `SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE`, `SWOOLE_ERROR_FILE_EMPTY` do not end the answer: another can be given. The path is the
// program's: nothing keeps it inside of a directory, as the option `document_root` does.
swoole_result swoole_http_response_send_file(swoole_http_response *response,
                                             const char *path,
                                             uint64_t offset,
                                             uint64_t length);

// Sends the client elsewhere, and ends the answer. `code` is 301, 302, 303, 307 or 308.
swoole_result swoole_http_response_redirect(swoole_http_response *response,
                                            const char *location,
                                            int32_t code);

// Gives the answer up: this response sends nothing more, and `swoole_http_response_create` makes another one for the
// same request, in any worker, by the number of its connection.
swoole_result swoole_http_response_detach(swoole_http_response *response);

// Makes the connection a WebSocket, from a handshake callback: answers 101 with the headers that were set and the first of `count`
// `protocols` that the client offers too (NULL and 0: none). `SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED` if the request asks for none.
swoole_result swoole_http_response_upgrade(swoole_http_response *response,
                                           const char *const *protocols,
                                           size_t count);

// Opens `size` bytes (0: up to its end) of the file at `path`, from `offset` on. The file must exist, be
// readable and writable, and reach that far. `*mmap` then belongs to the caller, who gives it to
// `swoole_mmap_free`. `SWOOLE_ERROR_INVALID_PARAMS` if nothing is there or the file is shorter.
swoole_result swoole_mmap_open(const char *path,
                               uint64_t size,
                               uint64_t offset,
                               swoole_mmap **mmap);

// Closes and frees it; what was written is in the file. NULL is allowed.
void swoole_mmap_free(swoole_mmap *mmap);

// Reads at most `size` bytes from the position on to `into`, moves the position behind them, and tells
// how many there were: 0 at the end.
swoole_result swoole_mmap_read(swoole_mmap *mmap,
                               void *into,
                               size_t size,
                               size_t *got);

// Writes `len` bytes from the position on, moves the position behind them, and tells how many fitted
// before the end: the file does not grow.
swoole_result swoole_mmap_write(swoole_mmap *mmap,
                                const void *data,
                                size_t len,
                                size_t *written);

// Moves the position: `whence` is SEEK_SET, SEEK_CUR or SEEK_END. `position` may be NULL; it gets the
// new one. `SWOOLE_ERROR_INVALID_PARAMS`, with the position as it was, if that would lie before the
// first byte or behind the end.
swoole_result swoole_mmap_seek(swoole_mmap *mmap,
                               int64_t offset,
                               int32_t whence,
                               uint64_t *position);

// Writes what was changed to the disk, and waits for that: it outlives a crash of the system then.
swoole_result swoole_mmap_flush(swoole_mmap *mmap);

// Its size in bytes; 0 if `mmap` is NULL.
uint64_t swoole_mmap_size(const swoole_mmap *mmap);

// Makes a process, which begins when `swoole_process_start` is called: `main` runs in it then, with
// `userdata`, which may be NULL and is the copy that the fork made.
//
// `pipe` is a `swoole_pipe_type`: a pipe between it and this process, for both directions. With
// `redirect` its standard input and output are its end of that, which is a stream whatever `pipe` says:
// what `main` prints, or a program that it becomes by `swoole_process_exec`, is read here by
// `swoole_process_read`.
//
// `*process` then belongs to the caller, who gives it to `swoole_process_free`. All functions that take
// it are called from the thread that called this one. They work in a server's and a pool's processes
// too.
swoole_result swoole_process_new(swoole_process_main_fn main,
                                 void *userdata,
                                 bool redirect,
                                 int32_t pipe,
                                 swoole_process **process);

// Frees a handle and closes what this process has open of the pipe. The process itself goes on. NULL is
// allowed. Refused, with a last error, from another thread.
void swoole_process_free(swoole_process *process);

// Starts it by fork(2). `pid` may be NULL; it gets its number.
//
// Returns in this process only. In the new one `main` runs, then its loop (`swoole_event_wait`) until
// nothing is left in that, then it ends with the exit code that `main` gave: its stdio is written out
// and it leaves by _exit(), so no atexit() function runs in it. It has a copy of the program's memory,
// an empty loop, and none of the signal handlers of `swoole_signal`. No C++ exception and no longjmp may
// leave `main`. Whoever starts processes waits for their ends: see `swoole_process_wait`.
//
// `SWOOLE_ERROR_WRONG_OPERATION` if it was started before.
swoole_result swoole_process_start(swoole_process *process,
                                   int32_t *pid);

// Ends this process at once, with the lowest 8 bits of `code` as its exit code. Its stdio is written
// out; no atexit() function runs, since those belong to the process that the program began with. For
// processes that were started here and for a pool's workers, anywhere in them; in a process of a server
// call `swoole_server_leave`.
void swoole_process_exit(int32_t code) __attribute__((noreturn));

// The process's number; 0 before its start.
int32_t swoole_process_pid(const swoole_process *process);

// The descriptor of this side of the pipe, to be watched by `swoole_event_add` and the like; -1, with a
// last error, if there is none. It stays the handle's: it must not be closed.
int32_t swoole_process_descriptor(const swoole_process *process);

// Writes all of `len` bytes to the pipe, waiting while it is full: to the process, or, in it, to those
// it came from.
//
// `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE` for a datagram that is too long; `SWOOLE_ERROR_SYSTEM_CALL_FAIL`
// with EPIPE (nobody is there any more; never a signal) or EAGAIN (the timeout was over, or it does not
// wait); `SWOOLE_ERROR_WRONG_OPERATION` if there is no pipe, or it is closed.
swoole_result swoole_process_write(swoole_process *process,
                                   const void *data,
                                   size_t len);

// Reads from the pipe, waiting until something is there: at most `size` bytes (0: 65536), or one
// datagram, however long it is.
//
// `*data` then points to `*len` bytes, without a final NUL, that belong to the handle: they are valid
// until the next `swoole_process_read` on it, successful or not, or its end. A `*len` of 0: the other
// side is closed (or the datagram was empty). `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EAGAIN (the timeout
// was over, or it does not wait) or EINTR (a signal's handler has run).
swoole_result swoole_process_read(swoole_process *process,
                                  size_t size,
                                  const uint8_t **data,
                                  size_t *len);

// Closes a part of the pipe: `part` is a `swoole_pipe_part`. `SWOOLE_ERROR_WRONG_OPERATION` if it is
// closed already.
swoole_result swoole_process_close(swoole_process *process,
                                   int32_t part);

// From now on a read or write of the pipe waits for `timeout` seconds at most (0: without end).
swoole_result swoole_process_set_timeout(swoole_process *process, double timeout);

// Whether reads and writes of the pipe wait at all; they do before this is called.
swoole_result swoole_process_set_blocking(swoole_process *process, bool blocking);

// Waits for the end of a child of this process, whichever ends first, and writes it to `*ended`. With
// `blocking` false it does not wait: `pid` is 0 if none has ended yet. A child that has ended stays a
// zombie until somebody waits for it, or this process ends.
//
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ECHILD (there are no children) or EINTR (a signal's handler has
// run: call again). Not for a server's master and manager and a pool's master, which wait for their own
// children.
swoole_result swoole_process_wait(bool blocking,
                                  swoole_process_ended *ended);

// Sends the signal `signo` to a process (0: to this one's process group, below -1: to that group); a
// `signo` of 0 only asks whether it is there. `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ESRCH, EPERM or
// EINVAL; -1, which would be every process of this user, is `SWOOLE_ERROR_INVALID_PARAMS`.
swoole_result swoole_process_kill(int32_t pid,
                                  int32_t signo);

// Sends this process a signal every `period` seconds (0: not any more), as setitimer(2): by the `clock`
// ITIMER_REAL (0; SIGALRM), ITIMER_VIRTUAL (1; SIGVTALRM) or ITIMER_PROF (2; SIGPROF). Take it by
// `swoole_signal` first: unhandled it ends the process. A forked process has none.
swoole_result swoole_process_alarm(double period,
                                   int32_t clock);

// Makes this process a daemon: a new session, no terminal, its parent gone; it returns in the daemon
// only, which has another number. `keep_directory`: else `/` becomes its directory. `keep_streams`: else
// standard input, output and error become /dev/null. Before that, the three descriptors of `streams`
// become them where they are not -1; `streams` may be NULL. It is a forked process: its loop is empty,
// threads are gone. stdio is written out before. `SWOOLE_ERROR_WRONG_OPERATION` in a process of a
// server, which has the option `daemonize`.
swoole_result swoole_process_daemon(bool keep_directory,
                                    bool keep_streams,
                                    const int32_t *streams);

// Sets the processors that this process may run on: `count` numbers, from 0.
// `SWOOLE_ERROR_INVALID_PARAMS` if there is none, or one does not exist.
swoole_result swoole_process_set_affinity(const int32_t *processors, size_t count);

// Writes the numbers of the processors that this process may run on to `processors`, as many as it has
// room for (`capacity`), and the number of all there are to `*count`. `processors` may be NULL with a
// `capacity` of 0.
swoole_result swoole_process_get_affinity(int32_t *processors,
                                          size_t capacity,
                                          size_t *count);

// Sets how nice a process, a group or a user (`whose`: PRIO_PROCESS, PRIO_PGRP or PRIO_USER) of the
// number `who` (0: this process, its group or its user) is to others: -20 to 19.
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EACCES, EPERM or ESRCH.
swoole_result swoole_process_set_priority(int32_t whose, int32_t who, int32_t priority);

// Writes that to `*priority`.
swoole_result swoole_process_get_priority(int32_t whose, int32_t who, int32_t *priority);

// Becomes another program: `file` is its path, `arguments` are `count` strings, without the program's
// name. Returns only if that failed: `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ENOENT, EACCES and so on.
// stdio is written out before. Descriptors of the library's are closed in the new program, but a
// redirected standard input and output are kept (`swoole_process_new`).
swoole_result swoole_process_exec(const char *file,
                                  const char *const *arguments,
                                  size_t count);

// Makes a pool of `workers` workers, 1 to 10000. `ipc` is a `swoole_pool_ipc`; `queue_key` is the key of
// the message queue for SWOOLE_IPC_MSGQUEUE (0: a private one, which goes with the pool), and 0 for all
// others.
//
// `*pool` then belongs to the caller, who gives it to `swoole_pool_free`. All functions that take it are
// called from the thread that called this one.
swoole_result swoole_pool_new(int32_t workers,
                              int32_t ipc,
                              uint32_t queue_key,
                              swoole_pool **pool);

// Frees a pool. NULL is allowed. Refused, with a last error, from another thread and inside a callback:
// a pool that runs is ended by `swoole_pool_shutdown`.
void swoole_pool_free(swoole_pool *pool);

// Sets how long a message may be, in bytes. Before `swoole_pool_start`, as all settings.
swoole_result swoole_pool_set_max_package_size(swoole_pool *pool, uint32_t size);

// Sets how many seconds a worker may take to leave before it is killed.
swoole_result swoole_pool_set_max_wait_time(swoole_pool *pool, double time);

// Sets whether the message queue is removed when the pool ends; a private one always is.
swoole_result swoole_pool_set_free_queue(swoole_pool *pool, bool free);

// Listens: `host` is an address with `port`, or `unix:/path` with the port 0. For SWOOLE_IPC_SOCKET,
// before `swoole_pool_start`. `backlog`: connections that wait at most to be accepted.
swoole_result swoole_pool_listen(swoole_pool *pool,
                                 const char *host,
                                 int32_t port,
                                 int32_t backlog);

// Runs the pool: forks its workers, puts another in the place of each that ends, and returns when all
// have ended after `swoole_pool_shutdown`, a SIGTERM or a SIGINT. A SIGUSR1 replaces the workers, one
// after another. A worker that dies again and again is begun again ever more slowly.
//
// Only the master, which called it, returns from it. Workers are forked inside it and end inside it:
// their stdio is written out and they leave by _exit(), so no atexit() function runs in them. If the
// master dies, they are killed. The program should have no other threads when it calls this: a fork
// copies only the caller.
//
// `SWOOLE_ERROR_WRONG_OPERATION` if there is nothing to do (neither a worker-start nor a message
// callback), no socket to listen on, or a server or a loop runs in this process.
swoole_result swoole_pool_start(swoole_pool *pool);

// Answers the client whose message is being handled, with 4 bytes of length in front. Runs in: pool
// worker, inside the message callback, with SWOOLE_IPC_SOCKET.
swoole_result swoole_pool_write(swoole_pool *pool, const void *data, size_t len);

// Sends a message of `len` bytes to a worker, whose message callback gets it; with a message queue, to
// whichever is free. From any process of the pool. `SWOOLE_ERROR_QUEUE_FULL` if that worker has not
// taken what waits already for a second.
swoole_result swoole_pool_send_message(swoole_pool *pool,
                                       int32_t worker,
                                       const void *data,
                                       size_t len);

// Lets this worker go its own way: another takes its place, and it ends when it likes. Runs in: pool
// worker.
swoole_result swoole_pool_detach(swoole_pool *pool);

// This worker ends when the present callback is over, and another takes its place. In the master: as
// `swoole_pool_shutdown`.
swoole_result swoole_pool_stop(swoole_pool *pool);

// Asks the process that this callback runs in to end once the callback has returned, with `code` (0 to
// 255) as its exit code; no further callback runs in it. A worker is replaced; in the master that ends
// the pool. Use it instead of exit(). Only inside a callback.
swoole_result swoole_pool_leave(swoole_pool *pool,
                                int32_t code);

// The exit code that the master was asked for by `swoole_pool_leave`; 0 if by nobody, or if `pool` is
// NULL.
int32_t swoole_pool_exit_code(const swoole_pool *pool);

// Ends the pool, in order. From any of its processes.
swoole_result swoole_pool_shutdown(swoole_pool *pool);

// The port that the last `swoole_pool_listen` before the start got, also where 0 was asked for; 0: a
// Unix socket, or none.
int32_t swoole_pool_port(const swoole_pool *pool);

// Whether this process of the pool is to go on: false once it was told to leave, and before the start.
bool swoole_pool_is_running(const swoole_pool *pool);

// The number of the master process; 0 before the start.
int32_t swoole_pool_master_pid(const swoole_pool *pool);

// The number, from 0, of the worker that this process is; -1 in the master.
int32_t swoole_pool_worker_id(const swoole_pool *pool);

// The process number of a worker now; 0: it is being replaced, or there is no such worker.
int32_t swoole_pool_worker_pid(const swoole_pool *pool, int32_t worker);

// How many workers it has.
size_t swoole_pool_size(const swoole_pool *pool);

// Gives a worker as a process, whose pipe is the worker's socket with SWOOLE_IPC_UNIXSOCK. `*process`
// then belongs to the caller, who gives it to `swoole_process_free`.
swoole_result swoole_pool_process(swoole_pool *pool,
                                  int32_t worker,
                                  swoole_process **process);

// Sets what is called when the master is up and has forked the workers. Runs in: pool master.
//
// All `swoole_pool_on_` functions: before `swoole_pool_start`; NULL takes a callback away; registering
// again replaces. `userdata` may be NULL; it is kept, handed to each call, and never freed by the
// library. Each process has its own copy of what it points to, made by the fork. No C++ exception and no
// longjmp may leave a callback.
swoole_result swoole_pool_on_start(swoole_pool *pool,
                                   swoole_pool_fn callback,
                                   void *userdata);

// Sets what is called when all workers have ended. Runs in: pool master.
swoole_result swoole_pool_on_shutdown(swoole_pool *pool, swoole_pool_fn callback, void *userdata);

// Sets what is called when a worker begins. Without a message callback this is all the work of a worker:
// it may stay in here as long as `swoole_pool_is_running`; when it returns, the worker's loop runs until
// nothing is left in it, the worker ends, and another takes its place. Runs in: pool worker.
swoole_result swoole_pool_on_worker_start(swoole_pool *pool,
                                          swoole_pool_worker_fn callback,
                                          void *userdata);

// Sets what is called when a worker ends in order. Runs in: pool worker.
swoole_result swoole_pool_on_worker_stop(swoole_pool *pool,
                                         swoole_pool_worker_fn callback,
                                         void *userdata);

// Sets what is called for each message. Runs in: pool worker, one message at a time, by its loop, in
// which timers and clients work too.
swoole_result swoole_pool_on_message(swoole_pool *pool,
                                     swoole_pool_message_fn callback,
                                     void *userdata);

// Gives a process a message queue, one of System V, before its start. `key` 0: a new one, which only the
// processes forked later have; else the one of that key, made if there is none, which other programs
// find too. `mode` is a `swoole_queue_mode`. `waits`: pushing to a full queue and popping from an empty
// one wait. `capacity`: bytes at most, 0 for what the system sets.
//
// The queue stays, also when all processes have ended, until `swoole_process_free_queue`.
swoole_result swoole_process_use_queue(swoole_process *process,
                                       uint32_t key,
                                       int32_t mode,
                                       bool waits,
                                       uint64_t capacity);

// Pushes a message of `len` bytes, 1 at least, to the queue of the process (in a directed queue: for
// that process).
//
// `SWOOLE_ERROR_QUEUE_FULL` if it is full and does not wait; `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE`;
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EINTR (a signal's handler has run) or EIDRM (the queue was
// removed).
swoole_result swoole_process_push(swoole_process *process,
                                  const void *data,
                                  size_t len);

// Takes the oldest message of the queue (in a directed queue: the oldest for this process). `*message`
// then belongs to the caller, who gives it to `swoole_bytes_free`; its `data` is NULL if there was none
// and the queue does not wait. Errors as `swoole_process_push`.
swoole_result swoole_process_pop(swoole_process *process,
                                 swoole_bytes *message);

// Writes how many messages lie in the queue, and their bytes. Either place may be NULL.
swoole_result swoole_process_stat_queue(const swoole_process *process,
                                        uint64_t *messages,
                                        uint64_t *bytes);

// The queue's number in the system, as ipcs(1) shows it; -1, with a last error, if there is none.
int32_t swoole_process_queue_id(const swoole_process *process);

// Removes the queue and all that is in it, for everybody.
swoole_result swoole_process_free_queue(swoole_process *process);

// Makes a server without a port. `mode` is a `swoole_mode`. A process can have one server at a
// time.
//
// `*server` then belongs to the caller, who gives it to `swoole_server_free`. All functions that
// take it must be called from the thread that called this one; from another they answer
// `SWOOLE_ERROR_WRONG_OPERATION`.
swoole_result swoole_server_new(int32_t mode, swoole_server **server);

// Frees a server and closes its ports. NULL is allowed. Refused, with a last error, from
// another thread and inside a callback: a server that runs is ended by `swoole_server_shutdown`.
void swoole_server_free(swoole_server *server);

// Binds a port; the first one is the primary port. Before `swoole_server_start`.
//
// `host` is an address, a name, or for a Unix socket a path; a stale socket file is replaced.
// `port` 0 takes a free one, which `swoole_server_port_info` tells. `kind` is a
// `swoole_socket_type`; with `SWOOLE_SSL` added the port speaks TLS, and needs the options `ssl_cert_file` and
// `ssl_key_file`. `port_id` may be NULL; it gets the port's id: 0, 1, 2 in the order of the calls.
swoole_result swoole_server_listen(swoole_server *server,
                                   const char *host,
                                   int32_t port,
                                   int32_t kind,
                                   int32_t *port_id);

// Queues `len` bytes for a client; they are copied. `SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW` when too
// much waits for it already; then nothing of it is sent.
//
// This and all other functions about connections work in workers, for a connection of any worker;
// what sends answers `SWOOLE_ERROR_SERVER_SEND_IN_MASTER` in the master and the manager.
swoole_result swoole_server_send(swoole_server *server,
                                 int64_t session,
                                 const void *data,
                                 size_t len);

// Sends `len` bytes to a client and returns when the kernel has taken all of them.
swoole_result swoole_server_send_wait(swoole_server *server,
                                      int64_t session,
                                      const void *data,
                                      size_t len);

// Queues `length` bytes of a file from `offset` on for a client; a `length` of 0 means to its end.
// The file must stay until it is sent.
swoole_result swoole_server_send_file(swoole_server *server,
                                      int64_t session,
                                      const char *path,
                                      uint64_t offset,
                                      uint64_t length);

// Sends a datagram of `len` bytes. `address` is an IP address, or the path of a Unix socket (then
// `port` is 0). `server_socket` is the descriptor of one of this server's datagram ports
// (`swoole_packet`, `swoole_port_info`), or -1 for the first that fits.
swoole_result swoole_server_send_to(swoole_server *server,
                                    const char *address,
                                    uint16_t port,
                                    const void *data,
                                    size_t len,
                                    int32_t server_socket);

// Closes a connection. What is queued is sent first, unless `reset` is true.
swoole_result swoole_server_close(swoole_server *server, int64_t session, bool reset);

// Whether there is an open connection with that number. False if `server` is NULL.
bool swoole_server_exists(const swoole_server *server, int64_t session);

// Exempts a connection from the heartbeat check, or (`on` false) no longer.
swoole_result swoole_server_protect(swoole_server *server, int64_t session, bool on);

// Starts to read from a connection that was accepted with the option `enable_delay_receive`.
swoole_result swoole_server_confirm(swoole_server *server, int64_t session);

// Stops reading from a connection.
swoole_result swoole_server_pause(swoole_server *server, int64_t session);

// Reads from a paused connection again.
swoole_result swoole_server_resume(swoole_server *server, int64_t session);

// Ties a user's number to a connection; dispatch mode 5 chooses the worker by it. An error if the
// connection already has one.
swoole_result swoole_server_bind(swoole_server *server, int64_t session, int64_t uid);

// Writes what is known about a connection to `*info`. With `ignore_close` also for one that is
// closed but whose close event is still to come.
swoole_result swoole_server_connection_info(const swoole_server *server,
                                            int64_t session,
                                            bool ignore_close,
                                            swoole_connection_info *info);

// Writes the certificate that a client has shown, as text (PEM), to `*certificate`, which then belongs to the caller, who gives it to
// `swoole_bytes_free`; `data` is NULL if it has shown none (the option `ssl_client_cert_file` asks for one).
swoole_result swoole_server_client_certificate(const swoole_server *server,
                                               int64_t session,
                                               swoole_bytes *certificate);

// Writes open sessions to `sessions`, which has room for `capacity`, and their number to `*count`;
// at most 100 a call. `after` is the last one of the call before, 0 to begin. `port_id`: only
// those of that port, or `SWOOLE_ANY_PORT`.
swoole_result swoole_server_connection_list(const swoole_server *server,
                                            int64_t after,
                                            int32_t port_id,
                                            int64_t *sessions,
                                            size_t capacity,
                                            size_t *count);

// Number of open connections, of one port or (`SWOOLE_ANY_PORT`) of all. 0 with a last error if
// `server` is NULL or there is no such port.
size_t swoole_server_connection_count(const swoole_server *server, int32_t port_id);

// Finds the sessions that have been silent for longer than their `heartbeat_idle_time`, and closes
// them if `close` is true. `*count` gets the number of all that were found, `sessions` as many as
// it has room for; both may be NULL (`sessions` only with a `capacity` of 0).
// `SWOOLE_ERROR_WRONG_OPERATION` when no heartbeat is configured.
swoole_result swoole_server_heartbeat(swoole_server *server,
                                      bool close,
                                      int64_t *sessions,
                                      size_t capacity,
                                      size_t *count);

// Replaces all workers, task workers and user processes, one after another. Any process of the
// server.
swoole_result swoole_server_reload(swoole_server *server);

// Replaces the task workers only, one after another. Any process of the server.
swoole_result swoole_server_reload_tasks(swoole_server *server);

// Ends the server gracefully; `swoole_server_start` then returns in the master. Any process of the
// server.
swoole_result swoole_server_shutdown(swoole_server *server);

// Lets a worker, task worker or user process leave gracefully, this one if `worker_id` is -1; it is
// replaced.
swoole_result swoole_server_stop(swoole_server *server, int32_t worker_id);

// Writes the server's figures to `stats`, as many as it has room for (`capacity`), and the number
// of all there are to `*count`. `stats` may be NULL with a `capacity` of 0. Any process.
swoole_result swoole_server_stats(const swoole_server *server,
                                  swoole_stat *stats,
                                  size_t capacity,
                                  size_t *count);

// Writes one figure, such as `connection_num`, to `*value`. Any process.
swoole_result swoole_server_stat(const swoole_server *server, const char *name, int64_t *value);

// Writes the figures of each worker, task worker and user process, by number, to `workers`, as many
// as it has room for (`capacity`), and the number of all there are to `*count`. `workers` may be
// NULL with a `capacity` of 0. None before `swoole_server_start`. Any process.
swoole_result swoole_server_worker_figures(const swoole_server *server,
                                           swoole_worker_figures *workers,
                                           size_t capacity,
                                           size_t *count);

// Number of ports; 0 if `server` is NULL.
size_t swoole_server_port_count(const swoole_server *server);

// Writes what is known about a port to `*info`; ids go from 0 to `swoole_server_port_count` - 1.
// Before and after `swoole_server_start`.
swoole_result swoole_server_port_info(const swoole_server *server,
                                      int32_t port_id,
                                      swoole_port_info *info);

// The mode as given to `swoole_server_new`, a `swoole_mode`; 0 if `server` is NULL.
int32_t swoole_server_mode(const swoole_server *server);

// What this process is; `SWOOLE_ROLE_IDLE` if `server` is NULL.
swoole_role swoole_server_role(const swoole_server *server);

// Whether `swoole_server_start` was called; false if `server` is NULL.
bool swoole_server_is_started(const swoole_server *server);

// This process's number: workers from 0, behind them the task workers, behind them the user
// processes; -1 in other processes, or if `server` is NULL.
int32_t swoole_server_worker_id(const swoole_server *server);

// Process id of the master; 0 before start, or if `server` is NULL.
int32_t swoole_server_master_pid(const swoole_server *server);

// Process id of the manager; 0 before start, if there is none, or if `server` is NULL.
int32_t swoole_server_manager_pid(const swoole_server *server);

// Writes the process id of a worker to `*pid`.
swoole_result swoole_server_worker_pid(const swoole_server *server,
                                       int32_t worker_id,
                                       int32_t *pid);

// Writes what a worker is doing to `*status`.
swoole_result swoole_server_worker_status(const swoole_server *server,
                                          int32_t worker_id,
                                          swoole_worker_status *status);

// Runs in: master, when everything is set up. Only in the mode SWOOLE_PROCESS.
//
// All `swoole_server_on_` functions: before `swoole_server_start`; NULL takes a callback away;
// registering again replaces. `userdata` may be NULL; it is kept, handed to each call, and never
// freed by the library. Each process has its own copy of what it points to, made by the fork.
// Callbacks run on the main thread of their process and may call any function of the server. No
// C++ exception and no longjmp may leave one.
swoole_result swoole_server_on_start(swoole_server *server,
                                     swoole_server_fn callback,
                                     void *userdata);

// Runs in: master, when a shutdown begins, before the workers are told.
swoole_result swoole_server_on_before_shutdown(swoole_server *server,
                                               swoole_server_fn callback,
                                               void *userdata);

// Runs in: master, after every other process has ended.
swoole_result swoole_server_on_shutdown(swoole_server *server,
                                        swoole_server_fn callback,
                                        void *userdata);

// Runs in: manager, before it forks the first worker.
swoole_result swoole_server_on_manager_start(swoole_server *server,
                                             swoole_server_fn callback,
                                             void *userdata);

// Runs in: manager, after the last worker has ended.
swoole_result swoole_server_on_manager_stop(swoole_server *server,
                                            swoole_server_fn callback,
                                            void *userdata);

// Runs in: manager, before a reload.
swoole_result swoole_server_on_before_reload(swoole_server *server,
                                             swoole_server_fn callback,
                                             void *userdata);

// Runs in: manager, after a reload has replaced all workers.
swoole_result swoole_server_on_after_reload(swoole_server *server,
                                            swoole_server_fn callback,
                                            void *userdata);

// Runs in: worker and task worker (whose numbers follow those of the workers), before its first
// message.
swoole_result swoole_server_on_worker_start(swoole_server *server,
                                            swoole_worker_fn callback,
                                            void *userdata);

// Runs in: worker, task worker, as its last callback.
swoole_result swoole_server_on_worker_stop(swoole_server *server,
                                           swoole_worker_fn callback,
                                           void *userdata);

// Runs in: worker or task worker that is leaving, again and again until its event loop is empty.
swoole_result swoole_server_on_worker_exit(swoole_server *server,
                                           swoole_worker_fn callback,
                                           void *userdata);

// Runs in: manager, when a worker, task worker or user process ended other than by exit code 0.
swoole_result swoole_server_on_worker_error(swoole_server *server,
                                            swoole_worker_error_fn callback,
                                            void *userdata);

// Runs in: worker, when a client has connected. Stream ports.
swoole_result swoole_server_on_connect(swoole_server *server,
                                       swoole_connection_fn callback,
                                       void *userdata);

// Runs in: worker, when data has come. Stream ports; each needs one.
swoole_result swoole_server_on_receive(swoole_server *server,
                                       swoole_receive_fn callback,
                                       void *userdata);

// Runs in: worker, when a datagram has come. Datagram ports; each needs one.
swoole_result swoole_server_on_packet(swoole_server *server,
                                      swoole_packet_fn callback,
                                      void *userdata);

// Runs in: worker, when a connection has gone; `swoole_server_connection_info` still answers inside.
swoole_result swoole_server_on_close(swoole_server *server,
                                     swoole_connection_fn callback,
                                     void *userdata);

// Runs in: worker, when the bytes that wait for a client have passed `buffer_high_watermark`.
swoole_result swoole_server_on_buffer_full(swoole_server *server,
                                           swoole_buffer_fn callback,
                                           void *userdata);

// Runs in: worker, when they have fallen to `buffer_low_watermark` again.
swoole_result swoole_server_on_buffer_empty(swoole_server *server,
                                            swoole_buffer_fn callback,
                                            void *userdata);

// Runs in: task worker, when it is given a task; needed with `task_worker_num` above 0. Answers are
// given by `swoole_server_finish`, none or several; the task ends when the callback returns, unless
// it called `swoole_server_keep_task`.
swoole_result swoole_server_on_task(swoole_server *server, swoole_task_fn callback, void *userdata);

// Runs in: the worker or user process that gave a task (or its successor), when that was answered
// and has no finish callback of its own.
swoole_result swoole_server_on_finish(swoole_server *server,
                                      swoole_finish_fn callback,
                                      void *userdata);

// Runs in: worker, task worker, and user process whose function has returned, when another process
// has called `swoole_server_send_message`.
swoole_result swoole_server_on_pipe_message(swoole_server *server,
                                            swoole_pipe_message_fn callback,
                                            void *userdata);

// As `swoole_server_on_connect`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_connect(swoole_server *server,
                                            int32_t port_id,
                                            swoole_connection_fn callback,
                                            void *userdata);

// As `swoole_server_on_receive`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_receive(swoole_server *server,
                                            int32_t port_id,
                                            swoole_receive_fn callback,
                                            void *userdata);

// As `swoole_server_on_packet`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_packet(swoole_server *server,
                                           int32_t port_id,
                                           swoole_packet_fn callback,
                                           void *userdata);

// As `swoole_server_on_close`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_close(swoole_server *server,
                                          int32_t port_id,
                                          swoole_connection_fn callback,
                                          void *userdata);

// As `swoole_server_on_buffer_full`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_buffer_full(swoole_server *server,
                                                int32_t port_id,
                                                swoole_buffer_fn callback,
                                                void *userdata);

// As `swoole_server_on_buffer_empty`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_buffer_empty(swoole_server *server,
                                                 int32_t port_id,
                                                 swoole_buffer_fn callback,
                                                 void *userdata);

// Sets the option `dispatch_func`: `function` chooses the worker for each message. NULL takes it
// away. Before `swoole_server_start`. `userdata` may be NULL and is kept.
//
// Runs in: master, main thread, where nothing else goes on meanwhile: it must be quick. Only in
// the mode SWOOLE_PROCESS.
swoole_result swoole_server_set_dispatch_func(swoole_server *server,
                                              swoole_dispatch_fn function,
                                              void *userdata);

// Sets the option `package_length_func` of the primary port: with `open_length_check` on,
// `function` tells where packages end. NULL takes it away. Before `swoole_server_start`.
// `userdata` may be NULL and is kept.
//
// Runs in: master, main thread (SWOOLE_PROCESS), or worker (SWOOLE_BASE): it must be quick.
swoole_result swoole_server_set_package_length_func(swoole_server *server,
                                                    swoole_package_length_fn function,
                                                    void *userdata);

// As `swoole_server_set_package_length_func`, for one port.
swoole_result swoole_server_set_port_package_length_func(swoole_server *server,
                                                         int32_t port_id,
                                                         swoole_package_length_fn function,
                                                         void *userdata);

// Runs the server: forks its processes, and returns when all of them have ended after
// `swoole_server_shutdown` or a SIGTERM. Once per server.
//
// Only the process that called it returns from it; with the option `daemonize` that is the process
// in the background. All other processes are forked inside it and end inside it: their
// stdio is written out and they leave by _exit(), so no atexit() function runs in them. stdio is
// also written out before the first fork, and after each callback in the master and the manager.
// The program should have no other threads when it calls this: a fork copies only the caller.
//
// `SWOOLE_ERROR_INVALID_PARAMS` if an option was refused before, and
// `SWOOLE_ERROR_SERVER_INVALID_CALLBACK` if a port lacks the callback that it needs (receive for
// streams, packet for datagrams), or the server that for tasks.
swoole_result swoole_server_start(swoole_server *server);

// Asks the process that this callback runs in to end once the callback has returned, with `code`
// (0 to 255) as its exit code. What was sent is still delivered; no further callback runs. A
// worker is replaced, and reported to the worker-error callback if `code` is not 0. Use it instead
// of exit(). Only inside a callback, but not in a dispatch or package-length function.
swoole_result swoole_server_leave(swoole_server *server, int32_t code);

// The exit code that the process which returned from `swoole_server_start` was asked for by
// `swoole_server_leave`; 0 if by nobody, or if `server` is NULL.
int32_t swoole_server_exit_code(const swoole_server *server);

// Gives a task of `len` bytes, which are copied, to the task workers (option `task_worker_num`).
// `worker_index` counts them from 0, or is `SWOOLE_ANY_WORKER`: whichever is free first. `task_id`
// may be NULL; it gets the task's number, unique among those of this process. Answers go to the
// finish callback of the server.
//
// Runs in: worker, user process. `SWOOLE_ERROR_QUEUE_FULL` when too much waits already: nothing was
// given then.
swoole_result swoole_server_task(swoole_server *server,
                                 const void *data,
                                 size_t len,
                                 int32_t worker_index,
                                 int64_t *task_id);

// As `swoole_server_task`, but answers go to `finish`, with `userdata`; there may be none or
// several. Also from a task worker.
//
// `free_userdata` (NULL: nothing is to be freed) is called once, with `userdata`, when `finish` will
// not be called again: the task has ended or was lost, or this process leaves. Both run in this
// process only, on its main thread, and never before this function has returned. When this function
// fails neither is called, and `userdata` stays with the caller. An answer for a process that is
// gone comes to the finish callback of the server, in its successor.
swoole_result swoole_server_task_with(swoole_server *server,
                                      const void *data,
                                      size_t len,
                                      int32_t worker_index,
                                      swoole_finish_fn finish,
                                      void *userdata,
                                      swoole_free_fn free_userdata,
                                      int64_t *task_id);

// Gives a task as `swoole_server_task` does and waits for its first answer, at most `timeout`
// seconds; meanwhile this process does nothing else. `*answer` then belongs to the caller, who
// gives it to `swoole_bytes_free`.
//
// `SWOOLE_ERROR_TASK_TIMEOUT`: the time was over, or the task ended without an answer. An answer
// that comes later is dropped and counted. Also from a task worker; it waits in vain for a task
// that only itself could do.
swoole_result swoole_server_task_wait(swoole_server *server,
                                      const void *data,
                                      size_t len,
                                      double timeout,
                                      int32_t worker_index,
                                      swoole_bytes *answer);

// Gives `count` tasks (at most 1024) and waits until each has its first answer, at most `timeout`
// seconds. `answers` has room for `count`; they come in the order of the tasks, and `data` is NULL
// in those that did not come in time (the result is `SWOOLE_OK` all the same). Each belongs to the
// caller, who gives it to `swoole_bytes_free`. Otherwise as `swoole_server_task_wait`.
swoole_result swoole_server_task_wait_multi(swoole_server *server,
                                            const swoole_data *tasks,
                                            size_t count,
                                            double timeout,
                                            swoole_bytes *answers);

// Answers a task with `len` bytes, which are copied: the one that is being done (`ticket` NULL), or
// a kept one. May be called several times for a task; each is an answer.
//
// Runs in: task worker; elsewhere, and where no task is being done, it is
// `SWOOLE_ERROR_WRONG_OPERATION`.
swoole_result swoole_server_finish(swoole_server *server,
                                   const swoole_ticket *ticket,
                                   const void *data,
                                   size_t len);

// Leaves the task that is being done open when its callback returns, so that it can be answered
// later, in a timer for instance, with a copy of its ticket. The task worker takes other tasks
// meanwhile. `swoole_server_end_task` must follow.
//
// Runs in: task worker, inside the task callback; elsewhere it is `SWOOLE_ERROR_WRONG_OPERATION`.
swoole_result swoole_server_keep_task(swoole_server *server);

// A kept task will get no further answer. Runs in: the task worker that kept it.
swoole_result swoole_server_end_task(swoole_server *server, const swoole_ticket *ticket);

// Sends `len` bytes, which are copied, to another worker, task worker or user process: its
// pipe-message callback gets them. `worker_id` is a number as `swoole_server_worker_id` gives it:
// workers from 0, behind them the task workers, behind them the user processes.
//
// Runs in: every process of the server. `SWOOLE_ERROR_QUEUE_FULL` when too much waits for that
// process already.
swoole_result swoole_server_send_message(swoole_server *server,
                                         int32_t worker_id,
                                         const void *data,
                                         size_t len);

// Adds a process that runs `function`, and is kept alive, reloaded and stopped with the server.
// Before `swoole_server_start`. `index` may be NULL; it gets 0, 1, 2 in the order of the calls.
// `userdata` may be NULL; it is kept and never freed by the library.
//
// Runs in: user process. When `function` returns, that process serves its timers and messages until
// it has no timer left and no task whose finish function waits; then it ends, and is forked anew.
// SIGTERM, by which a reload and the end of the server tell it to go, ends it at once unless
// `function` sets a handler. For a pipe to it, make a socketpair before the start.
swoole_result swoole_server_add_process(swoole_server *server,
                                        swoole_process_fn function,
                                        void *userdata,
                                        int32_t *index);

// Makes a number, which is `value` now. It is one and the same in this process and in all that are
// forked from it afterwards, servers' workers included; each of them may free its handle. Sums wrap
// around.
swoole_result swoole_atomic_new(uint32_t value, swoole_atomic **atomic);

// Frees this process's handle of it. NULL is allowed.
void swoole_atomic_free(swoole_atomic *atomic);

// Adds `by`, and gives the sum; 0 with a last error if `atomic` is NULL, as all that give a value.
uint32_t swoole_atomic_add(swoole_atomic *atomic, uint32_t by);

// Subtracts `by`, and gives the difference.
uint32_t swoole_atomic_sub(swoole_atomic *atomic, uint32_t by);

// Its value.
uint32_t swoole_atomic_get(const swoole_atomic *atomic);

// Sets it.
swoole_result swoole_atomic_set(swoole_atomic *atomic, uint32_t value);

// Sets it to `wanted` if it is `expected`, in one step; whether it was.
bool swoole_atomic_cmpset(swoole_atomic *atomic, uint32_t expected, uint32_t wanted);

// Waits until it is 1 and makes it 0, for `timeout` seconds at most (below 0: without end). A wakeup
// that came before is not lost. `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ETIMEDOUT if the time was over, or
// with EINTR if a signal's handler has run: call again.
swoole_result swoole_atomic_wait(swoole_atomic *atomic,
                                 double timeout);

// Makes it 1 if it is 0, and wakes up to `count` of those who wait, of whom one takes it. Gives how many
// were woken.
size_t swoole_atomic_wakeup(swoole_atomic *atomic,
                            uint32_t count);

// As `swoole_atomic_new`.
swoole_result swoole_atomic_long_new(int64_t value, swoole_atomic_long **atomic);

// Frees this process's handle of it. NULL is allowed.
void swoole_atomic_long_free(swoole_atomic_long *atomic);

// Adds `by`, and gives the sum; 0 with a last error if `atomic` is NULL, as all that give a value.
int64_t swoole_atomic_long_add(swoole_atomic_long *atomic, int64_t by);

// Subtracts `by`, and gives the difference.
int64_t swoole_atomic_long_sub(swoole_atomic_long *atomic, int64_t by);

// Its value.
int64_t swoole_atomic_long_get(const swoole_atomic_long *atomic);

// Sets it.
swoole_result swoole_atomic_long_set(swoole_atomic_long *atomic, int64_t value);

// Sets it to `wanted` if it is `expected`, in one step; whether it was.
bool swoole_atomic_long_cmpset(swoole_atomic_long *atomic, int64_t expected, int64_t wanted);

// Makes a channel that holds at least `size` bytes of messages; each takes a few bytes of its own.
//
// It is one and the same in this process and in all that are forked from it afterwards, servers' workers
// included; each of them may free its handle. All its functions: any thread, any process.
swoole_result swoole_channel_new(size_t size,
                                 swoole_channel **channel);

// Frees this process's handle of a channel. NULL is allowed.
void swoole_channel_free(swoole_channel *channel);

// Pushes one message of `len` bytes, which may be 0. `SWOOLE_ERROR_QUEUE_FULL` if there is no room now,
// `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE` if there never will be.
swoole_result swoole_channel_push(swoole_channel *channel,
                                  const void *data,
                                  size_t len);

// Takes the oldest message. `*message` then belongs to the caller, who gives it to `swoole_bytes_free`;
// its `data` is NULL if there was none. A process that is killed meanwhile has taken a whole message or
// none.
swoole_result swoole_channel_pop(swoole_channel *channel,
                                 swoole_bytes *message);

// Writes how much lies in it to `*figures`.
swoole_result swoole_channel_stats(const swoole_channel *channel, swoole_channel_figures *figures);

// Bytes of messages that it holds; 0 if `channel` is NULL.
size_t swoole_channel_capacity(const swoole_channel *channel);

// Makes a lock, which is free. `kind` is a `swoole_lock_kind`; `file` is the path of the file to lock,
// made if it is missing, for SWOOLE_FILELOCK, and NULL for all others.
//
// It is one and the same in this process and in all that are forked from it afterwards, servers' workers
// included; each of them may free its handle. All its functions: any thread, any process.
swoole_result swoole_lock_new(int32_t kind,
                              const char *file,
                              swoole_lock **lock);

// Frees this process's handle of a lock, which it should not hold any more. NULL is allowed.
void swoole_lock_free(swoole_lock *lock);

// Takes it, waiting for `timeout` seconds at most (below 0: without end).
// `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with ETIMEDOUT (the time was over), EDEADLK (this thread holds it and
// would wait for itself), or EINTR (a signal's handler has run; call again): it is not taken then.
swoole_result swoole_lock_lock(swoole_lock *lock,
                               double timeout);

// As `swoole_lock_lock`, together with other readers. Only SWOOLE_RWLOCK and SWOOLE_FILELOCK know
// readers; the other kinds are taken by one alone.
swoole_result swoole_lock_lock_read(swoole_lock *lock, double timeout);

// Takes it if that is possible at once; `*locked` says whether it was.
swoole_result swoole_lock_trylock(swoole_lock *lock, bool *locked);

// As `swoole_lock_trylock`, together with other readers: see `swoole_lock_lock_read`.
swoole_result swoole_lock_trylock_read(swoole_lock *lock, bool *locked);

// Lets it go. `SWOOLE_ERROR_SYSTEM_CALL_FAIL` with EPERM if this thread does not hold it (a semaphore:
// nobody does).
swoole_result swoole_lock_unlock(swoole_lock *lock);

// Makes a place to read rows of `table` into. `*row` then belongs to the caller, who gives it to
// `swoole_table_row_free`; it may outlive the table's handle.
swoole_result swoole_table_row_new(const swoole_table *table, swoole_table_row **row);

// Frees a place for rows. NULL is allowed.
void swoole_table_row_free(swoole_table_row *row);

// The value of an INT column, by its index, in the row that was read last. 0 before anything was read;
// also, with a last error, if it is no INT column.
int64_t swoole_table_row_int(const swoole_table_row *row,
                             int32_t column);

// The same for a FLOAT column.
double swoole_table_row_float(const swoole_table_row *row, int32_t column);

// The same for a STRING column: its bytes, without a final NUL, valid until the row is read into again
// or freed. `data` is NULL, with a last error, if it is no STRING column, and not NULL otherwise.
swoole_data swoole_table_row_bytes(const swoole_table_row *row,
                                   int32_t column);

// The key of the row that `swoole_table_next` has read, without a final NUL, valid as long as the row's
// bytes. Empty after `swoole_table_get`, whose caller knows it. `data` is NULL if `row` is.
swoole_data swoole_table_row_key(const swoole_table_row *row);

// Makes an empty table of `count` columns. It takes exactly `rows` rows, whatever their keys are; with a
// `most` above that it grows by itself, up to so many (0: it does not grow). Memory is taken when rows
// are first used.
//
// The table is one and the same in this process and in all that are forked from it afterwards, servers'
// workers included; each of them may free its handle. All its functions: any thread, any process. A
// process that is killed leaves each row as it was before or after what it was doing, and nobody waits
// for it.
swoole_result swoole_table_new(const swoole_table_column *columns,
                               size_t count,
                               size_t rows,
                               size_t most,
                               swoole_table **table);

// Frees this process's handle of a table. NULL is allowed.
void swoole_table_free(swoole_table *table);

// The index of the column of that name; -1 if there is none.
int32_t swoole_table_find_column(const swoole_table *table, const char *name);

// A value for an INT column.
swoole_table_value swoole_table_int(int32_t column, int64_t value);

// A value for a FLOAT column.
swoole_table_value swoole_table_float(int32_t column, double value);

// A value for a STRING column: `len` bytes, which must stay until it is set.
swoole_table_value swoole_table_bytes(int32_t column, const void *data, size_t len);

// A value for a STRING column: a text that ends with a NUL, which is not stored, and that must stay
// until it is set.
swoole_table_value swoole_table_str(int32_t column, const char *value);

// Sets `count` columns of the row of `key`, which has `key_len` bytes, all at once: no other process
// ever sees a part of them. If there is no such row it is made, with 0, 0.0 and empty in the other
// columns.
//
// With nothing changed: `SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE` if the key or a STRING is too long (nothing
// is ever cut), `SWOOLE_ERROR_INVALID_PARAMS` if a number does not fit its column, a value is of another
// type than its column, or there is no such column; `SWOOLE_ERROR_QUEUE_FULL` if the table is full.
swoole_result swoole_table_set(swoole_table *table,
                               const void *key,
                               size_t key_len,
                               const swoole_table_value *values,
                               size_t count);

// Reads the row of `key` into `row`, as it was at one moment. False, with `row` of no meaning, if there
// is none; also, with a last error, after a wrong call.
bool swoole_table_get(const swoole_table *table,
                      const void *key,
                      size_t key_len,
                      swoole_table_row *row);

// As `swoole_table_get`, but reads one column only; the others in `row` are of no meaning then.
bool swoole_table_get_column(const swoole_table *table,
                             const void *key,
                             size_t key_len,
                             int32_t column,
                             swoole_table_row *row);

// Whether there is a row of that key.
bool swoole_table_exists(const swoole_table *table, const void *key, size_t key_len);

// Deletes the row of that key. False if there is none.
bool swoole_table_delete(swoole_table *table, const void *key, size_t key_len);

// Adds `by`, which may be negative, to an INT column of the row of `key`, in one step for all processes,
// and makes the row if there is none. `sum` may be NULL; it gets the new value. Errors as
// `swoole_table_set`; a sum that does not fit the column is `SWOOLE_ERROR_INVALID_PARAMS`, and the row
// stays as it was.
swoole_result swoole_table_add_int(swoole_table *table,
                                   const void *key,
                                   size_t key_len,
                                   int32_t column,
                                   int64_t by,
                                   int64_t *sum);

// As `swoole_table_add_int`, for a FLOAT column.
swoole_result swoole_table_add_float(swoole_table *table,
                                     const void *key,
                                     size_t key_len,
                                     int32_t column,
                                     double by,
                                     double *sum);

// Goes through the table: reads the next row, and its key (`swoole_table_row_key`), into `row`, and
// moves `*place` on, which is 0 for the first. False when there are no more: `for (size_t place = 0;
// swoole_table_next(table, &place, row);) { ... }`
//
// Others may write meanwhile, and so may the loop: each row that is in the table all the time is found
// exactly once, in no particular order.
bool swoole_table_next(const swoole_table *table,
                       size_t *place,
                       swoole_table_row *row);

// Rows in it; 0 with a last error if `table` is NULL, as the next two.
size_t swoole_table_count(const swoole_table *table);

// Rows that it takes now, before it grows.
size_t swoole_table_capacity(const swoole_table *table);

// Bytes of memory that it takes when so many rows are in use.
size_t swoole_table_memory_size(const swoole_table *table);

// Writes the table's figures to `*figures`. It looks at the whole index for that.
swoole_result swoole_table_stats(const swoole_table *table, swoole_table_figures *figures);

// Shows `title` for this process in `ps`, and its first 15 bytes as the process's name in `top`. It
// is cut to the room that the command line had. `argv` shows the title from then on: copy what is
// still needed of it before. Any process, main thread.
swoole_result swoole_set_process_name(const char *title);

// Number of processors that this process may run on; at least 1. Any process, any thread.
int32_t swoole_cpu_num(void);

// Writes the address of each network interface that has one, the loopback's excepted, to `list`, as
// many as it has room for (`capacity`), and the number of all there are to `*count`. `list` may be
// NULL with a `capacity` of 0. `family` is AF_INET or AF_INET6. Any process, any thread.
swoole_result swoole_get_local_ip(int32_t family,
                                  swoole_local_address *list,
                                  size_t capacity,
                                  size_t *count);

// The same for hardware addresses, in the form `02:42:ac:11:00:02`; the loopback's, all zero, is
// among them.
swoole_result swoole_get_local_mac(swoole_local_address *list, size_t capacity, size_t *count);

// A number from 0 on for `len` bytes, the same in every process and on every machine, as PHP's
// function of that name: h * 33 + byte for each of them, from 5381, in 63 bits. Not for secrets. 0
// with a last error if `data` is NULL and `len` is not 0. Any process, any thread.
int64_t swoole_hashcode(const void *data, size_t len);

// Sends a message over a WebSocket, from any process of the server to a connection of any worker. `opcode` is a `swoole_websocket_opcode`;
// `flags`: `SWOOLE_WEBSOCKET_FLAG_FIN` for a whole message; a message in parts has it in the last of them only, and the further
// ones are continuations.
//
// `SWOOLE_ERROR_WEBSOCKET_UNCONNECTED` if it is no open WebSocket, `SWOOLE_ERROR_WEBSOCKET_PACK_FAILED` for text that is not UTF-8 and for a
// control frame of more than 125 bytes; else as `swoole_server_send`. A close is sent by `swoole_server_disconnect`.
swoole_result swoole_server_push(swoole_server *server,
                                 int64_t session,
                                 const void *data,
                                 size_t len,
                                 int32_t opcode,
                                 int32_t flags);

// Ends a WebSocket in order: sends a close with `code` and a reason of `len` bytes (at most 123, UTF-8); the connection
// is closed when the client has answered, or after a moment. `SWOOLE_ERROR_INVALID_PARAMS` for a code that may not be sent; 1000 is
// the usual one, 1005 stands for none.
swoole_result swoole_server_disconnect(swoole_server *server,
                                       int64_t session,
                                       int32_t code,
                                       const void *reason,
                                       size_t len);

// Whether a connection is an open WebSocket. False if `server` is NULL.
bool swoole_server_is_established(const swoole_server *server, int64_t session);

// Runs in: worker, when a client has become a WebSocket by the library's own handshake. WebSocket ports
// (option `open_websocket_protocol`).
swoole_result swoole_server_on_open(swoole_server *server,
                                    swoole_websocket_open_fn callback,
                                    void *userdata);

// As `swoole_server_on_open`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_open(swoole_server *server,
                                         int32_t port_id,
                                         swoole_websocket_open_fn callback,
                                         void *userdata);

// Runs in: worker, when a message has come: whole, unmasked and uncompressed. WebSocket ports; each needs
// one. Control frames come only if the options `open_websocket_close_frame`, `_ping_frame`, `_pong_frame` say so; else the library answers
// them by itself.
swoole_result swoole_server_on_message(swoole_server *server,
                                       swoole_websocket_message_fn callback,
                                       void *userdata);

// As `swoole_server_on_message`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_message(swoole_server *server,
                                            int32_t port_id,
                                            swoole_websocket_message_fn callback,
                                            void *userdata);

// Runs in: worker, when a client asks for a WebSocket, which this answers instead of the library: by
// `swoole_http_response_upgrade`, or by a refusal. The open event is not called then.
swoole_result swoole_server_on_handshake(swoole_server *server,
                                         swoole_http_request_fn callback,
                                         void *userdata);

// As `swoole_server_on_handshake`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_handshake(swoole_server *server,
                                              int32_t port_id,
                                              swoole_http_request_fn callback,
                                              void *userdata);

// Runs in: worker, before the library answers a client that asks for a WebSocket: headers may be
// added to the response; another status than 101, or an answer that is ended here, refuses it. A copy of
// the request is given.
swoole_result swoole_server_on_before_handshake_response(swoole_server *server,
                                                         swoole_http_request_fn callback,
                                                         void *userdata);

// As `swoole_server_on_before_handshake_response`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_before_handshake_response(swoole_server *server,
                                                              int32_t port_id,
                                                              swoole_http_request_fn callback,
                                                              void *userdata);

// Runs in: worker, when a connection of a WebSocket port has gone that never was a WebSocket, in the place
// of the close event.
swoole_result swoole_server_on_disconnect(swoole_server *server,
                                          swoole_buffer_fn callback,
                                          void *userdata);

// As `swoole_server_on_disconnect`, for one port: it is called there instead of the server's.
swoole_result swoole_server_on_port_disconnect(swoole_server *server,
                                               int32_t port_id,
                                               swoole_buffer_fn callback,
                                               void *userdata);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SWOOLE_RS_H */
