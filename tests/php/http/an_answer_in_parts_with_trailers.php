<?php
// write() sends chunks, end() the last one, with trailers behind; a HEAD gets the head only.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $response->header('x-head', '1');
    $done = [$response->write('one '), $response->write('two ')];
    [$empty, $told] = warnings(fn () => $response->write(''));
    [$late, $more] = warnings(fn () => $response->header('x-late', '1'));
    $response->trailer('x-sum', '42');
    $response->end(json_encode([$done, $empty, count($told), $late, count($more), $response->trailer]));
});
$client = $srv->connect();
$answer = fetch($client, '/');
same('1', $answer->header('x-head'));
same('one two [[true,true],false,1,false,1,{"x-sum":"42"}]', $answer->body);
same(['x-sum' => ['42']], $answer->trailers);
same(200, fetch($client, '/', 'HEAD')->status);
same(200, fetch($client, '/')->status);
$srv->stop();
