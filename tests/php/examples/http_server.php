<?php
// examples/php/http_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('http_server');
$client = $srv->connect();
$answer = fetch($client, '/?name=%3Cyou%3E', headers: ['User-Agent: me']);
same([200, "<h1>Hello &lt;you&gt;. #1</h1>\n"], [$answer->status, $answer->body]);
same(['Swoole', 'text/html; charset=utf-8'], [$answer->header('x-server'), $answer->header('content-type')]);
matches('/^visits=1; expires=.* GMT; path=\/; HttpOnly; SameSite=Lax$/', $answer->header('set-cookie'));
$answer = fetch($client, '/', 'POST', ['Cookie: visits=6', 'Content-Type: application/x-www-form-urlencoded'], 'colour=blue');
same("<h1>Hello Swoole. #7</h1>\n", $answer->body);
[$headers, $body] = multipart([['picture', 'not really', 'some.png', 'image/png']]);
same(200, fetch($client, '/', 'POST', $headers, $body)->status);
$srv->stop();
foreach (["GET / from me\n", 'string(5) "<you>"', "POST / from somebody\n", 'string(4) "blue"', 'string(8) "some.png"'] as $said) {
    contains($said, $srv->output());
}
