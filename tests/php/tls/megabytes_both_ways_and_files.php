<?php
// Long messages go through TLS whole in both directions, also to a client that reads slowly, and files behind them in order.
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$file = tmp('file');
file_put_contents($file, $content = random_bytes(3_000_001));
$srv = serve(function (Swoole\Server $server) use ($files, $file) {
    $server->set($files + ['open_length_check' => true, 'package_max_length' => 20_000_000, 'socket_buffer_size' => 30_000_000]);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($file) {
        $server->send($fd, $data);
        $server->sendfile($fd, $file);
        $server->sendfile($fd, $file, 5, 10);
        $server->send($fd, 'end');
    });
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
$data = random_bytes(10_000_000);
$package = pack('N', strlen($data)) . $data;
$wanted = $package . $content . substr($content, 5, 10) . 'end';
foreach ([0, 20_000] as $pause) {
    $stream = secured($srv->port);
    stream_set_blocking($stream, false);
    [$sent, $got] = [0, ''];
    $deadline = microtime(true) + PATIENCE;
    while (strlen($got) < strlen($wanted) && microtime(true) < $deadline) {
        $sent += $sent < strlen($package) ? (int) fwrite($stream, substr($package, $sent, 1 << 16)) : 0;
        $more = (string) fread($stream, 1 << 20);
        $got .= $more;
        if ($more === '' && $sent === strlen($package)) {
            usleep(200); // time: until more comes
        } elseif ($pause && random_int(0, 50) === 0) {
            usleep($pause); // time: a client that is slow
        }
    }
    same(md5($wanted), md5($got), strlen($got) . ' bytes');
    fclose($stream);
}
$srv->stop();
