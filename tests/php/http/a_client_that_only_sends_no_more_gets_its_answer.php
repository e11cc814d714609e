<?php
// A client may end its side behind its request (nc -N): what the handler answers before it returns goes out as a whole, and so do pipelined ones.
require __DIR__ . '/../../support/php/bootstrap.php';

const LONG = 20 << 20;
file_put_contents(tmp('long'), str_repeat('f', LONG));
$srv = serveHttp(function ($request, $response) {
    match ($request->server['path_info']) {
        '/long' => $response->end(str_repeat('x', LONG)),
        '/file' => $response->sendfile(tmp('long')),
        '/parts' => [$response->write(str_repeat('y', LONG)), $response->write('more'), $response->end('end')],
        default => $response->end('short'),
    };
}, ['http_compression' => false, 'socket_buffer_size' => 4 * LONG]);
foreach (['/' => 'short', '/long' => str_repeat('x', LONG), '/file' => str_repeat('f', LONG), '/parts' => str_repeat('y', LONG) . 'moreend'] as $path => $body) {
    $client = $srv->connect()->write(requestOf('GET', $path));
    $client->shutdown();
    $answer = new Answer($client);
    ok($answer->status === 200 && $answer->body === $body, "$path: " . strlen($answer->body) . ' bytes');
    $client->closed();
}
$client = $srv->connect()->write(requestOf('GET', '/') . requestOf('GET', '/long') . requestOf('GET', '/'));
$client->shutdown();
same([5, LONG, 5], array_map(fn () => strlen((new Answer($client))->body), range(1, 3)));
$client->closed();
$srv->stop();
