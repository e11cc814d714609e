<?php
// Workers that die at birth again and again are restarted ever slower, and the log says so; the pool can be stopped all the same.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = new Srv();
$srv->fork(function () {
    $pool = new Swoole\Process\Pool(1);
    $pool->on('workerStart', function ($pool, $id) {
        note('born', hrtime(true));
        exit(1);
    });
    $pool->start();
    note('returned');
});
$srv->await('born', 12);
$times = array_column($srv->notes('born'), 0);
$pauses = [];
for ($n = 1; $n < 12; $n++) {
    $pauses[] = ($times[$n] - $times[$n - 1]) / 1e6;
}
between(200, 5000, $pauses[10], 'milliseconds before the twelfth');
ok($pauses[10] > $pauses[7] && $pauses[7] > $pauses[5], 'longer and longer: ' . json_encode($pauses));
$srv->allow('/worker/i');
matches('/worker.*(1|code)/i', $srv->output());
$srv->stop();
