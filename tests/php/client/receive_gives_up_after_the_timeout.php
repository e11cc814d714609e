<?php
// recv() waits as long as connect() was told: then false with EAGAIN, and the connection is as before.
// mode: any
// time: a timeout of 100 ms
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $port, 0.1);
$connection = accepted($listener);
$begin = hrtime(true);
same(false, @$client->recv());
between(95, 1500, (hrtime(true) - $begin) / 1e6, 'milliseconds');
same(SOCKET_EAGAIN, $client->errCode);
same(true, $client->isConnected());
fwrite($connection, 'late');
same('late', $client->recv());
