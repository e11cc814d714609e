<?php
// Pipe type 2 gives each write() a read() of its own; type 1 is a stream; without a pipe write() and read() are false.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $packets = new Swoole\Process(function ($process) {
        holdFor(tmp('written'));
        note('packets', $process->read(), $process->read(), $process->read());
        holdFor('/never');
    }, false, 2);
    $stream = new Swoole\Process(function ($process) {
        holdFor(tmp('written'));
        note('stream', $process->read(8), $process->read());
        holdFor('/never');
    }, false, 1);
    $none = new Swoole\Process(fn () => holdFor('/never'), false, 0);
    array_map($server->addProcess(...), [$packets, $stream, $none]);
    offers($server, [
        'write' => function () use ($packets, $stream) {
            foreach (['first', 'second', 'third'] as $data) {
                same(strlen($data), $packets->write($data));
                same(strlen($data), $stream->write($data));
            }
            touch(tmp('written'));
        },
        'none' => fn () => [warnings(fn () => $none->write('x'))[0], warnings(fn () => $none->read())[0]],
    ]);
});
$srv->call('write');
same(['first', 'second', 'third'], $srv->await('packets'));
same(['firstsec', 'ondthird'], $srv->await('stream'));
same([false, false], $srv->call('none'));
$srv->stop();
