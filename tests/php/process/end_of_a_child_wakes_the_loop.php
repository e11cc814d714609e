<?php
// A parent in its loop hears of ended children by SIGCHLD and takes them with wait(false); no zombie stays.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ended = [];
Swoole\Process::signal(SIGCHLD, function () use (&$ended) {
    while ($one = Swoole\Process::wait(false)) {
        $ended[$one['pid']] = $one['code'];
    }
    if (count($ended) === 20) {
        Swoole\Process::signal(SIGCHLD, null);
    }
});
$wanted = [];
for ($n = 0; $n < 20; $n++) {
    $wanted[(new Swoole\Process(fn () => exit($n)))->start()] = $n;
}
$patience = swoole_timer_after(PATIENCE * 1000, fn () => null);
swoole_event_defer($check = function () use (&$check, &$ended, $patience) {
    count($ended) === 20 ? swoole_timer_clear($patience) : swoole_timer_after(1, $check);
});
loop();
ksort($wanted);
ksort($ended);
same($wanted, $ended);
same([], zombies());
