<?php
// taskWaitMulti() gives each task's answer under its key, at the same time done; what did not come in time is left out or false.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['multi' => function ($server, ...$arguments) {
        $begin = microtime(true);
        return [$server->taskWaitMulti(...$arguments), microtime(true) - $begin];
    }]);
    $server->set(['task_worker_num' => 3]);
    $server->on('task', function ($server, $id, $source, $data) {
        if ($data === 'slow') {
            holdFor(tmp('go'));
        } elseif (is_float($data)) {
            usleep((int) ($data * 1e6)); // time: tasks that end in another order than they were given
        }
        return [$data];
    });
});
[$results] = $srv->call('multi', [0.05, 0.0, 'x'], PATIENCE);
same([[0.05], [0.0], ['x']], $results);
[$results] = $srv->call('multi', ['b' => 0.05, 'a' => null, 7 => ['deep' => [1]]], PATIENCE);
same(['b' => [0.05], 'a' => [null], 7 => [['deep' => [1]]]], $results);
[$results, $time] = $srv->call('multi', ['x', 'slow', 'y'], 0.3);
same([['x'], ['y']], [$results[0], $results[2]]);
same(false, $results[1] ?? false, 'the one that did not come in time');
between(0.29, 2.0, $time, 'seconds');
[$results, $time] = $srv->call('multi', ['slow']);
between(0.49, 2.0, $time, 'seconds without a timeout given');
touch(tmp('go'));
[$results] = $srv->call('multi', range(0, 1023), PATIENCE);
same(array_map(fn ($n) => [$n], range(0, 1023)), $results);
$srv->stop();
