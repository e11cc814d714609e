<?php
// An exception that a callback lets go comes out of wait(). What is set stays set: the script may wait again.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($other, 'x');
$ran = 0;
swoole_event_add($one, function ($one) use (&$ran) {
    $data = fread($one, 10);
    $ran++;
    $data === 'y' && swoole_event_del($one);
    throw new LogicException("got $data");
});
swoole_event_defer(fn () => throw new LengthException('deferred'));
$caught = [];
foreach ([1, 2, 3] as $n) {
    try {
        loop();
    } catch (LogicException $e) {
        $caught[] = $e->getMessage();
        $e instanceof LengthException || $ran < 2 && fwrite($other, 'y');
    }
}
sort($caught);
same(['deferred', 'got x', 'got y'], $caught);
loop();
