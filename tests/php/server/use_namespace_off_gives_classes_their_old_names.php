<?php
// swoole.use_namespace=Off: the underscore name is the real one, the other its alias.
// mode: any
// php: -d swoole.use_namespace=Off
require __DIR__ . '/../../support/php/bootstrap.php';

same('swoole_server', (new ReflectionClass('Swoole\Server'))->getName());
same('swoole_server', get_class(new Swoole\Server('127.0.0.1', 0, MODE)));
ok(new swoole_exception('x') instanceof Swoole\Exception, 'both names are one class');
