<?php
// The peer closes: recv() gives what came before, then ''; a send() after that fails with false and a reason.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $port, PATIENCE);
$connection = accepted($listener);
fwrite($connection, 'last words');
fclose($connection);
same('last words', $client->recv());
same('', $client->recv());
[$result] = warnings(function () use ($client) {
    for ($n = 0; $n < 100 && $client->send('x') !== false; $n++) {
        usleep(1000); // time: the peer's reset is on its way
    }
    return $client->send('x');
});
same(false, $result);
ok(in_array($client->errCode, [SOCKET_EPIPE, SOCKET_ECONNRESET, SWOOLE_ERROR_CLIENT_NO_CONNECTION], true), "errCode $client->errCode");
