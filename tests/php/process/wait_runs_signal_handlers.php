<?php
// While wait() waits, a handler of pcntl_signal() runs and may even end the wait by throwing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(fn ($process) => $process->read());
$pid = $process->start();
$parent = getmypid();
foreach ([false, true] as $throws) {
    pcntl_signal(SIGUSR1, function () use ($process, $throws) {
        $throws ? throw new DomainException('from the handler') : $process->write('end');
    }, false); // false: a system call that waits ends
    $sender = new Sibling(function () use ($parent) {
        awaitAsleep($parent);
        posix_kill($parent, SIGUSR1);
        posix_kill(getmypid(), SIGSTOP); // its end must not be what is waited for
    });
    if ($throws) {
        same('from the handler', throws(DomainException::class, fn () => Swoole\Process::wait())->getMessage());
    } else {
        same(['pid' => $pid, 'code' => 0, 'signal' => 0], Swoole\Process::wait());
    }
    $sender->kill();
}
