<?php
// daemonize: the starting process ends with 0; the server goes on in a session of its own, its output goes to log_file, pid_file holds its pid.
require __DIR__ . '/../../support/php/bootstrap.php';

chdir(TEST_DIR);
$srv = serveScript(function () {
    $server = new Swoole\Server('127.0.0.1', 0, MODE);
    $server->set(['worker_num' => 2, 'daemonize' => true, 'log_file' => tmp('log'), 'pid_file' => tmp('pid')]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        echo "said: $data\n";
        $server->send($fd, $data);
    });
    announce($server);
    $server->start();
}, daemon: true);
same('hello', $srv->connect()->ask('hello'));
same((string) $srv->pid, trim(file_get_contents(tmp('pid'))));
ok(posix_getsid($srv->pid) !== posix_getsid(0), 'a session of its own');
eventually(fn () => str_contains(file_get_contents(tmp('log')), 'said: hello'), 'output goes to the log');
same('', $srv->output());
$srv->stop();
ok(!file_exists(tmp('pid')), 'the pid file is gone');
