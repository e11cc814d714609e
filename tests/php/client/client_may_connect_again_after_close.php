<?php
// The same object, closed by itself or by its peer, connects anew, also elsewhere; nothing of the old connection is left.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
[$second, $other] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set(['open_eof_check' => true, 'package_eof' => "\n"]);
$client->connect('127.0.0.1', $port, PATIENCE);
fwrite(accepted($listener), "one\nunfinished");
same("one\n", $client->recv());
$client->close();
$client->connect('127.0.0.1', $other, PATIENCE);
fwrite(accepted($second), "two\n");
same("two\n", $client->recv());
same('', $client->recv());
$client->close();
same(true, $client->connect('127.0.0.1', $port, PATIENCE));
