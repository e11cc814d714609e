<?php
// exec() of what cannot be run gives a warning with the reason, and the child goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('no-program'), 'text');
mkdir(tmp('directory'));
$results = function (callable ...$actions) {
    $process = new Swoole\Process(function (Swoole\Process $process) use ($actions) {
        $process->write(serialize(array_map(fn ($action) => warnings(fn () => $action($process)), $actions)));
    });
    $process->start();
    $results = unserialize($process->read(1 << 20));
    same(0, Swoole\Process::wait()['code']);
    return $results;
};
[$missing, $plain, $directory] = $results(
    fn ($process) => $process->exec('/no/such/program', ['x']),
    fn ($process) => $process->exec(tmp('no-program'), []),
    fn ($process) => $process->exec(tmp('directory'), []),
);
same([false, false, false], [$missing[0], $plain[0], $directory[0]]);
contains('/no/such/program', $missing[1][0]);
contains('No such file', $missing[1][0]);
contains('Permission denied', $plain[1][0]);
contains('Permission denied', $directory[1][0]);
[$zero] = $results(function ($process) {
    try {
        return $process->exec('/bin/echo', ["with\0zero"]);
    } catch (ValueError) {
        return false; // either way it is not cut off
    }
});
same(false, $zero[0]);
