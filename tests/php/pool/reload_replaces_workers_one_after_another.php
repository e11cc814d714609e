<?php
// SIGUSR1 replaces all workers, each after its stop event, one after another; code that a worker loads is new then.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('code.php'), '<?php return "old";');
$srv = pool([
    'workerStart' => fn ($pool, $id) => note('code', $id, require tmp('code.php')),
    'workerStop' => fn ($pool, $id) => note('stop', $id, hrtime(true)),
    'message' => fn () => null,
], 3, SWOOLE_IPC_UNIXSOCK);
$srv->await('code', 3); // they have loaded it
$before = array_map($srv->worker(...), [0, 1, 2]);
file_put_contents(tmp('code.php'), '<?php return "new";');
$srv->signal(SIGUSR1);
$srv->await('ready', 6);
$srv->await('code', 6);
$after = array_map($srv->worker(...), [0, 1, 2]);
same([], array_intersect($before, $after));
same(['old', 'old', 'old', 'new', 'new', 'new'], array_column($srv->notes('code'), 1));
$srv->stop();
