<?php
// The status with its own or another reason; what is no status of an answer is refused; a redirect ends the answer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    match ($request->server['path_info']) {
        '/teapot' => $response->status(418, 'Short and stout') && $response->end('tea'),
        '/gone' => $response->setStatusCode(410) && $response->end(),
        '/odd' => $response->status(599) && $response->end('x'),
        '/no-content' => $response->status(204) && $response->end(),
        '/interim' => $response->end(json_encode(warnings(fn () => array_map(fn ($code) => $response->status($code), [0, 99, 100, 103, 199, 1000]))[0])),
        '/moved' => $response->redirect('/there', 308),
        default => $response->redirect('/here'),
    };
});
$client = $srv->connect();
$got = fn (string $path) => (fn (Answer $answer) => [$answer->status, $answer->reason, $answer->body])(fetch($client, $path));
same([418, 'Short and stout', 'tea'], $got('/teapot'));
same([410, 'Gone', ''], $got('/gone'));
same(599, $got('/odd')[0]);
same([204, 'No Content', ''], $got('/no-content'));
same([200, 'OK', json_encode(array_fill(0, 6, false))], $got('/interim')); // 100 would leave the client waiting for more
$moved = fetch($client, '/moved');
same([308, '/there'], [$moved->status, $moved->header('location')]);
$moved = fetch($client, '/');
same([302, '/here'], [$moved->status, $moved->header('location')]);
$srv->stop();
