<?php
// reactor_num: that many threads of the master own the connections; single_thread leaves one, on the main thread.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[['reactor_num' => 3], 3, 4], [['single_thread' => true], 1, 1]] as [$options, $reactors, $threads]) {
    $srv = serve(function (Swoole\Server $server) use ($options) {
        $server->set(['worker_num' => 4, 'buffer_input_size' => 65536] + $options);
        $server->on('receive', function ($server, $fd, $reactor, $data) {
            note('reactor', $reactor, $server->getClientInfo($fd)['reactor_id']);
            $server->send($fd, $data);
        });
    });
    same($threads, count(glob("/proc/{$srv->pid}/task/*")), 'threads of the master');
    $clients = $srv->connectMany(12);
    foreach ($clients as $client) {
        same('x', $client->ask('x'));
    }
    $data = str_repeat('abcdefgh', 100000);
    same($data, $clients[0]->ask($data));
    $notes = $srv->notes('reactor');
    same(range(0, $reactors - 1), (function () use ($notes) {
        $seen = array_values(array_unique(array_column($notes, 0)));
        sort($seen);
        return $seen;
    })());
    same(array_column($notes, 0), array_column($notes, 1));
    $srv->stop();
}
