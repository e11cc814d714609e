<?php

// One server, three doors: lines over TCP, datagrams, and a Unix socket for the administrator.
//   nc 127.0.0.1 9501     nc -u 127.0.0.1 PORT     nc -U /tmp/multi_port.sock

$server = new Swoole\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set(['worker_num' => 2, 'open_eof_split' => true, 'package_eof' => "\n"]);
$server->on('receive', fn ($server, $fd, $reactorId, $line) => $server->send($fd, strrev(rtrim($line)) . "\n"));

// Port 0 takes a free one. A port has settings and callbacks of its own.
$datagrams = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
$datagrams->on('packet', function ($server, $data, $client) {
    $server->sendto($client['address'], $client['port'], strrev(rtrim($data)) . "\n", $client['server_socket']);
});

$path = getenv('SWOOLE_SOCKET') ?: sys_get_temp_dir() . '/multi_port.sock';
$admin = $server->listen($path, 0, SWOOLE_SOCK_UNIX_STREAM);
$admin->set([]); // settings of its own: whatever arrives is a command, with no package_eof
$admin->on('receive', function ($server, $fd, $reactorId, $command) {
    $answer = match (trim($command)) {
        'stats' => json_encode($server->stats()),
        'count' => (string) count($server->ports[0]->connections),
        'reload' => var_export($server->reload(), true),
        'shutdown' => var_export($server->shutdown(), true),
        default => 'stats, count, reload or shutdown',
    };
    $server->send($fd, $answer . "\n");
});

foreach ($server->ports as $port) {
    echo "listening on $port->host" . ($port->port ? ":$port->port" : '') . "\n";
}
$server->start();
