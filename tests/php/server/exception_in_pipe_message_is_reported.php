<?php
// What onPipeMessage throws is reported as an uncaught exception, and the next message is handled.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['send' => fn ($server, $message) => $server->sendMessage($message, 1)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->on('pipeMessage', fn ($server, $source, $message) => $message === 'throw' ? throw new LogicException('thrown in a message') : note('got', $message));
});
$srv->call('send', 'throw');
$srv->expect('/Uncaught LogicException: thrown in a message/');
$srv->call('send', 'next');
same(['next'], $srv->await('got'));
$srv->stop();
