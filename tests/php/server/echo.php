<?php
// What a client sends comes back.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('receive', $data);
        $server->send($fd, $data);
    });
});
same('hello', $srv->connect()->ask('hello'));
same(['hello'], $srv->await('receive'));
$srv->stop();
