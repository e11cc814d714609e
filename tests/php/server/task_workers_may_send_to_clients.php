<?php
// Task workers and user processes send to connections, ask about them and close them, in any mode.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['task_worker_num' => 1, 'open_eof_split' => true, 'package_eof' => "\n"]);
    $user = new Swoole\Process(function ($process) use ($server) {
        while (true) {
            $fd = (int) $process->read();
            $server->send($fd, "from a user process\n");
        }
    });
    $server->addProcess($user);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $data === "user\n" ? $user->write("$fd") : $server->task([$fd, rtrim($data)]));
    $server->on('task', function ($server, $id, $source, $data) {
        [$fd, $what] = $data;
        match ($what) {
            'send' => $server->send($fd, "from task worker {$server->worker_id}\n"),
            'big' => $server->send($fd, str_repeat('x', 1 << 20)),
            'info' => $server->send($fd, $server->getClientInfo($fd)['remote_ip'] . ' ' . var_export($server->exist($fd), true) . "\n"),
            'close' => $server->close($fd),
        };
    });
});
$client = $srv->connect();
same("from task worker 2\n", $client->write("send\n")->readTo());
same(str_repeat('x', 1 << 20), $client->write("big\n")->read(1 << 20));
same("127.0.0.1 true\n", $client->write("info\n")->readTo());
same("from a user process\n", $client->write("user\n")->readTo());
$client->write("close\n")->closed();
$srv->stop();
