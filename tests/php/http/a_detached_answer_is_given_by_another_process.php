<?php
// detach() gives an answer up, create() makes another object for it: here in a task worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) use (&$server) {
    if ($request->server['path_info'] === '/never') {
        [$none, $told] = warnings(fn () => Swoole\Http\Response::create(99999));
        $response->end(json_encode([$none, count($told)]));
        return;
    }
    $fd = $response->fd;
    $detached = $response->detach();
    $server->task([$fd, $detached, $response->isWritable()]);
}, ['task_worker_num' => 1], function ($made) use (&$server) {
    $server = $made;
    $server->on('task', function ($server, $id, $worker, $data) {
        $response = Swoole\Http\Response::create($server, $data[0]);
        $response->header('x-by', 'task');
        $response->end(json_encode([$data[1], $data[2], $response->fd === $data[0], $server->taskworker]));
    });
});
$client = $srv->connect();
foreach ([1, 2] as $_) {
    $answer = fetch($client, '/');
    same([[true, false, true, true], 'task'], [$answer->json(), $answer->header('x-by')]);
}
same([false, 1], fetch($client, '/never')->json());
$srv->stop();
