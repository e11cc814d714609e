<?php
// kill -9 of the master: no shutdown event, and a pid_file that is left names a dead process.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['pid_file' => tmp('pid')]);
    $server->on('shutdown', fn () => note('shutdown'));
    echoes($server);
});
same('x', $srv->connect()->ask('x'));
$children = $srv->children();
$srv->kill();
eventually(fn () => array_filter($children, alive(...)) === [], 'no process is left');
same([], $srv->notes('shutdown'));
same((string) $srv->pid, trim(file_get_contents(tmp('pid'))));
