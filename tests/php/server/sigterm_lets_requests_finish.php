<?php
// SIGTERM to the master: what a worker is busy with is answered, then everything ends, and no new client is taken.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        note('busy');
        holdFor(tmp('go'));
        $server->send($fd, str_repeat('done', 100000));
    });
});
$client = $srv->connect()->write('x');
$srv->await('busy');
$srv->signal(SIGTERM);
touch(tmp('go'));
same(md5(str_repeat('done', 100000)), md5($client->rest()));
$srv->ended();
ok(@stream_socket_client("tcp://127.0.0.1:{$srv->port}", $number, $message, 1) === false, 'nobody listens any more');
