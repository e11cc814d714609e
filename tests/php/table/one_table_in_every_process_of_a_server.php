<?php
// A table made before start() is one and the same in workers, task workers, user processes, the master and the processes that they start, in both modes.
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(64, ['n' => 'int', 'who' => 32]);
$srv = serve(function (Swoole\Server $server) use ($table) {
    $server->set(['worker_num' => 2, 'task_worker_num' => 2]);
    $server->on('workerStart', fn ($server, $id) => $table->set("worker$id", ['n' => getmypid(), 'who' => $server->taskworker ? 'task worker' : 'worker']));
    $server->on('task', fn ($server, $id, $from, $data) => $table->incr('total', 'n', $data));
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($table) {
        $table->incr('total', 'n', (int) $data);
        $server->taskwait((int) $data, PATIENCE);
        $process = new Swoole\Process(fn () => $table->incr('total', 'n', (int) $data));
        $process->start();
        Swoole\Process::wait();
        $server->send($fd, "ok\n");
    });
    $server->addProcess(new Swoole\Process(function ($process) use ($table) {
        $table->set('user', ['who' => 'user process']);
        note('user');
        $process->read();
    }));
});
$srv->await('user');
foreach (range(0, 3) as $id) {
    same(['n' => $srv->worker($id), 'who' => $id < 2 ? 'worker' : 'task worker'], $table->get("worker$id"));
}
same('user process', $table->get('user', 'who'));
$clients = $srv->connectMany(6);
foreach ($clients as $n => $client) {
    $client->write((string) ($n + 1));
}
foreach ($clients as $client) {
    same("ok\n", $client->readTo());
}
same(3 * 21, $table->get('total', 'n'), 'each number three times');
$table->set('from the test', ['n' => 1]);
$srv->signal(SIGUSR1);
$srv->await('ready', 8);
same($srv->worker(0), eventually(fn () => $table->get('worker0', 'n') === $srv->worker(0) ? $srv->worker(0) : false, 'the new workers write too'));
$srv->stop();
same(63, $table->get('total', 'n'));
