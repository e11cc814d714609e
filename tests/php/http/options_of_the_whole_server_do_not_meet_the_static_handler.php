<?php
// `OPTIONS *` is for the server as a whole: with enable_static_handler it is answered as without, also if there is a file of that name.
require __DIR__ . '/../../support/php/bootstrap.php';

mkdir($root = tmp('root'));
file_put_contents("$root/*", 'a file');
file_put_contents("$root/a.txt", 'text');
$ask = function (array $settings) {
    $srv = serveHttp(function ($request, $response) {
        $response->header('Allow', 'GET, OPTIONS');
        $response->end($request->server['request_method'] . ' ' . $request->server['request_uri']);
    }, $settings);
    $client = $srv->connect();
    $answer = fetch($client, '*', 'OPTIONS');
    // Over the same connection.
    $found = [$answer->status, $answer->header('allow'), $answer->body, fetch($client, '/a.txt')->body];
    $srv->stop();
    return $found;
};
$files = ['enable_static_handler' => true, 'document_root' => $root];
same([200, 'GET, OPTIONS', 'OPTIONS *', 'GET /a.txt'], $ask([]));
same([200, 'GET, OPTIONS', 'OPTIONS *', 'text'], $ask($files));
same([200, 'GET, OPTIONS', 'OPTIONS *', 'text'], $ask($files + ['static_handler_locations' => ['/']]));
same([200, 'GET, OPTIONS', 'OPTIONS *', 'text'], $ask($files + ['http_autoindex' => true]));
