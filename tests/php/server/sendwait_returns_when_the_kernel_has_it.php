<?php
// sendwait() blocks until the data is out; in PROCESS mode, where a worker has no socket, it is refused or does the same.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        $sent = @$server->sendwait($fd, str_repeat('w', 1 << 20));
        note('sent', $sent, $sent ? 0 : $server->getLastError());
    });
});
$srv->allow('/sendwait/i');
$client = $srv->connect()->write('x');
if (base()) {
    same(str_repeat('w', 1 << 20), $client->read(1 << 20));
}
[$sent, $error] = $srv->await('sent');
ok($sent === true || (!base() && $error !== 0), "sendwait gave $sent, error $error");
$srv->stop();
