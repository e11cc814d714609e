<?php
// Workers that are killed while they write to a table leave it whole for their successors.
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(256, ['a' => 'int8', 'text' => 64, 'b' => 'int8']);
$srv = serve(function (Swoole\Server $server) use ($table) {
    $server->set(['worker_num' => 2]);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($table) {
        note('writes', getmypid());
        for ($n = 0; ; $n++) {
            $table->set('k' . $n % 100, ['a' => $n, 'text' => str_repeat('x', $n % 64), 'b' => -$n]);
            $n % 3 || $table->del('k' . ($n + 50) % 100);
        }
    });
});
$srv->allow('/worker/');
for ($n = 1; $n <= 4; $n++) {
    $client = $srv->connect()->write('x');
    [$pid] = $srv->await('writes', $n);
    posix_kill($pid, SIGKILL);
    $srv->await('ready', 2 + $n);
    $count = 0;
    foreach ($table as $key => $row) {
        same(['a' => -$row['b'], 'text' => str_repeat('x', $row['a'] % 64), 'b' => $row['b']], $row);
        same(true, $table->set($key, ['a' => 0, 'text' => '', 'b' => 0]));
        $count++;
    }
    same($count, count($table));
}
$srv->stop();
