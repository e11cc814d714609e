<?php
// download() writes the body to a file as it comes, goes on where an earlier one broke off, and takes little memory.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$file = tmp('file');
$peer = scripted([
    answerOf(200, '0123456789'),
    answerOf(206, '456789', 'Content-Range: bytes 4-9/10'),
    answerOf(404, 'not there'),
    answerOf(206, 'xxxxxx', 'Content-Range: bytes 0-5/10'),
]);
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
same([200, ''], outcome($client, fn ($client, $done) => $client->download('/f', $file, $done)));
same(['0123456789', $file], [file_get_contents($file), $client->downloadFile]);
file_put_contents($file, '0123and what was wrong');
same([206, ''], outcome($client, fn ($client, $done) => $client->download('/f', $file, $done, 4)));
same('0123456789', file_get_contents($file));
same([404, 'not there'], outcome($client, fn ($client, $done) => $client->download('/f', $file, $done)));
same(-3, outcome($client, fn ($client, $done) => $client->download('/f', $file, $done, 4))[0], 'another part than was asked for');
same('0123456789', file_get_contents($file));
same(['identity', 'bytes=4-'], [requests()[0][1]['accept-encoding'], requests()[1][1]['range']]);

$big = new Peer(function ($connection) {
    requestFrom($connection);
    fwrite($connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for ($i = 0; $i < 1024; $i++) {
        fwrite($connection, "10000\r\n" . str_repeat(chr($i % 256), 65536) . "\r\n");
    }
    fwrite($connection, "0\r\n\r\n");
});
$before = memory();
same(200, outcome(new Swoole\Http\Client('127.0.0.1', $big->port), fn ($client, $done) => $client->download('/', $file, $done))[0]);
same(64 << 20, filesize($file));
same("\xff", file_get_contents($file, false, null, (64 << 20) - 1 - 0, 1));
ok(memory() - $before < 8 << 20, 'it takes little memory');

/** Bytes of this process in memory. */
function memory(): int
{
    return (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096;
}
