<?php
// A proxy that takes the connection and says nothing, hangs up, or says half of its answer: connect() ends within its timeout, in both clients, and
// the warning and errMsg name the host and the proxy.
// mode: any
// time: timeouts of 200 ms
require __DIR__ . '/../../support/php/bootstrap.php';

$silent = new Peer(fn ($connection) => fread($connection, 1) . sleep(10)); // time: until the test ends it
$hangsUp = new Peer(fn ($connection) => fread($connection, 1));
$stops = new Peer(fn ($connection) => fread($connection, 1) . fwrite($connection, "\5") . sleep(10)); // time: as above
$settings = fn (string $how, Peer $proxy) => ["{$how}_host" => '127.0.0.1', "{$how}_port" => $proxy->port];
foreach (['socks5', 'http_proxy'] as $how) {
    foreach (['silent' => $silent, 'hangs up' => $hangsUp, 'stops' => $stops] as $what => $proxy) {
        $begin = hrtime(true);
        $client = new swoole_client(SWOOLE_SOCK_TCP);
        $client->set($settings($how, $proxy));
        [$result, $messages] = warnings(fn () => $client->connect('192.0.2.1', 80, 0.2));
        same([false, 1, false], [$result, count($messages), $client->isConnected()], "$how, $what");
        contains('192.0.2.1:80', $messages[0]);
        contains("127.0.0.1:$proxy->port", $messages[0]);

        $events = [];
        $told = new swoole_client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
        $told->set($settings($how, $proxy));
        foreach (['connect', 'receive', 'error', 'close'] as $event) {
            $told->on($event, function () use ($event, &$events) {
                $events[] = $event;
            });
        }
        warnings(function () use ($told) {
            same(true, $told->connect('192.0.2.1', 80, 0.2));
            loop();
        });
        same(['error'], $events, "$how, $what");
        same($client->errCode, $told->errCode, "$how, $what: the same number in both clients");
        $what === 'silent' && same(SOCKET_ETIMEDOUT, $told->errCode);
        contains('192.0.2.1:80', $told->errMsg);
        between(0, 4000, (hrtime(true) - $begin) / 1e6, "milliseconds, $how, $what");
    }
}
