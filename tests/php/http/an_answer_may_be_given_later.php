<?php
// Request and answer may be kept and ended from a timer or another request; the next request of the connection waits for that.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    static $kept = [];
    switch ($request->server['path_info']) {
        case '/timer':
            Swoole\Timer::after(20, fn () => $response->end("later {$request->get['a']}"));
            break;
        case '/keep':
            $kept[] = [$request, $response];
            note('kept');
            break;
        default:
            foreach ($kept as [$request2, $response2]) {
                $response2->end("released {$request2->header['x-name']}");
            }
            $kept = [];
            $response->end('released');
    }
});
same('later 1', fetch($srv, '/timer?a=1')->body);
$client = $srv->connect()->write(requestOf('GET', '/keep', ['X-Name: me']) . requestOf('GET', '/timer?a=2'));
$srv->await('kept');
same('released', fetch($srv, '/release')->body);
same('released me', (new Answer($client))->body);
same('later 2', (new Answer($client))->body);
$srv->stop();
