<?php
// A channel made before start() brings values from workers to a user process, in both modes.
require __DIR__ . '/../../support/php/bootstrap.php';

$channel = new Swoole\Channel(1 << 16);
$bell = new Swoole\Atomic();
$srv = serve(function (Swoole\Server $server) use ($channel, $bell) {
    $server->set(['worker_num' => 2]);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($channel, $bell) {
        same(true, $channel->push(['fd' => $fd, 'data' => $data]));
        $bell->wakeup();
        $server->send($fd, "ok\n");
    });
    $server->addProcess(new Swoole\Process(function () use ($channel, $bell) {
        while (true) {
            while (($value = $channel->pop()) !== false) {
                note('popped', $value['data']);
            }
            $bell->wait(1);
        }
    }));
});
foreach ($srv->connectMany(10) as $n => $client) {
    same("ok\n", $client->write("message $n")->readTo());
}
$srv->await('popped', 10);
$got = array_column($srv->notes('popped'), 0);
sort($got);
same(array_map(fn ($n) => "message $n", range(0, 9)), $got);
$srv->stop();
