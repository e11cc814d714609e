<?php
// No limit of 1,024: three thousand descriptors in one loop, each called once for its own byte.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$many = 1500;
$all = $got = [];
for ($n = 0; $n < $many; $n++) {
    foreach (stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0) as $stream) {
        $all[] = $stream;
        swoole_event_add($stream, function ($stream) use (&$got) {
            $got[] = (int) fread($stream, 10);
            swoole_event_del($stream);
        });
    }
}
foreach ($all as $n => $stream) {
    fwrite($stream, (string) $n);
}
loop();
sort($got);
same(range(0, 2 * $many - 1), $got);
