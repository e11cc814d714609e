<?php
// sendfile() sends a file, or a part of it, with its type; what cannot be sent leaves the answer open. Bodies are compressed for clients that take that.
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('a.css'), str_repeat('0123456789', 100));
$srv = serveHttp(function ($request, $response) {
    switch ($request->server['request_uri']) {
        case '/part':
            return $response->sendfile(tmp('a.css'), 5, 10);
        case '/missing':
            [$sent, $told] = warnings(fn () => $response->sendfile(tmp('none')));
            $response->status(404);
            return $response->end(json_encode([$sent, count($told)]));
        case '/text':
            return $response->end(str_repeat('text ', 1000));
        case '/level':
            return $response->gzip(9) && $response->end(str_repeat('text ', 1000));
        case '/off':
            return $response->gzip(0) && $response->end(str_repeat('text ', 1000));
        default:
            return $response->sendfile(tmp('a.css'));
    }
});
$client = $srv->connect();
$file = fetch($client, '/file');
same([200, 'text/css', 1000], [$file->status, $file->header('content-type'), strlen($file->body)]);
$range = fetch($client, '/file', headers: ['Range: bytes=10-14']);
same([206, 'bytes 10-14/1000', '01234'], [$range->status, $range->header('content-range'), $range->body]);
same('5678901234', fetch($client, '/part')->body);
$missing = fetch($client, '/missing');
same([404, [false, 1]], [$missing->status, $missing->json()]);
foreach (['/text', '/level'] as $path) {
    $answer = fetch($client, $path, headers: ['Accept-Encoding: gzip']);
    same(['gzip', str_repeat('text ', 1000)], [$answer->header('content-encoding'), gzdecode($answer->body)]);
}
same([null, 5000], (fn ($answer) => [$answer->header('content-encoding'), strlen($answer->body)])(fetch($client, '/off', headers: ['Accept-Encoding: gzip'])));
same(null, fetch($client, '/text')->header('content-encoding'));
$srv->stop();
