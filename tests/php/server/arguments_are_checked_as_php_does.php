<?php
// Wrong types and numbers of arguments give PHP's own errors; numbers in text are taken.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0, MODE);
throws(TypeError::class, fn () => $server->set('worker_num'));
throws(TypeError::class, fn () => $server->close([]));
throws(ArgumentCountError::class, fn () => $server->send(1));
throws(ArgumentCountError::class, fn () => $server->on('receive'));
throws(TypeError::class, fn () => new Swoole\Server([]));
same(false, warnings(fn () => $server->close('5'))[0]);
throws(Throwable::class, fn () => clone $server);
throws(Throwable::class, fn () => serialize($server));
