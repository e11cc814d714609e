<?php
// sendMessage() refuses a worker that does not exist, a message that is too long, and pools without messages; a full socket is false after a while.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'start' => function ($pool) {
        foreach ([fn () => $pool->sendMessage('x', 2), fn () => $pool->sendMessage('x', -1), fn () => $pool->sendMessage(str_repeat('x', 5000), 0)] as $n => $action) {
            [$answer, $warnings] = warnings($action);
            note('refused', $answer, $warnings[0] ?? '', swoole_last_error());
        }
        for ($sent = 0; $sent < 100_000 && @$pool->sendMessage(str_repeat('x', 4000), 1); $sent++) {
        }
        note('full', $sent, swoole_last_error());
        touch(tmp('go'));
    },
    'message' => fn ($pool, $data) => note('got', strlen($data)),
    'workerStart' => fn ($pool, $id) => $id === 1 && holdFor(tmp('go')),
], 2, SWOOLE_IPC_UNIXSOCK, more: fn ($pool) => $pool->set(['max_package_size' => 4096]));
[$sent, $error] = $srv->await('full');
between(1, 99_999, $sent, 'messages until it is full');
[[$a, $two], [$b, $minus], [$c, $long, $code]] = $srv->notes('refused');
same([false, false, false, SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE], [$a, $b, $c, $code]);
contains('2', $two);
contains('-1', $minus);
contains('4096', $long);
$srv->await('got', $sent);
$srv->stop();
same($sent, count($srv->notes('got')), 'all that were taken have arrived, and no other');
