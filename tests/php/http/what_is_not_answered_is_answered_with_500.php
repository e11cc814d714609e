<?php
// A handler that throws, dies, exits, forgets or drops the answer leaves no client waiting.
// php: -d swoole.display_errors=0
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    switch ($request->server['path_info']) {
        case '/throw':
            throw new LogicException('thrown by the test');
        case '/exit':
            exit(0);
        case '/fatal':
            eval('function twice() {} function twice() {}');
            break;
        case '/drop':
            unset($response);
            break;
        case '/forget':
            break;
        case '/write':
            $response->write('a part');
            break;
        default:
            $response->end('fine');
    }
});
$srv->allow('~thrown by the test|Cannot redeclare|ended by exit code|Stack trace|#\d|thrown in~');
$client = $srv->connect();
foreach (['/throw', '/drop', '/forget'] as $path) {
    same([500, 'fine'], [fetch($client, $path)->status, fetch($client, '/')->body], $path);
}
$client = $srv->connect()->write(requestOf('GET', '/write'));
contains('a part', $client->rest()); // cut off: no last chunk, and the end of the connection
foreach (['/exit', '/fatal'] as $path) {
    same(500, fetch($srv, $path)->status, $path);
    eventually(function () use ($srv) {
        try {
            return fetch($srv, '/')->body === 'fine';
        } catch (Failed) {
            return false;
        }
    }, 'the next worker');
}
$srv->stop();
