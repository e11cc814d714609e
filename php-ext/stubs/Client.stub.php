<?php

namespace Swoole;

/**
 * A client of TCP, UDP and Unix sockets. The classic name `swoole_client` is the same class.
 *
 * Made with SWOOLE_SOCK_ASYNC as second argument (or SWOOLE_ASYNC or-ed to the type) it is event-driven: connect() begins to connect, and the event
 * loop calls what was set with on(). Otherwise it waits for what it is asked for, each time at most as long as connect() was told.
 *
 * What fails answers false and says why in $errCode, $errMsg and swoole_last_error(). A warning is raised as well, unless it is a peer's that is
 * slow or gone: a timeout (11, EAGAIN), a reset, a full buffer.
 */
class Client
{
    // flags of recv()
    public const MSG_OOB = 1;
    public const MSG_PEEK = 2;
    public const MSG_DONTWAIT = 64;
    public const MSG_WAITALL = 256;

    // sides of a connection, for shutdown()
    public const SHUT_RDWR = 2;
    public const SHUT_RD = 0;
    public const SHUT_WR = 1;

    /** number of the last error: an errno or a SWOOLE_ERROR_*; 0: connect() went well since */
    public int $errCode = 0;
    /** descriptor of the socket; -1: there is none */
    public int $sock = -1;
    /** SWOOLE_KEEP: whether connect() has taken up a kept connection */
    public bool $reuse = false;
    /** and how often that connection has been taken up */
    public int $reuseCount = 0;
    /** as given to the constructor */
    public int $type = 0;
    /** as given to the constructor */
    public ?string $id = null;
    /** what was set with set() */
    public ?array $setting = null;
    /** the last error in words */
    public string $errMsg = '';

    // The callbacks set with on(); change them with on(), not here.
    public mixed $onConnect = null;
    public mixed $onReceive = null;
    public mixed $onError = null;
    public mixed $onClose = null;
    public mixed $onBufferFull = null;
    public mixed $onBufferEmpty = null;

    /**
     * @param int $type SWOOLE_SOCK_*; SWOOLE_KEEP or-ed to it keeps the connection of a client that waits in this process when it is closed
     * @param bool $async SWOOLE_SOCK_ASYNC (true) or SWOOLE_SOCK_SYNC (false)
     * @param string $id SWOOLE_KEEP: connections under different ids are not taken for one another
     * @throws Client\Exception there is no such type, or what was or-ed to it does not go together
     */
    public function __construct(int $type, bool $async = false, string $id = '') {}

    public function __destruct() {}

    /**
     * Sets options: the packet protocols and socket options of a server's port, bind_address, bind_port, and proxies. Holds from the next
     * connect() on. False with a warning if one was not taken.
     */
    public function set(array $settings): bool {}

    /**
     * Connects. Event-driven: begins to; true: onConnect or onError is called soon.
     *
     * @param string $host an address, a name, or the path of a Unix socket
     * @param float $timeout seconds in all, for the name and a proxy too, and then for each call that waits; 0 or less: no limit
     * @param int $sock_flag 1: TCP does not wait until it is connected, nor does any later call; swoole_client_select() tells when it can be written to
     * @throws Client\Exception event-driven: a callback is missing (connect, receive, error and close are needed; for datagrams receive)
     */
    public function connect(string $host, int $port = 0, float $timeout = 0.5, int $sock_flag = 0): bool {}

    /**
     * Receives what has come, at most $size bytes, or one datagram; with a packet protocol exactly one package, however long. An empty string:
     * the peer has closed; call close(). False: an error, or nothing came in time ($errCode 11).
     *
     * @param int $flag MSG_* of this class or-ed; true is MSG_WAITALL
     */
    public function recv(int $size = 65536, int $flag = 0): string|false {}

    /**
     * Sends all of $data. Event-driven: what the peer does not take at once waits, up to socket_buffer_size bytes.
     *
     * @param int $flag of a client that waits: MSG_DONTWAIT, MSG_OOB
     * @return int|false how many bytes that are
     */
    public function send(string $data, int $flag = 0): int|false {}

    /** Sends a file, or $length bytes of it from $offset on. 0: to its end. */
    public function sendfile(string $filename, int $offset = 0, int $length = 0): bool {}

    /** Sends a datagram; needs no connect(). Event-driven: $ip is an address and no name. */
    public function sendto(string $ip, int $port, string $data): bool {}

    /** Ends one side of the connection or both. */
    public function shutdown(int $how): bool {}

    /** Whether it is connected, as far as is known here. */
    public function isConnected(): bool {}

    /** @return array{host: string, port: int}|false its own address */
    public function getsockname(): array|false {}

    /** @return array{host: string, port: int}|false the peer's; of datagrams, the sender of the last one */
    public function getpeername(): array|false {}

    /** The socket. Needs PHP's sockets extension. */
    public function getSocket(): \Socket|false {}

    /**
     * Goes over to TLS on a connection that there is. A client that waits comes back when the handshake is over; an event-driven one calls the
     * function then, with itself.
     */
    public function enableSSL(?callable $onSslReady = null): bool {}

    /** The certificate that the peer has shown, in PEM. */
    public function getPeerCert(): string|bool {}

    /** Checks the peer's certificate as `ssl_verify_peer` does. */
    public function verifyPeerCert(bool $allow_self_signed = false): bool {}

    /**
     * Closes. With SWOOLE_KEEP the connection is kept for a later connect() instead, unless $force. Event-driven: what waits to be sent is sent first, unless
     * $force; onClose is called then. False: it was not connected.
     */
    public function close(bool $force = false): bool {}

    /**
     * Event-driven: hands what is received from now on straight to another client, stream, socket or descriptor instead of onReceive; null ends that.
     */
    public function pipe($dst_socket): bool {}

    /** Event-driven: reads no more until wakeup(). */
    public function sleep(): bool {}

    /** Event-driven: reads again. */
    public function wakeup(): bool {}

    /** As sleep(). */
    public function pause(): bool {}

    /** As wakeup(). */
    public function resume(): bool {}

    /** Event-driven: sets a callback: connect, receive, error, close, bufferFull, bufferEmpty, each with the client, receive with the data too. */
    public function on(string $event_name, callable $callback): bool {}
}
