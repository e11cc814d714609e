<?php
// A lock made before start() works among workers, task workers and user processes of both modes; a worker that is killed with it keeps nobody waiting.
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('sum'), '0');
$lock = new Swoole\Lock();
$add = function () use ($lock) {
    same(true, $lock->lock());
    file_put_contents(tmp('sum'), 1 + (int) file_get_contents(tmp('sum')));
    $lock->unlock();
};
$srv = serve(function (Swoole\Server $server) use ($lock, $add) {
    $server->set(['worker_num' => 2, 'task_worker_num' => 2]);
    $server->on('task', fn ($server, $id, $from, $data) => $add());
    $server->on('finish', fn () => null);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($lock, $add) {
        if ($data === 'die') {
            $lock->lock();
            note('holds it', getmypid());
            sleep(1000); // time: it is killed before
        }
        $add();
        $server->task('x');
        $server->send($fd, "ok\n");
    });
});
$srv->allow('/worker/');
$clients = $srv->connectMany(20);
array_map(fn ($client) => $client->write('x'), $clients);
array_map(fn ($client) => same("ok\n", $client->readTo()), $clients);
eventually(fn () => file_get_contents(tmp('sum')) === '40', 'all have added');
$srv->connect()->write('die');
posix_kill($srv->await('holds it')[0], SIGKILL);
$srv->await('ready', 5);
same("ok\n", $srv->connect()->write('x')->readTo());
eventually(fn () => file_get_contents(tmp('sum')) === '42', 'others go on');
$srv->stop();
