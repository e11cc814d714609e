<?php
// The properties of a request tell what the client has sent, and over which connection.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(fn ($request, $response) => $response->end(json_encode([
    $request->header, $request->server, $request->get, $request->cookie, $request->post, $request->files, $request->tmpfiles,
    $request->fd, $request->streamId, $request->getMethod(), $request->rawContent(), $request->getData() === $request->getContent(),
])));
$client = $srv->connect();
$headers = ['User-Agent: me', 'X-Two: a', 'X-two: b', 'Cookie: a=1; b=x%20y+z', 'Cookie: c=3; a=2'];
[$header, $server, $get, $cookie, $post, $files, $tmpfiles, $fd, $stream, $method, $content, $same] = fetch($client, '/a%20b?x=1&y=%2B+', 'DELETE', $headers)->json();
same(['host' => 'test', 'user-agent' => 'me', 'x-two' => 'a, b', 'cookie' => 'a=1; b=x%20y+z; c=3; a=2'], $header);
same(['x' => '1', 'y' => '+ '], $get);
same(['a' => '1', 'b' => 'x y+z', 'c' => '3'], $cookie);
same([null, null, null, 0, 'DELETE', '', false], [$post, $files, $tmpfiles, $stream, $method, $content, $same]);
ok($fd > 0, 'a session');
$port = (int) explode(':', stream_socket_get_name($client->stream, false))[1];
same(['/a%20b', '/a b', 'x=1&y=%2B+', 'DELETE', 'HTTP/1.1', '127.0.0.1', $port, '127.0.0.1', $srv->port], array_map(fn ($name) => $server[$name], [
    'request_uri', 'path_info', 'query_string', 'request_method', 'server_protocol', 'remote_addr', 'remote_port', 'server_addr', 'server_port',
]));
between(time() - 60, time(), $server['request_time'], 'the time of the request');
same($server['request_time'], (int) $server['request_time_float']);
ok(!isset(fetch($srv, '/')->json()[1]['query_string']), 'no query');
$srv->stop();
