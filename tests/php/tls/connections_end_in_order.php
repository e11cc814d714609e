<?php
// close() says so to the client (close_notify) behind what was sent; a client that says so gets its answers first; one that just goes is closed as well.
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$srv = serve(function (Swoole\Server $server) use ($files) {
    $server->set($files);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        usleep(50_000); // time: the client ends its side meanwhile
        $server->send($fd, str_repeat('x', 300_000));
        if ($data === 'close') {
            $server->close($fd);
        }
    });
    $server->on('close', fn ($server, $fd) => note('close', $fd, $server->getClientInfo($fd)['close_errno']));
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
// OpenSSL takes an end without close_notify for an error.
$end = function (string $say, bool $closes) use ($srv) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
    ok($client->connect('127.0.0.1', $srv->port, PATIENCE), 'connected');
    $client->send($say);
    if ($closes) {
        $client->shutdown(SWOOLE\Client::SHUT_WR);
    }
    for ($got = ''; ($more = $client->recv()) !== '' && $more !== false; $got .= $more);
    return [strlen($got), $more, $client->errCode];
};
same([300_000, '', 0], $end('close', false));
same([300_000, '', 0], $end('last', true));
$cut = secured($srv->port);
stream_socket_shutdown($cut, STREAM_SHUT_RDWR);
same(0, $srv->await('close', 3)[1]);
$srv->stop();
