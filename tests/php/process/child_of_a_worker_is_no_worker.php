<?php
// In a child of a worker the calls of the server that need a worker are refused, the workers' callbacks do not come, and its end is no worker's end.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('workerStop', fn () => note('stop', getmypid()));
    $server->on('workerError', fn () => note('error'));
    $server->on('receive', function ($server, $fd) {
        $process = new Swoole\Process(function (Swoole\Process $process) use ($server, $fd) {
            $send = warnings(fn () => $server->send($fd, 'from the child'));
            $message = warnings(fn () => $server->sendMessage('x', 0));
            $process->write(serialize([$send[0], $send[1] !== [], $message[0]]));
            swoole_timer_after(1, fn () => exit(17));
        });
        $process->start();
        note('child', unserialize($process->read()), array_slice(Swoole\Process::wait(), 1));
        $server->send($fd, 'from the worker');
    });
});
$worker = $srv->worker();
for ($n = 1; $n <= 3; $n++) {
    same('from the worker', $srv->connect()->write('x')->read(15));
    [$refused, $end] = $srv->await('child', $n);
    same([false, true, false], $refused);
    same(['code' => 17, 'signal' => 0], $end);
}
same($worker, $srv->worker(), 'the same worker all the time');
same([], $srv->notes('error'));
$srv->stop();
same([[$worker]], $srv->notes('stop'));
