<?php
// What stands before the fault counts, and nothing is left on disk.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(fn ($request, $response) => $response->end(json_encode([$request->post, $request->files])), ['upload_tmp_dir' => TEST_DIR]);
[$headers, $body] = multipart([['a', '1'], ['f', 'content', 'f.txt']]);
same([['a' => '1'], null], fetch($srv, '/', 'POST', $headers, substr($body, 0, -20))->json());
same([null, null], fetch($srv, '/', 'POST', $headers, 'nothing of a form')->json());
same([], glob(TEST_DIR . '/swoole.upfile.*'));
$srv->stop();
