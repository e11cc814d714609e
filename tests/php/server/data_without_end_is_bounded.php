<?php
// A client that sends an endless package is closed, and the memory of the server does not grow with it.
// php: -d memory_limit=1G
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_eof_split' => true, 'package_eof' => "\n", 'package_max_length' => 1 << 20]);
    echoes($server);
});
$srv->allow('/package|long|large/i');
$memory = fn () => array_sum(array_map(function ($pid) {
    preg_match('/RssAnon:\s*(\d+)/', (string) @file_get_contents("/proc/$pid/status"), $found);
    return (int) ($found[1] ?? 0);
}, [$srv->pid, ...$srv->children()]));
same("x\n", $srv->connect()->ask("x\n"));
$before = $memory();
for ($i = 0; $i < 5; $i++) {
    $client = $srv->connect();
    ok(!$client->tryWrite(str_repeat('x', 64 << 20)), 'the server does not take it all');
}
between(0, 24 << 10, $memory() - $before, 'KiB more');
same("x\n", $srv->connect()->ask("x\n"));
$srv->stop();
