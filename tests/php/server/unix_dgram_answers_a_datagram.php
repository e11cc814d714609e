<?php
// A Unix datagram socket: the sender is known by its path, and send() or sendto() take that path.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('packet', function ($server, $data, $from) {
        note('from', $from['address']);
        $data === 'by send' ? $server->send($from['address'], 'ok') : $server->sendto($from['address'], 0, 'ok');
    });
}, host: tmp('server'), type: SWOOLE_SOCK_UNIX_DGRAM);
$client = socket_create(AF_UNIX, SOCK_DGRAM, 0);
socket_bind($client, tmp('client'));
socket_set_option($client, SOL_SOCKET, SO_RCVTIMEO, ['sec' => (int) PATIENCE, 'usec' => 0]);
foreach (['by sendto', 'by send'] as $i => $how) {
    socket_sendto($client, $how, strlen($how), 0, tmp('server'));
    same(2, socket_recv($client, $answer, 100, 0));
    same('ok', $answer);
    same([tmp('client')], $srv->await('from', $i + 1));
}
$srv->stop();
