<?php
// A worker asks another server while it goes on serving; a connection that is only kept holds up no reload.
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$back = new Peer(function ($connection) {
    while ([$line] = requestFrom($connection)) {
        fwrite($connection, answerOf(200, "said to $line"));
    }
});
$srv = serve(function (Swoole\Http\Server $server) use ($back) {
    $server->set(['worker_num' => 1, 'max_wait_time' => 30]);
    $client = null;
    $server->on('request', function ($request, $response) use ($back, &$client) {
        $client ??= new Swoole\Http\Client('127.0.0.1', $back->port);
        $client->get($request->server['request_uri'], fn ($client) => $response->end("$client->statusCode $client->body"));
    });
}, class: Swoole\Http\Server::class);
foreach (['/a', '/b'] as $path) {
    same("200 said to GET $path HTTP/1.1", file_get_contents("http://127.0.0.1:$srv->port$path"));
}
$since = microtime(true);
$worker = $srv->worker();
$srv->signal(SIGUSR1);
eventually(fn () => !alive($worker), 'the worker has left');
same('200 said to GET /c HTTP/1.1', file_get_contents("http://127.0.0.1:$srv->port/c"));
$srv->stop();
ok(microtime(true) - $since < 15, 'the reload waits for nothing');
