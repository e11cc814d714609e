<?php
// Either class name works everywhere.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$pairs = ['swoole_server' => Swoole\Server::class, 'swoole_server_port' => Swoole\Server\Port::class,
    'swoole_connection_iterator' => Swoole\Connection\Iterator::class, 'swoole_exception' => Swoole\Exception::class,
    'swoole_process' => Swoole\Process::class];
foreach ($pairs as $old => $new) {
    ok(class_exists($old), "$old exists");
    same((new ReflectionClass($old))->getName(), (new ReflectionClass($new))->getName());
}
ok(new swoole_exception('x') instanceof Swoole\Exception && new Swoole\Exception('x') instanceof Exception, 'exceptions');
$server = new swoole_server('127.0.0.1', 0);
(function (Swoole\Server $a, swoole_server $b) {
})($server, $server);
same(SWOOLE_PROCESS, $server->mode, 'the default mode');
