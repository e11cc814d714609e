<?php
// When its function returns with a timer set, a user process stays: timers fire, and messages from workers reach onPipeMessage.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['send' => fn ($server, $message) => $server->sendMessage($message, 1)]);
    $server->on('pipeMessage', fn ($server, ...$arguments) => note('message', $server->worker_id, ...$arguments));
    $server->addProcess(new Swoole\Process(function ($process) use ($server) {
        note('run');
        $server->tick(5, function ($timer, $word) use ($server) {
            note('tick', $word);
            $server->sendMessage('hello from a user process', 0);
        }, 'extra');
    }));
});
$srv->await('tick', 3);
same(['extra'], $srv->await('tick'));
same([0, 1, 'hello from a user process'], $srv->await('message'));
$srv->call('send', ['hi']);
eventually(fn () => in_array([1, 0, ['hi']], $srv->notes('message'), true), 'the message reaches the user process');
same(1, count($srv->notes('run')), 'runs');
$srv->allow('/tick|process/i');
$srv->stop();
