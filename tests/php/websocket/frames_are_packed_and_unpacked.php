<?php
// pack() and unpack() make and read the bytes of frames, for scripts with connections of their own.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

use Swoole\WebSocket\{CloseFrame, Frame, Server};

same("\x81\x02hi", Server::pack('hi'));
same("\x02\x02hi", Frame::pack('hi', SWOOLE_WEBSOCKET_OPCODE_BINARY, 0));
same("\x81\x7e\x00\x80" . str_repeat('x', 128), Server::pack(str_repeat('x', 128)));
$masked = Server::pack('hello', 1, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_MASK);
same([11, "\x81\x85"], [strlen($masked), substr($masked, 0, 2)]);
ok(!str_contains($masked, 'hello'), 'it is masked');
$frame = Server::unpack($masked);
same([Frame::class, 'hello', 1, true], [get_class($frame), $frame->data, $frame->opcode, $frame->finish]);
[$frame->data, $frame->flags] = ['other', SWOOLE_WEBSOCKET_FLAG_FIN];
same("\x81\x05other", (string) $frame);

$close = new CloseFrame;
$close->reason = 'bye';
same("\x88\x05\x03\xe8bye", (string) $close);
$close = Frame::unpack("\x88\x05\x0f\xa0bye");
same([CloseFrame::class, 8, 4000, 'bye'], [get_class($close), $close->opcode, $close->code, $close->reason]);
$long = Frame::pack(str_repeat('ab', 500), 1, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS);
ok(strlen($long) < 100, 'it is compressed');
same(str_repeat('ab', 500), Frame::unpack($long)->data);

same([false, SWOOLE_ERROR_WEBSOCKET_INCOMPLETE_PACKET], [Frame::unpack("\x81\x05he"), swoole_last_error()]);
same([false, SWOOLE_ERROR_WEBSOCKET_UNPACK_FAILED], [Frame::unpack("\x83\x00"), swoole_last_error()]);
[$close, $closing] = [new CloseFrame, new CloseFrame];
[$close->code, $closing->code] = [99999, -1];
$refused = [fn () => Server::pack('x', 7), fn () => Server::pack('x', 1, 64), fn () => Server::pack('x', 1, -1), fn () => Server::pack('x', 1, 257), fn () => (string) $close, fn () => Server::pack($closing)];
foreach ($refused as $pack) {
    [$none, $told] = warnings($pack);
    same(['', 1], [$none, count($told)]);
}
