<?php
// open_length_check: each recv() is header and body of one package, whatever the pieces; also packages of megabytes.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$package = fn (string $body) => pack('N', strlen($body)) . $body;
$big = str_repeat('0123456789', 300_000);
$peer = new Peer(function ($connection) use ($package, $big) {
    drip($connection, $package('one') . $package('') . $package('two'));
    fwrite($connection, $package('three') . $package($big) . $package('last'));
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set(['open_length_check' => true, 'package_length_type' => 'N', 'package_length_offset' => 0, 'package_body_offset' => 4, 'package_max_length' => 4 << 20]);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
foreach (['one', '', 'two', 'three', $big, 'last'] as $body) {
    ok($client->recv() === $package($body), 'package of ' . strlen($body) . ' bytes');
}
same('', $client->recv());
