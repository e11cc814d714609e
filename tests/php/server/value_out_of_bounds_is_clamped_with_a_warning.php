<?php
// Values that the manual clamps: a warning that names option, value and bound, and the server goes on.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    [$result, $messages] = warnings(fn () => $server->set(['worker_num' => 100000000]));
    note('set', $result, $messages);
    warnings(fn () => $server->set(['worker_num' => 2]));
    [$result, $messages] = warnings(fn () => $server->set(['reactor_num' => 100000]));
    note('set', $result, $messages);
    echoes($server);
});
foreach (['worker_num', 'reactor_num'] as $i => $name) {
    [$result, $messages] = $srv->await('set', $i + 1);
    same(true, $result);
    ok(count($messages) <= 1, 'one warning');
    $messages && matches("/$name.*10000/", $messages[0]);
}
same(1, count($srv->notes('set')[0][1]), 'worker_num is clamped with a warning');
$srv->allow('/reactor_num/');
same('x', $srv->connect()->ask('x'));
$srv->stop();
