<?php
// set() with a bad value answers false and start() refuses; after a good value for the same option it starts.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    same(false, @$server->set(['worker_num' => 'many']));
    same(true, $server->set(['worker_num' => 1]));
    echoes($server);
});
same('x', $srv->connect()->ask('x'));
$srv->stop();
