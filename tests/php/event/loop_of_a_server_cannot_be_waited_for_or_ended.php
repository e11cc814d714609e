<?php
// In a worker wait(), dispatch() and exit() are refused with a warning that says who runs the loop; the worker goes on.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    offers($server, ['refused' => fn ($server, $function) => warnings($function)[1]]);
});
foreach (['swoole_event_wait', 'swoole_event_dispatch', 'swoole_event_exit'] as $function) {
    $messages = $srv->call('refused', $function);
    same(1, count($messages), "warnings of $function");
    contains('server', $messages[0]);
}
$srv->stop();
