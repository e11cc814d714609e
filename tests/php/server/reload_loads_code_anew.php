<?php
// A file that onWorkerStart includes is read again by the workers after a reload.
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('code.php'), '<?php return "old";');
$srv = serve(function (Swoole\Server $server) {
    $server->on('workerStart', fn () => $GLOBALS['code'] = include tmp('code.php'));
    $server->on('afterReload', fn () => note('after'));
    $server->on('receive', fn ($server, $fd) => $server->send($fd, $GLOBALS['code']));
});
same('old', $srv->connect()->ask('?', 3));
file_put_contents(tmp('code.php'), '<?php return "new";');
$srv->signal(SIGUSR1);
$srv->await('after');
same('new', $srv->connect()->ask('?', 3));
$srv->stop();
