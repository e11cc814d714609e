<?php
// buffer_high_watermark and buffer_low_watermark: bufferFull when more than that waits for a client, bufferEmpty when it has read.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['socket_buffer_size' => 32 << 20, 'buffer_output_size' => 32 << 20, 'buffer_high_watermark' => 1 << 20, 'buffer_low_watermark' => 1 << 16]);
    $server->on('bufferFull', fn ($server, $fd) => note('buffer', 'full', $fd));
    $server->on('bufferEmpty', fn ($server, $fd) => note('buffer', 'empty', $fd));
    $server->on('receive', function ($server, $fd) {
        note('fd', $fd);
        $server->send($fd, str_repeat('x', 24 << 20));
    });
});
$client = $srv->connect()->write('go');
[$fd] = $srv->await('fd');
same(['full', $fd], $srv->await('buffer'));
ok(count($srv->notes('buffer')) === 1, 'not empty while the client does not read');
same(24 << 20, strlen($client->read(24 << 20)));
same(['empty', $fd], $srv->await('buffer', 2));
$srv->stop();
