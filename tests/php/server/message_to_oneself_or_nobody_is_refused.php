<?php
// sendMessage() to this very worker, or to a number that no process has: false with a warning that names it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['send' => fn ($server, $to) => refused($server, fn () => $server->sendMessage('x', $to))]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', fn () => null);
    $server->on('pipeMessage', fn ($server, $source, $message) => note('message', $server->worker_id, $source, $message));
});
foreach ([0, 2, 99, -1, PHP_INT_MAX, PHP_INT_MIN] as $to) {
    [$result, $message, $error] = $srv->call('send', $to);
    same(false, $result, "to $to");
    matches($to === 0 ? '/itself|own|oneself|same|this/' : '/' . preg_quote("$to") . '/', $message);
    ok($error > 0, 'getLastError() is set');
}
same([true, ''], array_slice($srv->call('send', 1), 0, 2));
same([1, 0, 'x'], $srv->await('message'));
same(1, count($srv->notes('message')));
$srv->stop();
