<?php
// sendfile(): whole, from an offset, a length; a missing file, a directory and nothing to send are false with a reason.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$content = random_bytes(3 << 20);
file_put_contents(tmp('file'), $content);
touch(tmp('empty'));
$peer = new Peer(function ($connection) {
    $length = (int) fgets($connection);
    fwrite($connection, hash('sha256', readAll($connection, $length)));
});
foreach ([[0, 0], [1000, 0], [1000, 2000], [0, 10]] as [$offset, $length]) {
    $part = $length ? substr($content, $offset, $length) : substr($content, $offset);
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->connect('127.0.0.1', $peer->port, PATIENCE);
    $client->send(strlen($part) . "\n");
    same(true, $client->sendfile(tmp('file'), $offset, $length), "from $offset, $length bytes");
    same(hash('sha256', $part), $client->recv());
}
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
foreach ([[tmp('none')], [TEST_DIR], [tmp('empty')], [tmp('file'), 4 << 20], [tmp('file'), -1], [tmp('file'), 0, -1]] as $arguments) {
    [$result, $messages] = warnings(fn () => $client->sendfile(...$arguments));
    same([false, 1], [$result, count($messages)], json_encode($arguments));
}
same(true, $client->isConnected());
