<?php
// Requests are done one after the other, in order, over one connection, and their callbacks tell what came.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$peer = scripted([answerOf(200, 'one', 'X-A: 1', 'x-a: 2'), answerOf(404, 'two'), answerOf(201)]);
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
$told = [];
$client->on('connect', function ($client) use (&$told) {
    ok($client->isConnected() && $client->sock > 0, 'it is connected');
    $told[] = 'connect';
});
$tell = function (Swoole\Http\Client $client) use (&$told) {
    $told[] = [$client->statusCode, $client->body, $client->headers, $client->errCode];
};
same(true, $client->get('/1?x=y', $tell));
same(true, $client->post('/2', ['a' => 'b c', 'd' => ['e', 'f' => [true, false, null, 1.5]]], $tell));
$client->setMethod('DELETE');
same('DELETE', $client->requestMethod);
same(true, $client->execute('/3', $tell));
same(null, $client->requestMethod);
loop();
same(['connect', [200, 'one', ['x-a' => '1, 2', 'content-length' => '3'], 0], [404, 'two', ['content-length' => '3'], 0], [201, '', ['content-length' => '0'], 0]], $told);
[[$first, $headers], [$second, $form, $body], [$third]] = requests();
same(['GET /1?x=y HTTP/1.1', 'POST /2 HTTP/1.1', 'DELETE /3 HTTP/1.1'], [$first, $second, $third]);
same("127.0.0.1:$peer->port", $headers['host']);
same(['application/x-www-form-urlencoded', 'a=b+c&d%5B0%5D=e&d%5Bf%5D%5B0%5D=1&d%5Bf%5D%5B1%5D=0&d%5Bf%5D%5B3%5D=1.5'], [$form['content-type'], $body]);
same(3, count(requests()));
