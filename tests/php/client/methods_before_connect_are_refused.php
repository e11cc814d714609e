<?php
// Without a connection every method that needs one gives false and a warning; close() is just false.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$client = new Swoole\Client(SWOOLE_SOCK_TCP);
file_put_contents(tmp('file'), 'content');
foreach ([
    'send' => ['data'], 'recv' => [], 'sendfile' => [tmp('file')], 'shutdown' => [Swoole\Client::SHUT_WR],
    'getsockname' => [], 'getpeername' => [], 'getSocket' => [],
] as $method => $arguments) {
    [$result, $messages] = warnings(fn () => $client->$method(...$arguments));
    same([false, 1], [$result, count($messages)], $method);
}
same([false, SWOOLE_ERROR_CLIENT_NO_CONNECTION], [$client->close(), $client->errCode]);
same(false, $client->isConnected());
