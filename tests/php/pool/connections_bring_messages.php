<?php
// A socket pool takes connections, TCP or Unix: messages of 4 bytes of length and so many bytes, answered by write() in the same form, one after another.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$port = freePort();
foreach (['TCP' => ['127.0.0.1', $port], 'Unix' => ['unix:' . tmp('pool.sock'), 0]] as $kind => [$host, $number]) {
    $srv = pool([
        'message' => function ($pool, $data) {
            note('message', strlen($data));
            $data !== 'no answer' && same(true, $pool->write(strrev($data)));
        },
    ], 2, SWOOLE_IPC_SOCKET, more: fn ($pool) => same(true, $pool->listen($host, $number)));
    $address = $kind === 'TCP' ? "tcp://127.0.0.1:$port" : 'unix://' . tmp('pool.sock');
    $frame = fn (string $data) => pack('N', strlen($data)) . $data;
    $client = new Client($address);
    foreach (['hello', "zero\0and\xff", str_repeat('ab', 300_000) . 'c', '0'] as $data) {
        $client->write($frame($data));
        $answer = $frame(strrev($data));
        same($answer, $client->read(strlen($answer)), $kind);
    }
    $client->write($frame('no answer') . $frame('one') . $frame('two'));
    same($frame('eno') . $frame('owt'), $client->read(14), 'two answers to three messages at once');
    foreach (str_split($frame('in parts')) as $byte) {
        $client->write($byte);
    }
    same($frame('strap ni'), $client->read(12));
    $client->close();

    $clients = [];
    for ($n = 0; $n < 20; $n++) {
        $clients[] = (new Client($address))->write($frame("client $n"));
    }
    foreach ($clients as $n => $client) {
        same($frame(strrev("client $n")), $client->read(4 + strlen("client $n")));
    }
    array_map(fn ($client) => $client->close(), $clients);
    $srv->stop();
    ok(!file_exists(tmp('pool.sock')), 'the socket is gone');
}
