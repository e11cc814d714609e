<?php
// package_length_func: 0 asks for more, a negative number closes the connection, a positive one is the length.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_length_check' => true, 'package_length_func' => function (string $data) {
        $at = strpos($data, ':');
        return $at === false ? (strlen($data) > 5 ? -1 : 0) : $at + 1 + (int) substr($data, 0, $at);
    }]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "[$data]"));
});
$srv->allow('/package|length/i');
$client = $srv->connect();
same('[3:abc][1:x]', $client->ask('3:abc1:x', 12));
$client->write('1')->silent(0.05);
same('[10:0123456789]', $client->write('0:0123456789')->read(15));
$client->write('garbage')->closed();
same('[1:x]', $srv->connect()->ask('1:x', 5));
$srv->stop();
