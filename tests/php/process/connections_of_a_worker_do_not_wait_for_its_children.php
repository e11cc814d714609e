<?php
// A child that a worker leaves running holds none of the worker's connections open: close() is seen by the client at once.
require __DIR__ . '/../../support/php/bootstrap.php';

$go = tmp('go');
$srv = serve(function (Swoole\Server $server) use ($go) {
    $server->set(['worker_num' => 1]);
    $server->on('receive', function ($server, $fd) use ($go) {
        $process = new Swoole\Process(fn () => holdFor($go));
        note('child', $process->start());
        $server->send($fd, 'bye');
        $server->close($fd);
    });
});
same('bye', $srv->connect()->write('x')->rest());
[$child] = $srv->await('child');
ok(alive($child), 'the child still runs');
touch($go);
eventually(fn () => !alive($child), 'the child ends');
$srv->stop();
