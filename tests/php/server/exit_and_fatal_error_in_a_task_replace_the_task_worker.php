<?php
// exit() and a fatal error in onTask end the task worker, with its exit code; what was answered before counts, and the next task is done.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server, $data) => $server->taskwait($data, 60.0),
        'tasking' => fn ($server) => $server->stats()['tasking_num'],
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('workerError', fn ($server, ...$arguments) => note('error', ...$arguments));
    $server->on('task', function ($server, $id, $source, $data) {
        switch ($data) {
            case 'exit 3':
                exit(3);
            case 'fatal':
                ini_set('memory_limit', '8M');
                str_repeat('x', 1 << 28);
            case 'answer and exit':
                $server->finish('answered');
                exit(4);
        }
        return $data;
    });
});
$srv->allow('/worker|task|Fatal/i');
$errors = 0;
foreach (['exit 3' => [3, false], 'fatal' => [255, false], 'answer and exit' => [4, 'answered']] as $data => [$code, $answer]) {
    $pid = $srv->worker(1);
    same($answer, $srv->call('wait', $data), $data);
    same([1, $pid, $code, 0], $srv->await('error', ++$errors));
    same('next', $srv->call('wait', 'next'));
    ok($srv->worker(1) !== $pid, 'it was replaced');
}
same(0, $srv->call('tasking'));
$srv->expect('/Allowed memory size/');
$srv->stop();
