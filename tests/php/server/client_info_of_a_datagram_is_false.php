<?php
// A datagram has no session: getClientInfo() of what its array holds is false with the number of an unknown session, and stats() count no connection.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', function ($server, $data, $from) {
        note('info', $server->getClientInfo($from['server_socket']), $server->getLastError(), $server->stats()['connection_num'], $server->stats()['request_count']);
        note('keys', ...array_keys($from));
    });
}, type: SWOOLE_SOCK_UDP);
$client = $srv->connect();
stream_socket_sendto($client->stream, 'x');
[$info, $error, $connections, $requests] = $srv->await('info');
same([false, 0, 1], [$info, $connections, $requests]);
ok(in_array($error, [SWOOLE_ERROR_SESSION_NOT_EXIST, SWOOLE_ERROR_SESSION_INVALID_ID], true), "an error of sessions, not $error");
foreach (['server_socket', 'server_port', 'address', 'port', 'dispatch_time'] as $key) {
    ok(in_array($key, $srv->await('keys'), true), "the client array has $key");
}
$srv->stop();
