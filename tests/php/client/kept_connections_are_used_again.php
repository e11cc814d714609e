<?php
// SWOOLE_KEEP: after close() the next client to the same peer takes the connection over, and reuse and reuseCount say so.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    while (($line = fgets($connection)) !== false) {
        fwrite($connection, getmypid() . "\n");
    }
});
$ask = function (int $type, string $id = '') use ($peer) {
    $client = new Swoole\Client($type, false, $id);
    same(true, $client->connect('127.0.0.1', $peer->port, PATIENCE));
    $client->send("who\n");
    $who = (int) $client->recv();
    $found = [$who, $client->reuse, $client->reuseCount];
    same(true, $client->close());
    return $found;
};
$kept = SWOOLE_SOCK_TCP | SWOOLE_KEEP;
[$first, $reuse, $count] = $ask($kept);
same([false, 0], [$reuse, $count]);
same([$first, true, 1], $ask($kept));
same([$first, true, 2], $ask($kept));
ok($ask(SWOOLE_SOCK_TCP)[0] !== $first, 'a client without SWOOLE_KEEP has a connection of its own');
[$other, $reuse] = $ask($kept, 'another id');
ok($other !== $first && !$reuse, 'another id is another connection');
same([$other, true, 1], $ask($kept, 'another id'));
// Two at the same time are two connections.
$one = new Swoole\Client($kept);
$two = new Swoole\Client($kept);
$one->connect('127.0.0.1', $peer->port, PATIENCE);
$two->connect('127.0.0.1', $peer->port, PATIENCE);
same([true, false], [$one->reuse, $two->reuse]);
ok($one->sock !== $two->sock, 'they share nothing');
$one->close(true); // force: for good
$two->close(true);
[$last, $reuse] = $ask($kept);
same([false, false], [$last === $first, $reuse]);
