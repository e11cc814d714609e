<?php
// An atomic made before start() counts in workers, task workers, user processes and after a reload, in both modes.
require __DIR__ . '/../../support/php/bootstrap.php';

[$atomic, $long, $bell] = [new Swoole\Atomic(), new Swoole\Atomic\Long(), new Swoole\Atomic()];
$srv = serve(function (Swoole\Server $server) use ($atomic, $long, $bell) {
    $server->set(['worker_num' => 2, 'task_worker_num' => 1]);
    $server->on('task', fn () => $long->add(100));
    $server->on('receive', function ($server, $fd) use ($atomic, $long, $bell) {
        $atomic->add();
        $server->taskwait('x', PATIENCE);
        $server->send($fd, "ok\n");
    });
    $server->addProcess(new Swoole\Process(function ($process) use ($atomic, $long, $bell) {
        $bell->wait(-1);
        $long->add(7);
        note('woken');
        $process->read();
    }));
});
foreach ($srv->connectMany(5) as $client) {
    same("ok\n", $client->write('x')->readTo());
}
same([5, 500], [$atomic->get(), $long->get()]);
$bell->wakeup();
$srv->await('woken');
same(507, $long->get());
$srv->signal(SIGUSR1);
$srv->await('ready', 6);
same("ok\n", $srv->connect()->write('x')->readTo());
same([6, 607], [$atomic->get(), $long->get()]);
$srv->stop();
