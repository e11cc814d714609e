<?php

namespace Swoole\WebSocket;

/**
 * A server of WebSockets, and of HTTP on the same port. The classic name `swoole_websocket_server` is the same class.
 *
 * onMessage(Server $server, Frame $frame) is needed. The methods work in any process of the server, for any connection of it.
 */
class Server extends \Swoole\Http\Server
{
    /**
     * Sends a message, or with flags without SWOOLE_WEBSOCKET_FLAG_FIN a part of one. False: it is no open WebSocket; text is not UTF-8.
     *
     * @param \Swoole\WebSocket\Frame|string $data a frame has opcode and flags of its own
     * @param int $flags SWOOLE_WEBSOCKET_FLAG_*; true and false stand for FIN and none
     */
    public function push(int $fd, \Swoole\WebSocket\Frame|string $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool {}

    /** Begins the closing handshake, with a code that may be sent and a reason of at most 123 bytes. */
    public function disconnect(int $fd, int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ''): bool {}

    /** Pings the client; its pong comes to onMessage if open_websocket_pong_frame is set. */
    public function ping(int $fd, string $data = ''): bool {}

    /** Whether a connection is an open WebSocket. */
    public function isEstablished(int $fd): bool {}

    /** The bytes of a frame, as they go over a connection. */
    public static function pack(\Swoole\WebSocket\Frame|string $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): string {}

    /** @return \Swoole\WebSocket\Frame|false the frame at the front of some bytes; false: it is not whole, or none */
    public static function unpack(string $data) {}
}
