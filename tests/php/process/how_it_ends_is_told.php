<?php
// wait() tells the exit code, or the signal that ended it: of a return, exit(), $process->exit(), a kill and a crash.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$endings = [
    'return' => [fn () => 7, 0, 0],
    'return false' => [fn () => false, 0, 0],
    'exit' => [fn () => exit(3), 3, 0],
    'exit of the process' => [fn ($process) => $process->exit(4), 4, 0],
    'exit without a code' => [fn ($process) => $process->exit(), 0, 0],
    'exit deep within calls' => [fn ($process) => array_map(fn ($code) => $process->exit($code), [5, 6]), 5, 0],
    'killed' => [fn () => posix_kill(getmypid(), SIGKILL), 0, SIGKILL],
    'told to end' => [fn () => posix_kill(getmypid(), SIGTERM) && sleep(PATIENCE), 0, SIGTERM], // time: it is ended before
    'crashed' => [fn () => posix_kill(getmypid(), SIGSEGV), 0, SIGSEGV],
    'aborted' => [fn () => posix_kill(getmypid(), SIGABRT), 0, SIGABRT],
];
foreach ($endings as $how => [$callback, $code, $signal]) {
    $pid = (new Swoole\Process($callback))->start();
    same(['pid' => $pid, 'code' => $code, 'signal' => $signal], Swoole\Process::wait(), $how);
}
