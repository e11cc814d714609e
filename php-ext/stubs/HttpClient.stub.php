<?php

namespace Swoole\Http;

/**
 * An event-driven client of HTTP/1.1, which may become a WebSocket. The classic name `swoole_http_client` is the same class.
 *
 * What is asked for is done in order, over one connection that is kept as long as the server keeps it. The callback of each request is called once, with the client, whose
 * properties tell the answer. Cookies are kept from one request to the next. A connection that is only kept does not keep the event loop running.
 */
class Client
{
    /** SWOOLE_SOCK_TCP, SWOOLE_SOCK_TCP6 or SWOOLE_SOCK_UNIX_STREAM */
    public int $type = 0;
    /** why there is no answer: an errno or a SWOOLE_ERROR_*; 0: there is one */
    public int $errCode = 0;
    /** the same in words */
    public string $errMsg = '';
    /** descriptor of the connection; -1: there is none */
    public int $sock = -1;
    /** status of the last answer; below 0: there was none, see SWOOLE_HTTP_CLIENT_ESTATUS_* */
    public int $statusCode = 0;
    /** as given to the constructor */
    public string $host = '';
    /** as given to the constructor, or 80, or 443 with TLS */
    public int $port = 0;
    /** with TLS */
    public bool $ssl = false;
    /** what was set with set() */
    public ?array $setting = null;
    /** what was set with setMethod(), for the next request */
    public ?string $requestMethod = null;
    /** what was set with setHeaders() */
    public ?array $requestHeaders = null;
    /** what was set with setData(), for the next request */
    public mixed $requestBody = null;
    /** what was added with addFile(), for the next request */
    public ?array $uploadFiles = null;
    /** the file of the last download() */
    public ?string $downloadFile = null;
    /** the Set-Cookie headers of the last answer as they came; null: it had none */
    public ?array $set_cookie_headers = null;
    /** headers of the last answer, names in lower case; values of one name are joined by ", " */
    public ?array $headers = null;
    /** the cookies that are sent: those of setCookies() and of answers, decoded */
    public ?array $cookies = null;
    /** body of the last answer, unpacked; empty after a download */
    public string $body = '';

    // The callbacks set with on(); change them with on(), not here.
    public mixed $onConnect = null;
    public mixed $onError = null;
    public mixed $onMessage = null;
    public mixed $onClose = null;

    /**
     * @param string $host a name, an address, or `unix:/path`
     * @param int $port 0: 80, with TLS 443
     * @param bool $ssl with TLS
     * @throws \Swoole\Exception the host or port cannot be one
     */
    public function __construct(string $host, int $port = 0, bool $ssl = false) {}

    public function __destruct() {}

    /**
     * Sets options: timeout, connect_timeout, keep_alive, websocket_mask, websocket_compression, package_max_length, those of TLS, proxies and sockets. Holds from the next request on. False with a
     * warning if one was not taken.
     */
    public function set(array $settings): bool {}

    /** Sets the method of the next request. */
    public function setMethod(string $method): bool {}

    /** Sets the headers of all requests from now on; an array as value gives several lines. What is left out is made where it is needed. */
    public function setHeaders(array $headers): bool {}

    /** Sets the cookies, in the place of all that are there. Values are encoded as rawurlencode() does. */
    public function setCookies(array $cookies): bool {}

    /** Sets the data of the next request: an array is a form (arrays in it as PHP reads them), a string is sent as it is. */
    public function setData(array|string $data): bool {}

    /**
     * Adds a file to the next request, which becomes a multipart form; the file is read while it is sent.
     *
     * @param string $name name of the field
     * @param string $type media type; empty: by the file's name
     * @param string $filename what the server is told; empty: the file's name
     * @param int $length bytes from $offset on; 0: to its end
     */
    public function addFile(string $path, string $name, string $type = '', string $filename = '', int $offset = 0, int $length = 0): bool {}

    /**
     * Does a request with what was set: without setMethod() a GET, or a POST if there is data. $callback gets the client. False with a warning if it cannot be sent as it is.
     */
    public function execute(string $path, callable $callback): bool {}

    public function get(string $path, callable $callback): bool {}

    public function post(string $path, array|string $data, callable $callback): bool {}

    /** Asks for a WebSocket: with $statusCode 101 in the callback there is one; messages come to onMessage. */
    public function upgrade(string $path, callable $callback): bool {}

    /**
     * Puts the body of the answer (200, 206) into a file as it comes; that of another answer is $body.
     *
     * @param int $offset goes on there, if the server can; what the file holds behind it is cut off
     */
    public function download(string $path, string $file, callable $callback, int $offset = 0): bool {}

    /**
     * Sends a frame over the WebSocket.
     *
     * @param \Swoole\WebSocket\Frame|string $data a frame counts with its own opcode and flags
     * @param int $finish true, or SWOOLE_WEBSOCKET_FLAG_*
     */
    public function push(\Swoole\WebSocket\Frame|string $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $finish = SWOOLE_WEBSOCKET_FLAG_FIN): bool {}

    public function isConnected(): bool {}

    /** Closes the connection. What was asked for and is not answered fails with status -3. False: there was nothing to close. */
    public function close(): bool {}

    /** Sets the callback for an event: connect, error, message, close. */
    public function on(string $event_name, callable $callback): bool {}
}
