<?php
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $process = new Swoole\Process(fn ($process) => $process->read());
    same(0, $server->addProcess($process));
    [$answer, [$warning]] = warnings(fn () => $server->addProcess($process));
    same([false, SWOOLE_ERROR_INVALID_PARAMS], [$answer, swoole_last_error()]);
    contains('added to a server already', $warning);
    $server->on('receive', function ($server, $fd) {
        [$answer, [$warning]] = warnings(fn () => $server->addProcess(new Swoole\Process(fn () => null)));
        note('running', $answer, swoole_last_error(), $warning);
        $server->send($fd, 'x');
    });
});
same('x', $srv->connect()->ask('x'));
[$answer, $error, $warning] = $srv->await('running');
same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, $error]);
contains('before start()', $warning);
$srv->stop();
