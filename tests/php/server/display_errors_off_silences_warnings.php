<?php
// swoole.display_errors=Off: misuse is answered with false and an error number, without a warning.
// mode: any
// php: -d swoole.display_errors=Off
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0, MODE);
same([false, []], warnings(fn () => $server->set(['worker_num' => 'many'])));
same([false, []], warnings(fn () => $server->on('recieve', 'strlen')));
ok($server->getLastError() !== 0, 'the number of the error is there');
