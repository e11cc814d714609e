<?php
// Bodies with a length, in chunks, compressed, until the connection ends, and none; answers in between are passed over.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$text = str_repeat('again and ', 1000);
$chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Sum: 7\r\n\r\n";
$answers = [
    'chunks' => [$chunked, [200, 'hello world']],
    'gzip' => [answerOf(200, gzencode($text), 'Content-Encoding: gzip'), [200, $text]],
    'deflate' => [answerOf(200, gzcompress($text), 'Content-Encoding: deflate'), [200, $text]],
    'deflate as some send it' => [answerOf(200, gzdeflate($text), 'Content-Encoding: deflate'), [200, $text]],
    'in between' => ["HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" . answerOf(200, 'x'), [200, 'x']],
    'nothing' => ["HTTP/1.1 204 No\r\n\r\n", [204, '']],
    'not modified' => ["HTTP/1.1 304 No\r\nContent-Length: 99\r\n\r\n", [304, '']],
    'until the end' => ["HTTP/1.0 200 OK\r\n\r\nall of it", [200, 'all of it']],
];
$peer = scripted(array_column($answers, 0));
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
foreach ($answers as $what => [, $expected]) {
    same($expected, outcome($client, fn ($client, $done) => $client->get('/', $done)), $what);
    if ($what === 'chunks') {
        same('7', $client->headers['x-sum'], 'of the trailer');
    }
}
$drip = new Peer(function ($connection) use ($chunked) {
    requestFrom($connection);
    drip($connection, $chunked);
});
same([200, 'hello world'], outcome(new Swoole\Http\Client('127.0.0.1', $drip->port), fn ($client, $done) => $client->get('/', $done)), 'byte by byte');
$head = scripted(["HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", answerOf(200, 'next')]);
$client = new Swoole\Http\Client('127.0.0.1', $head->port);
$client->setMethod('HEAD');
same([200, ''], outcome($client, fn ($client, $done) => $client->execute('/', $done)));
same([200, 'next'], outcome($client, fn ($client, $done) => $client->get('/', $done)));
