<?php
// Refused, timed out, no such host: error is called once, with errCode, and nothing else; the loop ends.
// mode: any
// time: a timeout of 100 ms
require __DIR__ . '/../../support/php/bootstrap.php';

[$full, $held] = fullPort();
$dead = deadPort();
foreach ([['127.0.0.1', $dead, 5, SOCKET_ECONNREFUSED], ['127.0.0.1', $full, 0.1, SOCKET_ETIMEDOUT], ['no-such-host.invalid', 80, 5, null]] as [$host, $port, $timeout, $code]) {
    $events = [];
    $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    foreach (['connect', 'receive', 'close', 'error'] as $name) {
        $client->on($name, function ($client) use ($name, &$events) {
            $events[] = [$name, $client->errCode];
        });
    }
    $begin = hrtime(true);
    [, $messages] = warnings(function () use ($client, $host, $port, $timeout) {
        same(true, $client->connect($host, $port, $timeout));
        loop();
    });
    same(['error'], array_column($events, 0), "events of a connect to $host:$port");
    $code === null ? ok($events[0][1] > 0, 'an error number') : same($code, $events[0][1]);
    between(0, 4000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
    same(false, $client->isConnected());
    // In words, for the script and in the warning or the log.
    contains($port === 80 ? $host : "$host:$port", $client->errMsg);
    $messages && contains($host, $messages[0]);
}
