<?php
// A header is set once, or with a line for each value; its name is formatted unless told not to; the property shows what was set.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $set = [
        $response->header('x-one', '1'), $response->header('X-One', 'one'), $response->setHeader('x-many', ['a', 'b', 3]), $response->header('x-as-it-is', 'y', false),
        $response->header('x-number', 5), $response->header('x-gone', 'z'), $response->header('x-gone', []), $response->header('content-type', 'text/plain'),
    ];
    $shown = $response->header;
    $response->header('x-late', '1');
    $response->end(json_encode([$set, $shown, isset($response->header['x-late'])]));
});
$answer = fetch($srv, '/');
[$set, $shown, $late] = $answer->json();
same([array_fill(0, 8, true), true], [$set, $late]);
same(['1', ['a', 'b', 3], 'y'], [$shown['x-one'], $shown['x-many'], $shown['x-as-it-is']]);
same([['one'], ['a', 'b', '3'], ['y'], ['5'], ['text/plain']], array_map(fn ($name) => $answer->headers[$name], ['x-one', 'x-many', 'x-as-it-is', 'x-number', 'content-type']));
ok(!isset($answer->headers['x-gone']), 'it was taken away');
$client = $srv->connect()->write(requestOf('GET', '/'));
$head = $client->readTo("\r\n\r\n");
contains("\r\nX-Many: a\r\nX-Many: b\r\n", $head);
contains("\r\nx-as-it-is: y\r\n", $head);
$srv->stop();
