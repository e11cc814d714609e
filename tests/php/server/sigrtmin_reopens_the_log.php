<?php
// SIGRTMIN: a log file that was moved away is made anew, and what follows is written there.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['log_file' => tmp('log')]);
    echoes($server);
});
$kill = function (int $id) use ($srv) {
    $old = $srv->worker($id);
    posix_kill($old, SIGKILL);
    eventually(fn () => $srv->worker($id) !== $old, 'the worker was replaced');
    return (string) $old;
};
$first = $kill(0);
eventually(fn () => str_contains(file_get_contents(tmp('log')), $first), 'the log has the first death');
rename(tmp('log'), tmp('log.old'));
$srv->signal(34);
eventually(fn () => file_exists(tmp('log')), 'the log file is back');
$second = $kill(1);
eventually(fn () => str_contains(file_get_contents(tmp('log')), $second), 'the log has the second death');
ok(!str_contains(file_get_contents(tmp('log.old')), $second), 'the old file does not');
$srv->stop();
