<?php
// A multipart form gives fields and files in the form of $_POST and $_FILES; PHP's own functions know the files; what was not moved is gone afterwards.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $one = $request->files['one'];
    $moved = tmp('moved');
    $response->end(json_encode([
        $request->post, $request->files, $request->tmpfiles, file_get_contents($one['tmp_name']), substr(decoct(fileperms($one['tmp_name'])), -3),
        is_uploaded_file($one['tmp_name']), is_uploaded_file(__FILE__), move_uploaded_file($one['tmp_name'], $moved), file_get_contents($moved),
    ]));
}, ['upload_tmp_dir' => TEST_DIR]);
[$headers, $body] = multipart([
    ['a', '1'], ['b[x][]', '2'], ['b[x][]', "3\r\n"], ['c.d', ''], ['one', "file\r\n\0one", 'C:\\dir\\one.txt', 'text/x'], ['none', '', '', 'application/octet-stream'],
    ['many[]', 'm1', 'm1'], ['many[]', 'm2', '../m2'], ['deep[k][l]', '', 'empty'], ['', 'x'], ['e.f', 'y', 'y'],
]);
$client = $srv->connect();
[$post, $files, $tmpfiles, $content, $rights, $uploaded, $other, $done, $moved] = fetch($client, '/', 'POST', $headers, $body)->json();
same(['a' => '1', 'b' => ['x' => ['2', "3\r\n"]], 'c_d' => ''], $post);
same(['one', 'none', 'many', 'deep', 'e_f'], array_keys($files));
same(['one.txt', 'C:\\dir\\one.txt', 'text/x', 0, 10], array_map(fn ($key) => $files['one'][$key], ['name', 'full_path', 'type', 'error', 'size']));
same(['name' => '', 'full_path' => '', 'type' => '', 'tmp_name' => '', 'error' => UPLOAD_ERR_NO_FILE, 'size' => 0], $files['none']);
same([['m1', 'm2'], ['m1', '../m2'], [0, 0], [2, 2]], array_map(fn ($key) => $files['many'][$key], ['name', 'full_path', 'error', 'size']));
same(['k' => ['l' => 'empty']], $files['deep']['name']);
same([$files['one']['tmp_name'], ...$files['many']['tmp_name'], $files['deep']['tmp_name']['k']['l'], $files['e_f']['tmp_name']], $tmpfiles);
same(TEST_DIR, dirname($tmpfiles[0]));
same(["file\r\n\0one", '600', true, false, true, "file\r\n\0one"], [$content, $rights, $uploaded, $other, $done, $moved]);
eventually(fn () => glob(TEST_DIR . '/swoole.upfile.*') === [], 'the files to be deleted with the request');
ok(file_exists(tmp('moved')), 'what was moved stays');
$srv->stop();
