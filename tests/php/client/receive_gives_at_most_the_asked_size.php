<?php
// recv($size) without a protocol: at most so many bytes, the rest later; sizes that make no sense are refused.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->connect('127.0.0.1', $port, PATIENCE);
fwrite(accepted($listener), 'abcdef');
same('abcd', $client->recv(4));
same('ef', $client->recv(4));
foreach ([0, -1] as $size) {
    [$result, $messages] = warnings(fn () => $client->recv($size));
    ok($result === false, "recv($size)");
}
