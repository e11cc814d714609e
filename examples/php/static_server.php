<?php

// Serves a directory, with its index pages and lists, and one page of its own.   php static_server.php /usr/share/doc   then http://127.0.0.1:9501

$root = realpath($argv[1] ?? (getenv('SWOOLE_ROOT') ?: '.')) ?: exit("there is no such directory\n");

$server = new Swoole\Http\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set([
    'enable_static_handler' => true,
    'document_root' => $root,            // nothing outside of it is sent, whatever the path or link
    'http_index_files' => ['index.html'],
    'http_autoindex' => true,            // a list of what is in a directory without such a file
]);
swoole_mime_type_set('md', 'text/markdown; charset=utf-8');

// What is no file comes here.
$server->on('request', function (Swoole\Http\Request $request, Swoole\Http\Response $response) {
    if ($request->server['request_uri'] === '/.time') {
        $response->end(date('c') . "\n");
        return;
    }
    $response->status(404);
    $response->end("{$request->server['request_uri']} is not there\n");
});

echo "$root on http://$server->host:$server->port\n";
$server->start();
