<?php
// A Unix socket with a relative path is removed at the end, also by a daemon.
require __DIR__ . '/../../support/php/bootstrap.php';

chdir(TEST_DIR);
foreach ([false, true] as $daemon) {
    $srv = serveScript(function () use ($daemon) {
        $server = new Swoole\Server('here.sock', 0, MODE, SWOOLE_SOCK_UNIX_STREAM);
        $server->set(['worker_num' => 1, 'daemonize' => $daemon, 'log_file' => 'log']);
        echoes($server);
        announce($server);
        $server->start();
    }, daemon: $daemon);
    same('x', $srv->connect()->ask('x'));
    $srv->stop();
    ok(!file_exists(tmp('here.sock')), 'the socket file is gone');
}
