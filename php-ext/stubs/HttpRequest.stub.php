<?php

namespace Swoole\Http;

/**
 * A request. Its properties are read from what the client has sent when a script first looks at them. An array that would be empty is null,
 * but for header and server.
 *
 * Names of fields and cookies are read as PHP reads them for $_GET and $_POST: `a[b][]` makes arrays, dots and spaces become underscores, and the INI
 * directives max_input_vars and max_input_nesting_level bound them.
 */
class Request
{
    /** the session it came over; 0 for one made by create() */
    public int $fd = 0;
    /** always 0 over HTTP/1 */
    public int $streamId = 0;
    /** headers by their names in lower case; values of one that came several times are joined by ", " (those of cookie by "; ") */
    public mixed $header = null;
    /**
     * request_method, request_uri (the path as it came), path_info (decoded), query_string if there is one, server_protocol, server_software, request_time,
     * request_time_float, server_addr (the address the client connected to), server_port, remote_port, remote_addr, master_time
     */
    public mixed $server = null;
    /** decoded cookies; of two with one name the first counts. Null if http_parse_cookie is off */
    public mixed $cookie = null;
    /** fields of the query */
    public mixed $get = null;
    /** uploaded files, in the form of $_FILES. Null if http_parse_files is off. is_uploaded_file() and move_uploaded_file() know them */
    public mixed $files = null;
    /** fields of a form in the body. Null if http_parse_post is off */
    public mixed $post = null;
    /** paths of the uploaded files; those that were not moved are deleted with the request */
    public mixed $tmpfiles = null;
    /** headers that came behind a body in chunks, by their names in lower case */
    public mixed $trailer = null;

    /** As rawContent(). */
    public function getContent(): string|false {}

    /** The body. False: the request is not whole, or the body was an upload that went to disk as it came. */
    public function rawContent(): string|false {}

    /** Head and body as they came, but for chunks, which are joined. False: as rawContent(). */
    public function getData(): string|false {}

    /**
     * A request that the script parses by itself.
     *
     * @param array $options parse_cookie, parse_body, parse_files (all true), upload_tmp_dir
     */
    public static function create(array $options = []): \Swoole\Http\Request {}

    /** Takes the next bytes of such a request: how many of them belong to it. False: it is refused, or was whole before. */
    public function parse(string $data): int|false {}

    /** Whether the request is whole. */
    public function isCompleted(): bool {}

    public function getMethod(): string|false {}

    public function __destruct() {}
}
