<?php
// The server in README.md runs and answers.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

preg_match('/```php\n(.*?)```/s', file_get_contents(__DIR__ . '/../../../README.md'), $found);
$port = freePort();
$srv = new Srv();
file_put_contents(tmp('server.php'), str_replace('9501', (string) $port, $found[1]));
$srv->fork(function () {
    require tmp('server.php');
    note('returned');
});
$srv->awaitPort($port, SWOOLE_SOCK_TCP);
same('you said: hello', $srv->connect()->ask('hello', 15));
eventually(fn () => preg_match('/client 1 came\nclient 1 left\n/', $srv->output()), 'it tells who came and left');
$srv->stop();
