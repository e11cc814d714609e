<?php
// Datagrams: each dispatch mode answers all of them; 1 takes turns, 2, 4 and 5 keep a sender's address with one worker.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([1, 2, 3, 4, 5, 7, 8, 9] as $mode) {
    $srv = serve(function (Swoole\Server $server) use ($mode) {
        $server->set(['dispatch_mode' => $mode]);
        $server->on('packet', fn ($server, $data, $from) => $server->sendto($from['address'], $from['port'], (string) $server->worker_id));
    }, type: SWOOLE_SOCK_UDP);
    $workers = [];
    foreach (range(1, 8) as $i) {
        $workers[] = $srv->connect()->askPacket('x');
    }
    $different = count(array_unique($workers));
    if (in_array($mode, [2, 4, 5], true)) {
        same(1, $different, "workers of one address in mode $mode");
    } elseif ($mode === 1) {
        same(2, $different, 'workers in turn');
    }
    $srv->stop();
}
