<?php

namespace Swoole\Http;

/**
 * The answer to a request. It must be ended, by end(), sendfile(), redirect(), detach() or upgrade(), now or later; one that is destroyed before answers 500.
 * Methods that fail answer false; mistakes of the script, as calling one when it was ended, raise E_WARNING too.
 */
class Response
{
    /** the session it goes to */
    public int $fd = 0;
    /** not used by this build */
    public mixed $socket = null;
    /** headers that were set, by their names */
    public mixed $header = null;
    /** cookies that were set, as the values of Set-Cookie */
    public mixed $cookie = null;
    public mixed $trailer = null;

    /** Does nothing; whether the answer is still to be given. */
    public function initHeader(): bool {}

    /** Whether something can still be sent: the answer was neither ended nor detached, and the client is there. */
    public function isWritable(): bool {}

    /**
     * Sets a cookie, whose value is urlencoded. Instead of a name it takes a Cookie, which has all of it; in the place of $expires an array as setcookie() takes.
     *
     * @param int|array $expires seconds since 1970; 0: until the browser ends. Or: expires, path, domain, secure, httponly, samesite, priority, partitioned
     * @param string $samesite Strict, Lax or None
     * @param string $priority Low, Medium or High
     */
    public function cookie(\Swoole\Http\Cookie|string $name_or_object, string $value = '', int $expires = 0, string $path = '/', string $domain = '', bool $secure = false, bool $httponly = false, string $samesite = '', string $priority = '', bool $partitioned = false): bool {}

    /** As cookie(). */
    public function setCookie(\Swoole\Http\Cookie|string $name_or_object, string $value = '', int $expires = 0, string $path = '/', string $domain = '', bool $secure = false, bool $httponly = false, string $samesite = '', string $priority = '', bool $partitioned = false): bool {}

    /** As cookie(), with the value as it is. */
    public function rawcookie(\Swoole\Http\Cookie|string $name_or_object, string $value = '', int $expires = 0, string $path = '/', string $domain = '', bool $secure = false, bool $httponly = false, string $samesite = '', string $priority = '', bool $partitioned = false): bool {}

    /** As rawcookie(). */
    public function setRawCookie(\Swoole\Http\Cookie|string $name_or_object, string $value = '', int $expires = 0, string $path = '/', string $domain = '', bool $secure = false, bool $httponly = false, string $samesite = '', string $priority = '', bool $partitioned = false): bool {}

    /** Sets the status, 200 if not set; an empty reason is the standard's. */
    public function status(int $http_code, string $reason = ''): bool {}

    /** As status(). */
    public function setStatusCode(int $http_code, string $reason = ''): bool {}

    /**
     * Sets a header in the place of all of that name; an array gives a line for each value, null takes the header away. Control characters in it are refused.
     *
     * @param bool $format write the name as Content-Type is written
     */
    public function header(string $key, array|string $value, bool $format = true): bool {}

    /** As header(). */
    public function setHeader(string $key, array|string $value, bool $format = true): bool {}

    /** A header behind the body, which is sent in chunks then. */
    public function trailer(string $key, string $value): bool {}

    /** Compresses the body if the client takes that, with level 1 to 9; 0: does not. Needed only where http_compression is off, or for another level. */
    public function gzip(int $compress_level = 1): bool {}

    /** Sends a part of the body; the first one sends the head. An empty part is refused. */
    public function write(string $content): bool {}

    /** Sends the body, or the rest of it, and ends the answer. */
    public function end(?string $content = null): bool {}

    /** Sends a file, or a part of it (length 0: to its end), and ends the answer. A Range that the client asks for is served if the whole file was asked for. */
    public function sendfile(string $filename, int $offset = 0, int $length = 0): bool {}

    /** Sends the client elsewhere, and ends the answer. */
    public function redirect(string $location, int $http_code = 302): bool {}

    /** Gives the answer up to create(), which makes another object for it, in any process of the server. */
    public function detach(): bool {}

    /**
     * create($fd) or create($server, $fd): an answer to the present request of that session, which another object was given up for by detach(). False, with a warning: there
     * is none.
     */
    public static function create(object|array|int $server = -1, int $fd = -1): \Swoole\Http\Response|false {}

    /** Answers a request for a WebSocket: the connection is one from then on. */
    public function upgrade(): bool {}

    /** As Swoole\WebSocket\Server::push(), to this connection. */
    public function push(\Swoole\WebSocket\Frame|string $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool {}

    /** As Swoole\WebSocket\Server::ping(), to this connection. */
    public function ping(string $data = ''): bool {}

    /** As Swoole\WebSocket\Server::disconnect(), of this connection. */
    public function disconnect(int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ''): bool {}

    /** Closes the connection. */
    public function close(): bool {}

    public function __destruct() {}
}
