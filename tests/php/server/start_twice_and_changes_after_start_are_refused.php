<?php
// start() in a running server or after it has ended, on(), set() and listen() after start: false, with a warning each.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        $calls = ['start' => fn () => $server->start(), 'on' => fn () => $server->on('close', fn () => 1), 'set' => fn () => $server->set(['worker_num' => 1]),
            'listen' => fn () => $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP), 'port on' => fn () => $server->ports[0]->on('close', fn () => 1)];
        note('refused', array_map(function ($call) {
            [$result, $messages] = warnings($call);
            return [$result, count($messages)];
        }, $calls));
        $server->send($fd, 'ok');
    });
});
same('ok', $srv->connect()->ask('x', 2));
foreach ($srv->await('refused')[0] as $call => $got) {
    same([false, 1], $got, $call);
}
same('ok', $srv->connect()->ask('x', 2));
$srv->stop();
