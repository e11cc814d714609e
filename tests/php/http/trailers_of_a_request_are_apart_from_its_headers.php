<?php
// What stands behind the last chunk is in `trailer`, and never among the headers, where it would be taken for what was checked before the body.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(fn ($request, $response) => $response->end(json_encode([$request->trailer, $request->header['x-role'] ?? 'none', $request->rawContent()])));
$client = $srv->connect();
$client->write(requestOf('POST', '/', ['Transfer-Encoding: chunked']) . "3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Role: admin\r\nX-SUM: 2\r\n\r\n");
same([['x-sum' => '1, 2', 'x-role' => 'admin'], 'none', 'abc'], (new Answer($client))->json());
same([null, 'none', 'x'], fetch($client, '/', 'POST', [], 'x')->json());
$srv->stop();
