<?php
// A recv() that times out amid a package loses nothing: the next one gives it whole.
// mode: any
// time: a timeout of 100 ms
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set(['open_eof_check' => true, 'package_eof' => "\n"]);
$client->connect('127.0.0.1', $port, 0.1);
$connection = accepted($listener);
fwrite($connection, 'first half, ');
same(false, @$client->recv());
same(SOCKET_EAGAIN, $client->errCode);
fwrite($connection, "second half\n");
same("first half, second half\n", $client->recv());
