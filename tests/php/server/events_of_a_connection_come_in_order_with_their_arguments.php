<?php
// connect, receive, close: (server, fd, reactorId[, data]), in that order, in one worker.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('connect', function (...$arguments) use ($server) {
        note('event', 'connect', count($arguments), $arguments[0] === $server, $arguments[1], $arguments[2]);
    });
    $server->on('receive', function (...$arguments) use ($server) {
        note('event', 'receive', count($arguments), $arguments[0] === $server, $arguments[1], $arguments[2], $arguments[3]);
        $server->send($arguments[1], 'ok');
    });
    $server->on('close', function (...$arguments) use ($server) {
        note('event', 'close', count($arguments), $arguments[0] === $server, $arguments[1], $arguments[2]);
    });
});
$client = $srv->connect();
same('ok', $client->ask('hello', 2));
$client->close();
$srv->await('event', 3);
[[$pid0, $connect], [$pid1, $receive], [$pid2, $close]] = $srv->notesWithPids('event');
[, , , $fd, $reactor] = $connect;
ok(is_int($fd) && $fd > 0 && $reactor >= 0, 'fd and reactor are numbers');
same(['connect', 3, true, $fd, $reactor], $connect);
same(['receive', 4, true, $fd, $reactor, 'hello'], $receive);
same(['close', 3, true, $fd, $reactor], $close);
same([$pid0, $pid0], [$pid1, $pid2]);
$srv->stop();
