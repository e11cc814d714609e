<?php
// Messages that are sent to a worker while it is replaced are handled by its successor, each once and in order.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool([
    'message' => fn ($pool, $data) => note('got', $pool->workerId, (int) $data),
    'start' => function ($pool) {
        $n = 0;
        swoole_timer_tick(1, function ($timer) use ($pool, &$n) {
            for ($many = 0; $many < 10 && $n < 2000 && $pool->sendMessage((string) $n, $n % 2); $many++) { // false: full; the next tick tries again
                $n++;
            }
            $n === 2000 && swoole_timer_clear($timer);
        });
    },
], 2, SWOOLE_IPC_UNIXSOCK);
for ($n = 1; $n <= 5; $n++) {
    $srv->await('got', 200 * $n);
    $srv->signal(SIGUSR1);
    $srv->await('ready', 2 + 2 * $n);
}
$srv->await('got', 2000);
$got = [[], []];
foreach ($srv->notes('got') as [$worker, $number]) {
    $got[$worker][] = $number;
}
same([range(0, 1998, 2), range(1, 1999, 2)], $got);
$srv->stop();
