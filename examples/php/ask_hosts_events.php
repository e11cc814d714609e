<?php

// Asks many web servers at once whether they are up, with event-driven clients: each has its own callbacks, and
// nobody waits for anybody. Names are looked up beside the loop too. After TIMEOUT seconds all of it is over.
//   TIMEOUT=3 php ask_hosts_events.php example.org example.com:8080 192.0.2.1

$timeout = (float) (getenv('TIMEOUT') ?: 3);
$hosts = array_slice($argv, 1) ?: exit("usage: php ask_hosts_events.php HOST[:PORT] ...\n");

$status = [];
$open = count($hosts);

// connect() has its timeout; this is for those that connected and do not answer.
$end = swoole_timer_after((int) ($timeout * 1000), 'swoole_event_exit');
$finish = function (string $host, string $what) use ($end, &$status, &$open) {
    $status[$host] = $what;
    --$open === 0 && swoole_timer_clear($end); // nothing is left in the loop then
};

foreach ($hosts as $host) {
    [$name, $port] = explode(':', $host) + [1 => 80];
    $status[$host] = 'no connection';

    $client = new swoole_client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->on('connect', function ($client) use ($host, &$status) {
        $status[$host] = 'no answer';
        $client->send("HEAD / HTTP/1.0\r\nHost: $host\r\n\r\n");
    });
    $client->on('receive', function ($client, $answer) use ($host, $finish) {
        $client->close();
        $finish($host, strtok($answer, "\r\n"));
    });
    $client->on('error', fn ($client) => $finish($host, 'failed: ' . swoole_strerror($client->errCode)));
    $client->on('close', function () use ($host, $finish, &$status) {
        $status[$host] === 'no answer' && $finish($host, 'closed without an answer');
    });
    @$client->connect($name, (int) $port, $timeout) || $finish($host, 'failed: ' . swoole_strerror($client->errCode));
}
swoole_event_wait();

foreach ($status as $host => $what) {
    echo "$host: $what\n";
}
