<?php
// A process that takes no messages: sendMessage() is false with SWOOLE_ERROR_QUEUE_FULL in the end, and all that were taken arrive.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['fill' => function ($server) {
        for ($sent = 0; $sent < 1_000_000; $sent++) {
            [$result, , $error] = refused($server, fn () => $server->sendMessage(str_repeat('x', 10_000), 1));
            if ($result === false) {
                return [$sent, $error];
            }
        }
    }, 'hold' => fn ($server) => $server->sendMessage('hold', 1)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $got = 0;
    $server->on('pipeMessage', function ($server, $source, $message) use (&$got) {
        if ($message === 'hold') {
            note('held');
            holdFor(tmp('go'));
        } elseif ($message === 'how many') {
            note('got', $got);
        } else {
            $got += (int) (strlen($message) === 10_000);
        }
    });
    $server->on('workerStart', fn ($server, $id) => $id === 0 && $server->tick(5, function ($timer) use ($server) {
        if (file_exists(tmp('go')) && @$server->sendMessage('how many', 1)) {
            $server->clearTimer($timer);
        }
    }));
});
$srv->allow('/queue|full|tick/i');
$srv->call('hold');
$srv->await('held');
[$sent, $error] = $srv->call('fill');
ok($sent > 10, "it took $sent");
same(SWOOLE_ERROR_QUEUE_FULL, $error);
touch(tmp('go'));
same([$sent], $srv->await('got'));
$srv->stop();
