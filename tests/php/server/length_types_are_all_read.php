<?php
// package_length_type: each letter of pack() for 1, 2 and 4 bytes, with an offset in the header and a body offset of 0.
require __DIR__ . '/../../support/php/bootstrap.php';

$types = str_split('cCsSnvlLNV');
$srv = serve(function (Swoole\Server $server) use ($types) {
    echoes($server);
    foreach ($types as $type) {
        $port = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
        $port->set(['open_length_check' => true, 'package_length_type' => $type, 'package_length_offset' => 2, 'package_body_offset' => 0]);
        $port->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "[$data]"));
    }
});
foreach ($types as $i => $type) {
    $header = 2 + strlen(pack($type, 0));
    // A body offset of 0: the length counts the header too.
    $package = 'id' . pack($type, $header + 100) . str_repeat('b', 100);
    same("[$package][$package]", $srv->connect($i + 1)->ask($package . $package, 2 * strlen($package) + 4), "type $type");
}
$srv->stop();
