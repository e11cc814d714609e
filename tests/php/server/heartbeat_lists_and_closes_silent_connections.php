<?php
// heartbeat(): false without a heartbeat setting; else the silent sessions, closed when asked.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['heartbeat_idle_time' => 1]); // no heartbeat_check_interval: only heartbeat() looks
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'look') {
            note('look', $server->heartbeat(false), $fd);
        } elseif ($data === 'close') {
            note('close', $server->heartbeat(true), $fd);
        } else {
            $server->send($fd, "$fd\n");
        }
    });
});
$silent = $srv->connect();
$fd = (int) $silent->write('?')->readTo();
$other = $srv->connect();
eventually(function () use ($srv, $other, $fd) {
    static $nth = 0;
    $other->write('look');
    return in_array($fd, $srv->await('look', ++$nth)[0]);
}, 'the silent session is listed');
$other->write('close');
[$closed, $asker] = $srv->await('close');
same([$fd], array_values(array_diff($closed, [$asker])));
$silent->closed();
$srv->stop();
