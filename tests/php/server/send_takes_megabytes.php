<?php
// One message of 8 MiB out, and megabytes in, come through whole.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['socket_buffer_size' => 64 << 20, 'buffer_output_size' => 32 << 20]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $data === 'go' ? $server->send($fd, str_repeat('0123456789abcdef', 8 << 16)) : $server->send($fd, $data);
    });
});
$client = $srv->connect();
ok($client->ask('go', 8 << 20) === str_repeat('0123456789abcdef', 8 << 16), '8 MiB come back');
$data = random_bytes(300000);
for ($i = 0; $i < 10; $i++) {
    ok($client->ask($data) === $data, "block $i comes back");
}
$srv->stop();
