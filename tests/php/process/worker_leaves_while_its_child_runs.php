<?php
// A server is stopped and its port free though a child of a worker still runs; the child lives on, as its own affair.
require __DIR__ . '/../../support/php/bootstrap.php';

$go = tmp('go');
$srv = serve(function (Swoole\Server $server) use ($go) {
    $server->set(['worker_num' => 1]);
    $server->on('receive', function ($server, $fd) use ($go) {
        $process = new Swoole\Process(fn () => holdFor($go));
        note('child', $process->start());
        $server->send($fd, 'x');
    });
});
same('x', $srv->connect()->write('x')->read(1));
[$child] = $srv->await('child');
$srv->stop();
ok(alive($child), 'the child still runs');
ok(!listens($srv->port), 'nobody listens there');
touch($go);
eventually(fn () => !alive($child), 'the child ends');
