<?php
// A task worker that is woken for a task anyone may do, and then finds one that it alone may do, leaves the first to another.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['give' => fn ($server, $own) => [$server->task('any'), $server->task("own $own", $own)]]);
    $server->set(['task_worker_num' => 2]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data !== 'any') {
            holdFor(tmp($data));
        }
        note($data);
    });
});
// One of the two is the one that was woken first.
foreach ([0, 1] as $own) {
    $srv->call('give', $own);
    $srv->await('any', $own + 1);
    touch(tmp("own $own"));
    $srv->await("own $own");
}
$srv->stop();
