<?php
// getClientInfo() and connection_info(): every key with what it must hold; false for a session that does not exist.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('info', $server->getClientInfo($fd), $server->connection_info($fd), $reactor, $server->worker_id,
            $server->getClientInfo(99999999), $server->getClientInfo($fd, $reactor, true) !== false);
        $server->send($fd, 'ok');
    });
});
$client = $srv->connect();
same('ok', $client->ask('hello', 2));
[$info, $same, $reactor, $worker, $unknown, $ignoring] = $srv->await('info');
$now = time();
same('127.0.0.1', $info['remote_ip']);
same([$client->port(), $srv->port, SWOOLE_SOCK_TCP], [$info['remote_port'], $info['server_port'], $info['socket_type']]);
same([$reactor, $worker, 0], [$info['reactor_id'], $info['worker_id'], $info['close_errno']]);
ok($info['server_fd'] > 2 && $info['socket_fd'] > 2, 'descriptors');
foreach (['connect_time', 'last_time', 'last_recv_time', 'last_dispatch_time'] as $key) {
    between($now - 30, $now + 1, $info[$key], $key);
}
foreach (['last_send_time', 'recv_queued_bytes', 'send_queued_bytes'] as $key) {
    ok(array_key_exists($key, $info), $key);
}
same(array_keys($info), array_keys($same));
same([false, true], [$unknown, $ignoring]);
$srv->stop();
