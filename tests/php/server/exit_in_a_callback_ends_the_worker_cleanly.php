<?php
// exit(): shutdown functions and destructors run, no worker error is reported, a new worker comes, start() does not return there.
require __DIR__ . '/../../support/php/bootstrap.php';

class Last
{
    public function __destruct()
    {
        note('destructed', getmypid());
    }
}
$srv = serve(function (Swoole\Server $server) {
    $server->on('workerError', fn () => note('error'));
    $server->on('workerStart', fn () => $GLOBALS['last'] = new Last());
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, getmypid() . "\n");
        if ($data === 'exit') {
            register_shutdown_function(fn () => note('shut down', getmypid()));
            exit();
        }
    });
});
$srv->allow('/worker/i');
$pid = (int) $srv->connect()->write('exit')->readTo();
same([$pid], $srv->await('shut down'));
eventually(fn () => in_array([$pid], $srv->notes('destructed')), 'destructors run');
eventually(fn () => !in_array($pid, [$srv->worker(0), $srv->worker(1)]), 'it was replaced');
foreach ($srv->connectMany(10) as $client) {
    ok((int) $client->write('x')->readTo() !== $pid, 'others are served');
}
$srv->stop();
same([], $srv->notes('error'));
