<?php
// A metrics_port that is in use, or that is no address: a warning that names it, and start() is false.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$taken = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) explode(':', stream_socket_get_name($taken, false))[1];
foreach ([$port => "~cannot bind to 127\.0\.0\.1:$port: .*in use.*metrics_port~", 'nonsense' => '~metrics_port.*"nonsense" is neither a port~'] as $asked => $said) {
    [, $output] = inChild(function () use ($asked) {
        $server = new Swoole\Server('127.0.0.1', 0, MODE);
        echoes($server);
        $server->set(['metrics_port' => $asked]);
        var_dump($server->start());
    });
    contains('bool(false)', $output);
    matches($said, $output);
}
