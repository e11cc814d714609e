<?php
// examples/php/leader_follower.php: ten processes answer on one socket; one that is killed is replaced; the end leaves nothing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$program = (new Program('leader_follower', [$port = freePort()]))->listening($port);
eventually(fn () => str_contains($program->output(), 'ten processes'), 'all ten are started');
$children = fn () => array_filter(explode(' ', trim(file_get_contents("/proc/$program->pid/task/$program->pid/children"))));
same(10, count($children()));
for ($n = 0; $n < 30; $n++) {
    same('hello!world', file_get_contents("http://127.0.0.1:$port/"));
}
$victim = (int) current($children());
posix_kill($victim, SIGKILL);
eventually(fn () => str_contains($program->output(), "process $victim ended (code 0, signal 9); another takes its place"), 'its end is told');
eventually(fn () => count($children()) === 10 && !in_array((string) $victim, $children(), true), 'there are ten again');
same('hello!world', file_get_contents("http://127.0.0.1:$port/"));
same(0, $program->stop());
contains("all have ended\n", $program->output());
ok(!listens($port), 'the port is free');
