<?php
// pid_file: written at the start, removed at a clean shutdown.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['pid_file' => tmp('pid')]);
    echoes($server);
});
same((string) $srv->pid, trim(file_get_contents(tmp('pid'))));
$srv->stop();
ok(!file_exists(tmp('pid')), 'the file is gone');
