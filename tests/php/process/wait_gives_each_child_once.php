<?php
// wait() gives every child exactly once, in whatever order they end; without children it is false at once, waiting or not.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same([false, []], warnings(fn () => Swoole\Process::wait()));
same(10, swoole_last_error(), 'ECHILD');
same(false, Swoole\Process::wait(false));
$started = [];
for ($n = 0; $n < 10; $n++) {
    $process = new Swoole\Process(fn ($process) => $process->exit((int) $process->read()));
    $started[$process->start()] = [$process, $n];
}
same(false, Swoole\Process::wait(false), 'all wait for their message');
foreach (array_reverse($started, true) as [$process, $n]) {
    $process->write((string) $n);
}
$ended = [];
while ($one = Swoole\Process::wait()) {
    $ended[$one['pid']] = $one['code'];
    same(0, $one['signal']);
}
ksort($ended);
same(array_map(fn ($of) => $of[1], $started), $ended);
same(false, Swoole\Process::wait(false));
