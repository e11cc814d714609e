<?php
// However the callback ends, the process comes again, and its pipe still works.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        note('here', getmypid());
        match ($process->read()) {
            'throw' => throw new RuntimeException('thrown on purpose'),
            'exit' => exit(7),
            'return' => null,
        };
    });
    $server->addProcess($process);
    $server->on('workerError', fn ($server, $id, $pid, $code) => note('error', $id, $code));
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($process) {
        $process->write($data);
        $server->send($fd, 'x');
    });
});
$srv->allow('/user process|worker|thrown on purpose/i');
foreach (['throw', 'exit', 'return'] as $i => $how) {
    $srv->await('here', $i + 1);
    same('x', $srv->connect()->write($how)->read(1));
}
$srv->await('here', 4, 60);
contains('thrown on purpose', $srv->output());
same([[2, 255], [2, 7]], $srv->notes('error'), 'what throws or exits with a code has failed');
same(4, count(array_unique(array_column($srv->notes('here'), 0))), 'each time another process');
$srv->stop();
