<?php
// Values that the manual clamps: a warning that names option, value and bound, and the server goes on.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    note('set', ...warnings(fn () => $server->set(['worker_num' => 0])));
    note('set', ...warnings(fn () => $server->set(['package_max_length' => 5])));
    $server->set(['worker_num' => 2, 'max_conn' => 3]);
    echoes($server);
});
foreach (['worker_num.*\b0\b.*\b1\b', 'package_max_length.*\b5\b.*65536'] as $i => $wanted) {
    [$result, $messages] = $srv->await('set', $i + 1);
    same([true, 1], [$result, count($messages)]);
    matches("/$wanted/", $messages[0]);
}
$srv->expect('/max_conn.*\b3\b.*\b36\b/');
same('x', $srv->connect()->ask('x'));
$srv->stop();
