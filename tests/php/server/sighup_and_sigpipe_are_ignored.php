<?php
// SIGHUP and SIGPIPE change nothing.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...));
foreach ([$srv->pid, ...$srv->children()] as $pid) {
    posix_kill($pid, SIGHUP);
    posix_kill($pid, SIGPIPE);
}
foreach ($srv->connectMany(4) as $client) {
    same('x', $client->ask('x'));
}
$srv->stop();
