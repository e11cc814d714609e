<?php
// Although they are made when they are looked at, a script may change, unset and walk through them.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $seen = [isset($request->get['a']), empty($request->get['b']), isset($request->post), $request->get['c'] ?? 'none'];
    $request->get['new'][] = 1;
    $request->header = ['mine' => 1];
    unset($request->cookie);
    $request->own = 'dynamic';
    $reference = &$request->server;
    $reference['x'] = 2;
    $walked = [];
    foreach ($request as $name => $value) {
        $walked[] = $name;
    }
    $response->end(json_encode([
        $seen, $request->get, $request->header, isset($request->cookie), $request->server['x'], $walked,
        count((array) $request), strlen(print_r($request, true)) > 100,
    ]));
});
[$seen, $get, $header, $cookie, $x, $walked, $count, $printed] = fetch($srv, '/?a=1', headers: ['Cookie: q=1'])->json();
same([true, true, false, 'none'], $seen);
same(['a' => '1', 'new' => [1]], $get);
same([['mine' => 1], false, 2], [$header, $cookie, $x]);
same(['fd', 'streamId', 'header', 'server', 'get', 'files', 'post', 'tmpfiles', 'trailer', 'own'], $walked);
same([10, true], [$count, $printed]);
$srv->stop();
