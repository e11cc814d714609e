<?php
// Pipe type 2 gives one write() a read(), cut at its size; type 1 is a stream; without a pipe write() and read() are false.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $make = fn ($name, $type) => new Swoole\Process(function ($process) use ($name) {
        holdFor(tmp('written'));
        note($name, $process->read(), $process->read(3), $process->read());
        holdFor('/never');
    }, false, $type);
    [$packets, $stream] = [$make('packets', 2), $make('stream', 1)];
    $none = new Swoole\Process(fn () => holdFor('/never'), false, 0);
    array_map($server->addProcess(...), [$packets, $stream, $none]);
    offers($server, [
        'write' => function () use ($packets, $stream) {
            foreach (['first', 'second', 'third'] as $data) {
                same(strlen($data), $packets->write($data));
                same(strlen($data), $stream->write($data));
            }
            $stream->write('!');
            touch(tmp('written'));
        },
        'none' => fn () => [warnings(fn () => $none->write('x'))[0], warnings(fn () => $none->read())[0]],
        'big' => fn () => $stream->write(str_repeat('x', 10_000)),
    ]);
});
$srv->call('write');
same(['first', 'sec', 'third'], $srv->await('packets'));
$srv->call('big');
[$all, $three] = $srv->await('stream');
same('firstsecondthird!', substr($all, 0, 17));
same('xxx', $three);
same([false, false], $srv->call('none'));
$srv->stop();
