<?php
// Messages that wait when their worker is killed are handled by the next one of that number.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['send' => fn ($server, $message) => $server->sendMessage($message, 1)]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->on('pipeMessage', function ($server, $source, $message) {
        note('got', $message);
        $message === 'hold' && holdFor('/never');
    });
});
$srv->allow('/worker/i');
$srv->call('send', 'hold');
$srv->await('got');
foreach ([1, 2, 3] as $n) {
    same(true, $srv->call('send', $n));
}
posix_kill($srv->worker(1), SIGKILL);
$srv->await('got', 4);
same([['hold'], [1], [2], [3]], $srv->notes('got'));
$srv->stop();
