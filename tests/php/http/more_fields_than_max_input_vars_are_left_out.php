<?php
// A request cannot fill memory with fields: php.ini bounds their number, and PHP's warning tells of it.
// php: -d max_input_vars=3
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    [, $told] = warnings(fn () => $request->get);
    [, $more] = warnings(fn () => [$request->post, $request->cookie]);
    $response->end(json_encode([$told, count($more), $request->get, $request->post, $request->cookie]));
});
$answer = fetch($srv, '/?a=1&b=2&c=3&d=4', 'POST', ['Content-Type: application/x-www-form-urlencoded', 'Cookie: a=1; b=2; c=3; d=4'], 'a=1&b=2&c=3&d=4')->json();
[$told, $more] = $answer;
same(1, count($told));
contains('Input variables exceeded 3', $told[0]);
same(2, $more);
same(array_fill(0, 3, ['a' => '1', 'b' => '2', 'c' => '3']), array_slice($answer, 2));
$srv->stop();
