<?php
// A second server in one process throws, and the first is not harmed; once the first is gone there may be another.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    try {
        new Swoole\Server('127.0.0.1', 0, MODE);
        note('second', 'made');
    } catch (Swoole\Exception $e) {
        note('second', $e->getCode(), $e->getMessage());
    }
    $server->on('receive', function ($server, $fd) {
        try {
            new Swoole\Server('127.0.0.1', 0, MODE);
            note('inside', 'made');
        } catch (Swoole\Exception $e) {
            note('inside', $e->getCode());
        }
        $server->send($fd, 'ok');
    });
});
same(SWOOLE_ERROR_SERVER_ONLY_START_ONE, $srv->await('second')[0]);
same('ok', $srv->connect()->ask('x', 2));
same([SWOOLE_ERROR_SERVER_ONLY_START_ONE], $srv->await('inside'));
$srv->stop();
$server = new Swoole\Server('127.0.0.1', 0, MODE);
unset($server);
new Swoole\Server('127.0.0.1', 0, MODE);
