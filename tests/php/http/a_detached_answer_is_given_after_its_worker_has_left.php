<?php
// A worker that leaves in order, or dies while a task of its is being done, takes no detached answer with it; but it is not waited for without end.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) use (&$server) {
    $path = $request->server['path_info'];
    if ($path === '/kill') {
        posix_kill(posix_getpid(), SIGKILL);
    }
    $response->detach();
    if ($path === '/task') {
        $server->task($request->fd);
    }
}, ['task_worker_num' => 1, 'http_detach_timeout' => 4], function ($made) use (&$server) {
    $server = $made;
    $server->on('task', function ($server, $id, $worker, $fd) {
        note('task', $fd);
        holdFor(tmp("go-$fd"));
        Swoole\Http\Response::create($fd)->end('late');
    });
});
$srv->allow('~ended by signal 9~');

$begin = fn (string $path) => $srv->connect()->write(requestOf('GET', $path));
// Nobody takes the first up; the task that has the second is being done when its worker is replaced, and when the next one dies.
foreach ([SIGTERM, SIGKILL] as $i => $signal) {
    $forgotten = $begin('/forgotten');
    $client = $begin('/task');
    [$fd] = $srv->await('task', $i + 1);
    posix_kill($srv->worker(), $signal);
    $srv->await('ready', $i + 3); // a worker and a task worker came before
    $client->silent();
    touch(tmp("go-$fd"));
    same('late', (new Answer($client))->body, "signal $signal");
    $answer = new Answer($forgotten);
    same([500, 'close'], [$answer->status, $answer->header('connection')], "signal $signal");
}
$srv->stop();
