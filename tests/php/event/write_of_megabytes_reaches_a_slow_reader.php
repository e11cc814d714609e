<?php
// write() takes five megabytes at once for a reader who reads bit by bit; all of it arrives in order, and the loop ends after.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_blocking($other, false);
$data = '';
for ($n = 0; strlen($data) < 5 << 20; $n++) {
    $data .= "line $n\n";
}
$got = '';
swoole_event_add($other, function ($other) use (&$got, $data) {
    $got .= fread($other, 50_000);
    strlen($got) >= strlen($data) && swoole_event_del($other);
});
same(true, swoole_event_write($one, substr($data, 0, 3_000_000)));
same(true, swoole_event_isset($one, SWOOLE_EVENT_WRITE), 'isset while data waits');
same(true, swoole_event_write($one, substr($data, 3_000_000)));
same('', $got, 'nothing was read before the loop ran');
loop();
ok($got === $data, 'all came, in order');
same(false, swoole_event_isset($one));
