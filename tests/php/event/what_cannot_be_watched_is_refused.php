<?php
// Regular files, directories, numbers that are no descriptor, closed streams and other values are refused, each with a reason.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$callback = fn () => null;
file_put_contents(tmp('file'), 'content');
foreach ([fopen(tmp('file'), 'r'), opendir(TEST_DIR), fopen('php://memory', 'r+'), 999_999, -1] as $what) {
    [$result, $messages] = warnings(fn () => swoole_event_add($what, $callback));
    same(false, $result, 'adding ' . get_debug_type($what));
    same(1, count($messages), 'warnings about ' . get_debug_type($what));
}
[, $messages] = warnings(fn () => swoole_event_add(fopen(tmp('file'), 'r'), $callback));
contains('regular file', $messages[0]);
[$result, $messages] = warnings(fn () => swoole_event_write(fopen(tmp('file'), 'w'), 'data')); // as STDOUT is in `php script.php > file`
same([false, 1], [$result, count($messages)]);
contains('regular file', $messages[0]);

$closed = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)[0];
fclose($closed);
foreach ([$closed, 'a text', [], null, 1.5, new stdClass()] as $what) {
    try {
        [$result, $messages] = warnings(fn () => swoole_event_add($what, $callback));
        same([false, 1], [$result, count($messages)], 'adding ' . get_debug_type($what));
    } catch (TypeError) {
    }
    // the same for the rest of the family
    foreach (['swoole_event_del', 'swoole_event_set'] as $function) {
        try {
            [$result, $messages] = warnings(fn () => $function($what));
            same([false, 1], [$result, count($messages)], "$function of " . get_debug_type($what));
        } catch (TypeError) {
        }
    }
}
loop();
