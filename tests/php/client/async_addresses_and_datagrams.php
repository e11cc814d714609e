<?php
// bind_address, getsockname(), getpeername() and sendto() of event-driven clients.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->set(['bind_address' => '127.0.0.3']);
$client->on('connect', function ($client) use ($port, $listener) {
    same(['host' => '127.0.0.1', 'port' => $port], $client->getpeername());
    $own = $client->getsockname();
    same('127.0.0.3', $own['host']);
    same("127.0.0.3:$own[port]", stream_socket_get_name(accepted($listener), true));
    ok($client->getSocket() instanceof Socket, 'a Socket');
    $client->close();
});
foreach (['receive', 'close'] as $name) {
    $client->on($name, fn () => null);
}
$client->on('error', fn ($client) => throw new Failed($client->errMsg));
$client->connect('127.0.0.1', $port, PATIENCE);
loop();

[$one, $onePort] = listener('udp://127.0.0.1:0');
[$two, $twoPort] = listener('udp://127.0.0.1:0');
$got = [];
foreach ([$one, $two] as $n => $socket) {
    swoole_event_add($socket, function ($socket) use ($n) {
        $data = stream_socket_recvfrom($socket, 100, 0, $from);
        stream_socket_sendto($socket, "$n heard $data", 0, $from);
        swoole_event_del($socket);
    });
}
$client = new Swoole\Client(SWOOLE_SOCK_UDP, SWOOLE_SOCK_ASYNC);
$client->on('receive', function ($client, $data) use (&$got) {
    $got[$client->getpeername()['port']] = $data;
    count($got) === 2 && $client->close();
});
same(true, $client->connect('127.0.0.1', $onePort, PATIENCE));
swoole_event_defer(function () use ($client, $twoPort) {
    $client->send('one');
    same(true, $client->sendto('127.0.0.1', $twoPort, 'two'));
});
loop();
same('0 heard one', $got[$onePort]);
