<?php
// What nobody has taken when the server ends is counted and logged, and its files are removed.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    mkdir(tmp('files'));
    offers($server, ['give' => function ($server) {
        $long = str_repeat('x', 50000);
        return [$server->task('first', 0), $server->task($long), $server->task($long, 0), $server->sendMessage($long, 2)];
    }]);
    $server->set(['task_worker_num' => 1, 'max_wait_time' => 1, 'task_tmpdir' => tmp('files')]);
    $server->on('task', function () {
        note('begun');
        holdFor('/never');
    });
    $server->on('pipeMessage', fn () => 0);
    $server->on('shutdown', function ($server) {
        ['task_lost_count' => $lost, 'mail_dropped_count' => $dropped] = $server->stats();
        note('left', $lost, $dropped);
    });
    $server->addProcess(new Swoole\Process(fn () => holdFor('/never')));
});
$srv->allow('/task|worker|dropped/i');
same([0, 1, 2, true], $srv->call('give'));
$srv->await('begun');
same(3, count(taskFiles(tmp('files'))));
$srv->signal(SIGTERM);
$srv->ended();
same([], taskFiles(tmp('files')));
same([3, 1], $srv->last('left'));
