<?php
// SIGUSR1: new connections get the new certificate, those that exist go on; with a wrong file the one before stays, and the log tells.
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
$files = $authority->issue('DNS:first.test');
$srv = serve(function (Swoole\Server $server) use ($files) {
    $server->set($files);
    $server->on('afterReload', fn () => note('reloaded'));
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
$reload = function (int $nth) use ($srv) {
    $srv->signal(SIGUSR1);
    $srv->await('reloaded', $nth);
};
same('DNS:first.test', shownBy($srv->port, 'x'));
$old = secured($srv->port);
fwrite($old, "one\n");
same("one\n", fgets($old));

foreach ($authority->issue('DNS:second.test') as $option => $file) {
    copy($file, $files[$option]);
}
$reload(1);
eventually(fn () => shownBy($srv->port, 'x') === 'DNS:second.test', 'the new certificate is there');
if (!base()) {
    // In BASE a connection is its worker's, who leaves when it is quiet.
    fwrite($old, "two\n");
    same("two\n", fgets($old), 'over the connection from before');
}
file_put_contents($files['ssl_key_file'], 'no key');
$reload(2);
$srv->expect('/certificates stay as they were, the new ones are wrong: .*ssl_key_file/');
same('DNS:second.test', shownBy($srv->port, 'x'));
$srv->stop();
