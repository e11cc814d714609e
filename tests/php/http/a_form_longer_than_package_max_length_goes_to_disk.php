<?php
// With upload_max_filesize a long form is written to upload_tmp_dir as it comes; the script sees it as any other. Without, it is refused.
require __DIR__ . '/../../support/php/bootstrap.php';

$handler = function ($request, $response) {
    $file = $request->files['f'];
    $moved = isset($request->get['move']) && move_uploaded_file($file['tmp_name'], tmp('moved'));
    $response->end(json_encode([
        $request->post, $file['name'], $file['size'], $file['error'], is_uploaded_file($file['tmp_name']), $moved, $moved ? md5_file(tmp('moved')) : md5_file($file['tmp_name']),
        $request->rawContent(), count($request->tmpfiles),
    ]));
};
$content = random_bytes(1 << 20);
[$headers, $body] = multipart([['a[b]', '1'], ['f', $content, 'big.bin'], ['c', '2']]);
$srv = serveHttp($handler, ['package_max_length' => 100_000, 'upload_max_filesize' => 4 << 20, 'upload_tmp_dir' => TEST_DIR]);
$wanted = [['a' => ['b' => '1'], 'c' => '2'], 'big.bin', 1 << 20, 0];
same([...$wanted, true, false, md5($content), false, 1], fetch($srv, '/', 'POST', $headers, $body)->json());
same([...$wanted, false, true, md5($content), false, 1], fetch($srv, '/?move=1', 'POST', $headers, $body)->json());
eventually(fn () => glob(TEST_DIR . '/swoole*') === [], 'the files to be deleted with their requests');
same(md5($content), md5_file(tmp('moved')));
$srv->stop();

$srv = serveHttp($handler, ['package_max_length' => 100_000, 'upload_tmp_dir' => TEST_DIR]);
$client = $srv->connect();
$client->tryWrite(requestOf('POST', '/', $headers, $body));
same(413, (new Answer($client))->status);
$srv->allow('~413~');
$srv->stop();
