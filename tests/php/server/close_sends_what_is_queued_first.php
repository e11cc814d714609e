<?php
// close(): everything sent before it still arrives, however much it is.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['socket_buffer_size' => 64 << 20, 'buffer_output_size' => 64 << 20]);
    $server->on('receive', function ($server, $fd) {
        $server->send($fd, str_repeat('x', 8 << 20));
        $server->close($fd);
        note('after', @$server->send($fd, 'too late'));
    });
});
$srv->allow('/session|clos/i');
same(8 << 20, strlen($srv->connect()->write('go')->rest()));
same([false], $srv->await('after'));
$srv->stop();
