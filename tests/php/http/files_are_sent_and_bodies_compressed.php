<?php
// sendfile() sends a file, or the part that client or script ask for, with its type; what cannot be sent leaves the answer open. Bodies are compressed for clients that take that.
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('a.css'), str_repeat('0123456789', 100));
$srv = serveHttp(function ($request, $response) {
    switch ($request->server['request_uri']) {
        case '/part':
            return $response->sendfile(tmp('a.css'), 5, 10);
        case '/said': // as bridges to frameworks do, which work out what part is asked for
            $response->status((int) $request->get['status']);
            $response->header('Content-Range', $request->get['range']);
            return $response->sendfile(tmp('a.css'));
        case '/missing':
            [$sent, $told] = warnings(fn () => $response->sendfile(tmp('none')));
            $response->status(404);
            return $response->end(json_encode([$sent, count($told)]));
        case '/text':
            return $response->end(str_repeat('text ', 1000));
        case '/typed':
            $response->header('Content-Type', $request->get['type']);
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
$said = fn (string $query) => (fn ($answer) => [$answer->status, $answer->header('content-range'), $answer->body])(fetch($client, "/said?$query", headers: ['Range: bytes=3-5']));
same([206, 'bytes 10-14/1000', '01234'], $said('status=206&range=bytes+10-14/1000'));
same([416, 'bytes */1000', ''], $said('status=416&range=bytes+*/1000'));
same(1000, strlen($said('status=206&range=bytes+10-14/999')[2])); // not of this file
$missing = fetch($client, '/missing');
same([404, [false, 1]], [$missing->status, $missing->json()]);
foreach (['/text', '/level'] as $path) {
    $answer = fetch($client, $path, headers: ['Accept-Encoding: gzip']);
    same(['gzip', str_repeat('text ', 1000)], [$answer->header('content-encoding'), gzdecode($answer->body)]);
}
$coding = fn (string $type) => fetch($client, "/typed?type=$type", headers: ['Accept-Encoding: gzip'])->header('content-encoding');
same(['gzip', 'gzip', null, null], array_map($coding, ['application/json', 'application/ld%2Bjson;+charset=utf-8', 'application/zip', 'application/pdf']));
same([null, 5000], (fn ($answer) => [$answer->header('content-encoding'), strlen($answer->body)])(fetch($client, '/off', headers: ['Accept-Encoding: gzip'])));
same(null, fetch($client, '/text')->header('content-encoding'));
$srv->stop();
