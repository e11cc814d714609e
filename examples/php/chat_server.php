<?php
/**
 * A chat of lines: what one client says, all the others read. A second port tells how many there are.
 *
 *   php -d extension=PATH/libswoole.so examples/php/chat_server.php [PORT [ADMIN_PORT]]
 *   nc 127.0.0.1 9501          twice or more
 *   nc 127.0.0.1 9502          for the number
 */
$server = new Swoole\Server('127.0.0.1', (int) ($argv[1] ?? 9501));
$server->set([
    'worker_num' => 2,
    'open_eof_split' => true, // onReceive gets one line at a time
    'package_eof' => "\n",
    'package_max_length' => 65536,
]);

$server->on('connect', fn (Swoole\Server $server, int $fd) => $server->send($fd, "welcome, you are $fd\n"));
$server->on('receive', function (Swoole\Server $server, int $fd, int $reactor, string $line) {
    foreach ($server->ports[0]->connections as $other) {
        if ($other !== $fd) {
            $server->send($other, "$fd: $line"); // whichever worker that client belongs to
        }
    }
});

$admin = $server->listen('127.0.0.1', (int) ($argv[2] ?? 9502), SWOOLE_SOCK_TCP);
$admin->set(['backlog' => 16]); // settings of its own: it inherits none
$admin->on('connect', function (Swoole\Server $server, int $fd) {
    $server->send($fd, count($server->ports[0]->connections) . " clients\n");
    $server->close($fd);
});

$server->start();
