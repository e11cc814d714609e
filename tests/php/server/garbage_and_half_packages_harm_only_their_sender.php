<?php
// Clients that send garbage, one byte at a time, nothing at all, or reset in the middle: the others are served all the time.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4, 'package_max_length' => 1 << 20]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, $data));
    $server->on('close', fn ($server, $fd) => note('close', $fd));
});
$srv->allow('/package|length/i');
$well = $srv->connectMany(4);
$package = pack('N', 5) . 'hello';
$silent = $srv->connectMany(20);
mt_srand(20);
for ($round = 0; $round < 60; $round++) {
    $client = $srv->connect();
    $garbage = random_bytes(mt_rand(1, 3000));
    match ($round % 4) {
        0 => $client->tryWrite("\xff\xff\xff\xff" . $garbage),
        1 => array_map(fn ($byte) => $client->write($byte), str_split(substr($package, 0, 8))),
        2 => $client->write(substr($package, 0, mt_rand(1, 8))),
        3 => $client->write($package . $package . 'x'),
    };
    $round % 3 ? $client->reset() : $client->close();
    same($package, $well[$round % 4]->ask($package), "round $round");
}
$srv->await('close', 60);
foreach ($silent as $client) {
    same($package, $client->ask($package));
}
$srv->stop();
same(84, 60 + count($well) + count($silent));
