<?php
// SIGUSR1: new connections get the new certificate, those that exist go on, and what is under way on them comes whole; with a wrong file the one before stays, and the log tells.
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
$files = $authority->issue('DNS:first.test');
$srv = serve(function (Swoole\Server $server) use ($files) {
    $server->set($files + ['socket_buffer_size' => 30_000_000]);
    $server->on('beforeReload', fn () => note('reloads'));
    $server->on('afterReload', fn () => note('reloaded'));
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, $data === "long\n" ? str_repeat('x', 10_000_000) : $data));
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
$busy = secured($srv->port);
fwrite($busy, "long\n");
same('xxxxx', fread($busy, 5), 'the beginning of what is under way');
$srv->signal(SIGUSR1);
$srv->await('reloads');
same(9_999_995, strspn(stream_get_contents($busy, 9_999_995), 'x'), 'the rest of it');
$srv->await('reloaded');
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
