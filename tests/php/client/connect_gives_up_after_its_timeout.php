<?php
// A peer that does not answer: connect() gives up when its time is over, with ETIMEDOUT.
// mode: any
// time: a timeout of 200 ms
require __DIR__ . '/../../support/php/bootstrap.php';

[$port, $held] = fullPort();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$begin = hrtime(true);
[$result, $messages] = warnings(fn () => $client->connect('127.0.0.1', $port, 0.2));
between(195, 1500, (hrtime(true) - $begin) / 1e6, 'milliseconds');
same([false, 1, SOCKET_ETIMEDOUT], [$result, count($messages), $client->errCode]);
contains("127.0.0.1:$port", $messages[0]);
