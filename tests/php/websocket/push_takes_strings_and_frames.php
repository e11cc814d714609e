<?php
// Text, binary, parts of a message, Frame and CloseFrame; what cannot be sent is refused.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveWebSocket(function ($server, $frame) {
    $fd = $frame->fd;
    $binary = new Swoole\WebSocket\Frame;
    [$binary->data, $binary->opcode] = ["\xff\x00", WEBSOCKET_OPCODE_BINARY];
    $part = new swoole_websocket_frame;
    [$part->data, $part->finish] = ['part', false];
    $results = [
        $server->push($fd, 'text'), $server->push($fd, "\xff", SWOOLE_WEBSOCKET_OPCODE_BINARY), $server->push($fd, $binary), $server->push($fd, $part),
        $server->push($fd, ' two', WEBSOCKET_OPCODE_CONTINUATION, true), $server->push($fd, ''), $server->push($fd, 5),
    ];
    $bad = [
        fn () => $server->push($fd, "\xff"), fn () => $server->push($fd, 'x', 5), fn () => $server->push($fd, str_repeat('x', 126), WEBSOCKET_OPCODE_PONG),
        fn () => $server->push($fd, 'x', WEBSOCKET_OPCODE_CLOSE), fn () => $server->push(999, 'x'), fn () => $server->disconnect($fd, 1006),
    ];
    foreach ($bad as $attempt) {
        $results[] = [warnings($attempt)[0], swoole_last_error()];
    }
    note('results', $results);
    $close = new Swoole\WebSocket\CloseFrame;
    [$close->code, $close->reason] = [4001, 'enough'];
    $server->push($fd, $close);
});
$peer = WebSocketPeer::open($srv)->send('go');
$frames = [[1, 'text', true], [2, "\xff", true], [2, "\xff\x00", true], [1, 'part', false], [0, ' two', true], [1, '', true], [1, '5', true]];
foreach ($frames as $frame) {
    same($frame, $peer->frame());
}
same([4001, 'enough'], $peer->closing());
[$results] = $srv->await('results');
same(array_fill(0, 7, true), array_slice($results, 0, 7));
same([
    [false, SWOOLE_ERROR_WEBSOCKET_PACK_FAILED], [false, SWOOLE_ERROR_WEBSOCKET_BAD_OPCODE], [false, SWOOLE_ERROR_WEBSOCKET_PACK_FAILED],
    [false, SWOOLE_ERROR_WEBSOCKET_PACK_FAILED],
], array_slice($results, 7, 4));
same([false, false], [$results[11][0], $results[12][0]]);
$srv->stop();
