<?php
// sendfile(): the whole file, or offset and length; after and before what send() sends.
require __DIR__ . '/../../support/php/bootstrap.php';

$content = random_bytes(3 << 20);
file_put_contents(tmp('file'), $content);
$srv = serve(function (Swoole\Server $server) {
    $server->set(['socket_buffer_size' => 64 << 20]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        [$offset, $length] = explode(' ', $data);
        $server->send($fd, 'before');
        note('sent', $server->sendfile($fd, tmp('file'), (int) $offset, (int) $length));
        $server->send($fd, 'after');
    });
});
$client = $srv->connect();
foreach ([[0, 0], [10, 0], [0, 100], [1000, 70000], [(3 << 20) - 1, 1]] as [$offset, $length]) {
    $wanted = 'before' . ($length ? substr($content, $offset, $length) : substr($content, $offset)) . 'after';
    ok($client->ask("$offset $length", strlen($wanted)) === $wanted, "offset $offset, length $length");
}
same(array_fill(0, 5, [true]), $srv->notes('sent'));
$srv->stop();
