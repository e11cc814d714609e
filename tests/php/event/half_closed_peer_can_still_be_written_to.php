<?php
// A peer that has shut down its side: the read callback comes, reads the end, and an answer still gets through.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$client = new Client("tcp://127.0.0.1:$port");
$client->write('question');
$client->shutdown();
$question = '';
swoole_event_add($connection = accepted($listener), function ($connection) use (&$question) {
    $question .= $data = fread($connection, 100);
    if ($data === '' && feof($connection)) {
        swoole_event_write($connection, str_repeat("answer to $question\n", 50_000));
        swoole_event_set($connection, null, function ($connection) {
            swoole_event_del($connection);
            fclose($connection);
        }, SWOOLE_EVENT_WRITE);
    }
});
$got = '';
stream_set_blocking($client->stream, false);
swoole_event_add($client->stream, function ($stream) use (&$got) {
    $got .= $data = fread($stream, 1 << 16);
    $data === '' && feof($stream) && swoole_event_del($stream);
});
loop();
ok($got === str_repeat("answer to question\n", 50_000), 'the whole answer came: ' . strlen($got) . ' bytes');
