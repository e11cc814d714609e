<?php
// A dispatch_func that throws, or gives a worker that does not exist, harms nothing: it is reported, and mode 2 is used.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_func' => function ($server, $fd, $type, $data = '') {
        if ($data === 'x') {
            throw new RuntimeException('no idea where to');
        }
        return 99;
    }]);
    echoes($server);
});
$srv->allow('/dispatch|Uncaught|no idea/i');
$client = $srv->connect();
same('x', $client->ask('x'));
$srv->expect('/no idea where to/');
same('y', $client->ask('y'));
$srv->stop();
