<?php
// A peer that reads nothing: send() of megabytes gives false when the time is over, with EAGAIN.
// mode: any
// time: a timeout of 150 ms
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $port, 0.15);
$connection = accepted($listener);
$begin = hrtime(true);
[$result] = warnings(fn () => $client->send(str_repeat('x', 30 << 20)));
same(false, $result);
same(SOCKET_EAGAIN, $client->errCode);
between(140, 3000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
