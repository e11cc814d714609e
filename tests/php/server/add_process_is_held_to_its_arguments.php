<?php
// addProcess() after start(), or with what is no process or was added before, is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0, MODE);
throws(TypeError::class, fn () => $server->addProcess(fn () => 1));
throws(TypeError::class, fn () => new Swoole\Process('no such function'));
$process = new Swoole\Process(fn () => 1);
ok($server->addProcess($process) !== false, 'a process is added');
same(false, warnings(fn () => $server->addProcess($process))[0], 'the same again');
unset($server);
$srv = serve(function (Swoole\Server $server) {
    offers($server, ['add' => fn ($server) => refused($server, fn () => $server->addProcess(new Swoole\Process(fn () => 1)))]);
});
[$result, $message] = $srv->call('add');
same(false, $result);
matches('/start/i', $message);
$srv->stop();
