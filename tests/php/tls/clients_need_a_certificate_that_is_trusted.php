<?php
// ssl_client_cert_file: clients without a certificate, or with one of another authority, are turned away and nobody hears of them; the others' is in getClientInfo().
require __DIR__ . '/../../support/php/bootstrap.php';

[$authority, $stranger] = [new Authority(), new Authority('Somebody else')];
$files = $authority->issue();
$known = $authority->issue('DNS:client', subject: 'known');
$unknown = $stranger->issue('DNS:client', subject: 'unknown');
$srv = serve(function (Swoole\Server $server) use ($files, $authority) {
    $server->set($files + ['ssl_client_cert_file' => $authority->file, 'task_worker_num' => 1]);
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL)->set($files);
    $server->on('connect', fn ($server, $fd) => note('connect', $fd, $server->getClientInfo($fd)['ssl_client_cert'] ?? null));
    $server->on('receive', function ($server, $fd) {
        $server->task($fd, -1, fn ($server, $id, $found) => $server->send($fd, $found));
    });
    $server->on('task', fn ($server, $id, $from, $fd) => openssl_x509_parse($server->getClientInfo($fd)['ssl_client_cert'])['subject']['CN'] . "\n");
    $server->on('close', fn ($server, $fd) => note('close', $fd));
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
$as = fn (array $files) => ['local_cert' => $files['ssl_cert_file'], 'local_pk' => $files['ssl_key_file']];

$stream = secured($srv->port, $as($known));
fwrite($stream, "who\n");
same("known\n", fgets($stream), 'what a task worker sees');
same(file_get_contents($known['ssl_cert_file']), $srv->await('connect')[1]);

foreach ([[], $as($unknown)] as $ssl) {
    // TLS 1.3: the client is through before the server has looked.
    if ($refused = secured($srv->port, $ssl)) {
        @fwrite($refused, "who\n");
        same('', (string) @fgets($refused), 'an answer');
        fclose($refused);
    }
}
$open = secured($srv->ports[1][1]);
ok(is_resource($open), 'a port that asks for none');
same(null, $srv->await('connect', 2)[1]);
same(2, count($srv->notes('connect')), 'connections that were heard of');
$srv->stop();
