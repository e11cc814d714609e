<?php
// What write() is given while a message is handled is one answer to its connection; outside of that it is refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$port = freePort();
$srv = pool([
    'workerStart' => fn ($pool) => note('outside', ...warnings(fn () => $pool->write('x'))),
    'message' => function ($pool, $data) {
        swoole_timer_after(1, fn () => note('later', ...warnings(fn () => $pool->write('x'))));
        same(true, $pool->write('one') && $pool->write('two'));
    },
], 1, SWOOLE_IPC_SOCKET, more: fn ($pool) => $pool->listen('127.0.0.1', $port));
$client = new Client("tcp://127.0.0.1:$port");
same("\0\0\0\6onetwo", $client->write("\0\0\0\1x")->read(10));
foreach (['outside', 'later'] as $when) {
    [$answer, [$warning]] = $srv->await($when);
    same(false, $answer);
    contains('message', $warning);
}
$srv->stop();
