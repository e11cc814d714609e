<?php
// Tasks that cannot be: a number out of range, a value that cannot be serialised, finish() outside a task. Each false, with the reason.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $calls = [
        'index' => fn ($server) => $server->task('x', 2),
        'negative index' => fn ($server) => $server->task('x', -2),
        'huge index' => fn ($server) => $server->task('x', PHP_INT_MAX),
        'index of taskwait' => fn ($server) => $server->taskwait('x', 1.0, 2),
        'finish' => fn ($server) => $server->finish('x'),
    ];
    $closures = [
        'task' => fn ($server) => $server->task(['a' => fn () => 1]),
        'taskwait' => fn ($server) => $server->taskwait(fn () => 1),
        'taskWaitMulti' => fn ($server) => $server->taskWaitMulti(['x', fn () => 1]),
        'sendMessage' => fn ($server) => $server->sendMessage(fn () => 1, 1),
    ];
    offers($server, [
        'bad' => fn ($server, $which) => refused($server, fn () => $calls[$which]($server)),
        'closure' => function ($server, $which) use ($closures) {
            try {
                return warnings(fn () => $closures[$which]($server));
            } catch (Exception $thrown) {
                return [false, [$thrown->getMessage()]];
            }
        },
        'wait' => fn ($server, $data) => $server->taskwait($data, PATIENCE),
        'tasking' => fn ($server) => $server->stats()['tasking_num'],
    ]);
    $server->set(['task_worker_num' => 2]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'closure') {
            try {
                return warnings(fn () => $server->finish(fn () => 1));
            } catch (Exception $thrown) {
                return [false, [$thrown->getMessage()]];
            }
        }
        return $data;
    });
    $server->on('pipeMessage', fn () => null);
});
foreach (['index' => '/\b2\b/', 'negative index' => '/-2/', 'huge index' => '/\d/', 'index of taskwait' => '/\b2\b/', 'finish' => '/task/'] as $which => $pattern) {
    [$result, $message, $error] = $srv->call('bad', $which);
    same(false, $result, $which);
    matches($pattern, $message);
    ok($error > 0, "$which: getLastError() is set");
}
foreach (['task', 'taskwait', 'taskWaitMulti', 'sendMessage'] as $which) {
    [$result, $messages] = $srv->call('closure', $which);
    same(false, $result, $which);
    contains('Closure', implode("\n", $messages));
}
[$result, $messages] = $srv->call('wait', 'closure');
same(false, $result);
contains('Closure', implode("\n", $messages));
same('still there', $srv->call('wait', 'still there'));
same(0, $srv->call('tasking'));
$srv->stop();
