<?php

namespace Swoole\WebSocket;

/** What goes over a WebSocket: a message, a part of one, or a control frame. */
class Frame
{
    /** the session it came over */
    public int $fd = 0;
    public string $data = '';
    /** SWOOLE_WEBSOCKET_OPCODE_* */
    public int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT;
    /** SWOOLE_WEBSOCKET_FLAG_* */
    public int $flags = SWOOLE_WEBSOCKET_FLAG_FIN;
    /** whether it is the last of its message; where a script sets it, it counts instead of the flag */
    public mixed $finish = null;

    /** As pack(). */
    public function __toString(): string {}

    /** The bytes of a frame, as they go over a connection. */
    public static function pack(\Swoole\WebSocket\Frame|string $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): string {}

    /** @return \Swoole\WebSocket\Frame|false the frame at the front of some bytes; false: it is not whole, or none */
    public static function unpack(string $data) {}
}

/** The end of a WebSocket. */
class CloseFrame extends \Swoole\WebSocket\Frame
{
    public int $opcode = SWOOLE_WEBSOCKET_OPCODE_CLOSE;
    /** SWOOLE_WEBSOCKET_CLOSE_*; 1005: the client gave none */
    public int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL;
    public string $reason = '';
}
