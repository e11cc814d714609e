<?php
// package_length_func: the script says how long a package is; 0 asks for more bytes, -1 ends the connection.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    drip($connection, '3:one0:11:hello world!');
    fgets($connection);
});
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set(['open_length_check' => true, 'package_length_func' => function (string $data): int {
    if ($data[0] === '!') {
        return -1;
    }
    $colon = strpos($data, ':');
    return $colon === false ? 0 : $colon + 1 + (int) substr($data, 0, $colon);
}]);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
foreach (['3:one', '0:', '11:hello world'] as $package) {
    same($package, $client->recv());
}
same([false, false], [warnings(fn () => $client->recv())[0], $client->isConnected()]);
