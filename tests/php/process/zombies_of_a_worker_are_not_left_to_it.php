<?php
// A worker that never waits for its children hands them over when it leaves: after a reload none of them is a zombie.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('receive', function ($server, $fd) {
        for ($n = 0; $n < 5; $n++) {
            note('child', (new Swoole\Process(fn () => null))->start());
        }
        $server->send($fd, 'x');
    });
});
same('x', $srv->connect()->write('x')->read(1));
$children = array_column($srv->notes('child'), 0);
eventually(fn () => array_unique(array_map(state(...), $children)) === ['Z'], 'all five are zombies');
$srv->signal(SIGUSR1);
$srv->await('ready', 2);
eventually(fn () => array_filter(array_map(state(...), $children)) === [], 'none is left');
$srv->stop();
