<?php
// swoole_async_set(['dns_server' => ...]): that server is asked, and its answer is used and remembered.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$socket, $port] = listener('udp://127.0.0.1:0');
$asked = 0;
swoole_event_add($socket, function ($socket) use (&$asked) {
    $question = stream_socket_recvfrom($socket, 512, 0, $from);
    $asked++;
    // the same question, one answer: 192.0.2.7 for 60 s (RFC 1035)
    $end = strpos($question, "\0", 12) + 5;
    $answer = substr($question, 0, 2) . "\x81\x80\0\1\0\1\0\0\0\0" . substr($question, 12, $end - 12)
        . "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" . inet_pton('192.0.2.7');
    stream_socket_sendto($socket, $answer, 0, $from);
});
same(true, swoole_async_set(['dns_server' => "127.0.0.1:$port"]));
$got = [];
$look = function () use (&$look, &$got, $socket) {
    swoole_async_dns_lookup('some.host.example', function ($host, $address) use ($look, &$got, $socket) {
        $got[] = $address;
        count($got) < 2 ? $look() : swoole_event_del($socket);
    });
};
$look();
loop();
same(['192.0.2.7', '192.0.2.7'], $got);
$before = $asked;
ok($before >= 1 && $before <= 2, "questions: $before");
