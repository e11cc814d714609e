<?php
// 15,000 idle connections at once: all are served, and each costs the server at most 1 KiB of memory in user space.
// timeout: 180
// alone: it takes most of the descriptors and much of the machine
require __DIR__ . '/../../support/php/bootstrap.php';

const CONNECTIONS = 15000;
$limit = posix_getrlimit()['hard openfiles'];
if ($limit !== 'unlimited' && $limit < CONNECTIONS + 1000) {
    exit(0);
}
$srv = serve(function (Swoole\Server $server) {
    $server->set(['max_conn' => CONNECTIONS + 500, 'backlog' => 4096]);
    echoes($server);
    $server->on('connect', fn () => 1);
});
// Memory of its own and shared memory that was touched, of the whole tree; shared pages are counted once, as a part in each.
$memory = fn () => array_sum(array_map(function ($pid) {
    preg_match('/^Pss:\s*(\d+)/m', (string) @file_get_contents("/proc/$pid/smaps_rollup"), $found);
    return (int) ($found[1] ?? 0);
}, [$srv->pid, ...$srv->children()]));
foreach ($srv->connectMany(200) as $client) {
    same('warm', $client->ask('warm'));
}
unset($client);
$before = $memory();
$sockets = [];
$address = ['127.0.0.1', $srv->port];
for ($i = 0; $i < CONNECTIONS; $i++) {
    $socket = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
    socket_connect($socket, ...$address);
    $sockets[] = $socket;
}
foreach ($sockets as $i => $socket) {
    if ($i % 100 === 0 || $i > CONNECTIONS - 10) {
        socket_write($socket, 'ping');
        same('ping', socket_read($socket, 4));
    }
}
$each = ($memory() - $before) * 1024 / CONNECTIONS;
ok($each <= 1024, sprintf('bytes for each connection: %.0f', $each));
$sockets = [];
same('x', $srv->connect()->ask('x'));
$srv->stop(60);
