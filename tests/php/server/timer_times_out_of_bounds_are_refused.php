<?php
// after() and tick() take 1 ms to one day; anything else is false with a warning that names the bounds, no callable a TypeError.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'bad' => fn ($server, $method, $time) => refused($server, fn () => $server->$method($time, fn () => note('fired'))),
        'good' => fn ($server) => $server->clearTimer($server->after(86_400_000, fn () => null)) && $server->clearTimer($server->tick(1, fn () => null)),
        'type' => function ($server) {
            throws(TypeError::class, fn () => $server->after(5, 'no such function'));
            throws(TypeError::class, fn () => $server->tick(5, null));
            throws(TypeError::class, fn () => $server->after('soon', fn () => 1));
            throws(TypeError::class, fn () => $server->defer('no such function'));
            return true;
        },
    ]);
});
foreach (['after', 'tick'] as $method) {
    foreach ([0, -1, 86_400_001, PHP_INT_MAX, PHP_INT_MIN] as $time) {
        [$result, $message, $error] = $srv->call('bad', $method, $time);
        same(false, $result, "$method of $time");
        contains('86400000', $message);
        same(SWOOLE_ERROR_INVALID_PARAMS, $error);
    }
}
same(true, $srv->call('good'));
same(true, $srv->call('type'));
same([], $srv->notes('fired'));
$srv->stop();
