<?php
// Any other wrong type or bound: a warning that names option, value and what is allowed; set() is false and start() refuses.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$wrong = [['worker_num', 'many'], ['worker_num', []], ['package_length_type', 'q'], ['package_length_type', 'NN'], ['package_eof', ''],
    ['package_eof', 'longer than eight'], ['dispatch_mode', 0], ['dispatch_mode', 42], ['dispatch_mode', 'x'], ['heartbeat_idle_time', -1], ['log_level', 99],
    ['dispatch_func', 'no_such_function'], ['package_length_func', 5], ['open_eof_check', 'perhaps'], ['backlog', -5], ['package_length_offset', -1],
    ['daemonize', []], ['max_wait_time', 'x']];
foreach ($wrong as [$name, $value]) {
    [, $output] = inChild(function () use ($name, $value) {
        $server = new Swoole\Server('127.0.0.1', 0, MODE);
        echoes($server);
        [$result, $messages] = warnings(fn () => $server->set([$name => $value]));
        [$started] = warnings(fn () => $server->start());
        echo json_encode([$result, $messages, $started]);
    });
    [$result, $messages, $started] = json_decode($output) ?? throw new Failed("$name: $output");
    $shown = $name . ' = ' . json_encode($value);
    same([false, 1, false], [$result, count($messages), $started], $shown);
    contains($name, $messages[0]);
    is_scalar($value) && $value !== '' && contains((string) $value, $messages[0]);
}
