<?php
// setAffinity() tells which processors a process may run on; getAffinity() gives them. None, and one that is not there, are refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$all = Swoole\Process::getAffinity();
ok($all && array_is_list($all), 'a list of processors');
$last = end($all);
$process = new Swoole\Process(function (Swoole\Process $process) use ($last) {
    same(true, Swoole\Process::setAffinity([$last]));
    same([$last], Swoole\Process::getAffinity());
    $process->write(file_get_contents('/proc/self/status'));
});
$process->start();
matches("/^Cpus_allowed_list:\t$last$/m", $process->read());
same(0, Swoole\Process::wait()['code']);
same($all, Swoole\Process::getAffinity(), "the parent's are as they were");
foreach ([[], [100_000], [-1], ['x'], ['0x'], [null], [0.5]] as $wrong) {
    [$answer, [$warning]] = warnings(fn () => Swoole\Process::setAffinity($wrong));
    same([false, SWOOLE_ERROR_INVALID_PARAMS], [$answer, swoole_last_error()]);
}
same($all, Swoole\Process::getAffinity());
