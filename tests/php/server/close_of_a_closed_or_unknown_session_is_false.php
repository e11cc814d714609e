<?php
// close() of a session that is not open: false, with an error number.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        note('unknown', @$server->close(99999999), $server->getLastError());
        note('first', $server->close($fd));
        note('second', @$server->close($fd), $server->getLastError() !== 0);
    });
});
$srv->allow('/session|clos/i');
$srv->connect()->write('x')->closed();
[$closed, $error] = $srv->await('unknown');
ok($closed === false && in_array($error, [SWOOLE_ERROR_SESSION_NOT_EXIST, SWOOLE_ERROR_SESSION_INVALID_ID]), "error $error");
same([true], $srv->await('first'));
same([false, true], $srv->await('second'));
$srv->stop();
