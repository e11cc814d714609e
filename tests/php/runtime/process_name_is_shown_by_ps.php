<?php
// Each process of a server may have its own name, also one longer than there is room for.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('workerStart', fn ($server, $id) => note('set', $id, swoole_set_process_name("echo: worker $id")));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, json_encode([swoole_set_process_name(str_repeat($data, 5000)), getmypid()]));
    });
});
foreach ([0, 1] as $id) {
    same("echo: worker $id", trim(file_get_contents("/proc/{$srv->worker($id)}/cmdline"), "\0 "));
}
[$answer, $pid] = json_decode($srv->connect()->write('long')->readTo(']'));
same(true, $answer);
matches('/^(long)+l?o?n?g?$/', trim(file_get_contents("/proc/$pid/cmdline"), "\0 "));
[$answer, [$warning]] = warnings(fn () => swoole_set_process_name("a\0b"));
same(false, $answer);
contains('zero byte', $warning);
$srv->stop();
