<?php
// In worker and task worker files are read and written, names looked up and commands run, while the process serves on.
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), 'content');
$work = function (string $where) {
    swoole_async_writefile(tmp($where), 'written', function () use ($where) {
        swoole_async_readfile(tmp($where), fn ($file, $content) => note("$where file", $content));
    });
    swoole_async_dns_lookup('localhost', fn ($host, $address) => note("$where name", $address));
    Swoole\Async::exec('echo hello', fn ($output, $status) => note("$where command", $output, $status['code']));
};
$srv = serve(function (Swoole\Server $server) use ($work) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    echoes($server);
    $server->on('task', fn () => null);
    $server->on('workerStart', fn ($server) => $work($server->taskworker ? 'task worker' : 'worker'));
});
foreach (['worker', 'task worker'] as $where) {
    same(['written'], $srv->await("$where file"));
    same(['127.0.0.1'], $srv->await("$where name"));
    same(["hello\n", 0], $srv->await("$where command"));
}
same('hello', $srv->connect()->ask('hello'));
$srv->stop();
