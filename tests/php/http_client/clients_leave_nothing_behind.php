<?php
// Clients that are done with leave no memory and no descriptors, with cycles through their callbacks too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$peer = new Peer(function ($connection) {
    while (requestFrom($connection)) {
        fwrite($connection, answerOf(200, 'x', 'Set-Cookie: a=b'));
    }
});
$round = function (int $number) use ($peer) {
    $answered = 0;
    for ($i = 0; $i < $number; $i++) {
        $client = new Swoole\Http\Client('127.0.0.1', $peer->port);
        $client->on('close', fn () => $client);
        $client->get('/', function () use ($client, &$answered) {
            $answered++;
        });
    }
    unset($client);
    loop();
    gc_collect_cycles();
    same($number, $answered);
};
$round(20);
$descriptors = count(scandir('/proc/self/fd'));
$memory = memory_get_usage();
for ($i = 0; $i < 5; $i++) {
    $round(20);
}
loop();
same($descriptors, count(scandir('/proc/self/fd')));
ok(memory_get_usage() - $memory < 20_000, 'memory: ' . (memory_get_usage() - $memory));
