<?php
// send(), close() and the like before start(), in the process that only configures: false, and no crash.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0, MODE);
$calls = [
    'send' => fn () => $server->send(1, 'x'),
    'close' => fn () => $server->close(1),
    'sendto' => fn () => $server->sendto('127.0.0.1', 0, 'x'),
    'sendfile' => fn () => $server->sendfile(1, __FILE__),
    'exist' => fn () => $server->exist(1),
    'getClientInfo' => fn () => $server->getClientInfo(1),
    'getClientList' => fn () => $server->getClientList(),
    'reload' => fn () => $server->reload(),
    'shutdown' => fn () => $server->shutdown(),
    'stop' => fn () => $server->stop(),
    'bind' => fn () => $server->bind(1, 1),
    'pause' => fn () => $server->pause(1),
    'resume' => fn () => $server->resume(1),
    'confirm' => fn () => $server->confirm(1),
    'protect' => fn () => $server->protect(1),
    'heartbeat' => fn () => $server->heartbeat(),
    'getWorkerPid' => fn () => $server->getWorkerPid(),
];
foreach ($calls as $name => $call) {
    same(false, warnings($call)[0], $name);
}
same(0, count($server->connections));
