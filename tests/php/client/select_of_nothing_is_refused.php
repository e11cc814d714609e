<?php
// No array, empty ones, a closed client or stream: false with a warning, instead of waiting for ever or for nothing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$refused = function (?array $read, ?array $write = null) {
    [$result, $messages] = warnings(function () use (&$read, &$write) {
        $none = null;
        return swoole_client_select($read, $write, $none, 0.01);
    });
    same([false, 1], [$result, count($messages)]);
};
$refused(null);
$refused([], []);
$refused([new Swoole\Client(SWOOLE_SOCK_TCP)]);
try {
    $refused([new stdClass()]);
} catch (TypeError) {
}
