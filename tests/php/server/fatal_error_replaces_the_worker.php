<?php
// A fatal error (memory, time, a class declared twice) is reported with file and line; the worker is replaced and others go on.
require __DIR__ . '/../../support/php/bootstrap.php';

$declared = tmp('twice.php');
file_put_contents($declared, '<?php class Client {}');
$srv = serve(function (Swoole\Server $server) use ($declared) {
    $server->on('workerError', fn ($server, $id, $pid, $code) => note('error', $pid, $code));
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($declared) {
        $server->send($fd, getmypid() . "\n");
        if ($data === 'memory') {
            ini_set('memory_limit', '64M');
            str_repeat('x', 1 << 28);
        } elseif ($data === 'declare') {
            include $declared;
        } elseif ($data === 'time') {
            set_time_limit(1);
            while (true) {
            }
        }
    });
});
$srv->allow('/worker|Fatal/i');
$messages = [
    'memory' => '/Allowed memory size.*' . preg_quote(basename(__FILE__)) . ' on line \d+/',
    'declare' => '/Cannot declare class Client.*twice.php/',
    'time' => '/Maximum execution time/',
];
$n = 0;
foreach ($messages as $how => $pattern) {
    $pid = (int) $srv->connect()->write($how)->readTo();
    $srv->expect($pattern);
    same([$pid, 255], $srv->await('error', ++$n));
    eventually(fn () => !in_array($pid, [$srv->worker(0), $srv->worker(1)]), 'it was replaced');
    ok((int) $srv->connect()->write('x')->readTo() !== $pid, 'others are served');
}
$srv->stop();
