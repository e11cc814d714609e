<?php
// examples/php/pool.php answers over TCP, also while its workers are renewed and after one was killed, and ends by SIGTERM.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$program = (new Program('pool', [$port = freePort()]))->listening($port);
eventually(fn () => substr_count($program->output(), ' begins') === 4, 'four workers are up');
$ask = function (int $number, string $text) use ($port) {
    $client = new Client("tcp://127.0.0.1:$port");
    $client->write(pack('N', strlen($text)) . $text);
    $wanted = "$number: " . strrev($text);
    same(pack('N', strlen($wanted)) . $wanted, $client->read(4 + strlen($wanted)));
};
$ask(1, 'hello');
$ask(2, 'world');
posix_kill($program->pid, SIGUSR1);
$ask(3, 'meanwhile');
eventually(fn () => substr_count($program->output(), ' begins') === 8 && substr_count($program->output(), ' ends') === 4, 'all are renewed');
$worker = (int) strtok(file_get_contents("/proc/$program->pid/task/$program->pid/children"), ' ');
posix_kill($worker, SIGKILL);
eventually(fn () => substr_count($program->output(), ' begins') === 9, 'the dead one is replaced');
$ask(4, 'again');
same(0, $program->stop());
contains("answered 4\n", $program->output());
