<?php
// Under load from many clients the server reloads again and again: no connection is refused, everything comes once and in order;
// in PROCESS mode nothing at all is lost and no connection ends.
// timeout: 120
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 3, 'open_eof_split' => true, 'package_eof' => "\n"]);
    $server->on('workerError', fn () => note('error'));
    $server->on('afterReload', fn () => note('after'));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, $data === "stats\n" ? json_encode($server->stats()) . "\n" : $data);
    });
});
$load = new Load($srv, 40);
for ($reloads = 0; $reloads < 10; $reloads++) {
    $load->run(0.2);
    $srv->signal(SIGUSR1);
    eventually(function () use ($srv, $load, $reloads) {
        $load->run(0.02);
        return count($srv->notes('after')) > $reloads;
    }, 'the reload is done');
}
$load->run(0.5);
$load->finish();
same([], $srv->notes('error'));
ok($load->answered > 1000, "answers: {$load->answered}");
$client = $srv->connect();
$stats = json_decode($client->write("stats\n")->readTo(), true);
if (!base()) {
    same([0, 40], [$load->lost, $load->connects], 'lines lost, connections made');
    same($load->answered, $stats['request_count'], 'request_count');
}
$counters = [$stats['accept_count'], $stats['connection_num'], $stats['close_count']];
same([$load->connects + 1, 41, $load->connects - 40], $counters, 'accept_count, connection_num, close_count');
$load->close();
$srv->stop();
