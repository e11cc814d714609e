<?php

namespace Swoole\Server;

/**
 * A listening port. Ports come from Server::listen(); the primary one is $server->ports[0].
 *
 * A port without a callback for an event uses the server's. A port on which set() was never called
 * has the settings of the primary port.
 */
class Port
{
    /** host or path as given to listen() */
    public ?string $host = null;
    /** the real port number; 0 for a Unix socket */
    public int $port = 0;
    /** SWOOLE_SOCK_* */
    public int $type = 0;
    /** descriptor of the listening socket */
    public int $sock = -1;
    public bool $ssl = false;
    public ?array $setting = null;
    /** the open connections of this port */
    public ?\Swoole\Connection\Iterator $connections = null;

    // The callbacks set with on(); change them with on(), not here.
    public mixed $onConnect = null;
    public mixed $onReceive = null;
    public mixed $onPacket = null;
    public mixed $onClose = null;
    public mixed $onBufferFull = null;
    public mixed $onBufferEmpty = null;
    public mixed $onRequest = null;
    public mixed $onHandshake = null;
    public mixed $onBeforeHandshakeResponse = null;
    public mixed $onOpen = null;
    public mixed $onMessage = null;
    public mixed $onDisconnect = null;

    public function __construct() {}

    public function __destruct() {}

    /** Sets options of this port. A value that is not taken is warned of, and the server's start() refuses then. */
    public function set(array $settings): void {}

    /**
     * Sets a callback of this port: connect, receive, packet, close, bufferFull, bufferEmpty, request, handshake, beforeHandshakeResponse, open, message,
     * disconnect.
     */
    public function on(string $event_name, callable $callback): bool {}

    /** The port's own callback for an event, or null. */
    public function getCallback(string $event_name): ?\Closure {}

    /** The listening socket. Needs PHP's sockets extension. */
    public function getSocket(): \Socket|false {}
}
