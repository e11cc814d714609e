<?php
// While the server ends an answer may take most of max_wait_time; one that does not come by then is 500.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) use (&$kept) {
    if ($request->server['path_info'] === '/never') {
        $kept = $response;
    } else {
        Swoole\Timer::after(2000, fn () => $response->end('late'));
    }
    note('asked');
}, ['max_wait_time' => 4]);
$srv->allow('~still held by~');
$late = $srv->connect()->write(requestOf('GET', '/'));
$never = $srv->connect()->write(requestOf('GET', '/never'));
$srv->await('asked', 2);
$srv->signal(SIGTERM);
same('late', (new Answer($late))->body);
$late->closed();
$answer = new Answer($never);
same([500, 'close'], [$answer->status, $answer->header('connection')]);
$never->closed();
$srv->stop();
