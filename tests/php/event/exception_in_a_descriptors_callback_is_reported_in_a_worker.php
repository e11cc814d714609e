<?php
// In a worker an exception in a loop callback is reported and the worker goes on, as with every other callback.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('workerStart', function () {
        [$GLOBALS['one'], $GLOBALS['other']] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        swoole_event_add($GLOBALS['one'], function ($one) {
            $data = fread($one, 10);
            note('heard', $data, getmypid());
            throw new LogicException("boom $data");
        });
    });
    $server->on('workerExit', fn () => swoole_event_isset($GLOBALS['one']) && swoole_event_del($GLOBALS['one']));
    $server->on('receive', fn ($server, $fd, $reactor, $data) => fwrite($GLOBALS['other'], $data));
});
$client = $srv->connect();
$client->write('1');
$first = $srv->await('heard');
$srv->expect('/boom 1/');
$client->write('2');
$second = $srv->await('heard', 2);
$srv->expect('/boom 2/');
same([['1', $first[1]], ['2', $first[1]]], [$first, $second]);
$srv->stop();
