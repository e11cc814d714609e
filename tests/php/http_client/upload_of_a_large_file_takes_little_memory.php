<?php
// A file is read while it is sent, also one that is larger than what may wait in memory.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

const SIZE = 100 << 20;
$file = tmp('large');
$handle = fopen($file, 'w');
ftruncate($handle, SIZE - 5);
fseek($handle, 0, SEEK_END);
fwrite($handle, 'the e');
fclose($handle);
$peer = new Peer(function ($connection) {
    $head = '';
    while (!str_ends_with($head, "\r\n\r\n")) {
        $head .= fgets($connection);
    }
    preg_match('/Content-Length: (\d+)/', $head, $found);
    for ($left = (int) $found[1], $last = ''; $left > 0; $left -= strlen($part)) {
        $part = fread($connection, min($left, 1 << 16));
        $last = substr($last . $part, -100);
    }
    $end = strstr($last, "the e\r\n--") !== false ? 'whole' : 'torn';
    fwrite($connection, answerOf(200, "$found[1] $end"));
});
$before = memory_get_usage(true) + resident();
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
$client->addFile($file, 'upload');
[$status, $body] = outcome($client, fn ($client, $done) => $client->post('/', ['a' => 'b'], $done));
same(200, $status);
matches('/^1048\d{5} whole$/', $body);
ok(resident() + memory_get_usage(true) - $before < 8 << 20, 'it takes little memory');

function resident(): int
{
    return (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096;
}
