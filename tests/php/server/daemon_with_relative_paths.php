<?php
// daemonize with relative pid_file and log_file: both stay where the script was started, also after SIGRTMIN; nothing goes to "/".
require __DIR__ . '/../../support/php/bootstrap.php';

chdir(TEST_DIR);
$srv = serveScript(function () {
    $server = new Swoole\Server('127.0.0.1', 0, MODE);
    $server->set(['worker_num' => 1, 'daemonize' => true, 'log_file' => 'server.log', 'pid_file' => 'server.pid']);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'die') {
            posix_kill(getmypid(), SIGKILL);
        }
        echo "said: $data\n";
        $server->send($fd, $data);
    });
    announce($server);
    $server->start();
}, daemon: true);
same((string) $srv->pid, trim(file_get_contents(tmp('server.pid'))));
same('hello', $srv->connect()->ask('hello'));
eventually(fn () => str_contains(file_get_contents(tmp('server.log')), 'said: hello'), 'output goes to the log');
rename(tmp('server.log'), tmp('server.log.1'));
$srv->signal(34);
eventually(fn () => file_exists(tmp('server.log')), 'SIGRTMIN makes the log anew');
$old = $srv->worker();
$srv->connect()->write('die');
eventually(fn () => str_contains(file_get_contents(tmp('server.log')), (string) $old), 'the death is in the new log');
ok(!file_exists('/server.log') && !file_exists('/server.pid'), 'nothing in the root directory');
$srv->stop();
ok(!file_exists(tmp('server.pid')), 'the pid file is gone');
