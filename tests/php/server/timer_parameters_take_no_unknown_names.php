<?php
// after() and tick() hand on values by place; a name they do not know is refused and not lost.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['names' => function ($server) {
        $messages = [];
        foreach (['after', 'tick'] as $method) {
            $messages[] = throws(ArgumentCountError::class, fn () => $server->$method(5, fn () => note('ran'), 1, unknown: 2))->getMessage();
        }
        return [$messages, $server->after(ms: 5, callback: fn () => note('known', func_num_args()))];
    }]);
});
[$messages, $timer] = $srv->call('names');
foreach ($messages as $message) {
    contains('does not accept unknown named parameters', $message);
}
ok($timer > 0, 'the names of its own are taken');
same([0], $srv->await('known'));
same([], $srv->notes('ran'), 'no timer was set');
$srv->stop();
