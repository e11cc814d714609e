<?php
// SIGUSR1 in BASE mode: what a worker is busy with is answered first, and new connections are served all the time.
// mode: BASE
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('afterReload', fn () => note('after'));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'slow') {
            note('slow');
            holdFor(tmp('go'));
        }
        $server->send($fd, $data . ' ' . getmypid() . "\n");
    });
});
$srv->allow('/worker/i');
$slow = $srv->connect()->write('slow');
$srv->await('slow');
$old = [$srv->worker(0), $srv->worker(1)];
$srv->signal(SIGUSR1);
for ($i = 0; $i < 50; $i++) {
    matches('/^x \d+\n$/', $srv->connect()->write('x')->readTo());
}
touch(tmp('go'));
matches('/^slow \d+\n$/', $slow->readTo());
$srv->await('after');
ok(!array_intersect($old, [$srv->worker(0), $srv->worker(1)]), 'new processes');
ok(!in_array((int) explode(' ', $srv->connect()->write('y')->readTo())[1], $old), 'a new worker answers');
$srv->stop();
