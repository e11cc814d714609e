<?php
// After end() the object answers nothing more, and warns of it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $before = [$response->isWritable(), $response->initHeader(), $response->fd === $request->fd];
    $response->end('done');
    $attempts = [
        fn () => $response->end('more'), fn () => $response->write('more'), fn () => $response->status(201), fn () => $response->header('a', 'b'), fn () => $response->cookie('a', 'b'),
        fn () => $response->redirect('/'), fn () => $response->sendfile(__FILE__), fn () => $response->detach(), fn () => $response->trailer('a', 'b'), fn () => (new Swoole\Http\Response)->end(),
    ];
    $results = array_map(function ($attempt) {
        [$result, $told] = warnings($attempt);
        return [$result, count($told), swoole_last_error()];
    }, $attempts);
    note('results', $before, $results, $response->isWritable());
});
$client = $srv->connect();
same('done', fetch($client, '/')->body);
[$before, $results, $writable] = $srv->await('results');
same([true, true, true], $before);
same(array_fill(0, 10, [false, 1, SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE]), $results);
same(false, $writable);
same('done', fetch($client, '/')->body);
$srv->stop();
