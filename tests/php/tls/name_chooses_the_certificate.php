<?php
// SNI: each name has its certificate, a wildcard those of one label more, all others the port's own.
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
[$own, $a, $wide] = [$authority->issue('DNS:own.test'), $authority->issue('DNS:a.test'), $authority->issue('DNS:*.wide.test')];
$srv = serve(function (Swoole\Server $server) use ($own, $a, $wide) {
    $server->set($own + ['ssl_sni_certs' => ['a.test' => $a, '*.wide.test' => $wide]]);
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
$wanted = ['own.test' => 'own.test', 'a.test' => 'a.test', 'A.TEST' => 'a.test', 'b.a.test' => 'own.test', 'x.wide.test' => '*.wide.test', 'wide.test' => 'own.test', 'x.y.wide.test' => 'own.test'];
foreach ($wanted as $asked => $shown) {
    same("DNS:$shown", shownBy($srv->port, $asked), "certificate for $asked");
}
$srv->stop();
