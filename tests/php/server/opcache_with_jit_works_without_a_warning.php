<?php
// The echo server with opcache and its JIT on: both are really on, and not one warning is written.
// php: -d zend_extension=opcache -d opcache.enable_cli=1 -d opcache.jit=tracing -d opcache.jit_buffer_size=32M
require __DIR__ . '/../../support/php/bootstrap.php';

$jit = opcache_get_status(false)['jit'] ?? [];
ok(($jit['enabled'] ?? false) && ($jit['on'] ?? false), 'the JIT is on: ' . json_encode($jit));
$srv = serve(function (Swoole\Server $server) {
    $server->on('workerStart', fn () => note('jit', opcache_get_status(false)['jit']['on']));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        for ($i = 0, $sum = 0; $i < 1000; $i++) {
            $sum += strlen($data) * $i;
        }
        $server->send($fd, "$sum\n");
    });
});
same([true], $srv->await('jit'));
$client = $srv->connect();
for ($i = 0; $i < 500; $i++) {
    same("2497500\n", $client->write('hello')->readTo());
}
$srv->stop();
same('', $srv->output());
