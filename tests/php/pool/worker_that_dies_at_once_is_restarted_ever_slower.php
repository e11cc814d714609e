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
between(310, 10_000, ($times[11] - $times[10]) / 1e6, 'milliseconds before the twelfth');
$srv->allow('/worker 0 of the pool .* ended by exit code 1/');
preg_match_all('/ only in (\d+) ms$/m', $srv->output(), $found);
same(['10', '20', '40', '80', '160', '320'], array_slice($found[1], 0, 6));
$srv->stop();
