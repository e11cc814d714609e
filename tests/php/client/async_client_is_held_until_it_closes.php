<?php
// A connected client that no variable holds lives on in the loop, and is let go of, with its callbacks, when it has closed.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    fwrite($connection, fgets($connection));
});
$object = new stdClass();
$weak = WeakReference::create($object);
(function () use ($peer, $object, &$client) {
    $new = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client = WeakReference::create($new);
    $new->on('connect', fn ($client) => $client->send("hello\n"));
    $new->on('receive', function ($client, $data) use ($object) {
        $object->got = $data;
        $GLOBALS['got'] = $data;
    });
    $new->on('error', fn () => throw new Failed('error'));
    $new->on('close', fn () => $object);
    $new->connect('127.0.0.1', $peer->port, PATIENCE);
})();
unset($object);
gc_collect_cycles();
ok($client->get() !== null, 'held by the loop');
loop();
gc_collect_cycles();
same("hello\n", $got);
same([null, null], [$client->get(), $weak->get()]);
