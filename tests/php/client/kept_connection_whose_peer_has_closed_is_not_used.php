<?php
// A kept connection that the peer has closed, or in which bytes wait that nobody asked for, is given up: connect() makes a new one.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$connect = function () use ($port) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_KEEP);
    same(true, $client->connect('127.0.0.1', $port, PATIENCE));
    return $client;
};
foreach (['closed', 'talked', 'reset', 'shut down'] as $how) {
    $client = $connect();
    $connection = accepted($listener);
    $client->close();
    match ($how) {
        'closed' => fclose($connection),
        'talked' => fwrite($connection, 'surprise'),
        'reset' => socket_set_option(socket_import_stream($connection), SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]) && fclose($connection),
        'shut down' => stream_socket_shutdown($connection, STREAM_SHUT_WR),
    };
    $client = $connect();
    same(false, $client->reuse, "after the peer $how");
    $connection = accepted($listener);
    fwrite($connection, 'hello');
    same('hello', $client->recv());
    $client->close(true);
}
// With the peer gone for good, connect() tells so, as if nothing had been kept.
$client = $connect();
$connection = accepted($listener);
$client->close();
fclose($connection);
fclose($listener);
$client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_KEEP);
same(false, warnings(fn () => $client->connect('127.0.0.1', $port, PATIENCE))[0]);
same([SOCKET_ECONNREFUSED, false], [$client->errCode, $client->reuse]);
