<?php
// daemonize with relative log_file and pid_file: they are taken from where the server was started.
require __DIR__ . '/../../support/php/bootstrap.php';

chdir(TEST_DIR);
mkdir('run');
$srv = serveScript(function () {
    $server = new Swoole\Server('127.0.0.1', 0, MODE);
    $server->set(['worker_num' => 2, 'daemonize' => true, 'log_file' => 'run/log', 'pid_file' => 'run/pid']);
    echoes($server);
    announce($server);
    $server->start();
}, daemon: true);
same('x', $srv->connect()->ask('x'));
same((string) $srv->pid, trim(file_get_contents(tmp('run/pid'))));
ok(file_exists(tmp('run/log')), 'the log is where it was asked for');
$srv->stop();
ok(!file_exists(tmp('run/pid')), 'the pid file is gone');
