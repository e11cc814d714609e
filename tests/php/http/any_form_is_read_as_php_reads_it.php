<?php
// Forms put together by chance become the arrays that parse_str() makes.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

const PIECES = ['a', 'b', 'a', '0', '7', '-1', '[', ']', '[]', '[a]', '[b]', '[0]', '=', '=1', '&', '&', '&a', '%00', '%5B', '%5D', '%26', '%3d', '%', '%4', '+', '.', '_', ' ', ';', '%20', '%ff', "\xc3", '__Host-', 'GLOBALS'];

$srv = serveHttp(fn ($request, $response) => $response->end(serialize($request->post)));
$client = $srv->connect();
mt_srand($seed = random_int(0, 1 << 30));
for ($n = 0; $n < 1500; $n++) {
    $form = 'a';
    for ($count = mt_rand(1, 14); $count > 0; $count--) {
        $form .= PIECES[mt_rand(0, count(PIECES) - 1)];
    }
    parse_str($form, $wanted);
    $answer = fetch($client, '/', 'POST', ['Content-Type: application/x-www-form-urlencoded'], $form);
    same($wanted ?: null, unserialize($answer->body), 'seed ' . $seed . ', ' . shown($form));
}
$srv->stop();
