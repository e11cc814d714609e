<?php
// Without onPipeMessage sendMessage() is false and says what is missing.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['send' => fn ($server) => [warnings(fn () => $server->sendMessage('x', 1 - $server->worker_id)), swoole_last_error()]]);
    $server->set(['worker_num' => 2]);
});
[[$answer, [$warning]], $error] = $srv->call('send');
same(false, $answer);
contains("there is no onPipeMessage; call on('PipeMessage'", $warning);
ok($error > 0, 'it has a number');
$srv->stop();
