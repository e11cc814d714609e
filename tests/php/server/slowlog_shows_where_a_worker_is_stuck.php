<?php
// request_slowlog_file gets the PHP backtrace of a worker that sleeps in a callback and of one that computes without end, once each,
// and again when the time has doubled.
require __DIR__ . '/../../support/php/bootstrap.php';

function sleepsWithinThis(): void
{
    sleep(30); // time: a worker that is stuck
}

function computesWithinThis(): void
{
    $until = microtime(true) + 30;
    while (microtime(true) < $until) {
        for ($i = 0, $sum = 0; $i < 10000; $i++) {
            $sum += $i;
        }
    }
}

$srv = serve(function (Swoole\Server $server) {
    $server->set(['request_slowlog_file' => tmp('slow'), 'request_slowlog_timeout' => 0.2]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('begun', $server->worker_id, getmypid());
        $data();
    });
});
foreach (['sleepsWithinThis', 'computesWithinThis'] as $which) {
    $before = count($srv->notes('begun'));
    $srv->connect()->write($which);
    [$worker, $pid] = $srv->await('begun', $before + 1);
    $entry = eventually(function () use ($pid) {
        $entries = array_filter(explode("\n\n", file_get_contents(tmp('slow'))), fn ($entry) => str_contains($entry, "pid $pid)"));
        return count($entries) >= 2 ? array_values($entries)[0] : false;
    }, "$which is written twice");
    matches("/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] worker $worker \(event, pid $pid\) has been in one callback for 0\.[23]\d\d s; it had begun 1 requests\n/", $entry);
    contains("$which()", $entry);
    contains(basename(__FILE__), $entry);
    posix_kill($pid, SIGKILL);
    $srv->expect("~worker $worker \(pid $pid\) ended by signal 9~");
}
$srv->stop();
