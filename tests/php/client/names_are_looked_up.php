<?php
// connect() takes a name; a client of IPv6 looks for an IPv6 address.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
same(true, $client->connect('localhost', $port, PATIENCE));
same('127.0.0.1', $client->getpeername()['host']);
fwrite(accepted($listener), 'hello');
same('hello', $client->recv());
