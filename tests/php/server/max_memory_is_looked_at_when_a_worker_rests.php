<?php
// A worker that has grown above max_memory in a quick burst is replaced although nothing more comes.
// php: -d memory_limit=1G
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['take' => fn ($server, $bytes) => strlen($GLOBALS['kept'][] = str_repeat('x', $bytes))]);
    $server->set(['worker_num' => 1, 'max_memory' => 60 << 20]);
});
$pid = $srv->worker(0);
$client = begin($srv, 'take', 1);
for ($i = 0; $i < 40 && $srv->worker(0) === $pid; $i++) {
    begin($srv, 'take', 3 << 20);
}
eventually(fn () => $srv->worker(0) !== $pid, 'it is replaced');
$srv->allow('/max_memory|worker/i');
$srv->stop();
