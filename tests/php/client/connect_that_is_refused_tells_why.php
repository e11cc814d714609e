<?php
// Nobody listens: false at once, errCode 111, a warning with host, port and reason; and the client may try elsewhere.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$dead = deadPort();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
[$result, $messages] = warnings(fn () => $client->connect('127.0.0.1', $dead, PATIENCE));
same([false, 1], [$result, count($messages)]);
contains("127.0.0.1:$dead", $messages[0]);
contains('refused', $messages[0]);
same(SOCKET_ECONNREFUSED, $client->errCode);
same(false, $client->isConnected());
[$listener, $port] = listener();
same(true, $client->connect('127.0.0.1', $port, PATIENCE));
same(false, warnings(fn () => $client->connect('127.0.0.1', $port, PATIENCE))[0], 'a second connect()');
$unix = new Swoole\Client(SWOOLE_SOCK_UNIX_STREAM);
[$result, $messages] = warnings(fn () => $unix->connect(tmp('nobody'), 0, PATIENCE));
same([false, SOCKET_ENOENT], [$result, $unix->errCode]);
contains(tmp('nobody'), $messages[0]);
