<?php
// A message longer than max_package_size, and a connection that ends in the middle of one, are dropped with that connection; others go on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$port = freePort();
$srv = pool(['message' => fn ($pool, $data) => $pool->write("got $data")], 1, SWOOLE_IPC_SOCKET, more: function ($pool) use ($port) {
    $pool->set(['max_package_size' => 1000]);
    $pool->listen('127.0.0.1', $port);
});
$srv->allow('/1000|package|long/i');
$connect = fn () => new Client("tcp://127.0.0.1:$port");
$other = $connect();
same('', $connect()->write(pack('N', 1001) . str_repeat('x', 1001))->rest(), 'too long: closed');
same('', $connect()->write(pack('N', 0xffffffff))->rest(), 'much too long: closed at once');
$connect()->write(pack('N', 500) . 'half of i')->close();
$connect()->write("\0")->close();
same(pack('N', 6) . 'got ok', $other->write(pack('N', 2) . 'ok')->read(10));
matches('/1000/', $srv->output());
$srv->stop();
