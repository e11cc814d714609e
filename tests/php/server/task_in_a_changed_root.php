<?php
// chroot: tasks that need a file find task_tmpdir in the new root, both ways. Needs root.
require __DIR__ . '/../../support/php/bootstrap.php';

if (posix_getuid() !== 0) {
    exit(0);
}
mkdir(tmp('tmp'));
chmod(tmp('tmp'), 0o777);
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'wait' => fn ($server, $size) => strlen($server->taskwait(str_repeat('x', $size), PATIENCE)),
        'message' => fn ($server) => $server->sendMessage(str_repeat('x', 100_000), 1),
    ]);
    $server->set(['user' => 'nobody', 'chroot' => TEST_DIR, 'task_worker_num' => 1, 'task_tmpdir' => '/tmp']);
    $server->on('task', fn ($server, $id, $source, $data) => $data);
    $server->on('pipeMessage', fn ($server, $source, $message) => note('message', strlen($message)));
});
same(200_000, $srv->call('wait', 200_000));
same(true, $srv->call('message'));
same([100_000], $srv->await('message'));
awaitNoTaskFiles(tmp('tmp'));
$srv->stop();
