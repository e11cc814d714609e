<?php
// The echo server with Xdebug loaded: not one warning, and exceptions in callbacks are still reported.
// php: -d zend_extension=xdebug -d xdebug.mode=develop,coverage
require __DIR__ . '/../../support/php/bootstrap.php';

ok(extension_loaded('xdebug'), 'Xdebug is loaded');
$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'throw') {
            throw new Exception('under xdebug');
        }
        $server->send($fd, $data);
    });
});
$client = $srv->connect();
for ($i = 0; $i < 100; $i++) {
    same('hello', $client->ask('hello'));
}
same('', $srv->output());
$srv->allow('/worker|Exception|under xdebug/i');
$srv->connect()->write('throw');
$srv->expect('/under xdebug/');
same('x', $srv->connect()->ask('x'));
$srv->stop();
