<?php
// open_length_check: N at 0, body at 4: packages split over many reads and many in one read come out whole.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_length_check' => true, 'package_length_type' => 'N', 'package_length_offset' => 0, 'package_body_offset' => 4]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, '[' . substr($data, 4) . ']'));
});
$package = fn (string $body) => pack('N', strlen($body)) . $body;
$client = $srv->connect();
same('[a][][bc]', $client->ask($package('a') . $package('') . $package('bc'), 9));
foreach (str_split($package('slow')) as $byte) {
    $client->write($byte);
}
same('[slow]', $client->read(6));
$large = random_bytes(1 << 20);
ok($client->ask($package($large), strlen($large) + 2) === "[$large]", '1 MiB comes out as one package');
$many = str_repeat($package('xyz'), 20000);
same(str_repeat('[xyz]', 20000), $client->ask($many, 100000));
$srv->stop();
