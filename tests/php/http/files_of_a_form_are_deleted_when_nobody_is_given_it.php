<?php
// dispatch_func discards a long form or closes its connection: the files that were written as it came are deleted, and those of the others are not touched.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

[$headers, $body] = multipart([['f', $content = str_repeat('x', 300_000), 'a.bin'], ['g', 'short', 'b.txt']]);
mkdir($directory = tmp('uploads'));
chmod($directory, 0777);
$settings = ['package_max_length' => 100_000, 'upload_max_filesize' => 4 << 20, 'upload_tmp_dir' => $directory];
$settings['dispatch_func'] = function ($server, $fd, $type, $data = '') use ($directory) {
    if (!preg_match('~POST /(\w+)~', (string) $data, $found)) {
        return 0;
    }
    note('asked', $found[1], count(glob("$directory/*")));
    return ['discard' => SWOOLE_DISPATCH_RESULT_DISCARD_PACKET, 'close' => SWOOLE_DISPATCH_RESULT_CLOSE_CONNECTION][$found[1]] ?? 0;
};
$srv = serveHttp(function ($request, $response) {
    note('request', $request->server['request_uri'], filesize($request->files['f']['tmp_name']), filesize($request->files['g']['tmp_name']));
    $response->end('kept');
}, $settings);

$client = $srv->connect()->write(requestOf('POST', '/discard', $headers, $body));
same(503, (new Answer($client))->status);
same(['discard', 2], $srv->await('asked'), 'the files were there when it was asked');
eventually(fn () => glob("$directory/*") === [], 'the files of a request that was discarded are deleted');

$client = $srv->connect();
$client->tryWrite(requestOf('POST', '/close', $headers, $body));
same(['close', 2], $srv->await('asked', 2));
eventually(fn () => glob("$directory/*") === [], 'the files of a request whose connection was closed are deleted');

same('kept', fetch($srv, '/take', 'POST', $headers, $body)->body);
same(['/take', 300_000, 5], $srv->await('request'));
same(1, count($srv->notes('request')), 'requests that were given to somebody');
eventually(fn () => glob("$directory/*") === [], 'the files of a request that was answered are deleted');
$srv->stop();
