<?php
// A name that does not exist: false with a warning that names it, from connect() and sendto(); arguments of no sense are refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['no-such-host.invalid', '999.1.1.1', ''] as $host) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    [$result, $messages] = warnings(fn () => $client->connect($host, 80, 5));
    same([false, 1], [$result, count($messages)], "connect to '$host'");
    $host === '' || contains($host, $messages[0]);
    ok($client->errCode > 0, 'an error number');
}
foreach ([0, -1, 65536] as $port) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    [$result, $messages] = warnings(fn () => $client->connect('127.0.0.1', $port, 1));
    same([false, 1], [$result, count($messages)], "connect to port $port");
}
