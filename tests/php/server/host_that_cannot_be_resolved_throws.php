<?php
// A host that is no address and no name, a port out of bounds, a kind of socket that does not exist: each throws with what was given.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$cases = [
    ['no-such-host.invalid', 0, SWOOLE_SOCK_TCP, 'no-such-host.invalid'],
    ['127.0.0.1', 70000, SWOOLE_SOCK_TCP, '70000'],
    ['127.0.0.1', -1, SWOOLE_SOCK_TCP, '-1'],
    ['127.0.0.1', 0, 77, '77'],
    ['::zz', 0, SWOOLE_SOCK_TCP6, '::zz'],
    [tmp(str_repeat('x', 200)), 0, SWOOLE_SOCK_UNIX_STREAM, 'xxx'],
    ['/no/such/directory/socket', 0, SWOOLE_SOCK_UNIX_STREAM, '/no/such/directory'],
];
foreach ($cases as [$host, $port, $type, $shown]) {
    contains($shown, throws(Swoole\Exception::class, fn () => new Swoole\Server($host, $port, MODE, $type))->getMessage());
}
foreach ([0, 3, 99] as $mode) {
    contains("$mode", throws(Swoole\Exception::class, fn () => new Swoole\Server('127.0.0.1', 0, $mode))->getMessage());
}
