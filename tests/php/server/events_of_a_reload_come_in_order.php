<?php
// reload: beforeReload, then each worker's exit, stop and the start of its successor, one worker after another, then afterReload.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    foreach (['beforeReload', 'afterReload', 'workerError'] as $event) {
        $server->on($event, fn () => note('event', $event));
    }
    foreach (['workerStart', 'workerExit', 'workerStop'] as $event) {
        $server->on($event, fn ($server, $id) => note('event', "$event $id"));
    }
    echoes($server);
});
$before = count($srv->notes('event'));
$srv->signal(SIGUSR1);
eventually(fn () => in_array(['afterReload'], $srv->notes('event')), 'the reload ends');
$events = array_slice(array_column($srv->notes('event'), 0), $before);
$events = array_values(array_filter($events, fn ($event, $i) => $i === 0 || $event !== $events[$i - 1], ARRAY_FILTER_USE_BOTH)); // workerExit may repeat
same([
    'beforeReload',
    'workerExit 0', 'workerStop 0', 'workerStart 0',
    'workerExit 1', 'workerStop 1', 'workerStart 1',
    'afterReload',
], $events);
$srv->stop();
