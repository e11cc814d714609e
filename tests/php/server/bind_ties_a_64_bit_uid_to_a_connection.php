<?php
// bind(): once for each connection, any 64-bit number; getClientInfo() shows it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['dispatch_mode' => 5]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $before = isset($server->getClientInfo($fd)['uid']) ? $server->getClientInfo($fd)['uid'] : null;
        $first = $server->bind($fd, (int) $data);
        note('uid', $before, $first, $server->getClientInfo($fd)['uid'] ?? null, @$server->bind($fd, 7), @$server->bind(99999999, 7));
    });
});
$srv->allow('/bind|uid|session/i');
foreach ([42, PHP_INT_MAX, 1 << 40] as $i => $uid) {
    $srv->connect()->write((string) $uid);
    same([null, true, $uid, false, false], $srv->await('uid', $i + 1));
}
$srv->stop();
