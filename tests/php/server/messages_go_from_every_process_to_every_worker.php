<?php
// sendMessage() from workers, task workers, user processes, manager and master; onPipeMessage gets (server, sender, message).
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    // Whichever worker the client got, the message is sent by `from`.
    offers($server, ['send' => fn ($server, $from, $to, $message) => note('sent', $server->worker_id === $from
        ? $server->sendMessage($message, $to)
        : $server->sendMessage([$message, $to], $from))]);
    $server->set(['worker_num' => 2, 'task_worker_num' => 2]);
    $server->on('task', fn () => null);
    $server->on('pipeMessage', function ($server, ...$arguments) {
        if (is_array($arguments[1])) {
            [$message, $to] = $arguments[1];
            note('sent', $server->sendMessage($message, $to));
        } else {
            note($arguments[1], $server->worker_id, $arguments[0], count($arguments));
        }
    });
    $server->on('managerStart', fn ($server) => $server->tick(5, function ($timer) use ($server) {
        if (file_exists(tmp('manager'))) {
            $server->clearTimer($timer);
            note('manager sent', $server->sendMessage('from the manager to 0', 0), $server->sendMessage('from the manager to 3', 3));
        }
    }));
    $server->on('start', fn ($server) => $server->tick(5, function ($timer) use ($server) {
        if (file_exists(tmp('master'))) {
            $server->clearTimer($timer);
            note('master sent', $server->sendMessage('from the master to 1', 1), $server->sendMessage('from the master to 2', 2));
        }
    }));
    $server->addProcess(new Swoole\Process(function () use ($server) {
        holdFor(tmp('user'));
        note('user sent', $server->sendMessage('from a user process to 1', 1), $server->sendMessage('from a user process to 2', 2));
        holdFor('/never');
    }));
});
foreach ([0, 1, 2, 3] as $from) {
    foreach ([0, 1, 2, 3] as $to) {
        if ($from !== $to) {
            $text = "from $from to $to";
            $srv->call('send', $from, $to, $text);
            same([$to, $from, 2], $srv->await($text));
        }
    }
}
same([true], array_values(array_unique(array_column($srv->notes('sent'), 0))));
touch(tmp('user'));
same([true, true], $srv->await('user sent'));
same([[1, 4, 2], [2, 4, 2]], [$srv->await('from a user process to 1'), $srv->await('from a user process to 2')]);
touch(tmp('manager'));
same([true, true], $srv->await('manager sent'));
same([[0, -1, 2], [3, -1, 2]], [$srv->await('from the manager to 0'), $srv->await('from the manager to 3')]);
if (!base()) {
    touch(tmp('master'));
    same([true, true], $srv->await('master sent'));
    same([[1, -1, 2], [2, -1, 2]], [$srv->await('from the master to 1'), $srv->await('from the master to 2')]);
}
$srv->stop();
