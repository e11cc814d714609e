<?php
// The pipe can be watched by the loops of parent and child at once, stream or datagrams, as an object or by its number; the child ends when its loop is empty.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([Swoole\Process::PIPE_TYPE_DGRAM, Swoole\Process::PIPE_TYPE_STREAM] as $type) {
    $process = new Swoole\Process(function (Swoole\Process $process) {
        $sum = 0;
        swoole_event_add($process->pipe, function () use ($process, &$sum) {
            $number = (int) $process->read();
            $process->write((string) ($sum += $number));
            if ($number === 10) {
                swoole_event_del($process->pipe);
            }
        });
        swoole_timer_after(1, fn () => null);
    }, false, $type);
    $process->start();
    $heard = [];
    $number = 0;
    swoole_event_add($process, function ($given) use ($process, &$heard, &$number) {
        same($process, $given);
        $heard[] = (int) $process->read();
        if ($number === 10) {
            swoole_event_del($process);
        } else {
            $process->write((string) ++$number);
        }
    });
    $process->write((string) ++$number);
    loop();
    same([1, 3, 6, 10, 15, 21, 28, 36, 45, 55], $heard);
    same(['code' => 0, 'signal' => 0], array_slice(Swoole\Process::wait(), 1));
}
