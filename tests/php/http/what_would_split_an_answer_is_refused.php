<?php
// A script that passes on what a client sent cannot be made to send a second header, cookie or answer.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $bad = "a\r\nX-Evil: 1";
    $attempts = [
        fn () => $response->header('x-a', $bad), fn () => $response->header($bad, '1'), fn () => $response->header('x-a', ['ok', "b\nc"]), fn () => $response->header('x-a', "\0"), fn () => $response->header('x-a', "\x0b"),
        fn () => $response->header('x a', '1'), fn () => $response->header('', '1'), fn () => $response->trailer('x-t', $bad), fn () => $response->status(200, $bad),
        fn () => $response->rawcookie('a', $bad), fn () => $response->cookie($bad, '1'), fn () => $response->cookie('a', '1', 0, "/\r\n"), fn () => $response->cookie('a', '1', 0, '/', 'x;y'),
        fn () => $response->rawcookie('a', 'b; secure'), fn () => $response->cookie('a=b', '1'), fn () => $response->cookie('', '1'), fn () => $response->redirect("/\r\nX-Evil: 1"),
        fn () => $response->status(99), fn () => $response->status(103), fn () => $response->status(70000), fn () => $response->cookie('a', '1', 0, '/', '', false, false, 'Wrong'), fn () => $response->redirect(''),
        fn () => $response->redirect('/', 200),
    ];
    $results = [];
    foreach ($attempts as $attempt) {
        [$result, $told] = warnings($attempt);
        $results[] = [$result, count($told)];
    }
    $response->end(json_encode($results));
});
$answer = fetch($srv, '/');
foreach ($answer->json() as $i => $result) {
    same([false, 1], $result, "attempt $i");
}
same([200, 'OK', false, false, false], [$answer->status, $answer->reason, isset($answer->headers['x-a']), isset($answer->headers['x-evil']), isset($answer->headers['set-cookie'])]);
$srv->stop();
