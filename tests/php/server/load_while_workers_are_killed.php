<?php
// Under load from many clients workers are killed again and again: no connection is refused, what comes back comes once and in order,
// in PROCESS mode each kill loses at most the message that was being handled, and the counters add up.
// timeout: 120
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 3, 'open_eof_split' => true, 'package_eof' => "\n"]);
    $server->on('workerError', fn () => note('error'));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, $data === "stats\n" ? json_encode($server->stats()) . "\n" : $data);
    });
});
$srv->allow('/worker/i');
$load = new Load($srv, 40);
for ($kills = 0; $kills < 30; $kills++) {
    $load->run(0.12);
    $pid = $srv->worker($kills % 3);
    ok(posix_kill($pid, SIGKILL), "worker $pid is there to be killed");
    eventually(function () use ($srv, $load, $kills, $pid) {
        $load->run(0.02);
        return $srv->worker($kills % 3) !== $pid;
    }, 'it was replaced');
}
$load->run(0.5);
$load->finish();
same($kills, count($srv->notes('error')), 'worker errors');
ok($load->answered > 1000, "answers: {$load->answered}");
$client = $srv->connect();
$stats = json_decode($client->write("stats\n")->readTo(), true);
if (!base()) {
    ok($load->lost <= $kills, "messages lost: {$load->lost} in $kills kills");
    same(40, $load->connects, 'connections');
    same([41, 0], [$stats['accept_count'], $stats['close_count']]);
}
same($load->connects + 1, $stats['accept_count'], 'accept_count');
same([41, $stats['accept_count'] - 41], [$stats['connection_num'], $stats['close_count']], 'connection_num and close_count');
$load->close();
$srv->stop();
