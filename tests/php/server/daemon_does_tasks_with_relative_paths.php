<?php
// A daemon changes its directory: a relative task_tmpdir is still the one that set() meant, and user processes and tasks work.
require __DIR__ . '/../../support/php/bootstrap.php';

mkdir(tmp('files'));
$srv = serveScript(function () {
    chdir(TEST_DIR);
    $server = new Swoole\Server('127.0.0.1', 0, MODE);
    offers($server, ['wait' => fn ($server, $size) => strlen($server->taskwait(str_repeat('x', $size), PATIENCE))]);
    $server->set(['daemonize' => true, 'log_file' => tmp('log'), 'task_worker_num' => 1, 'task_tmpdir' => 'files', 'worker_num' => 1]);
    $server->on('task', fn ($server, $id, $source, $data) => $data);
    $server->addProcess(new Swoole\Process(fn () => note('user', getcwd()) ?? holdFor('/never')));
    announce($server);
    $server->start();
}, true);
same(10, $srv->call('wait', 10));
same(200_000, $srv->call('wait', 200_000));
awaitNoTaskFiles(tmp('files'));
$srv->await('user');
$srv->signal(SIGTERM);
same(0, $srv->wait());
