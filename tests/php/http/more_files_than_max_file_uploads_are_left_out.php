<?php
// A form cannot fill a disk with files: php.ini bounds their number.
// php: -d max_file_uploads=2
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    [, $told] = warnings(fn () => $request->files);
    $response->end(json_encode([$told, array_keys($request->files), $request->post, count($request->tmpfiles)]));
}, ['upload_tmp_dir' => TEST_DIR]);
[$headers, $body] = multipart([['x', '1'], ['a', 'a', 'a'], ['no', '', ''], ['b', 'b', 'b'], ['c', 'c', 'c'], ['d', 'd', 'd']]);
[$told, $files, $post, $count] = fetch($srv, '/', 'POST', $headers, $body)->json();
contains('Maximum number of allowable file uploads has been exceeded', $told[0]);
same([['a', 'no', 'b'], ['x' => '1'], 2], [$files, $post, $count]);
$srv->stop();
