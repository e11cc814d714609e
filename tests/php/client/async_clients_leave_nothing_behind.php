<?php
// Ten thousand event-driven clients, a hundred at a time: memory and descriptors stay.
// mode: any
// timeout: 120
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
stream_set_blocking($listener, false);
$closed = 0;
$round = function (int $many) use ($listener, $port, &$closed) {
    $left = $many;
    swoole_event_add($listener, function ($listener) use (&$left) {
        while ($connection = @stream_socket_accept($listener, 0)) {
            fwrite($connection, 'hello');
            fclose($connection);
            --$left === 0 && swoole_event_del($listener);
        }
    });
    for ($n = 0; $n < $many; $n++) {
        $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
        $client->on('connect', fn () => null);
        $client->on('receive', fn ($client, $data) => same('hello', $data));
        $client->on('error', fn ($client) => throw new Failed("error $client->errCode"));
        $client->on('close', function () use ($client, &$closed) { // a cycle
            $closed++;
        });
        $client->connect('127.0.0.1', $port, PATIENCE);
    }
    unset($client);
    loop();
    gc_collect_cycles();
};
for ($n = 0; $n < 3; $n++) {
    $round(100);
}
$open = count(scandir('/proc/self/fd'));
$memory = memory_get_usage();
for ($n = 0; $n < 100; $n++) {
    $round(100);
}
same(10_300, $closed);
between(-1_000_000, 50_000, memory_get_usage() - $memory, 'bytes more');
same($open, count(scandir('/proc/self/fd')));
