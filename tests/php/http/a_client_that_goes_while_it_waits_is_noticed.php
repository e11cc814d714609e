<?php
// A client that closes its socket while its answer is awaited has gone: onClose is called, and what is answered later says so. With TLS as well.
require __DIR__ . '/../../support/php/bootstrap.php';
require_once __DIR__ . '/../../support/php/tls.php';

$files = (new Authority())->issue();
$srv = serveHttp(function ($request, $response) use (&$kept) {
    if ($request->server['path_info'] === '/wait') {
        $kept = $response;
        note('asked', $request->fd);
        return;
    }
    $response->end(json_encode([$kept->isWritable(), @$kept->end('late')]));
    $kept = null;
}, [], function ($server) use ($files) {
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL)->set(['open_http_protocol' => true] + $files);
    $server->on('close', fn ($server, $fd) => note('close', $fd));
});
$asked = 0;
$gone = function (Closure $leave) use ($srv, &$asked) {
    $leave(requestOf('GET', '/wait'));
    [$fd] = $srv->await('asked', ++$asked);
    eventually(fn () => in_array([$fd], $srv->notes('close')), 'onClose');
    same([false, false], fetch($srv, '/')->json());
};
$secured = fn () => secured('tcp://127.0.0.1:' . $srv->ports[1][1]);
$heard = fn () => $srv->await('asked', $asked + 1);
// After the worker has it, and at once.
$gone(function ($request) use ($srv, $heard) {
    $client = $srv->connect()->write($request);
    $heard();
    $client->close();
});
$gone(fn ($request) => $srv->connect()->write($request)->close());
$gone(function ($request) use ($secured, $heard) {
    fwrite($client = $secured(), $request);
    $heard();
    fclose($client);
});
$gone(function ($request) use ($secured) {
    fwrite($client = $secured(), $request);
    fclose($client);
});
$srv->stop();
