<?php
// buffer_output_size: one longer send() is false with SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE; shorter ones go.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['buffer_output_size' => 100000]);
    $server->on('receive', function ($server, $fd) {
        note('sent', @$server->send($fd, str_repeat('x', 100001)), $server->getLastError());
        $server->send($fd, str_repeat('y', 100000));
    });
});
$srv->allow('/buffer_output_size|too l/i');
same(str_repeat('y', 100000), $srv->connect()->ask('x', 100000));
same([false, SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE], $srv->await('sent'));
$srv->stop();
