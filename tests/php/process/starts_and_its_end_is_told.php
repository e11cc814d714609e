<?php
// start() runs the function in a process of its own, with the object; wait() tells which process has ended and how.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $own) use (&$process) {
    $own->write(serialize([$own === $process, $own->pid, getmypid(), posix_getppid()]));
});
same([null, null], [$process->pid, $process->msgQueueId]);
$pid = $process->start();
ok(is_int($pid) && $pid > 0 && $pid !== getmypid(), "a process of its own: $pid");
same($pid, $process->pid);
same([true, $pid, $pid, getmypid()], unserialize($process->read()));
same(['pid' => $pid, 'code' => 0, 'signal' => 0], Swoole\Process::wait());
same('', state($pid), 'state of the process, which nobody has to wait for any more');

same('swoole_process', get_class($process) === (new ReflectionClass('swoole_process'))->getName() ? 'swoole_process' : 'another class');
