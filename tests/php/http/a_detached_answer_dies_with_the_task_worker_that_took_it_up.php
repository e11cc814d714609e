<?php
// Who takes a detached answer up has it from then on: when it dies, the client gets 500.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) use (&$server) {
    $response->detach();
    $server->task([$request->fd, $request->server['path_info']]);
}, ['task_worker_num' => 1], function ($made) use (&$server) {
    $server = $made;
    $server->on('task', function ($server, $id, $worker, $data) {
        $response = Swoole\Http\Response::create($server, $data[0]);
        $data[1] === '/part' && $response->write('a part');
        $data[1] !== '/' && posix_kill(posix_getpid(), SIGKILL);
        $response->end('done');
    });
});
$srv->allow('~ended by signal 9|is lost~');
$client = $srv->connect()->write(requestOf('GET', '/kill'));
$answer = new Answer($client);
same([500, 'close'], [$answer->status, $answer->header('connection')]);
$client->closed();
contains('a part', $srv->connect()->write(requestOf('GET', '/part'))->rest()); // cut off
same('done', fetch($srv, '/')->body);
$srv->stop();
