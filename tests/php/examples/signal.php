<?php
// examples/php/signal.php: SIGINT comes to the loop, SIGUSR1 to pcntl, and the third SIGINT ends the script.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$program = new Program('signal');
$says = fn (string $line) => eventually(fn () => str_contains($program->output(), "$line\n"), "it says: $line");
$says("process $program->pid");
awaitAsleep($program->pid);
posix_kill($program->pid, SIGUSR1);
$says('SIGUSR1, by pcntl');
foreach ([1, 2, 3] as $time) {
    posix_kill($program->pid, SIGINT);
    $says("SIGINT, time $time");
}
same(0, $program->wait());
