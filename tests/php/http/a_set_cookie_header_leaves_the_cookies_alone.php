<?php
// header('Set-Cookie') takes the place of what header() had set, as every header does, and not of what cookie() did: a bridge must not undo the handler's cookies.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $response->cookie('session', '1');
    $response->header('set-cookie', 'gone=2');
    $response->header('Set-Cookie', ['a=3', 'b=4']);
    $response->cookie('last', '5');
    $request->get === null || throw new LogicException('what was set is forgotten with it');
    $response->end();
});
$srv->allow('~what was set|Stack trace|#\d|thrown in~');
$cookies = fetch($srv, '/')->headers['set-cookie'];
sort($cookies);
same(['a=3', 'b=4', 'last=5; path=/', 'session=1; path=/'], $cookies);
$failed = fetch($srv, '/?x=1');
same([500, false], [$failed->status, isset($failed->headers['set-cookie'])]);
$srv->stop();
