<?php
// What write() does not take, as too much waits for the client, is to be written again: an answer without it never looks whole.
require __DIR__ . '/../../support/php/bootstrap.php';

const PART = 1 << 20;
const PARTS = 64;

$srv = serveHttp(function ($request, $response) {
    $part = fn (int $number) => str_repeat(chr(33 + $number), PART);
    if ($request->server['path_info'] === '/careless') {
        $taken = array_map(fn ($number) => $response->write($part($number)), range(0, PARTS - 1));
        $failed = array_search(false, $taken, true);
        note('careless', $failed, in_array(true, array_slice($taken, $failed), true), $response->end('the end'), swoole_last_error(), $response->isWritable());
        return;
    }
    $number = 0;
    $refused = 0;
    Swoole\Timer::tick(1, function ($timer) use ($response, $part, &$number, &$refused) {
        while ($number < PARTS && $response->write($part($number))) {
            $number++;
        }
        $refused++;
        if ($number === PARTS) {
            Swoole\Timer::clear($timer);
            note('careful', $refused, $response->end('the end'));
        } elseif ($refused === 1) {
            note('refused');
        }
    });
}, ['socket_buffer_size' => 1 << 20]);
$client = $srv->connect()->write(requestOf('GET', '/careless'));
[$failed, $later, $ended, $error, $writable] = $srv->await('careless');
ok($failed > 0, 'some parts are taken');
same([false, false, SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW, false], [$later, $ended, $error, $writable]);
$all = $client->rest();
ok(strlen($all) > $failed * PART && !str_ends_with($all, "\r\n0\r\n\r\n") && !str_contains($all, 'the end'), 'the last chunk is missing');
$srv->expect('~the answer is cut off: a part of ' . PART . ' bytes~');

// Without chunks the end of the connection is the end of the answer: it must be a reset then.
$client = $srv->connect()->write("GET /careless HTTP/1.0\r\n\r\n");
$srv->await('careless', 2);
$socket = socket_import_stream($client->stream);
socket_set_block($socket);
while (($got = @socket_recv($socket, $data, 1 << 20, 0)) > 0);
same([false, SOCKET_ECONNRESET], [$got, socket_last_error($socket)]);

$client = $srv->connect()->write(requestOf('GET', '/careful'));
$srv->await('refused');
$answer = new Answer($client);
same([PARTS * PART + 7, true], [strlen($answer->body), str_ends_with($answer->body, chr(32 + PARTS) . 'the end')]);
same(true, $srv->await('careful')[1]);
$srv->stop();
