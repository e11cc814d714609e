<?php
// metrics_port answers while every worker is in a callback, and shows which are busy.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['metrics_port' => 0]);
    $server->on('receive', function ($server, $fd) {
        note('held', $server->worker_id);
        holdFor(tmp('go'));
        $server->send($fd, 'done');
    });
});
same(0.0, $srv->figures()['swoole_worker_busy{worker="0",type="event"}'], 'busy before');
$clients = [];
eventually(function () use ($srv, &$clients) {
    // Those that come to a blocked worker wait.
    $clients[] = $srv->connect()->write('x');
    return count($srv->notes('held')) === 2;
}, 'both workers are held');
$figures = eventually(function () use ($srv) {
    $figures = $srv->figures();
    return $figures['swoole_worker_awake_seconds{worker="0",type="event"}'] > 0.05 ? $figures : false;
}, 'the time of the callback is shown');
foreach ([0, 1] as $worker) {
    $of = "{worker=\"$worker\",type=\"event\"}";
    same(1.0, $figures["swoole_worker_busy$of"], 'busy');
    same(1.0, $figures["swoole_worker_up$of"], 'up');
    ok($figures["swoole_worker_busy_seconds_total$of"] >= $figures["swoole_worker_awake_seconds$of"], 'busy time goes on');
}
same(0.0, $figures['swoole_event_workers_idle']);
touch(tmp('go'));
foreach ($clients as $client) {
    same('done', $client->read(4));
}
$srv->stop();
