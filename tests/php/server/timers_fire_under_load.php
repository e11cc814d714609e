<?php
// Clients that send all the time, and tasks without end, do not keep a tick from its time.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        usleep(200); // time: the work of a message
        $server->send($fd, $data);
    });
    $server->on('task', fn ($server, $id, $source, $data) => $data);
    $server->on('finish', fn ($server) => file_exists(tmp('enough')) || $server->task('x'));
    $tick = null;
    $server->on('workerStart', function ($server, $id) use (&$tick) {
        if ($id === 0) {
            for ($n = 0; $n < 64; $n++) {
                $server->task('x');
            }
            $begin = hrtime(true);
            $tick = $server->tick(20, fn () => note('tick', (hrtime(true) - $begin) / 1e6));
        }
    });
    $server->on('workerExit', function ($server) use (&$tick) {
        $tick && $server->clearTimer($tick);
    });
});
$clients = $srv->connectMany(20);
$end = microtime(true) + 1.0;
while (microtime(true) < $end) {
    foreach ($clients as $client) {
        $client->write(str_repeat('x', 100));
    }
    foreach ($clients as $client) {
        $client->read(1);
    }
}
ok(count($srv->notes('tick')) >= 20, 'ticks in a second: ' . count($srv->notes('tick')) . ' of 50');
touch(tmp('enough'));
$srv->stop();
