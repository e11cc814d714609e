<?php
// http_parse_post, http_parse_cookie, http_parse_files.
require __DIR__ . '/../../support/php/bootstrap.php';

$off = ['http_parse_post' => false, 'http_parse_cookie' => false, 'http_parse_files' => false, 'upload_tmp_dir' => TEST_DIR];
$srv = serveHttp(fn ($request, $response) => $response->end(json_encode([
    $request->post, $request->cookie, $request->files, $request->tmpfiles, $request->get, strlen($request->rawContent()),
])), $off);
[$headers, $body] = multipart([['a', '1'], ['f', 'x', 'f']]);
same([null, null, null, null, ['g' => '1'], strlen($body)], fetch($srv, '/?g=1', 'POST', [...$headers, 'Cookie: a=1'], $body)->json());
same([null, null, null, null, null, 3], fetch($srv, '/', 'POST', ['Content-Type: application/x-www-form-urlencoded'], 'a=1')->json());
$srv->stop();
