<?php
// open_cpu_affinity pins each worker to one CPU; cpu_affinity_ignore keeps CPUs free.
require __DIR__ . '/../../support/php/bootstrap.php';

$cpus = (int) shell_exec('nproc');
if ($cpus < 2) {
    exit(0);
}
foreach ([[], [0]] as $ignore) {
    $srv = serve(function (Swoole\Server $server) use ($ignore) {
        $server->set(['open_cpu_affinity' => true, 'cpu_affinity_ignore' => $ignore]);
        $server->on('workerStart', function ($server, $id) {
            preg_match('/Cpus_allowed_list:\s*(\S+)/', file_get_contents('/proc/self/status'), $found);
            note('cpu', $found[1]);
        });
        echoes($server);
    });
    $srv->await('cpu', 2);
    foreach ($srv->notes('cpu') as [$cpu]) {
        matches('/^\d+$/', $cpu);
        ok(!in_array((int) $cpu, $ignore, true), "CPU $cpu is not one to be kept free");
    }
    same('x', $srv->connect()->ask('x'));
    $srv->stop();
}
