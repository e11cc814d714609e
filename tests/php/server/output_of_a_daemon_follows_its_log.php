<?php
// daemonize: after SIGRTMIN what a worker prints goes to the new log file too, not to the one that was moved away.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveScript(function () {
    $server = new Swoole\Server('127.0.0.1', 0, MODE);
    $server->set(['worker_num' => 1, 'daemonize' => true, 'log_file' => tmp('log')]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        echo "said: $data\n";
        $server->send($fd, $data);
    });
    announce($server);
    $server->start();
}, daemon: true);
same('before', $srv->connect()->ask('before'));
rename(tmp('log'), tmp('log.1'));
$srv->signal(34);
eventually(fn () => file_exists(tmp('log')), 'the log is back');
eventually(function () use ($srv) {
    same('after', $srv->connect()->ask('after'));
    return str_contains(file_get_contents(tmp('log')), 'said: after');
}, 'output goes to the new log', 3);
$srv->stop();
